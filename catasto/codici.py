"""Official cadastral code lists: what a code in a supply means.

Sources: code lists of the Agenzia delle Entrate for the census supplies (facts).
A code that is not listed is not an error of the file: readers keep it, and the
``…_or_none`` functions say that nothing is known about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from catasto.errors import UnknownCode
from catasto.tabelle import rows

if TYPE_CHECKING:
    from collections.abc import Mapping


class Catasto(StrEnum):
    """The two cadastres; the same code may mean different things in each."""

    FABBRICATI = "F"
    TERRENI = "T"


TIPO_NOTA: Final[Mapping[tuple[Catasto, str], str]] = {
    (Catasto.FABBRICATI, "A"): "accatastamento",
    (Catasto.FABBRICATI, "D"): "voltura",
    (Catasto.FABBRICATI, "I"): "impianto",
    (Catasto.FABBRICATI, "N"): "voltura",
    (Catasto.FABBRICATI, "R"): "voltura automatica da conservatorie",
    (Catasto.FABBRICATI, "V"): "variazione",
    (Catasto.TERRENI, "A"): "voltura da tabelle o note di variazione",
    (Catasto.TERRENI, "B"): "nota di voltura o frazionamento da note di voltura",
    (Catasto.TERRENI, "C"): "voltura",
    (Catasto.TERRENI, "D"): "voltura",
    (Catasto.TERRENI, "F"): "frazionamento",
    (Catasto.TERRENI, "I"): "impianto",
    (Catasto.TERRENI, "M"): "tipo mappale",
    (Catasto.TERRENI, "N"): "nota di voltura o variazione",
    (Catasto.TERRENI, "P"): "tipo particellare",
    (Catasto.TERRENI, "R"): "voltura automatica da conservatorie",
    (Catasto.TERRENI, "T"): "tabella di variazione",
    (Catasto.TERRENI, "V"): "voltura",
    (Catasto.TERRENI, "W"): "voltura o variazione",
    (Catasto.TERRENI, "X"): "variazione territoriale",
}

PARTITE_SPECIALI: Final[Mapping[tuple[Catasto, str], str]] = {
    (Catasto.FABBRICATI, "C"): "unità immobiliari soppresse",
    (Catasto.FABBRICATI, "A"): "beni comuni non censibili",
    (Catasto.FABBRICATI, "0"): "beni comuni censibili",
    (Catasto.FABBRICATI, "R"): "fabbricati rurali",
    (Catasto.TERRENI, "0"): "particelle soppresse",
    (Catasto.TERRENI, "1"): "aree di enti urbani e promiscui",
    (Catasto.TERRENI, "2"): "accessori comuni ad enti rurali e ad enti rurali e urbani",
    (Catasto.TERRENI, "3"): (
        "aree di fabbricati rurali, o urbani da accertare, divisi in subalterni"
    ),
    (Catasto.TERRENI, "4"): "acque esenti da estimo",
    (Catasto.TERRENI, "5"): "strade pubbliche",
}

RISERVE: Final[Mapping[str, str]] = {
    "1": "atti passaggio intermedi non esistenti",
    "2": "errati elementi catastali in atto",
    "3": "errate generalità in atto",
    "4": "tipo di frazionamento non presente",
    "5": "rettifica d'ufficio per frazionamento inidoneo",
    "6": "stato di fatto non convalidato",
    "7": "connessione con particelle di diversa partita",
}

REGIME: Final[Mapping[str, str]] = {
    "C": "comunione legale dei beni",
    "P": "bene personale",
    "S": "separazione dei beni",
    "D": "in comunione de residuo",
}

FLAG_CLASSAMENTO: Final[Mapping[str, str]] = {
    "1": "classamento proposto dalla parte",
    "2": "classamento proposto dalla parte e validato dall'ufficio",
    "3": "classamento automatico, in sostituzione del proposto",
    "4": "classamento rettificato, in sostituzione del proposto",
    "5": "classamento proposto divenuto definitivo per decorrenza dei termini",
}

QUALITA_ENTE_URBANO: Final = 282
QUALITA_DIVISA_IN_PORZIONI: Final = 993


def partita_speciale(catasto: Catasto, partita: str | None) -> str | None:
    """Tell what a special *partita* means, or None for an ordinary one.

    >>> partita_speciale(Catasto.FABBRICATI, "0000000")
    'beni comuni censibili'
    >>> partita_speciale(Catasto.TERRENI, "0000000")
    'particelle soppresse'
    >>> partita_speciale(Catasto.TERRENI, "0001234") is None
    True
    """
    if not partita:
        return None
    return PARTITE_SPECIALI.get((catasto, partita.strip().upper().lstrip("0") or "0"))


@cache
def qualita() -> Mapping[int, str]:
    """Return the land qualities by code.

    >>> qualita()[282]
    'ente urbano'
    """
    return {int(codice): descrizione for codice, descrizione in rows("qualita")}


@cache
def toponimi() -> Mapping[int, str]:
    """Return the kinds of street by code, in capital letters as published.

    >>> toponimi()[236]
    'VIA'
    """
    return {int(codice): descrizione for codice, descrizione in rows("toponimi")}


@cache
def codice_toponimo() -> Mapping[str, int]:
    """Return the code of each kind of street; the lowest where names repeat.

    >>> codice_toponimo()["PIAZZA"]
    130
    """
    return {nome: codice for codice, nome in sorted(toponimi().items(), reverse=True)}


@cache
def causali() -> Mapping[str, str]:
    """Return the reasons of variation by code; empty text: seen, meaning unknown."""
    return {codice: descrizione for codice, _, descrizione in rows("causali")}


@cache
def sezioni_censuarie(catasto: Catasto) -> Mapping[str, Mapping[str, str]]:
    """Return, per *comune catastale*, the names of its census sections.

    >>> sezioni_censuarie(Catasto.TERRENI)["A005"]
    {'A': 'ABBADIA LARIANA', 'B': 'LINZANICO'}
    """
    esito: dict[str, dict[str, str]] = {}
    for comune, sezione, quale, nome in rows("sezioni_censuarie"):
        if quale == catasto:
            esito.setdefault(comune, {})[sezione] = nome
    return esito


class Natura(StrEnum):
    """The ledger a right is counted in when the shares of an immobile are summed."""

    PIENA = "proprietà"
    NUDA = "nuda proprietà"
    GODIMENTO = "godimento"
    ALTRO = "altro"


@dataclass(frozen=True, slots=True)
class Diritto:
    """One kind of right; ``codice`` keeps the trailing blank of the old list."""

    codice: str
    serie: str
    descrizione: str

    @property
    def natura(self) -> Natura:
        """Tell in which ledger shares of this right are summed."""
        return _NATURA.get(self.codice, Natura.ALTRO)

    @property
    def soggetto_imu(self) -> bool:
        """Say whether who holds this right owes the IMU (not the bare owner)."""
        return self.natura in (Natura.PIENA, Natura.GODIMENTO)


_NATURA: Final[Mapping[str, Natura]] = {
    **dict.fromkeys(("10", "1s", "1t"), Natura.PIENA),
    **dict.fromkeys(("20", "2s", "2t"), Natura.NUDA),
    **dict.fromkeys(
        ("30", "3s", "50", "60", "70", "7s", "80", "8a", "8e", "8s", "8t"), Natura.GODIMENTO
    ),
}


@cache
def diritti() -> Mapping[str, Diritto]:
    """Return the rights by exact code, trailing blank included.

    >>> diritti()["20"].descrizione, diritti()["20 "].descrizione
    ('Nuda proprietà', 'Livellario')
    """
    return {r[0]: Diritto(*r) for r in rows("diritti")}


#: Codes that mean two things when an upstream program lost the trailing blank.
DIRITTI_AMBIGUI: Final = frozenset({"20", "30", "40", "50", "60", "70"})


def diritto_or_none(codice: str) -> Diritto | None:
    """Find a right by the code as delivered, or None when no list has it.

    An old code whose blank was lost (``3``), and a code filled with blanks to three
    characters (``10 ``), are found only where they cannot be mistaken for another.

    >>> diritto_or_none("20 ").descrizione, diritto_or_none("3").codice
    ('Livellario', '3 ')
    >>> diritto_or_none("10 ").codice
    '10'
    """
    tutti = diritti()
    esatto = tutti.get(codice) or tutti.get(codice.lower())
    if esatto is not None:
        return esatto
    netto = codice.rstrip().lower()
    return tutti.get(netto) or tutti.get(f"{netto} ")


def diritto(codice: str) -> Diritto:
    """Find a right by the code as delivered; raise UnknownCode otherwise."""
    trovato = diritto_or_none(codice)
    if trovato is None:
        raise UnknownCode("diritti", codice)
    return trovato

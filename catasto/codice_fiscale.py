"""Italian fiscal codes: sixteen characters for persons, eleven digits for the others.

The check is our own: python-codicefiscale decodes dates and places on each check and
does a few hundred codes a second, while a supply has hundreds of thousands of subjects
(a test compares the two).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from catasto.errors import InvalidValue

_CIFRA = "[0-9L-NP-V]"
_PERSONA: Final = re.compile(
    rf"[A-Z]{{6}}{_CIFRA}{{2}}[A-EHLMPR-T]{_CIFRA}{{2}}[A-Z]{_CIFRA}{{3}}[A-Z]"
)
_NUMERICO: Final = re.compile(r"[0-9]{11}")
_CIFRE: Final = "0123456789"
_LETTERE: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Letters that stand for 0-9 in codes changed because two persons shared one.
_OMOCODIA: Final = "LMNPQRSTUV"
_SENZA_OMOCODIA: Final = str.maketrans(_OMOCODIA, _CIFRE)
_MESI: Final = "ABCDEHLMPRST"
_GIORNI: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_VALORI_DISPARI: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20)
_DISPARI: Final = dict(
    zip(_LETTERE, (*_VALORI_DISPARI, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True)
) | dict(zip(_CIFRE, _VALORI_DISPARI, strict=False))
_PARI: Final = {c: i for s in (_LETTERE, _CIFRE) for i, c in enumerate(s)}
_RADDOPPIO: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_VOCALI: Final = frozenset("AEIOU")


def check_letter(primi_quindici: str) -> str:
    """Return the sixteenth character of a personal code.

    >>> check_letter("RSSMRA80A01H501")
    'U'
    """
    dispari = sum([_DISPARI[c] for c in primi_quindici[::2]])
    pari = sum([_PARI[c] for c in primi_quindici[1::2]])
    return _LETTERE[(dispari + pari) % 26]


def check_digit(prime_dieci: str) -> str:
    """Return the eleventh digit of a numeric code or *partita IVA*.

    >>> check_digit("0048841001")
    '0'
    """
    somma = sum([int(c) for c in prime_dieci[::2]])
    somma += sum([_RADDOPPIO[int(c)] for c in prime_dieci[1::2]])
    return str(-somma % 10)


@lru_cache(maxsize=1 << 14)
def fault(testo: str) -> str | None:
    """Tell, in Italian, what is wrong with a code, or None when it is valid.

    >>> fault("RSSMRA80A01H501U"), fault("RSSMRA80A01H501X")
    (None, 'carattere di controllo errato')
    """
    if len(testo) == 16:
        return _fault_of_person(testo)
    if _NUMERICO.fullmatch(testo) is None:
        return "attesi 16 caratteri o 11 cifre"
    if check_digit(testo[:10]) != testo[10] or testo == "0" * 11:
        return "cifra di controllo errata"
    return None


def is_valid(testo: str) -> bool:
    """Say whether a code, written in capital letters and without blanks, is valid."""
    return fault(testo) is None


def _fault_of_person(testo: str) -> str | None:
    if _PERSONA.fullmatch(testo) is None:
        return "forma non valida"
    if check_letter(testo[:15]) != testo[15]:
        return "carattere di controllo errato"
    giorno = testo[9:11]
    if not giorno.isdigit():
        giorno = giorno.translate(_SENZA_OMOCODIA)
    if not 1 <= int(giorno) % 40 <= _GIORNI[_MESI.index(testo[8])] or int(giorno) > 71:
        return "giorno di nascita impossibile"
    return None


def suggest(testo: str) -> str | None:
    """Offer the valid code a damaged one may stand for; never applied silently.

    Blanks inside, small letters, and numeric codes that lost their leading zeros in
    a spreadsheet.

    >>> suggest("488410010"), suggest("RSS MRA 80A01 H501U")
    ('00488410010', 'RSSMRA80A01H501U')
    """
    netto = "".join(testo.split()).upper()
    if netto.isascii() and netto.isdigit() and 8 <= len(netto) < 11:
        netto = netto.zfill(11)
    return netto if netto != testo and is_valid(netto) else None


@dataclass(frozen=True, slots=True, order=True)
class CodiceFiscale:
    """A valid fiscal code.

    >>> cf = CodiceFiscale.parse("bnclcu85m41f205t")
    >>> cf.sesso, cf.data_nascita(date(2024, 1, 1)), cf.luogo_nascita
    ('F', datetime.date(1985, 8, 1), 'F205')
    """

    codice: str

    def __post_init__(self) -> None:
        """Refuse an invalid code."""
        motivo = fault(self.codice)
        if motivo is not None:
            raise InvalidValue("codice fiscale", self.codice, motivo)

    def __str__(self) -> str:
        """Write the code."""
        return self.codice

    @classmethod
    def parse(cls, testo: str) -> CodiceFiscale:
        """Read a code in any case, blanks around it allowed."""
        return cls(testo.strip().upper())

    @property
    def numerico(self) -> bool:
        """Say whether it has eleven digits: an organisation, or a provisional personal code."""
        return len(self.codice) == 11

    @property
    def senza_omocodia(self) -> str:
        """The first fifteen characters with digits back in their places (no check letter)."""
        if self.numerico:
            return self.codice
        c, t = self.codice, _SENZA_OMOCODIA
        anno, giorno, luogo = c[6:8].translate(t), c[9:11].translate(t), c[12:15].translate(t)
        return f"{c[:6]}{anno}{c[8]}{giorno}{c[11]}{luogo}"

    @property
    def omocodia(self) -> bool:
        """Say whether letters replace digits because two persons had the same code."""
        return not self.numerico and self.senza_omocodia != self.codice[:15]

    @property
    def sesso(self) -> str | None:
        """``M``, ``F``, or None for a numeric code."""
        if self.numerico:
            return None
        return "F" if int(self.senza_omocodia[9:11]) > 40 else "M"

    @property
    def luogo_nascita(self) -> str | None:
        """The Belfiore code of the place of birth, or None for a numeric code."""
        return None if self.numerico else self.senza_omocodia[11:15]

    def data_nascita(self, entro: date) -> date | None:
        """Return the latest possible birthday not after a day, or None for a numeric code.

        The code has two digits for the year: who was born a century before is not told apart.
        """
        if self.numerico:
            return None
        netto = self.senza_omocodia
        mese, giorno = _MESI.index(netto[8]) + 1, int(netto[9:11]) % 40
        anno = entro.year - (entro.year - int(netto[6:8])) % 100
        for candidato in (anno, anno - 100, anno - 200):
            try:
                nascita = date(candidato, mese, giorno)
            except ValueError:
                # 29 February: only one of the centuries may have it.
                continue
            if nascita <= entro:
                return nascita
        return None


def _letters(nome: str) -> str:
    """Keep A-Z; accents and apostrophes have no place in the code."""
    return "".join(c for c in normalize("NFKD", nome.upper()) if "A" <= c <= "Z")


def name_code(nome: str, *, di_battesimo: bool) -> str:
    """Return the three letters of a surname or of a first name.

    >>> name_code("Rossi", di_battesimo=False), name_code("Gianfranco", di_battesimo=True)
    ('RSS', 'GFR')
    """
    lettere = _letters(nome)
    consonanti = "".join(c for c in lettere if c not in _VOCALI)
    if di_battesimo and len(consonanti) > 3:
        return consonanti[0] + consonanti[2:4]
    vocali = "".join(c for c in lettere if c in _VOCALI)
    return f"{consonanti}{vocali}XXX"[:3]


def compose(
    cognome: str, nome: str, nascita: date, sesso: str, luogo_nascita: str
) -> CodiceFiscale:
    """Compute the code of a person from the five facts that make it.

    >>> str(compose("Rossi", "Mario", date(1980, 1, 1), "M", "H501"))
    'RSSMRA80A01H501U'
    """
    giorno = nascita.day + (40 if sesso == "F" else 0)
    primi = (
        f"{name_code(cognome, di_battesimo=False)}{name_code(nome, di_battesimo=True)}"
        f"{nascita.year % 100:02d}{_MESI[nascita.month - 1]}{giorno:02d}{luogo_nascita}"
    )
    return CodiceFiscale(primi + check_letter(primi))


def disagreements(
    codice: CodiceFiscale,
    *,
    cognome: str,
    nome: str,
    nascita: date | None,
    sesso: str | None,
    luogo_nascita: str | None,
) -> tuple[str, ...]:
    """Name the facts of a person that the code contradicts; unknown facts are not asked.

    >>> cf = CodiceFiscale("RSSMRA80A01H501U")
    >>> disagreements(cf, cognome="Rossi", nome="Maria", nascita=date(1980, 1, 2),
    ...               sesso=None, luogo_nascita="H501")
    ('data di nascita',)
    """
    if codice.numerico:
        return ()
    netto = codice.senza_omocodia
    confronti = (
        ("cognome", name_code(cognome, di_battesimo=False), netto[:3], cognome),
        ("nome", name_code(nome, di_battesimo=True), netto[3:6], nome),
        ("data di nascita", nascita and codice.data_nascita(nascita), nascita, nascita),
        ("sesso", sesso, codice.sesso, sesso),
        ("luogo di nascita", luogo_nascita, codice.luogo_nascita, luogo_nascita),
    )
    return tuple(cosa for cosa, a, b, noto in confronti if noto and a != b)

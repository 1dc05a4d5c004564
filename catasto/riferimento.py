"""Cadastral references: the parcel on the map and the unit in the urban cadastre.

Canonical form: upper case, no leading zeros, no blanks; an absent section is the
empty text, an absent *allegato* or *sviluppo* is ``0``, an absent *denominatore*
or *subalterno* is the empty text. The classes refuse anything else, ``of`` brings
texts as delivered to that form, ``parse`` reads whole references.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from catasto.errors import InvalidValue
from catasto.nome_mappa import NomeMappa
from catasto.scrittura import Scrittura, read_scrittura

_COSA: Final = "riferimento catastale"
# From "!" to "`" without "/": capital letters, digits, signs. A slash always
# separates the denominatore.
_NUMERO = r"(?!0[^|])(?!\.0[^|])[!-.0-`]{1,20}"
_FOGLIO = r"(?!0[^|])[0-9A-Z]{1,5}"
_DENOMINATORE = r"(?!0)[0-9A-Z]{0,5}"
_PARTICELLA: Final = re.compile(
    rf"[A-Z][0-9]{{3}}\|[A-Z]?\|{_FOGLIO}\|[0-9A-Z]\|[0-9A-Z]\|{_NUMERO}\|{_DENOMINATORE}"
)
_UNITA: Final = re.compile(
    rf"[A-Z][0-9]{{3}}\|[A-Z]?\|[!-.0-`{{}}~]{{0,3}}\|(?:{_FOGLIO})?\|{_NUMERO}\|{_DENOMINATORE}"
    r"\|(?!0[^|])[0-9A-Z]{0,5}"
)
_INSPIRE: Final = re.compile(
    r"(?:IT\.AGE\.PLA\.)?([A-Z][0-9]{3}[A-Z_][0-9A-Z]{6})\.([^/\s]+)(?:/([0-9A-Z]+))?"
)
_TRATTINI: Final = re.compile(
    r"([A-Z][0-9]{3})([A-Z]?)_([0-9A-Z]{1,5})_([^_/\s]+)(?:/([0-9A-Z]+))?"
)
_PSEUDO: Final = re.compile(r"(STRADA|ACQUA)[0-9]*")


class ClasseParticella(StrEnum):
    """What an area of the map is: only the first is a parcel."""

    PARTICELLA = "particella"
    STRADA = "strada"
    ACQUA = "acqua"


def classify_numero(numero: str) -> ClasseParticella:
    """Tell a parcel from the pseudo-parcels of roads and waters.

    >>> classify_numero("ACQUA310"), classify_numero("310")
    (<ClasseParticella.ACQUA: 'acqua'>, <ClasseParticella.PARTICELLA: 'particella'>)
    """
    pseudo = _PSEUDO.fullmatch(numero)
    return ClasseParticella(pseudo[1].lower()) if pseudo else ClasseParticella.PARTICELLA


@lru_cache(maxsize=1 << 14)
def strip_zeros(testo: str) -> str:
    """Bring a number to canonical form: upper case, no blanks, no leading zeros.

    >>> strip_zeros(" 01308"), strip_zeros("000"), strip_zeros("x0012"), strip_zeros(".0481")
    ('1308', '0', 'X0012', '.481')
    """
    netto = "".join(testo.split()).upper()
    corto = netto.lstrip("0")
    if corto.startswith("."):
        # Tavolare building parcels are written with a leading dot.
        return f".{corto[1:].lstrip('0') or '0'}"
    return corto or netto[:1]


def _optional(testo: str | None) -> str:
    """Bring a number that may be absent to canonical form; zero means absent."""
    if not testo:
        return ""
    netto = strip_zeros(testo)
    return "" if netto == "0" else netto


def _section(testo: str | None) -> str:
    return "" if not testo or testo == "_" else testo.strip().upper()


def _inset(testo: str | None) -> str:
    netto = (testo or "").strip().upper()
    return "0" if netto in {"", "_"} else netto


@dataclass(frozen=True, slots=True, order=True)
class RiferimentoCatastale:
    """The whole key of a parcel of the map.

    >>> r = RiferimentoCatastale.parse("H501A0352B0.1018")
    >>> str(r), r.riferimento_nazionale, str(r.nome_mappa)
    ('H501/A/352.B0/1018', 'H501A0352B0.1018', 'H501A0352B0')
    >>> str(RiferimentoCatastale.parse("foglio 12 particella 345/2", comune_catastale="A176"))
    'A176/_/12/345/2'
    >>> RiferimentoCatastale.parse("H501/B/352/1018").chiave_censuaria
    'H501/B/352/1018'
    """

    comune_catastale: str
    sezione: str
    foglio: str
    allegato: str
    sviluppo: str
    numero: str
    denominatore: str = ""

    def __post_init__(self) -> None:
        """Refuse parts that are not in canonical form."""
        parti = (
            f"{self.comune_catastale}|{self.sezione}|{self.foglio}|{self.allegato}"
            f"|{self.sviluppo}|{self.numero}|{self.denominatore}"
        )
        if _PARTICELLA.fullmatch(parti) is None:
            raise InvalidValue(_COSA, parti, "parti mancanti o non in forma canonica")

    def __str__(self) -> str:
        """Write the stable key, see ``chiave``."""
        return self.chiave

    @property
    def chiave(self) -> str:
        """The stable text key: ``H501/B/352.A0/1018/2``; ``_`` for no section.

        The inset follows the foglio only where there is one.
        """
        inset = f"{self.allegato}{self.sviluppo}"
        dove = "" if inset == "00" else f".{inset}"
        coda = f"/{self.denominatore}" if self.denominatore else ""
        return (
            f"{self.comune_catastale}/{self.sezione or '_'}/{self.foglio}{dove}/{self.numero}{coda}"
        )

    @property
    def chiave_censuaria(self) -> str:
        """The key the census knows: it has no *allegato* and no *sviluppo*."""
        coda = f"/{self.denominatore}" if self.denominatore else ""
        return f"{self.comune_catastale}/{self.sezione or '_'}/{self.foglio}/{self.numero}{coda}"

    @property
    def nome_mappa(self) -> NomeMappa:
        """The map the parcel is drawn on; raises where the foglio exceeds four characters."""
        return NomeMappa(
            self.comune_catastale, self.sezione, self.foglio, self.allegato, self.sviluppo
        )

    @property
    def riferimento_nazionale(self) -> str:
        """The INSPIRE national reference: ``H501B035200.1018``."""
        coda = f"/{self.denominatore}" if self.denominatore else ""
        return f"{self.nome_mappa}.{self.numero}{coda}"

    @property
    def classe(self) -> ClasseParticella:
        """Tell a parcel from the pseudo-parcels ``STRADA001``, ``ACQUA005``."""
        return classify_numero(self.numero)

    @classmethod
    def of(
        cls,
        comune_catastale: str,
        sezione: str | None,
        foglio: str,
        numero: str,
        denominatore: str | None = None,
        *,
        allegato: str | None = None,
        sviluppo: str | None = None,
    ) -> RiferimentoCatastale:
        """Build a reference from texts as delivered (padded, lower case, blanks)."""
        return cls(
            comune_catastale.strip().upper(),
            _section(sezione),
            strip_zeros(foglio),
            _inset(allegato),
            _inset(sviluppo),
            strip_zeros(numero),
            _optional(denominatore),
        )

    @classmethod
    def of_mappa(cls, mappa: NomeMappa, numero: str) -> RiferimentoCatastale:
        """Build a reference from a map name and the number written on the map."""
        testo, _, denominatore = numero.partition("/")
        # The name of the map is in canonical form: only the number is read.
        return cls(
            mappa.comune_catastale,
            mappa.sezione,
            mappa.foglio,
            mappa.allegato,
            mappa.sviluppo,
            strip_zeros(testo),
            _optional(denominatore),
        )

    @classmethod
    def parse(cls, testo: str, comune_catastale: str | None = None) -> RiferimentoCatastale:
        """Read a key, an INSPIRE national reference or what a person wrote.

        ``comune_catastale`` completes a text that does not name it.
        """
        netto = testo.strip().upper()
        inspire = _INSPIRE.fullmatch(netto)
        if inspire is not None:
            mappa = NomeMappa.parse(inspire[1])
            return cls.of_mappa(mappa, f"{inspire[2]}/{inspire[3] or ''}")
        trattini = _TRATTINI.fullmatch(netto)
        if trattini is not None:
            return cls.of(*trattini.groups())
        s = _understood(testo, comune_catastale)
        if s.subalterno or s.sezione_urbana:
            raise InvalidValue(_COSA, testo, "ha un subalterno: è un'unità, non una particella")
        foglio, _, inset = (s.foglio or "").partition(".")
        return cls.of(
            s.comune_catastale or "",
            s.sezione,
            foglio,
            s.numero or "",
            s.denominatore,
            allegato=s.allegato or inset[:1],
            sviluppo=s.sviluppo or inset[1:],
        )


@dataclass(frozen=True, slots=True, order=True)
class RiferimentoUrbano:
    """The whole key of an urban unit; units of the old urban cadastre may lack the foglio.

    >>> str(RiferimentoUrbano.of("H501", "B", None, "0352", "01018", None, "0007"))
    'H501/B/352/1018 sub 7'
    >>> RiferimentoUrbano.parse("H501/_/RM.352/1018 sub 7").sezione_urbana
    'RM'
    """

    comune_catastale: str
    sezione: str
    sezione_urbana: str
    foglio: str
    numero: str
    denominatore: str = ""
    subalterno: str = ""

    def __post_init__(self) -> None:
        """Refuse parts that are not in canonical form."""
        parti = (
            f"{self.comune_catastale}|{self.sezione}|{self.sezione_urbana}|{self.foglio}"
            f"|{self.numero}|{self.denominatore}|{self.subalterno}"
        )
        if _UNITA.fullmatch(parti) is None:
            raise InvalidValue("riferimento urbano", parti, "parti mancanti o non canoniche")

    def __str__(self) -> str:
        """Write the stable key, see ``chiave``."""
        return self.chiave

    @property
    def chiave(self) -> str:
        """The stable text key: ``H501/B/RM.352/1018/2 sub 7``; ``_`` for no section."""
        foglio = f"{self.sezione_urbana}.{self.foglio}" if self.sezione_urbana else self.foglio
        coda = f"/{self.denominatore}" if self.denominatore else ""
        sub = f" sub {self.subalterno}" if self.subalterno else ""
        return f"{self.comune_catastale}/{self.sezione or '_'}/{foglio}/{self.numero}{coda}{sub}"

    @property
    def chiave_censuaria(self) -> str:
        """The key of the parcel the unit stands on, as the land census writes it."""
        coda = f"/{self.denominatore}" if self.denominatore else ""
        return f"{self.comune_catastale}/{self.sezione or '_'}/{self.foglio}/{self.numero}{coda}"

    @classmethod
    def of(
        cls,
        comune_catastale: str,
        sezione: str | None,
        sezione_urbana: str | None,
        foglio: str,
        numero: str,
        denominatore: str | None = None,
        subalterno: str | None = None,
    ) -> RiferimentoUrbano:
        """Build a reference from texts as delivered (padded, lower case, blanks)."""
        return cls(
            comune_catastale.strip().upper(),
            _section(sezione),
            "".join((sezione_urbana or "").split()).upper(),
            strip_zeros(foglio),
            strip_zeros(numero),
            _optional(denominatore),
            _optional(subalterno),
        )

    @classmethod
    def parse(cls, testo: str, comune_catastale: str | None = None) -> RiferimentoUrbano:
        """Read a key or what a person wrote; see ``RiferimentoCatastale.parse``."""
        s = _understood(testo, comune_catastale)
        urbana, punto, foglio = (s.foglio or "").rpartition(".")
        return cls.of(
            s.comune_catastale or "",
            s.sezione,
            urbana if punto else s.sezione_urbana,
            foglio,
            s.numero or "",
            s.denominatore,
            s.subalterno,
        )


def _understood(testo: str, comune_catastale: str | None) -> Scrittura:
    """Read a text that must be understood to the last word."""
    s = read_scrittura(testo, comune_catastale)
    if s.resto:
        raise InvalidValue(_COSA, testo, f"parte non compresa: {s.resto!r}")
    if s.comune_catastale is None:
        raise InvalidValue(_COSA, testo, "manca il codice del comune catastale")
    return s

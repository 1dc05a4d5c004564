"""Fields of one line, turned into values; what fails becomes None and an anomaly."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from catasto.belfiore import is_belfiore
from catasto.categoria import Categoria
from catasto.errors import InvalidValue
from catasto.formati.anomalia import Anomalia
from catasto.formati.censuario.nota import Nota
from catasto.quota import parse_quota

if TYPE_CHECKING:
    from fractions import Fraction

#: How the supplies write a date that nobody knows.
DATA_IGNOTA: Final = "01010001"
_ANNI: Final = range(1800, 2101)
_DECIMALE: Final = re.compile(r"[0-9]*(?:[.,][0-9]+)?")
_CLASSI: Final = frozenset({"U", *map(str, range(1, 31))})
_CIFRE_MASSIME: Final = 18
#: A situation has a number of three digits; more than these are a column that has moved.
CIFRE_PROGRESSIVO: Final = 9
_LIRE_PER_EURO: Final = 1936.27
_TOLLERANZA_EURO: Final = 0.011


class LineError(Exception):
    """The line has no key: it is refused as a whole.

    The message never quotes the line: where columns have moved, a name may stand there.
    """


@lru_cache(maxsize=1 << 14)
def parse_date(testo: str) -> tuple[date | None, str | None]:
    """Read ``DDMMYYYY``; return the date or the rule it breaks.

    >>> parse_date("15032012")
    (datetime.date(2012, 3, 15), None)
    >>> parse_date("31022012"), parse_date("01010001")
    ((None, 'data impossibile'), (None, None))
    """
    if testo == DATA_IGNOTA or not testo.strip("0"):
        return None, None
    if len(testo) != 8 or not (testo.isascii() and testo.isdigit()):
        return None, "data non nella forma GGMMAAAA"
    anno = int(testo[4:])
    if anno not in _ANNI:
        return None, "data non plausibile"
    try:
        return date(anno, int(testo[2:4]), int(testo[:2])), None
    except ValueError:
        return None, "data impossibile"


@lru_cache(maxsize=1 << 15)
def parse_decimal(testo: str) -> Decimal | None:
    """Read a number with a decimal comma; a dot is seen too. None when it is no number.

    >>> parse_decimal("1064,68"), parse_decimal("5.5"), parse_decimal("1.064,68")
    (Decimal('1064.68'), Decimal('5.5'), None)
    """
    if _DECIMALE.fullmatch(testo) is None:
        return None
    return Decimal(testo.replace(",", "."))


@lru_cache(maxsize=1024)
def _place(comune: str, sezione: str) -> tuple[str, str]:
    if not is_belfiore(comune.upper()):
        raise LineError("codice amministrativo non valido")
    if sezione == "_":
        # As names of maps write that there is none.
        sezione = ""
    if sezione and (len(sezione) > 1 or not sezione.isalpha() or not sezione.isascii()):
        raise LineError("sezione censuaria non valida")
    return comune.upper(), sezione.upper()


class Campi:
    """The fields of one line, numbered from 1 as the specification does."""

    __slots__ = ("_anomalie", "numero", "testi")

    def __init__(self, testi: list[str], attesi: int) -> None:
        """Take stripped texts; fields missing at the end are empty."""
        self.numero = len(testi)
        self.testi = ["", *testi]
        if self.numero < attesi:
            self.testi += [""] * (attesi - self.numero)
        self._anomalie: list[Anomalia] | None = None

    @property
    def anomalie(self) -> tuple[Anomalia, ...]:
        """What was found wrong so far."""
        return tuple(self._anomalie) if self._anomalie else ()

    def report(self, campo: str, valore: str, regola: str) -> None:
        """Add an anomaly."""
        if self._anomalie is None:
            self._anomalie = []
        self._anomalie.append(Anomalia(campo, valore, regola))

    def text(self, n: int) -> str | None:
        """Return a text, None when empty."""
        return self.testi[n] or None

    def date(self, n: int, campo: str) -> date | None:
        """Return a date."""
        testo = self.testi[n]
        if not testo:
            return None
        valore, regola = parse_date(testo)
        if regola is not None:
            self.report(campo, testo, regola)
        return valore

    def integer(self, n: int, campo: str, cifre: int = _CIFRE_MASSIME) -> int | None:
        """Return a whole number of at most so many digits."""
        testo = self.testi[n]
        if not testo:
            return None
        if not (testo.isascii() and testo.isdigit()) or len(testo) > cifre:
            self.report(campo, testo, "atteso un numero intero")
            return None
        return int(testo)

    def decimal(self, n: int, campo: str, cifre: int) -> Decimal | None:
        """Return a number with decimals, of at most so many digits before them."""
        testo = self.testi[n]
        if not testo:
            return None
        valore = parse_decimal(testo)
        if valore is None:
            self.report(campo, testo, "atteso un numero")
        elif len(testo) > cifre and valore.adjusted() >= cifre:
            self.report(campo, testo, "numero fuori misura")
            return None
        return valore

    def key(self, n: int, campo: str, cifre: int = _CIFRE_MASSIME) -> int:
        """Return a number without which the line is nothing."""
        testo = self.testi[n]
        if not (testo.isascii() and testo.isdigit()) or len(testo) > cifre:
            raise LineError(f"campo {campo!r}: atteso un numero intero")
        return int(testo)

    def place(self) -> tuple[str, str]:
        """Return the Belfiore code and the census section every record begins with."""
        return _place(self.testi[1], self.testi[2])

    def categoria(self, n: int) -> Categoria | None:
        """Return a category; ``A00`` and the like mean that there is none."""
        testo = self.testi[n]
        if not testo or testo.endswith("00"):
            return None
        try:
            return Categoria.parse(testo)
        except InvalidValue:
            self.report("categoria", testo, "categoria non valida")
            return None

    def classe(self, n: int) -> str | None:
        """Return a class without leading zeros; ``U`` is the single class."""
        testo = self.testi[n].lstrip("0")
        if testo and testo not in _CLASSI:
            self.report("classe", self.testi[n], "classe non prevista")
        return testo or None

    def quota(self, n: int) -> Fraction | None:
        """Return a share from its two fields."""
        sopra, sotto = self.testi[n], self.testi[n + 1]
        try:
            return parse_quota(sopra, sotto)
        except InvalidValue as errore:
            self.report("quota", f"{sopra}/{sotto}", errore.motivo)
            return None

    def euro(self, lire: int, euro: int, campo: str, cifre: int) -> Decimal | None:
        """Return an amount in euro, reporting where the one in lire disagrees."""
        valore = self.decimal(euro, campo, cifre)
        vecchio = self.testi[lire]
        if valore is not None and vecchio.isdigit() and (intero := int(vecchio)):
            differenza = abs(intero / _LIRE_PER_EURO - float(valore))
            if differenza > _TOLLERANZA_EURO:
                self.report(campo, f"{vecchio} lire, {valore} euro", "lire ed euro discordi")
        return valore

    def nota(self, n: int, nome: str, causale: int | None) -> Nota | None:
        """Return the note in six fields from ``n`` (FAB, TER), None when all are blank."""
        testi = self.testi
        if not any(testi[n : n + 6]):
            return None
        return Nota(
            self.date(n, f"{nome}: data efficacia"),
            self.date(n + 1, f"{nome}: data registrazione"),
            testi[n + 2] or None,
            testi[n + 3] or None,
            testi[n + 4] or None,
            self.integer(n + 5, f"{nome}: anno"),
            (testi[causale] or None) if causale else None,
            (testi[causale + 1] or None) if causale else None,
        )

"""Fields of a delivered row, turned into values at the door.

A field that cannot be read is left empty and reported with what it says; one without
which the row means nothing makes the row unreadable (Illeggibile), and so does a category
the source does not know: both are refused by name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import cast

from shapely.geometry.base import BaseGeometry

from ingest.contract import Avviso, Detto, Record, Rifiuto

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_ITALIAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0?0:00(?::00)?)?")
_TIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.0)?")
_DAY_0 = date(1899, 12, 30)
"""From here spreadsheets count days."""
_ERRORS = ("#N/D", "#N/A", "#RIF!", "#REF!", "#VALORE!", "#VALUE!", "#NOME?", "#NAME?")
_EMPTY = frozenset({*_ERRORS, "NULL", "N.D."})
"""What spreadsheets and programs write for nothing (fonti.md §0.5)."""
_YEARS = range(1800, 2201)


class Illeggibile(ValueError):
    """A row that cannot be taken, and why."""

    def __init__(self, motivo: str, valore: str = "") -> None:
        super().__init__(motivo)
        self.motivo = motivo
        self.valore = valore


class Campi:
    """The fields of one record as values; remembers what it could not read.

    ``chiavi`` is filled as soon as it is known what the record is about.
    """

    __slots__ = ("_avvisi", "_record", "chiavi", "riga")

    def __init__(self, record: Record) -> None:
        self._record = record
        self._avvisi: list[Avviso] | None = None
        self.chiavi: tuple[tuple[str, str], ...] = ()
        self.riga = record.riga

    def text(self, nome: str) -> str | None:
        """Return a text, None when empty."""
        testo = self._record.text(nome)
        return None if testo in _EMPTY else testo

    def peek(self, nome: str) -> object:
        """Look at a field without taking it."""
        return self._record.peek(nome)

    def must(self, nome: str) -> str:
        """Return a text without which the row means nothing."""
        testo = self.text(nome)
        if testo is None:
            raise Illeggibile(f"manca «{nome}»")
        return testo

    def integer(self, nome: str) -> int | None:
        """Return a whole number; leading zeros and a lost ``.0`` do no harm."""
        return self._read(nome, parse_integer, "non è un numero intero")

    def decimal(self, nome: str) -> Decimal | None:
        """Return a number written with a comma or a dot."""
        return self._read(nome, parse_decimal, "non è un numero")

    def day(self, nome: str) -> date | None:
        """Return a day, however it is written; one that became a number is reported."""
        testo = self._record.peek(nome)
        # Of five digits no day is written: a glance, as most days have eight or more.
        if isinstance(testo, str) and len(testo) < 8 and _SERIAL.fullmatch(testo.strip()):
            motivo = f"«{nome}» è un numero: letto come i giorni che conta un foglio di calcolo"
            self.report("data da foglio di calcolo", motivo, nome, testo)
        return self._read(nome, parse_day, "non è una data")

    def shape(self, nome: str) -> BaseGeometry:
        """Return the geometry that a vector file gave."""
        return cast(BaseGeometry, self._record.pop(nome))

    def category[T](self, nome: str, table: Mapping[str, T]) -> T | None:
        """Return what a code stands for; a code not in the table refuses the row.

        The reason does not repeat it: where columns have slipped it may be a name.
        """
        testo = self.text(nome)
        if testo is None:
            return None
        if testo not in table:
            raise Illeggibile(f"«{nome}» ha un codice sconosciuto", testo)
        return table[testo]

    def report(
        self,
        tipo: str,
        motivo: str,
        campo: str | None = None,
        valore: str = "",
        **dati: object,
    ) -> None:
        """Remember something odd about the row, with the figures it is about."""
        if self._avvisi is None:
            self._avvisi = []
        self._avvisi.append(Avviso(self.riga, tipo, motivo, campo, valore, dati=dati))

    def avvisi(self, chiave: tuple[str, str] | None = None) -> list[Avviso]:
        """Return what was odd, about the object that the row turned out to be."""
        return [replace(avviso, chiave=chiave) for avviso in self._avvisi or ()]

    def _read[T](self, nome: str, parse: Callable[[str], T], reason: str) -> T | None:
        testo = self.text(nome)
        if testo is None:
            return None
        try:
            return parse(testo)
        except ValueError:
            self.report("valore illeggibile", f"«{nome}» {reason}", nome, testo)
            return None


def said(
    items: Iterable[Record | Detto], load: Callable[[Campi], Iterable[Detto]]
) -> Iterator[Detto]:
    """Say what each record means; refuse by name those that cannot be read."""
    for item in items:
        if not isinstance(item, Record):
            yield item
            continue
        campi = Campi(item)
        try:
            yield from load(campi)
        except Illeggibile as error:
            yield Rifiuto(item.riga, error.motivo, error.valore, campi.chiavi)


@lru_cache(maxsize=1 << 14)
def parse_day(testo: str) -> date:
    """Read ``2024-05-01``, ``01/05/2024``, ``01052024``, ``20240501`` or a day's number.

    No eight digits are a day in both ways, and a spreadsheet's number has five.

    >>> parse_day("1/5/2024") == parse_day("2024-05-01") == parse_day("01052024")
    True
    >>> parse_day("20240501") == parse_day("45413") == parse_day("01052024")
    True
    """
    if found := _ISO.fullmatch(testo):
        anno, mese, giorno = map(int, found.groups())
    elif found := _ITALIAN.fullmatch(testo):
        giorno, mese, anno = map(int, found.groups())
    elif found := _TIGHT.fullmatch(testo):
        giorno, mese, anno = map(int, found.groups())
        if anno not in _YEARS:
            anno, mese, giorno = int(testo[:4]), int(testo[4:6]), int(testo[6:])
    elif found := _SERIAL.fullmatch(testo):
        return _DAY_0 + timedelta(days=int(found[1]))
    else:
        raise ValueError(testo)
    if anno not in _YEARS:
        raise ValueError(testo)
    return date(anno, mese, giorno)


def parse_integer(testo: str) -> int:
    """Read a whole number.

    >>> parse_integer("0012"), parse_integer("4711.0"), parse_integer("4711,0")
    (12, 4711, 4711)
    """
    return int(testo.removesuffix(".0").removesuffix(",0"))


@lru_cache(maxsize=1 << 14)
def parse_decimal(testo: str) -> Decimal:
    """Read a number with comma or dot; dots before a comma part the thousands.

    >>> parse_decimal("1.064,68"), parse_decimal("1064.68"), parse_decimal("12.345.678")
    (Decimal('1064.68'), Decimal('1064.68'), Decimal('12345678'))
    """
    if "," in testo or testo.count(".") > 1:
        if "." in testo and not _THOUSANDS.fullmatch(testo):
            raise ValueError(testo)
        testo = testo.replace(".", "").replace(",", ".")
    try:
        value = Decimal(testo)
    except InvalidOperation:
        raise ValueError(testo) from None
    if not value.is_finite():
        raise ValueError(testo)
    return value

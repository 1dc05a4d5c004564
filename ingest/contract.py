"""What a source is: a module in ``ingest/fonti`` that keeps this contract.

A source reads its file into records, and for each record says what it means with
``emit``. It decides nothing: identities, validity and links come later, from all the
sources together (STYLE §5).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Fonte:
    """The standing facts about a source.

    ``expect`` gives, for each kind of fact, how many a healthy delivery of a whole
    municipality holds at least and at most; ``tardive`` says whether a delivery older
    than one already loaded can still be placed in time, ``dal_debole`` that a record's own
    start says since when it is listed: what changes while that stays as it was begins on
    the day of the delivery, ``fuori_confine`` which share of its objects may lie outside
    the municipality before its coordinates are doubted.
    """

    title: str
    publisher: str
    licence: str
    cadence: str
    facts: tuple[str, ...]
    persone: bool = False
    conserva_giorni: int = 3650
    expect: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    tardive: bool = True
    dal_debole: bool = False
    fuori_confine: float = 0.01


@dataclass(frozen=True, slots=True)
class Ambito:
    """What a delivery speaks for: the municipality, the day, the parts."""

    comune_catastale: str
    """A code of the cadastre or of ISTAT (six digits); empty where the file names none."""
    data_riferimento: date | None
    data_elaborazione: date | None = None
    parti: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each kind of fact the parts it covers; missing means all (``*``), an empty
    tuple means none: then nothing is closed because it is absent."""
    crs: str | None = None
    comuni: tuple[str, ...] = ()
    """Codes of the municipalities that share the file; it is read once for each of those
    that are administered here, ``comune_catastale`` saying which."""
    comune: str = ""
    """The municipality it is read for, as the load found it."""


@dataclass(slots=True)
class Asserzione:
    """One thing a record says: a fact of a kind, under the key its source gives it.

    ``dal`` and ``al`` are the record's own dates. Without ``dal`` the fact holds from the
    day of the delivery; with ``dal_ignoto`` the source says that it does not know.
    """

    fatto: str
    chiave: str
    valori: Mapping[str, object]
    riga: int | None
    geometria: BaseGeometry | bytes | None = None
    dal: date | None = None
    dal_ignoto: bool = False
    al: date | None = None
    ordine: int = 0
    gruppo: str | None = None
    parte: str = "*"


@dataclass(frozen=True, slots=True)
class Rifiuto:
    """A record that could not be taken: where, and why in Italian."""

    riga: int | None
    motivo: str
    valore: str = ""
    chiavi: tuple[tuple[str, str], ...] = ()
    """Kind and key of the objects it was about, as far as they could be read: they are
    not absent from the delivery, and what was known of them goes on."""


@dataclass(frozen=True, slots=True)
class Avviso:
    """Something odd about a record that was taken all the same."""

    riga: int | None
    tipo: str
    motivo: str
    campo: str | None = None
    valore: str = ""
    chiave: tuple[str, str] | None = None
    """Kind and key of the object it is about."""
    dati: Mapping[str, object] = field(default_factory=dict)
    """Figures and codes the reason is about; those of a tax position under ``tributi``."""


Detto = Asserzione | Rifiuto | Avviso


class Record:
    """A delivered row whose every field must be taken, refused by name, or ignored by name.

    The mapping it is made of becomes its own: fields are taken out of it.
    """

    __slots__ = ("_campi", "riga")

    def __init__(self, riga: int, campi: dict[str, object]) -> None:
        self.riga = riga
        self._campi = campi

    def pop(self, nome: str) -> object:
        """Take a mandatory field; raise Manca if the row does not have it."""
        try:
            return self._campi.pop(nome)
        except KeyError:
            raise Manca(nome) from None

    def peek(self, nome: str) -> object:
        """Look at a field without taking it; None if the row does not have it."""
        return self._campi.get(nome)

    def adding(self, nome: str, valore: object) -> "Record":
        """Return the row with one more field: an optional column the file does not have."""
        return Record(self.riga, {**self._campi, nome: valore})

    def text(self, nome: str) -> str | None:
        """Take a field as text without blanks around it; None if it is empty."""
        try:
            value = self._campi.pop(nome)
        except KeyError:
            raise Manca(nome) from None
        if isinstance(value, str):
            return value.strip() or None
        if value is None or value != value:  # NaN is the only value unlike itself
            return None
        return str(value).strip() or None

    def done(self, ignore: Iterable[str] = ()) -> list[str]:
        """Return the names of the fields nobody took, less those ignored by name."""
        known = set(ignore)
        return [name for name in self._campi if name not in known]


class Manca(LookupError):
    """A mandatory column is not in the file."""


class Sorgente(Protocol):
    """The contract of a module in ``ingest/fonti``.

    One whose large files several readers can share also has ``read_part(path, ambito,
    (k, n))``, which says the k-th of n parts.
    """

    FONTE: Fonte

    @staticmethod
    def recognise(path: Path) -> bool:
        """Tell, quickly, whether the file is of this source."""

    @staticmethod
    def ambito(path: Path) -> Ambito:
        """Return what the file speaks for; raise Refused if it cannot be told."""

    @staticmethod
    def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
        """Read the file and say what each record means."""


Progress = Callable[[str, int, int | None], None]
"""Told (phase, done, total); total None when not known."""

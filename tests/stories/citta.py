"""A small invented town, loaded delivery after delivery, and the truth about it."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from ingest.generatore import genera
from ingest.run import ingest
from territorio import comune_aggiungi, db, elaborazione
from territorio.schema import chiave, fornitura, registrazione
from territorio.tables import STAGING

COMUNE, VICINO = "M043", "H501"
EDIFICI = 150
SEME = 3

type Riga = dict[str, str]


@dataclass(frozen=True, slots=True)
class Citta:
    """Where the town's files are, where it is loaded, and what was known after each day."""

    comune: str
    cartella: Path
    engine: sa.Engine
    url: str
    saputo: dict[date, int] = field(default_factory=dict)
    """The last registrazione after the deliveries of each day."""

    @property
    def giorni(self) -> list[date]:
        """Return the days of the deliveries, in order."""
        return sorted(self.saputo)

    @property
    def ultimo(self) -> date:
        """Return the day of the last deliveries."""
        return self.giorni[-1]

    def table(self, nome: str) -> Sequence[Riga]:
        """Return a table of the truth."""
        return _table(self.cartella / "verita" / f"{nome}.csv")

    def supply(self, giorno: date) -> Path:
        """Return the folder of a day's deliveries."""
        return self.cartella / giorno.isoformat()

    def building(self, conn: sa.Connection, nome: str, giorno: date) -> int:
        """Return the identity of a building of the truth, by its outline in a delivery."""
        number = next(
            int(row["objectid"])
            for row in self.table("impronte")
            if row["edificio"] == nome and row["fornitura"] == giorno.isoformat()
        )
        staged = STAGING["edificio"]
        query = (
            sa.select(chiave.c.id)
            .join(staged, (staged.c.chiave == chiave.c.chiave) & (chiave.c.tipo == "edificio"))
            .join(fornitura, fornitura.c.id == staged.c.fornitura)
            .where(staged.c.comune == self.comune, staged.c.riga == number)
            .where(fornitura.c.fonte == "edifici", fornitura.c.data_riferimento == giorno)
        )
        found: int = conn.execute(query).scalar_one()
        return found


@cache
def _table(path: Path) -> Sequence[Riga]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))


def current(row: Riga, giorno: date, dal: str = "dal", al: str = "al") -> bool:
    """Tell whether a row of the truth holds on a day."""
    day = giorno.isoformat()
    return (row[dal] or day) <= day and (not row[al] or row[al] > day)


def supplies(cartella: Path) -> list[Path]:
    """Return the folders of deliveries, in the order of their days."""
    return sorted(path for path in cartella.iterdir() if path.name[:2] == "20")


def files(cartella: Path) -> Iterator[Path]:
    """Yield all delivered files, day by day."""
    for supply in supplies(cartella):
        yield from sorted(supply.iterdir())


def draw(cartella: Path, comune: str = COMUNE, edifici: int = EDIFICI, seme: int = SEME) -> Path:
    """Generate a town and return its folder."""
    genera(comune, edifici, seme, cartella)
    return cartella


def open_for(url: str, comune: str) -> sa.Engine:
    """Connect to a database that has a municipality, still empty."""
    engine = db.engine(url, db.Role.MIGRAZIONE, pool_size=4)
    with db.transaction(engine) as conn:
        comune_aggiungi.add(conn, comune, inventato=True)
    return engine


def settle(engine: sa.Engine, comune: str) -> int:
    """Bring up to date what follows from the facts; return the last registrazione."""
    with db.transaction(engine) as conn:
        elaborazione.refresh(conn, comune)
        last: int = conn.execute(sa.select(sa.func.max(registrazione.c.numero))).scalar_one()
    return last


def load(engine: sa.Engine, cartella: Path, comune: str) -> dict[date, int]:
    """Load all deliveries as an office would have: day by day, each followed by its links."""
    known = {}
    for supply in supplies(cartella):
        ingest(engine, [supply])
        known[date.fromisoformat(supply.name)] = settle(engine, comune)
    return known

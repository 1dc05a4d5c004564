"""Municipalities administered here."""

from dataclasses import dataclass

import sqlalchemy as sa

from territorio.schema import comune


@dataclass(frozen=True, slots=True)
class Comune:
    """One municipality; ``inventato`` when what is told of it is made up."""

    comune: str
    denominazione: str
    istat: str | None
    provincia: str | None
    utm: int
    inventato: bool


def search(conn: sa.Connection) -> list[Comune]:
    """Return the municipalities of this installation, by name."""
    names = [comune.c[name] for name in Comune.__slots__]
    rows = conn.execute(sa.select(*names).order_by(comune.c.denominazione, comune.c.comune))
    return [Comune(**row._mapping) for row in rows]

"""Sources: who says what the registry knows."""

from dataclasses import dataclass

import sqlalchemy as sa

from territorio.schema import fonte


@dataclass(frozen=True, slots=True)
class Fonte:
    """One source: what it is called, who publishes it, under which licence."""

    codice: str
    titolo: str
    editore: str
    licenza: str
    cadenza: str
    conserva_giorni: int
    persone: bool


def search(conn: sa.Connection) -> list[Fonte]:
    """Return every source that was ever loaded, by its code."""
    names = [fonte.c[name] for name in Fonte.__slots__]
    rows = conn.execute(sa.select(*names).order_by(fonte.c.codice))
    return [Fonte(**row._mapping) for row in rows]

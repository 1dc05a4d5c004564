"""Lineage of buildings: what each was made from, and what it became."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from territorio import vigenza
from territorio.schema import genealogia
from territorio.vigenza import Quando


@dataclass(frozen=True, slots=True)
class Passaggio:
    """One pair of ancestor and descendant in an event."""

    evento: int
    tipo: str
    da: int | None
    a: int | None
    giorno: date


def before(conn: sa.Connection, oggetto: int, quando: Quando) -> list[Passaggio]:
    """Return what an object was made from, up to the day."""
    return _steps(conn, genealogia.c.a == oggetto, quando)


def after(conn: sa.Connection, oggetto: int, quando: Quando) -> list[Passaggio]:
    """Return what an object became, up to the day."""
    return _steps(conn, genealogia.c.da == oggetto, quando)


def _steps(conn: sa.Connection, which: sa.ColumnElement[bool], quando: Quando) -> list[Passaggio]:
    g = genealogia.c
    query = (
        sa.select(g.evento, g.tipo, g.da, g.a, g.giorno)
        .where(which, g.giorno <= quando.alla_data, vigenza.known(g, quando))
        .order_by(g.giorno, g.evento, g.da, g.a)
    )
    return [Passaggio(*row) for row in conn.execute(query)]

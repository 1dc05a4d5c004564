"""Whose word counts when sources differ: the office's own, over the days it speaks for.

What sources say stands side by side and is never closed by another's word. But a map, a
link, a head line need one answer: an act of the office (fonte ``ufficio``) prevails over
every delivery on the days its row covers, and says nothing about the others.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa

from territorio import vigenza
from territorio.vigenza import Quando

UFFICIO = "ufficio"
"""The fonte of what operators write."""

CESSATO = "cessato"
"""The ``stato`` of an edificio that, by an act, is no longer there; it has no outline."""


def stands(table: sa.Table | sa.FromClause, quando: Quando) -> sa.ColumnElement[bool]:
    """Return the condition "this row holds on the day and no act of the office overrules it".

    With several deliveries on one object it may hold for a row of each.
    """
    c: Any = table.c  # of a table or of an alias
    conditions = [vigenza.in_force(c, quando), ~overruled(table, quando)]
    if "provvisorio" in c:
        conditions.append(c.stato.is_distinct_from(CESSATO))
    return sa.and_(*conditions)


def overruled(table: sa.Table | sa.FromClause, quando: Quando) -> sa.ColumnElement[bool]:
    """Return the condition "the office says something else about this object on the day"."""
    word: Any = table.alias()
    return sa.and_(
        table.c.fonte != UFFICIO,
        sa.exists().where(
            word.c.comune == table.c.comune,
            word.c.id == table.c.id,
            word.c.fonte == UFFICIO,
            vigenza.in_force(word.c, quando),
        ),
    )


def prevailing(
    conn: sa.Connection, table: sa.Table, comune: str, oggetto: int, giorno: date
) -> sa.Row[tuple[object, ...]] | None:
    """Return the row that counts for an object on a day, as known now, or None.

    The office's; else a certain one before a provisional one, the newest first.
    """
    c = table.c
    order: list[Any] = [(c.fonte == UFFICIO).desc()]
    if "provvisorio" in c:
        order.append(c.provvisorio)
    order += [c.valida_dal.desc().nulls_last(), c.versione.desc()]
    return conn.execute(
        sa.select(table)
        .where(c.comune == comune, c.id == oggetto, vigenza.in_force(c, Quando(giorno)))
        .order_by(*order)
        .limit(1)
    ).one_or_none()

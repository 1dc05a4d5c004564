"""Rows written in bulk: what the planner must be told, and indexes built once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

BULK = 1_000
"""From so many rows on a write changes how a table should be joined."""


def refresh_figures(
    conn: sa.Connection, table: sa.Table, rows: int, columns: Sequence[str] = ()
) -> None:
    """Tell the planner about rows written in bulk in this transaction.

    Autovacuum cannot see them yet, and joins planned for an empty table take hours. With
    ``columns`` of these alone: sampling documents takes longer than the rest.
    """
    if rows >= BULK:
        which = f" ({', '.join(columns)})" if columns else ""
        conn.execute(sa.text(f"ANALYZE {table.fullname}{which}"))


@contextmanager
def without_indexes(conn: sa.Connection, table: sa.Table) -> Iterator[None]:
    """Write into a table that is still empty without its indexes, and build them at the end.

    A spatial index built over sorted rows takes a quarter of the time. The lock this takes
    holds nobody up: of an empty table nothing is asked.
    """
    # Its size, not a look at its rows: a session sees those of its own municipalities alone.
    size = sa.func.pg_relation_size(table.fullname)
    empty = conn.execute(sa.select(size)).scalar_one() == 0
    indexes = sorted(table.indexes, key=str) if empty else []
    for index in indexes:
        index.drop(conn)
    yield
    for index in indexes:
        index.create(conn)

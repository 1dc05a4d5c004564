"""Work on sets of rows in the database: temporary tables the planner knows the size of."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

BULK = 1_000
"""From so many rows on a write changes how a table should be joined."""


def refresh_figures(conn: sa.Connection, table: sa.Table, rows: int) -> None:
    """Tell the planner about rows written in bulk in this transaction.

    Autovacuum cannot see them yet, and joins planned for an empty table take hours.
    """
    if rows >= BULK:
        conn.execute(sa.text(f"ANALYZE {table.fullname}"))


def fill(
    conn: sa.Connection, table: sa.Table, rows: sa.Select[tuple[object, ...]], *by: str
) -> None:
    """Make a temporary table of the rows, indexed by some columns, and take its figures.

    The index keeps a join that the planner takes for small from costing the square.
    """
    conn.execute(sa.schema.DropTable(table, if_exists=True))
    conn.execute(sa.schema.CreateTable(table))
    conn.execute(sa.insert(table).from_select([c.name for c in table.columns], rows))
    if by:
        columns = ", ".join(by)
        conn.execute(sa.text(f"CREATE INDEX ON {table.name} ({columns})"))
    conn.execute(sa.text(f"ANALYZE {table.name}"))


@contextmanager
def without_indexes(conn: sa.Connection, table: sa.Table) -> Iterator[None]:
    """Write into a table that is still empty without its indexes, and build them at the end.

    A spatial index built over sorted rows takes a quarter of the time. The lock this takes
    holds nobody up: of an empty table nothing is asked.
    """
    empty = sa.select(~sa.exists(sa.select(sa.literal(1)).select_from(table)))
    indexes = sorted(table.indexes, key=str) if conn.execute(empty).scalar_one() else []
    for index in indexes:
        index.drop(conn)
    yield
    for index in indexes:
        index.create(conn)

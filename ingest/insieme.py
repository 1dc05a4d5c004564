"""Temporary tables the planner knows the size of."""

import sqlalchemy as sa
from psycopg import sql

from territorio import prepared
from territorio.bulk import analyse, identifier


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
        columns = sql.SQL(", ").join(map(sql.Identifier, by))
        index = sql.SQL("CREATE INDEX ON {} ({})").format(identifier(table), columns)
        prepared.driver(conn).execute(index)
    analyse(conn, table)

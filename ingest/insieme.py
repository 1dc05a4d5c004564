"""Temporary tables the planner knows the size of."""

import sqlalchemy as sa


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

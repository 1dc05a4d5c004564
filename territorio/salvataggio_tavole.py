"""What a backup holds of the database, and the hash by which a state is recognised.

Everything on the metadata but the queue of jobs, which belongs to the machine and not to
the registry, and the store of squares, which is drawn again. The hash of a table is a sum over
its rows, so their order does not matter; it is taken per municipality, so that a part can be
compared with a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from psycopg import sql

from territorio import prepared
from territorio.bulk import identifier
from territorio.lavoro_schema import lavoro
from territorio.schema import registrazione
from territorio.schema_tasselli import tassello
from territorio.tables import metadata

TAVOLE: Sequence[sa.Table] = tuple(
    sorted(set(metadata.tables.values()) - {lavoro, tassello}, key=lambda t: t.fullname)
)
"""The tables a backup holds, in the order it holds them."""

LETTURA = metadata.tables["persone.lettura"]
"""The log of readings is never rolled back: who looked, looked."""

PRIME = 2**64


@dataclass(frozen=True, slots=True)
class Impronta:
    """How many rows, and a number that changes if any of them does."""

    righe: int
    somma: str


def columns(table: sa.Table) -> list[str]:
    """Return the columns that are copied: computed ones come back by themselves."""
    return [c.name for c in table.columns if c.computed is None]


def of_comune(table: sa.Table, comune: str) -> sa.ColumnElement[bool]:
    """Return the condition "this row belongs to the municipality"."""
    if "comune" in table.c:
        return table.c.comune == comune
    return sa.true()  # what is common to all: the sources


def rows_of(table: sa.Table, comune: str | None) -> sql.Composed:
    """Return the statement that reads the rows to copy; COPY takes no parameters."""
    query = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns(table))), identifier(table)
    )
    if comune is None:
        return query
    if table is registrazione:  # facts may bear the number of a change that was for all
        common = sql.SQL(" WHERE comune = {} OR comune IS NULL")
        return query + common.format(sql.Literal(comune))
    if "comune" in table.c:
        return query + sql.SQL(" WHERE comune = {}").format(sql.Literal(comune))
    return query


def arrived(table: sa.Table) -> str:
    """Return the name of the temporary table where the rows of a backup wait."""
    return f"arrivo_{table.schema}_{table.name}"


def insert_arrived(conn: sa.Connection, table: sa.Table, which: sql.Composable) -> None:
    """Put waiting rows in their place, with the numbers they had."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns(table)))
    statement = sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM pg_temp.{} WHERE {}"
    ).format(identifier(table), names, names, sql.Identifier(arrived(table)), which)
    prepared.driver(conn).execute(statement)


def state(conn: sa.Connection, comune: str | None = None) -> dict[str, dict[str, Impronta]]:
    """Return the hashes of all tables, per municipality (``""`` for rows of none).

    Two databases with the same hashes hold the same rows.
    """
    return {table.fullname: hashes(conn, table, comune) for table in TAVOLE}


def hashes(conn: sa.Connection, table: sa.Table, comune: str | None) -> dict[str, Impronta]:
    """Return the hashes of one table, per municipality."""
    whose: sa.ColumnElement[str] = sa.literal("")
    if "comune" in table.c:
        whose = sa.func.coalesce(sa.cast(table.c.comune, sa.Text), "")
    text = sa.cast(sa.func.row(*[table.c[name] for name in columns(table)]), sa.Text)
    # Two sums with different seeds: together 128 bits.
    sums = [
        sa.func.sum(sa.cast(sa.func.hashtextextended(text, seed), sa.Numeric)) for seed in (0, 1)
    ]
    query = sa.select(whose, sa.func.count(), *sums).group_by(whose)
    if comune is not None:
        query = query.where(of_comune(table, comune))
    return {
        group: Impronta(count, "".join(f"{int(one) % PRIME:016x}" for one in (first, second)))
        for group, count, first, second in conn.execute(query)
    }

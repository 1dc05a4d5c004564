"""Rows written in bulk: what the planner must be told, and indexes built once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from psycopg import sql

from territorio import prepared
from territorio.db import Role

PORTE = (Role.UFFICIO, Role.PUBBLICO)
"""The roles by which the doors read."""

# The size of the table, not a look at its rows: a session sees those of its own municipalities.
_ALONE = sa.text(
    "SELECT pg_relation_size(:tavola) < :pochi AND NOT EXISTS (SELECT FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = ANY(:ruoli))"
)

_FEW_BYTES = 1_000_000
"""An index over so little is built anew in a few milliseconds."""
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
        analyse(conn, table, columns)


def analyse(conn: sa.Connection, table: sa.Table, columns: Sequence[str] = ()) -> None:
    """Take the figures of a table, or of some of its columns."""
    which = sql.SQL(", ").join(map(sql.Identifier, columns))
    what = sql.SQL("ANALYZE {} ({})") if columns else sql.SQL("ANALYZE {}")
    prepared.driver(conn).execute(what.format(identifier(table), which))


def identifier(table: sa.Table) -> sql.Identifier:
    """Return the name of a table, with its schema if it has one."""
    return sql.Identifier(*filter(None, (table.schema, table.name)))


@contextmanager
def without_indexes(conn: sa.Connection, table: sa.Table) -> Iterator[None]:
    """Write into a table that is nearly empty without its indexes, and build them at the end.

    A spatial index built over sorted rows takes a quarter of the time. Until the commit nobody
    else can read the table: where doors are open, the indexes stay.
    """
    where = {"tavola": table.fullname, "pochi": _FEW_BYTES, "ruoli": list(PORTE)}
    alone = conn.execute(_ALONE, where).scalar_one()
    indexes = sorted(table.indexes, key=str) if alone else []
    for index in indexes:
        index.drop(conn)
    yield
    for index in indexes:
        index.create(conn)


_GIN = sa.text(
    "SELECT gin_clean_pending_list(i.indexrelid) FROM pg_index i"
    " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam"
    " WHERE i.indrelid = to_regclass(:tavola) AND m.amname = 'gin'"
)


def settle(conn: sa.Connection, table: sa.Table) -> int:
    """Sort what was written last into a table's indexes of words; return how many pages it was.

    Until then each search looks through all of it, word by word: autovacuum does the same,
    minutes later. Only the table's owner may.
    """
    return sum(conn.execute(_GIN, {"tavola": table.fullname}).scalars())

"""Connections to the one engine, each as one of three roles.

``migrazione`` owns the tables and loads deliveries; ``ufficio`` reads and writes what the
offices may, inside the municipalities named for the transaction; ``pubblico`` reads the
views of schema ``pubblico`` and nothing else. Every transaction says for which
municipalities it works: row-level security holds it to them (DESIGN §3.7).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url


class Role(StrEnum):
    """The three database roles."""

    MIGRAZIONE = "territorio_migrazione"
    UFFICIO = "territorio_ufficio"
    PUBBLICO = "territorio_pubblico"


# A statement whose client died ends within seconds, and with it its locks.
_COMMON = "-c jit=off -c search_path=public -c timezone=UTC -c client_connection_check_interval=2s"
# The web roles run without jit and without parallel workers: both cost more than they
# save on queries of a millisecond (specs/misure.md §1). search_path is only for PostGIS.
_OPTIONS = {
    Role.MIGRAZIONE: _COMMON,
    Role.UFFICIO: (_COMMON + " -c max_parallel_workers_per_gather=0 -c statement_timeout=30s"),
    Role.PUBBLICO: (
        _COMMON + " -c max_parallel_workers_per_gather=0 -c statement_timeout=15s"
        " -c default_transaction_read_only=on"
    ),
}


def url_for(url: str | URL, role: Role) -> URL:
    """Return the address of the database for one role, as psycopg 3 wants it."""
    return make_url(url).set(drivername="postgresql+psycopg", username=role.value)


def engine(url: str | URL, role: Role, *, pool_size: int = 8) -> sa.Engine:
    """Return an engine that connects as the role."""
    return sa.create_engine(
        url_for(url, role),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={
            "options": _OPTIONS[role],
            "connect_timeout": 10,
            "application_name": role.value,
        },
    )


def restrict(conn: sa.Connection, comuni: Iterable[str]) -> None:
    """Hold the running transaction to these municipalities (``*`` for all)."""
    prepared(conn, "SELECT set_config('territorio.comuni', $1, true)", [",".join(sorted(comuni))])


@contextmanager
def transaction(engine_: sa.Engine, comuni: Iterable[str] = ("*",)) -> Iterator[sa.Connection]:
    """Open a transaction that works for the given municipalities."""
    with engine_.begin() as conn:
        restrict(conn, comuni)
        yield conn


@cache
def sql(name: str) -> sa.TextClause:
    """Return the statement in ``<room>/sql/<name>.sql``, for example ``ingest/absent``."""
    return sa.text((Path(__file__).parent.parent / _path(name)).read_text())


def prepared(conn: sa.Connection, query: str, values: Sequence[object]) -> tuple[Any, ...] | None:
    """Run a query in the transaction of the connection and return its first row, or None.

    For the few hot statements: parameters are ``$1``, ``$2``…, and it goes past SQLAlchemy and
    the driver's rewriting of parameters, which for a long text cost as much as the database.
    """
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 -- engine() makes no other
    with psycopg.RawCursor(driver) as cursor:
        row: tuple[Any, ...] | None = cursor.execute(query, values, prepare=True).fetchone()
    return row


def execute_file(conn: sa.Connection, path: Path) -> None:
    """Run a file of several statements as it is, without parameters."""
    cursor = conn.connection.cursor()
    cursor.execute(path.read_text())


def execute_sql(conn: sa.Connection, name: str, parameters: Mapping[str, object]) -> None:
    """Run ``<room>/sql/<name>.sql``, statement by statement, with named parameters."""
    text = (Path(__file__).parent.parent / _path(name)).read_text()
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    for statement in filter(str.strip, lines.split(";\n")):
        conn.execute(sa.text(statement.rstrip().removesuffix(";")), parameters)


def _path(name: str) -> str:
    """Return where the statement ``room/name`` stands, below the root."""
    room, _, stem = name.partition("/")
    return f"{room}/sql/{stem}.sql"

"""Connections to the one engine, each as one of three roles.

``migrazione`` owns the tables and loads deliveries; ``ufficio`` reads and writes what the
offices may, inside the municipalities named for the transaction; ``pubblico`` reads the
views of schema ``pubblico`` and nothing else. Every transaction says for which
municipalities it works: row-level security holds it to them (DESIGN §3.7).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import pq
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url

from territorio import prepared
from territorio.standby import ended


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


def engine(url: str | URL, role: Role, *, pool_size: int = 8, by_hand: bool = False) -> sa.Engine:
    """Return an engine that connects as the role.

    ``by_hand`` leaves it to :mod:`territorio.prepared` which statements are kept ready; else
    the driver keeps those that come again and again. Those by hand are planned for any value:
    PostgreSQL would plan the first five on each connection anew, at ten times the cost.
    """
    generic = " -c plan_cache_mode=force_generic_plan" if by_hand else ""
    made = sa.create_engine(
        url_for(url, role),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        # Statements by hand end their transaction themselves, also when they fail.
        pool_reset_on_return=None if by_hand else "rollback",
        connect_args={
            "options": _OPTIONS[role] + generic,
            "connect_timeout": 10,
            "application_name": role.value,
            "prepare_threshold": None if by_hand else 5,
        },
    )
    event.listen(made, "checkout", _refuse_ended)
    prepared.listen(made)
    return made


def _refuse_ended(driver: psycopg.Connection, *_: object) -> None:
    """Have the pool replace a connection that the server has ended."""
    if ended(driver):
        raise sa.exc.DisconnectionError


_RESTRICT = "SELECT set_config('territorio.comuni', {}, true)"


def restrict(conn: sa.Connection, comuni: Iterable[str]) -> None:
    """Hold the running transaction to these municipalities (``*`` for all)."""
    conn.execute(sa.text(_RESTRICT.format(":comuni")), {"comuni": ",".join(sorted(comuni))})


@contextmanager
def transaction(engine_: sa.Engine, comuni: Iterable[str] = ("*",)) -> Iterator[sa.Connection]:
    """Open a transaction that works for the given municipalities."""
    with engine_.begin() as conn:
        _begin(prepared.driver(conn), comuni)
        yield conn


def _begin(driver: psycopg.Connection, comuni: Iterable[str]) -> None:
    """Begin and restrict in one message; the driver, left alone, would send BEGIN by itself."""
    named = pq.Escaping(driver.pgconn).escape_literal(",".join(sorted(comuni)).encode())
    result = driver.pgconn.exec_(f"BEGIN; {_RESTRICT.format(named.decode())}".encode())
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError(driver.pgconn.get_error_message())


@cache
def sql(name: str) -> sa.TextClause:
    """Return the statement in ``<room>/sql/<name>.sql``, for example ``ingest/absent``."""
    return sa.text((Path(__file__).parent.parent / _path(name)).read_text())


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

"""Hot statements: one message for all of a transaction, the same answers both ways."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import pq

from territorio import db, prepared
from territorio.prepared import Computation, Statement

SETTING = "SELECT current_setting($1, true)"


@pytest.fixture
def engine_pronto(database_url: str) -> Iterator[sa.Engine]:
    """Connect as the door of the dossiers does."""
    made = db.engine(database_url, db.Role.UFFICIO, by_hand=True)
    yield made
    made.dispose()


Opening = Callable[[sa.Engine], AbstractContextManager[prepared.Conn]]
BACKEND = "SELECT pg_backend_pid()"
STATUS = pq.TransactionStatus


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the statements of each message to the server."""
    sent: list[int] = []
    send = prepared._send

    def count(conn: sa.Connection, asked: list[Statement]) -> object:
        sent.append(len(asked))
        return send(conn, asked)

    monkeypatch.setattr(prepared, "_send", count)
    return sent


def run[T](ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run in a loop of its own, in a thread: a browser under test keeps one in this."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(lambda: asyncio.run(ask())).result()


def _status(conn: sa.Connection) -> STATUS:
    driver = conn.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return STATUS(driver.pgconn.transaction_status)


def _settings(last: bool) -> Computation[list[bytes | None]]:
    found: list[bytes | None] = []
    for name in ("territorio.comuni", "plan_cache_mode"):
        row = yield Statement(SETTING, (name,), last=last and name == "plan_cache_mode")
        assert row is not None
        found += row
    return found


@pytest.mark.parametrize("last", [True, False])
def test_a_transaction_begins_and_ends_with_its_statements(
    engine_pronto: sa.Engine, messages: list[int], last: bool
) -> None:
    with prepared.transaction(engine_pronto, ("X999", "O'B9", "A001")) as conn:
        assert _status(conn) == STATUS.IDLE
        assert prepared.compute(conn, _settings(last)) == [b"A001,O'B9,X999", b"force_generic_plan"]
        assert _status(conn) == (STATUS.IDLE if last else STATUS.INTRANS)
    assert messages == [3, 2 if last else 1]
    with engine_pronto.connect() as conn:
        assert prepared.row(conn, SETTING, ("territorio.comuni",)) == (b"",)


def test_what_goes_through_sqlalchemy_is_held_to_the_municipalities_too(
    engine_pronto: sa.Engine,
) -> None:
    with prepared.transaction(engine_pronto, ("X999",)) as conn:
        query = sa.text("SELECT current_setting('territorio.comuni')")
        assert conn.execute(query).scalar_one() == "X999"


def test_inside_another_transaction_nothing_is_committed(engine_pronto: sa.Engine) -> None:
    with db.transaction(engine_pronto) as conn:
        prepared.compute(conn, _settings(last=True))
        assert _status(conn) == STATUS.INTRANS


def test_without_a_thread_the_answer_is_the_same(engine_pronto: sa.Engine) -> None:
    async def ask() -> list[bytes | None]:
        with prepared.transaction(engine_pronto, ("X999",)) as conn:
            return await prepared.compute_async(conn, _settings(last=True))

    assert run(ask) == [b"X999", b"force_generic_plan"]


def test_a_bare_transaction_is_held_committed_and_given_back(engine_pronto: sa.Engine) -> None:
    async def ask(last: bool) -> list[bytes | None]:
        with prepared.bare(engine_pronto, ("X999",)) as conn:
            return await prepared.compute_async(conn, _settings(last))

    for last in (True, False):
        assert run(partial(ask, last)) == [b"X999", b"force_generic_plan"]
    with engine_pronto.connect() as conn:
        assert _status(conn) == STATUS.IDLE
        assert prepared.row(conn, SETTING, ("territorio.comuni",)) == (b"",)
    assert engine_pronto.pool.checkedin() == 1  # type: ignore[attr-defined]


def test_what_a_bare_transaction_wrote_before_an_error_is_not_there(
    engine_pronto: sa.Engine,
) -> None:
    def wrong() -> Computation[None]:
        yield Statement("CREATE TEMPORARY TABLE scritta ()")
        raise ValueError("stop")

    async def ask() -> None:
        with prepared.bare(engine_pronto) as conn:
            await prepared.compute_async(conn, wrong())

    with pytest.raises(ValueError, match="stop"):
        run(ask)
    with engine_pronto.connect() as conn:
        assert _status(conn) == STATUS.IDLE
        assert prepared.row(conn, "SELECT to_regclass('scritta')::text", ()) == (None,)


def test_the_loop_goes_on_while_the_server_works(engine_pronto: sa.Engine) -> None:
    def slow() -> Computation[None]:
        yield Statement("SELECT pg_sleep(0.4)::text")

    async def ask() -> int:
        with prepared.transaction(engine_pronto) as conn:
            work = asyncio.create_task(prepared.compute_async(conn, slow()))
            turns = 0
            while not work.done():
                await asyncio.sleep(0.02)
                turns += 1
            return turns

    assert run(ask) >= 5


@pytest.mark.parametrize("opened", [prepared.transaction, prepared.bare])
def test_a_question_that_is_cancelled_leaves_no_half_read_connection(
    engine_pronto: sa.Engine, opened: Opening
) -> None:
    def slow() -> Computation[None]:
        yield Statement("SELECT pg_sleep(20)::text")

    async def ask() -> None:
        with opened(engine_pronto) as conn:
            await asyncio.wait_for(prepared.compute_async(conn, slow()), 0.3)

    with pytest.raises(TimeoutError):
        run(ask)
    with prepared.transaction(engine_pronto) as conn:
        assert prepared.row(conn, "SELECT 'again'", ()) == (b"again",)


@pytest.mark.parametrize("threads", [True, False])
def test_what_fails_leaves_nothing_and_the_connection_goes_on(
    engine_pronto: sa.Engine, threads: bool
) -> None:
    def wrong() -> Computation[None]:
        yield Statement("SELECT 1 / $1::integer", (0,))

    async def ask() -> None:
        with prepared.bare(engine_pronto) as conn:
            await prepared.compute_async(conn, wrong())

    def fail() -> None:
        if not threads:
            run(ask)
        with prepared.transaction(engine_pronto) as conn:
            prepared.compute(conn, wrong())

    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            fail()
    with engine_pronto.connect() as conn:
        assert prepared.row(conn, SETTING, ("territorio.comuni",)) == (b"",)


def test_a_connection_that_dies_in_the_middle_is_told(
    database_url: str, engine_pronto: sa.Engine
) -> None:
    other = db.engine(database_url, db.Role.UFFICIO)

    def die() -> None:
        end = "SELECT pg_terminate_backend($1::integer, 5000)::text"
        with prepared.transaction(engine_pronto) as conn, other.connect() as killer:
            row = prepared.row(conn, BACKEND, ())
            assert row is not None
            timer = threading.Timer(0.3, prepared.row, (killer, end, (int(row[0] or 0),)))
            timer.start()
            try:
                prepared.row(conn, "SELECT pg_sleep(20)::text", ())
            finally:
                timer.join()

    with pytest.raises(psycopg.OperationalError):
        die()
    other.dispose()
    with prepared.transaction(engine_pronto) as conn:
        assert prepared.row(conn, "SELECT 'again'", ()) == (b"again",)


ALTERNATING = "SELECT $1::integer::text || 'alternating'"


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_the_driver_forgets_is_not_relied_on(database_url: str, by_hand: bool) -> None:
    made = db.engine(database_url, db.Role.UFFICIO, by_hand=by_hand)
    for n in range(12):
        with made.connect() as conn:
            for _ in range(7):
                conn.execute(sa.text("SELECT 'again and again'"))
            assert prepared.row(conn, ALTERNATING, (n,)) == (f"{n}alternating".encode(),)
            conn.rollback()
    made.dispose()


def test_a_statement_is_prepared_once_whatever_the_size_of_its_numbers(
    engine_pronto: sa.Engine,
) -> None:
    query = "SELECT 'once' WHERE $1::bigint IS NOT NULL AND $2::text <> '' AND $3::date IS NULL"
    with db.transaction(engine_pronto) as conn:
        for number in (1, 2**20, 2**40):
            assert prepared.row(conn, query, (number, "x", None)) == (b"once",)
        assert prepared.row(conn, query, (1, "x", date(2024, 2, 29))) is None
        found = "SELECT count(*) FROM pg_prepared_statements WHERE statement = :query"
        assert conn.execute(sa.text(found), {"query": query}).scalar_one() == 1


def test_a_message_larger_than_the_socket_takes_at_once_goes_through(
    engine_pronto: sa.Engine,
) -> None:
    with prepared.transaction(engine_pronto) as conn:
        found = prepared.row(conn, "SELECT length($1::text)::text", ("x" * 9_000_000,))
    assert found == (b"9000000",)

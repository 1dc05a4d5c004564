"""Hot statements: one message for all of a transaction, the same answers both ways."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from functools import partial

import psycopg
import pytest
import sqlalchemy as sa
import uvloop
from psycopg import pq

from territorio import db, prepared
from territorio.prepared import Computation, Statement
from territorio.standby import SIZE, Standby
from tests.territorio.ciclo import run

SETTING = "SELECT current_setting($1, true)"


BACKEND = "SELECT pg_backend_pid()"
STATUS = pq.TransactionStatus


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the statements of each message to the server."""
    sent: list[int] = []
    send = prepared._send

    def count(conn: sa.Connection, asked: list[Statement], meanwhile: object) -> object:
        assert meanwhile is None
        sent.append(len(asked))
        return send(conn, asked)

    monkeypatch.setattr(prepared, "_send", count)
    return sent


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


def test_a_bare_transaction_is_held_committed_and_given_back(
    standby: Standby, messages: list[int]
) -> None:
    async def ask(last: bool) -> list[bytes | None]:
        with prepared.bare(standby) as conn:
            assert (len(standby), standby.lent) == (SIZE - 1, 1)
            return await prepared.compute_async(conn, _settings(last))

    for last in (True, False):
        assert run(partial(ask, last)) == [b"*", b"force_generic_plan"]
    assert messages == [2, 2, 2, 1]
    assert (len(standby), standby.lent) == (SIZE, 0)
    line = standby.take()
    assert line.driver.pgconn.transaction_status == STATUS.IDLE
    standby.give(line)


def test_what_is_done_meanwhile_is_done_while_the_server_works(standby: Standby) -> None:
    done: list[float] = []

    def ask() -> Computation[None]:
        yield Statement("SELECT pg_sleep(0.4)::text", meanwhile=work)
        done.append(time.monotonic())

    def work() -> None:
        time.sleep(0.4)
        done.append(time.monotonic())

    async def go() -> None:
        with prepared.bare(standby) as conn:
            await prepared.compute_async(conn, ask())

    started = time.monotonic()
    run(go)
    assert [0.4 <= moment - started < 0.75 for moment in done] == [True, True]


def test_what_fails_meanwhile_ends_the_connection(standby: Standby) -> None:
    def fail() -> None:
        raise ValueError("meanwhile")

    def ask() -> Computation[None]:
        yield Statement("SELECT 1", meanwhile=fail)

    async def go() -> None:
        with prepared.bare(standby) as conn:
            await prepared.compute_async(conn, ask())

    with pytest.raises(ValueError, match="meanwhile"):
        run(go)
    assert (len(standby), standby.lent) == (SIZE - 1, 0)


def test_what_a_bare_transaction_wrote_before_an_error_is_not_there(standby: Standby) -> None:
    def wrong() -> Computation[None]:
        yield Statement("CREATE TEMPORARY TABLE scritta ()")
        raise ValueError("stop")

    async def ask() -> None:
        with prepared.bare(standby) as conn:
            await prepared.compute_async(conn, wrong())

    with pytest.raises(ValueError, match="stop"):
        run(ask)
    line = standby.take()
    assert line.driver.pgconn.transaction_status == STATUS.IDLE
    assert prepared.row(line, "SELECT to_regclass('scritta')::text", ()) == (None,)
    standby.give(line)


@pytest.mark.parametrize(
    ("query", "least"),
    [
        ("SELECT pg_sleep(0.4)::text", 5),
        # The first bytes come after a third of the time, more than the server holds back.
        ("SELECT repeat('x', 20000), pg_sleep(0.3)::text FROM generate_series(1, 3)", 25),
    ],
)
def test_the_loop_goes_on_while_the_server_works(standby: Standby, query: str, least: int) -> None:
    def slow() -> Computation[None]:
        yield Statement(query)

    async def ask() -> int:
        with prepared.bare(standby) as conn:
            work = asyncio.create_task(prepared.compute_async(conn, slow()))
            turns = 0
            while not work.done():
                await asyncio.sleep(0.02)
                turns += 1
            return turns

    assert run(ask) >= least


def test_a_question_that_is_cancelled_leaves_no_half_read_connection(standby: Standby) -> None:
    def slow() -> Computation[None]:
        yield Statement("SELECT pg_sleep(20)::text")

    async def ask() -> None:
        with prepared.bare(standby) as conn:
            await asyncio.wait_for(prepared.compute_async(conn, slow()), 0.3)

    with pytest.raises(TimeoutError):
        run(ask)
    with prepared.bare(standby) as conn:
        assert prepared.row(conn, "SELECT 'again'", ()) == (b"again",)


def test_one_connection_answers_in_turn_and_after_the_server_ended_another(
    database_url: str, standby: Standby
) -> None:
    def number(n: int) -> Computation[bytes | None]:
        row = yield Statement("SELECT $1::bigint::text", (n,))
        assert row is not None
        return row[0]

    async def ask() -> list[bytes | None]:
        found = []
        for n in range(3):
            with prepared.bare(standby) as conn:
                found.append(await prepared.compute_async(conn, number(n)))
        with psycopg.connect(database_url) as killer:
            pid = standby._idle[-1].driver.info.backend_pid
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        await asyncio.sleep(0.05)  # its end is on the socket, and nobody waits there
        with prepared.bare(standby) as conn:
            assert conn.driver.info.backend_pid != pid
            found.append(await prepared.compute_async(conn, number(3)))
        return found

    assert run(ask) == [b"0", b"1", b"2", b"3"]


@pytest.mark.parametrize("threads", [True, False])
def test_what_fails_leaves_nothing_and_the_connection_goes_on(
    engine_pronto: sa.Engine, standby: Standby, threads: bool
) -> None:
    def wrong() -> Computation[None]:
        yield Statement("SELECT 1 / $1::integer", (0,))

    async def ask() -> None:
        with prepared.bare(standby) as conn:
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
        assert prepared.row(conn, SETTING, ("territorio.comuni",)) in ((b"",), (None,))


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


def test_what_is_lost_takes_nothing_from_who_gets_its_place(database_url: str) -> None:
    engine = db.engine(database_url, db.Role.UFFICIO, by_hand=True, pool_size=1)
    with prepared.transaction(engine, ("X999",)) as first:
        pid = prepared.row(first, BACKEND, ())
    assert pid is not None
    lost = ExitStack()
    conn = lost.enter_context(prepared.transaction(engine, ("A001",)))
    with psycopg.connect(database_url) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", (int(pid[0] or 0),))
    with pytest.raises(psycopg.OperationalError):
        prepared.row(conn, "SELECT 1", ())
    # Its place in the pool is free at once, before it has told anybody.
    with prepared.transaction(engine, ("X999",)) as other:
        with pytest.raises(sa.exc.PendingRollbackError):
            lost.close()
        assert prepared.row(other, SETTING, ("territorio.comuni",)) == (b"X999",)
    engine.dispose()


def test_without_a_thread_too_and_the_next_question_is_answered(
    database_url: str, standby: Standby
) -> None:
    def say(text: str) -> Computation[tuple[bytes | None, ...] | None]:
        row = yield Statement(text)
        return row

    def end(pid: int) -> None:
        with psycopg.connect(database_url) as killer:
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    async def ask() -> list[object]:
        found: list[object] = []
        for after in (0.0, 0.01, 0.1):
            with prepared.bare(standby) as conn:
                slow = asyncio.create_task(
                    prepared.compute_async(conn, say("SELECT pg_sleep(20)::text"))
                )
                await asyncio.sleep(after)
                await asyncio.to_thread(end, conn.driver.info.backend_pid)
                [told] = await asyncio.gather(slow, return_exceptions=True)
                found.append(isinstance(told, psycopg.OperationalError))
            with prepared.bare(standby) as conn:
                found.append(await prepared.compute_async(conn, say("SELECT 'again'")))
        return found

    def served() -> list[object]:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(asyncio.wait_for(ask(), 20))

    with ThreadPoolExecutor(1) as elsewhere:
        answers = elsewhere.submit(served).result()
    assert answers == [True, (b"again",)] * 3


def test_no_text_is_cut_at_a_nul(engine_pronto: sa.Engine) -> None:
    with prepared.transaction(engine_pronto) as conn, pytest.raises(psycopg.DataError):
        prepared.row(conn, "SELECT $1::text", ("before\0after",))


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

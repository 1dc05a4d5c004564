"""Connections that stand by: as many as are wanted, alive, and ended at the end."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa

from territorio import db, prepared
from territorio.standby import SIZE, Line, Standby, readable
from tests.territorio.ciclo import run


@pytest.fixture
def standby(database_url: str) -> Iterator[Standby]:
    engine = db.engine(database_url, db.Role.UFFICIO, by_hand=True)
    made = Standby(engine)
    yield made
    made.dispose()
    engine.dispose()


def _alive(line: Line) -> bool:
    return prepared.row(line, "SELECT current_user::text", ()) == (b"territorio_ufficio",)


def test_they_are_not_on_loan_from_the_pool(standby: Standby) -> None:
    standby.stock()
    assert len(standby) == SIZE
    assert standby.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_the_same_one_is_lent_again(standby: Standby) -> None:
    standby.stock()
    first = standby.take()
    assert _alive(first)
    standby.give(first)
    assert standby.take() is first
    standby.give(first)


def test_one_that_the_server_has_ended_is_replaced(standby: Standby) -> None:
    standby.stock()
    with standby.engine.connect() as killer:
        here = killer.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        ended = killer.execute(
            sa.text(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE pid <> :here AND usename = current_user AND datname = current_database()"
            ),
            {"here": here},
        ).scalar_one()
    assert ended >= 2
    line = standby.take()
    assert _alive(line)
    assert len(standby) == 0
    standby.give(line)


def test_more_than_stand_by_are_made_and_ended_again(standby: Standby) -> None:
    lines = [standby.take() for _ in range(SIZE + 2)]
    assert all(map(_alive, lines))
    assert standby.lent == SIZE + 2
    for line in lines:
        standby.give(line)
    assert (len(standby), standby.lent) == (SIZE, 0)
    assert [line.driver.closed for line in lines] == [False] * SIZE + [True] * 2


def test_who_comes_alone_may_have_two(standby: Standby) -> None:
    standby.stock()
    assert standby.spare() is None
    first = standby.take()
    second = standby.spare()
    assert second is not None
    assert _alive(second)
    assert standby.spare() is None
    standby.give(second)
    standby.give(first)
    assert (len(standby), standby.lent) == (SIZE, 0)


def test_none_is_made_to_be_spared_and_those_lost_are_told_of(standby: Standby) -> None:
    seen = [standby.lacking]
    only = standby.take()
    assert (standby.spare(), standby.lent) == (None, 1)
    standby.stock()
    seen.append(standby.lacking)
    only.invalidate()
    standby.give(only)
    seen.append(standby.lacking)
    assert seen == [True, False, True]


def test_one_that_could_not_be_made_is_lent_to_nobody() -> None:
    engine = db.engine("postgresql://127.0.0.1:1/niente", db.Role.UFFICIO, by_hand=True)
    standby = Standby(engine)
    with pytest.raises(psycopg.OperationalError):
        standby.take()
    assert standby.lent == 0


def test_no_more_are_made_while_as_many_are_lent(standby: Standby) -> None:
    standby.stock()
    assert len(standby) == SIZE
    lines = [standby.take() for _ in range(SIZE)]
    standby.stock()
    assert len(standby) == 0
    for line in lines:
        standby.give(line)
    assert len(standby) == SIZE


def test_what_comes_back_after_the_end_is_ended(standby: Standby) -> None:
    standby.stock()
    late = standby.take()
    standby.dispose()
    standby.stock()  # makes none: it would go on for ever
    assert len(standby) == 0
    standby.give(late)
    assert late.driver.closed
    with pytest.raises(psycopg.OperationalError):
        prepared.row(late, "SELECT 1", ())


def test_nobody_waits_on_a_socket_that_is_gone(standby: Standby) -> None:
    async def ask() -> None:
        line = standby.take()
        line.driver.pgconn.send_query(b"SELECT 1")
        assert await readable([line]) is line
        line.driver.pgconn.finish()
        try:
            await asyncio.wait_for(readable([line]), 2)
        finally:
            standby.give(line)

    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(psycopg.OperationalError):
        elsewhere.submit(lambda: asyncio.run(ask())).result()
    assert (len(standby), standby.lent) == (0, 0)


def _pid(line: Line) -> int:
    return line.driver.info.backend_pid


def test_who_finds_none_waits_for_its_turn(standby: Standby) -> None:
    standby.stock()
    order = list[int]()

    async def one(number: int) -> int:
        async with prepared.in_turn(standby) as line:
            order.append(number)
            await asyncio.sleep(0.01)
            return _pid(line)

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(one(number) for number in range(3 * SIZE)))

    used = run(all_of_them)
    assert order == list(range(3 * SIZE))
    assert len(set(used)) == SIZE
    assert (standby.lent, len(standby)) == (0, SIZE)


def test_who_gives_up_waiting_leaves_its_turn_to_the_next(standby: Standby) -> None:
    standby.stock()

    async def scene() -> bool:
        taken = [await standby.take_in_turn() for _ in range(SIZE)]
        first = asyncio.ensure_future(standby.take_in_turn())
        second = asyncio.ensure_future(standby.take_in_turn())
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        standby.give(taken.pop())
        taken.append(await second)
        third = asyncio.ensure_future(standby.take_in_turn())
        await asyncio.sleep(0)
        standby.give(taken.pop())  # its turn has come, and now it goes
        third.cancel()
        await asyncio.gather(third, return_exceptions=True)
        for line in taken:
            standby.give(line)
        return first.cancelled() and third.cancelled()

    assert run(scene)
    assert (standby.lent, len(standby)) == (0, SIZE)


def test_a_lost_connection_is_replaced_for_who_waits(standby: Standby) -> None:
    standby.stock()

    async def scene() -> bool:
        taken = [await standby.take_in_turn() for _ in range(SIZE)]
        waiting = asyncio.ensure_future(standby.take_in_turn())
        await asyncio.sleep(0)
        lost = taken.pop()
        lost.invalidate()
        standby.give(lost)
        found = await waiting
        alive = _alive(found)
        for line in (*taken, found):
            standby.give(line)
        return alive

    assert run(scene)
    assert standby.lent == 0


def test_where_too_many_wait_the_next_is_told_so(
    standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("territorio.standby.FOLLA", 1)
    standby.stock()

    async def scene() -> None:
        taken = [await standby.take_in_turn() for _ in range(SIZE)]
        waiting = asyncio.ensure_future(standby.take_in_turn())
        await asyncio.sleep(0)
        with pytest.raises(psycopg.OperationalError):
            await standby.take_in_turn()
        for line in taken:
            standby.give(line)
        standby.give(await waiting)

    run(scene)

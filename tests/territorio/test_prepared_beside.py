"""Two statements asked at the same time, on two connections."""

import time
from typing import Any

import psycopg
import pytest

from territorio import prepared
from territorio.prepared import Computation, Statement
from territorio.standby import SIZE, Standby
from tests.territorio.ciclo import run


def _asleep(last: bool, seconds: float = 0.4) -> Computation[Any]:
    came: list[object] = []
    one, other = ("SELECT pg_sleep($1::float)::text, 'one'", "SELECT pg_sleep(0.4)::text, 'other'")
    beside = Statement(other, last=True, then=came.append)
    row = yield Statement(one, (seconds,), last=last, then=came.append, beside=beside)
    again = yield Statement("SELECT 'again'", last=True)
    return came, row, again


async def _on_two(standby: Standby, computation: Computation[Any]) -> Any:
    with prepared.bare(standby) as conn, prepared.beside(standby) as other:
        return await prepared.compute_async(conn, computation, other)


@pytest.mark.parametrize("last", [True, False])
def test_what_is_asked_beside_is_asked_at_the_same_time(standby: Standby, last: bool) -> None:
    started = time.monotonic()
    came, row, again = run(lambda: _on_two(standby, _asleep(last)))
    assert sorted(came) == [(b"", b"one"), (b"", b"other")]
    assert (row, again) == ((b"", b"one"), (b"again",))
    assert 0.4 <= time.monotonic() - started < 0.75
    assert (len(standby), standby.lent) == (SIZE, 0)


@pytest.mark.parametrize(("seconds", "first"), [(0.1, b"one"), (0.8, b"other")])
def test_what_comes_first_is_taken_while_the_other_is_awaited(
    standby: Standby, seconds: float, first: bytes
) -> None:
    came, row, _ = run(lambda: _on_two(standby, _asleep(True, seconds)))
    assert came[0] == (b"", first)
    assert len(came) == 2
    assert row == (b"", b"one")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT (1 / $1::integer)::text", "SELECT pg_sleep(20)::text"),
        ("SELECT pg_sleep(20)::text", "SELECT (1 / $1::integer)::text"),
    ],
)
def test_where_one_of_two_fails_nobody_waits_for_the_other(
    standby: Standby, one: str, other: str
) -> None:
    def values(query: str) -> tuple[int, ...]:
        return (0,) if "$1" in query else ()

    def wrong() -> Computation[object]:
        beside = Statement(other, values(other), last=True)
        row = yield Statement(one, values(one), beside=beside)
        return row

    started = time.monotonic()
    with pytest.raises(psycopg.errors.DivisionByZero):
        run(lambda: _on_two(standby, wrong()))
    assert time.monotonic() - started < 5
    assert (len(standby), standby.lent, standby.lacking) == (SIZE - 1, 0, True)
    standby.stock()
    assert run(lambda: _on_two(standby, _asleep(True))) is not None

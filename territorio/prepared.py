"""The few hot statements: kept ready on each connection, several sent in one message.

Going to the server and back costs as much as a tenth of a dossier, and a transaction that
begins, restricts itself, reads and commits goes four times. Here all of it is one message
(libpq's pipeline mode), past SQLAlchemy and the driver's rewriting of parameters, which for a
long text cost as much as the database. Parameters are ``$1``, ``$2``…

What is computed from such statements may be written once for both ways of waiting: a
:data:`Computation` yields its questions, :func:`compute` and :func:`compute_async` answer them.
"""

import re
import select
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import count
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from psycopg import pq
from psycopg.errors import error_from_result
from sqlalchemy import event

from territorio.standby import Line, Standby, readable

type Conn = sa.Connection | Line
"""A connection, or one that stood by: for statements of this module alone."""

type Row = tuple[bytes | None, ...]
"""A row as the server writes it: each value as text, NULL as None."""

type Value = str | int | float | date | None


class Statement(NamedTuple):
    """A statement of which the first row is wanted.

    ``last`` says that nothing follows: a transaction of :func:`transaction` is then committed
    in the same message; ``binary`` has bytes come as they are and not in hexadecimal;
    ``meanwhile`` is done here while the server works: if it fails, the connection ends, and
    what was asked may have been committed. ``then`` is given the row as soon as it is here.
    ``beside`` is asked at the same time on another connection (:func:`compute_async`); what
    comes of it is for its own ``then``. ``kept`` says that it is asked again and again: what is
    asked once, in words that come from outside, must not be kept ready for ever.
    """

    query: str
    values: Sequence[Value] = ()
    last: bool = False
    binary: bool = False
    meanwhile: Callable[[], None] | None = None
    then: "Callable[[Row | None], None] | None" = None
    beside: "Statement | None" = None
    kept: bool = True


type Computation[T] = Generator[Statement, Row | None, T]
"""A computation that asks the database and does not know how it is waited for."""

SOON = 1
"""For how many milliseconds the rest of an answer is waited for without the loop."""

_COMUNI, _NAMES = "territorio_comuni", "names of prepared statements"
_INT8, _DATE = 20, 1082  # pg_type.dat
_NUMBERS = count()
_FAILED = {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE}
_BEGIN, _COMMIT = Statement("BEGIN"), Statement("COMMIT")
_RESTRICT = "SELECT set_config('territorio.comuni', $1, true)"


_NAMED = re.compile(r"(?<![:\w]):([a-z_]\w*)\b")


@cache
def numbered(text: str, order: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return a statement with ``$1``, ``$2``… for its ``:names``, and those it has, in order.

    >>> numbered("SELECT :b::text, :a + :b", ("a", "b", "c"))
    ('SELECT $2::text, $1 + $2', ('a', 'b'))
    """
    used = set(_NAMED.findall(text))
    names = tuple(name for name in order if name in used)
    return _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", text), names


@contextmanager
def transaction(engine: sa.Engine, comuni: Iterable[str] = ("*",)) -> Iterator[sa.Connection]:
    """Open a transaction that begins with its first statement, in the same message.

    Held to the given municipalities as :func:`territorio.db.transaction` does.
    """
    with engine.begin() as conn:
        # Not in its info: that is the place's in the pool, which whoever loses the connection
        # leaves to the next at once.
        yield conn.execution_options(**{_COMUNI: ",".join(sorted(comuni))})


class bare:  # noqa: N801 -- used as a function
    """Open such a transaction for statements of this module alone, for all municipalities.

    What SQLAlchemy does around a transaction is an eighth of what the server does for a dossier.
    """

    __slots__ = ("line", "standby")

    def __init__(self, standby: Standby) -> None:
        """Open on a connection that stands by."""
        self.standby = standby

    def __enter__(self) -> Line:
        """Take a connection; the transaction begins with the first statement."""
        self.line = self.standby.take()
        return self.line

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Commit or, where something failed, roll back, and give the connection back."""
        _end(self.standby, self.line, failed=failed is not None)


class in_turn:  # noqa: N801 -- used as a function
    """Open a transaction as :class:`bare` does, waiting in the loop until it is one's turn."""

    __slots__ = ("line", "standby")

    def __init__(self, standby: Standby) -> None:
        """Open on a connection that stands by, or will."""
        self.standby = standby

    async def __aenter__(self) -> Line:
        """Take a connection; the transaction begins with the first statement."""
        self.line = await self.standby.take_in_turn()
        return self.line

    async def __aexit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Commit or, where something failed, roll back, and give the connection back."""
        _end(self.standby, self.line, failed=failed is not None)


class beside:  # noqa: N801 -- used as a function
    """Open a second one beside :class:`bare`, where nobody else is being answered."""

    __slots__ = ("line", "standby")

    def __init__(self, standby: Standby) -> None:
        """Open on a connection that stands by."""
        self.standby = standby

    def __enter__(self) -> Line | None:
        """Take a connection; None if there is none to spare."""
        self.line = self.standby.spare()
        return self.line

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Commit or roll back, and give the connection back."""
        if self.line is not None:
            _end(self.standby, self.line, failed=failed is not None)


def _end(standby: Standby, line: Line, *, failed: bool) -> None:
    """End the transaction of a line, if it is in one, and give it back."""
    driver = line.driver
    try:
        if driver.pgconn.transaction_status != pq.TransactionStatus.IDLE and not driver.closed:
            driver.rollback() if failed else driver.commit()
    finally:
        standby.give(line)


def listen(engine: sa.Engine) -> None:
    """Have statements that go through SQLAlchemy begin the transaction that waits, too."""
    event.listen(engine, "before_cursor_execute", _begin_waiting)


def row(conn: Conn, query: str, values: Sequence[Value]) -> Row | None:
    """Run a query and return its first row, or None; raise psycopg.Error as the driver does."""
    return _wait(conn, _ask(conn, Statement(query, values)))


def compute[T](conn: Conn, computation: Computation[T]) -> T:
    """Answer the questions of a computation and return its result."""
    found: Row | None = None
    while True:
        try:
            asked = computation.send(found)
        except StopIteration as end:
            result: T = end.value
            return result
        found = _wait(conn, _ask(conn, asked))


async def compute_async[T](line: Line, computation: Computation[T], other: Line | None = None) -> T:
    """Answer the questions of a computation without a thread; return its result.

    On ``other``, where it is given, goes what may be asked at the same time.
    """
    found: Row | None = None
    while True:
        try:
            asked = computation.send(found)
        except StopIteration as end:
            result: T = end.value
            return result
        waiting = {line: _ask(line, asked)}
        if asked.beside is not None and other is not None:
            waiting[other] = _ask(other, asked.beside)
        found = (await _wait_async(waiting))[line]


type _Waiting[T] = Generator[None, None, T]
"""Yields whenever something has to come from the server."""


def _wait[T](conn: Conn, waiting: _Waiting[T]) -> T:
    """Wait in this thread; other threads run meanwhile."""
    socket = select.poll()
    socket.register(driver(conn).pgconn.socket, select.POLLIN)
    while True:
        try:
            next(waiting)
        except StopIteration as end:
            result: T = end.value
            return result
        socket.poll()


async def _wait_async[T](waiting: dict[Line, _Waiting[T]]) -> dict[Line, T]:
    """Wait for all while the loop does other things; return what each ended with.

    An answer is one row: when its first bytes come it is made, and the rest, eight kilobytes at
    a time, is a few microseconds behind. To go back to the loop for each costs more than to
    wait for it.
    """
    found: dict[Line, T] = {}
    begun: Line | None = None
    try:
        while True:
            for line, steps in waiting.items():
                if line not in found:
                    try:
                        next(steps)
                        while line is begun and line.soon(SOON):
                            next(steps)
                    except StopIteration as end:
                        found[line] = end.value
            if len(found) == len(waiting):
                return found
            begun = await readable([line for line in waiting if line not in found])
    finally:
        for steps in waiting.values():
            steps.close()


def _ask(conn: Conn, asked: Statement) -> _Waiting[Row | None]:
    """Ask, with what goes before and after in the same message; return the first row."""
    before, after = _around(conn, asked.last)
    results = yield from _send(conn, [*before, asked, *after], asked.meanwhile)
    result, row = results[len(before)], None
    if result.ntuples:
        row = tuple(result.get_value(0, column) for column in range(result.nfields))
    if asked.then is not None:
        asked.then(row)
    return row


def _around(conn: Conn, last: bool) -> tuple[list[Statement], list[Statement]]:
    """Return what has to be said before a statement and after it.

    Where it is both the first and the last of its transaction, that is the message itself: the
    server begins with it and commits at its end.
    """
    # A connection that stands by is held to its municipalities already.
    comuni, ours = _comuni(conn), isinstance(conn, Line)
    held = [] if comuni is None else [Statement(_RESTRICT, (comuni,))]
    ends = [_COMMIT] if last and (held or ours) else []
    if driver(conn).pgconn.transaction_status != pq.TransactionStatus.IDLE:
        return [], ends
    return (held, []) if ends else ([_BEGIN, *held], [])


def _comuni(conn: Conn) -> str | None:
    """Return the municipalities to which the transaction that begins is to be held, if it is."""
    if isinstance(conn, Line):
        return None
    found: str | None = conn.get_execution_options().get(_COMUNI)
    return found


def _begin_waiting(conn: sa.Connection, *_: Any) -> None:
    if _comuni(conn) is not None and (before := _around(conn, last=False)[0]):
        _wait(conn, _send(conn, before))


def _send(
    conn: Conn, asked: Sequence[Statement], meanwhile: Callable[[], None] | None = None
) -> _Waiting[list[pq.abc.PGresult]]:
    """Send statements in one message; return the result of each, or raise what went wrong."""
    below, names = driver(conn), conn.info.setdefault(_NAMES, {})
    pgconn, new, kinds = below.pgconn, {}, []
    # A driver that prepares by itself forgets all prepared statements after a rollback, ours
    # too: beside it none is kept.
    keep = below.prepare_threshold is None
    texts = [[_text(value) for value in one.values] for one in asked]
    pgconn.enter_pipeline_mode()
    for one, values in zip(asked, texts, strict=True):
        name = names.get(one.query)
        if name is None:
            name = b"territorio_%d" % next(_NUMBERS) if keep and one.kept else b""
            if one.kept:
                new[one.query] = name
            pgconn.send_prepare(name, one.query.encode(), [_oid(value) for value in one.values])
            kinds.append(False)
        pgconn.send_query_prepared(name, values, result_format=int(one.binary))
        kinds.append(True)
    pgconn.pipeline_sync()
    try:
        if meanwhile is not None:
            meanwhile()
        results = yield from _results(pgconn)
    except BaseException:
        conn.invalidate()  # lost, or left half read: nobody may go on with it
        raise
    pgconn.exit_pipeline_mode()
    for result in results:
        if result.status in _FAILED:
            raise error_from_result(result)
    if keep:
        names.update(new)
    return [result for result, wanted in zip(results, kinds, strict=True) if wanted]


def _results(pgconn: pq.abc.PGconn) -> _Waiting[list[pq.abc.PGresult]]:
    """Collect what answers a message."""
    results: list[pq.abc.PGresult] = []
    while pgconn.flush():  # a message that the socket does not take at once: rare, and short
        socket = select.poll()
        socket.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        socket.poll()
        pgconn.consume_input()
    while True:
        while pgconn.is_busy():
            yield
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:  # between the answers of two statements, or for good
            if pgconn.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError(pgconn.get_error_message())
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        else:
            results.append(result)


def _oid(value: Value) -> int:
    """Return a value's type where the server could not tell it from the statement alone.

    Any number goes as what numbers are in the tables: chosen by its size, the same query would
    be planned once for small numbers and once for large ones.
    """
    if isinstance(value, int):
        return _INT8
    return _DATE if isinstance(value, date) else 0


def _text(value: Value) -> bytes | None:
    text = None if value is None else str(value).encode()
    if text is not None and b"\0" in text:
        raise psycopg.DataError("a text with a NUL")  # libpq would take it for its end
    return text


def driver(conn: Conn) -> psycopg.Connection:
    """Return the driver's connection below."""
    if isinstance(conn, Line):
        return conn.driver
    found = conn.connection.driver_connection
    assert isinstance(found, psycopg.Connection)  # noqa: S101 -- db.engine makes no other
    return found

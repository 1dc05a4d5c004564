"""Connections that stand by for the doors that do not wait for one.

They come from an engine, as its role and with its settings, but not on loan: what a pool does
for each loan is a tenth of what the server does for a dossier. They are held to all
municipalities, once and for good: whoever asks at these doors may ask of any.
"""

import asyncio
import select
from collections import deque
from collections.abc import Collection
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import pq

_ALL = b"SELECT set_config('territorio.comuni', '*', false)"

SIZE = 4
"""How many stand by: as many answers as are made at once without a thread."""

FOLLA = 500
"""How many may wait for one of them: who comes after is told to ask again."""


class Line:
    """A connection to the server, and what is remembered with it."""

    __slots__ = ("_asked", "_loop", "_poll", "_socket", "driver", "info")

    def __init__(self, driver: psycopg.Connection) -> None:
        """Begin with a connection on which nothing was asked."""
        self.driver = driver
        self.info: dict[Any, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket = -1
        self._asked: asyncio.Future[Line] | None = None
        self._poll = select.poll()
        self._poll.register(driver.pgconn.socket, select.POLLIN)

    def listen(self, loop: asyncio.AbstractEventLoop, asked: "asyncio.Future[Line]") -> None:
        """Have ``asked`` answered as soon as something comes; raise psycopg.Error if it is lost."""
        socket = self.driver.pgconn.socket
        if self._loop is not loop:
            # Once, and not at each question: it costs the system as much as the answer.
            self._loop, self._socket = loop, socket
            loop.add_reader(socket, self._say)
        self._asked = asked

    def leave_off(self) -> None:
        """Wait for nothing any more."""
        self._asked = None

    def soon(self, milliseconds: int) -> bool:
        """Wait here for something to come from the server; tell whether it has."""
        return bool(self._poll.poll(milliseconds))

    def ended(self) -> bool:
        """Tell whether the server has ended it while it stood by (see :func:`ended`)."""
        return self.soon(0) and ended(self.driver)

    def invalidate(self) -> None:
        """End it: nobody may go on with it."""
        self._leave()
        self.driver.close()

    def _say(self) -> None:
        if self._asked is None:
            self._leave()  # unasked: the server has ended it, as who takes it will find
        elif not self._asked.done():
            self._asked.set_result(self)

    def _leave(self) -> None:
        """Have the loop forget the socket, before its number is another one's."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
        self._loop = None


async def readable(lines: Collection[Line]) -> Line:
    """Wait until something has come from the server on one of these, and return that one.

    Raises psycopg.Error if one is lost.
    """
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[Line] = loop.create_future()
    try:
        for line in lines:
            line.listen(loop, asked)
        return await asked
    finally:
        for line in lines:
            line.leave_off()


class Standby:
    """The connections of one engine that stand by."""

    def __init__(self, engine: sa.Engine) -> None:
        """Begin with none: :meth:`stock` makes them, in a thread."""
        self.engine = engine
        self.lent = 0
        self._idle: deque[Line] = deque()
        self._waiting: deque[asyncio.Future[Line]] = deque()
        self._open = True

    def __len__(self) -> int:
        """Tell how many may be had at once."""
        return len(self._idle)

    @property
    def lacking(self) -> bool:
        """Tell whether some were lost: :meth:`stock` makes them."""
        return len(self._idle) + self.lent < SIZE

    def stock(self) -> None:
        """Make those that lack, lent ones counted; it takes as long as the server likes."""
        while self._open and len(self._idle) + self.lent < SIZE:
            self._put(self._make())

    def take(self) -> Line:
        """Return a connection that lives, made at once if none stands by."""
        found = self._alive() or self._make()
        self.lent += 1
        return found

    @property
    def ready(self) -> bool:
        """Tell whether there are any, standing by or lent."""
        return bool(self._idle or self.lent)

    async def take_in_turn(self) -> Line:
        """Return a connection that lives, or wait in the loop until one is given back.

        Raises psycopg.OperationalError where too many wait already.
        """
        found = self._alive()
        if found is None and not self.lent:
            found = self._make()
        if found is not None:
            self.lent += 1
            return found
        if len(self._waiting) >= FOLLA:
            raise psycopg.OperationalError("too many wait for a connection")
        turn: asyncio.Future[Line] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give(turn.result())  # it came in the very turn in which nobody wanted it
            raise

    def spare(self) -> Line | None:
        """Return one more for whoever has the only one lent, if one stands by; none is made."""
        found = self._alive() if self.lent == 1 else None
        if found is not None:
            self.lent += 1
        return found

    def give(self, line: Line) -> None:
        """Take a connection back, and pass it on to who waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if turn.done():  # cancelled
                continue
            try:
                turn.set_result(self._make() if line.driver.closed else line)
            except psycopg.Error as error:
                # No other will come for those behind either.
                for each in (turn, *self._waiting):
                    if not each.done():
                        each.set_exception(error)
                self._waiting.clear()
                break
            return
        self.lent -= 1
        self._put(line)

    def dispose(self) -> None:
        """End those that stand by; what comes back later is ended too."""
        self._open = False
        while self._idle:
            self._idle.pop().invalidate()

    def _put(self, line: Line) -> None:
        if self._open and len(self._idle) < SIZE and not line.driver.closed:
            self._idle.append(line)
        else:
            line.invalidate()

    def _alive(self) -> Line | None:
        while self._idle:
            line = self._idle.pop()
            if not line.ended():
                return line
            line.invalidate()
        return None

    def _make(self) -> Line:
        made = self.engine.raw_connection()
        driver = made.driver_connection
        made.detach()
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 -- db.engine makes no other
        found = driver.pgconn.exec_(_ALL)
        if found.status != pq.ExecStatus.TUPLES_OK:
            said = driver.pgconn.get_error_message()
            driver.close()
            raise psycopg.OperationalError(said)
        return Line(driver)


def ended(driver: psycopg.Connection) -> bool:
    """Tell whether the server has ended a connection that lay idle.

    Its end lies on the socket, where nothing else waits meanwhile: looking there costs no
    question to the server, as a ping before every transaction would.
    """
    poll = select.poll()
    try:
        poll.register(driver.fileno(), select.POLLIN)
        while poll.poll(0):
            driver.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return False

"""How answers reach the socket: head and body of one in one message.

uvicorn writes the two apart, and the system sends each at once. Whoever waits is woken for a head
that says nothing yet, and then again: of a dossier that was a thirtieth of the time.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Together:
    """A transport that holds what is written first until what follows it in the same turn."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to ``transport``, at the latest in the next turn of ``loop``."""
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def write(self, data: bytes) -> None:
        """Send this with what is held, or hold it until the next turn."""
        if not data:
            self.flush()
        elif self._held is None:
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            held, self._held = self._held, None
            self._transport.writelines((held, data))

    def close(self) -> None:
        """Send what is held, and close."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what is held."""
        if self._held is not None:
            held, self._held = self._held, None
            self._transport.write(held)

    def forget(self) -> None:
        """Send nothing any more: nobody is there."""
        self._held = None

    def __getattr__(self, name: str) -> Any:
        """Leave all else to the transport."""
        return getattr(self._transport, name)


ASK_SECONDS, TAKE_SECONDS = 30.0, 60.0
"""How long a client may take to ask, and to take what it asked for without taking any of it."""


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol over httptools, on such a transport, for clients that do not dawdle.

    uvicorn waits for ever for the rest of a request, and for who does not read the answer: a few
    thousand of those would be all that a server can hold.
    """

    _until: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection."""
        self._together = Together(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", self._together))
        self._within(ASK_SECONDS)

    def on_message_begin(self) -> None:
        """Begin with a request."""
        self._within(ASK_SECONDS)
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """End with a request: it is all here."""
        self._in_time()
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Wait for who does not take what is sent."""
        self._within(TAKE_SECONDS)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on: something was taken."""
        self._in_time()
        super().resume_writing()

    def _within(self, seconds: float) -> None:
        self._in_time()
        self._until = self.loop.call_later(seconds, self._too_late)

    def _in_time(self) -> None:
        if self._until is not None:
            self._until.cancel()
            self._until = None

    def _too_late(self) -> None:
        """End a connection whose client takes too long."""
        self._until = None
        self._together.abort()

    def eof_received(self) -> None:
        """Send what is held to who asks nothing more: the loop closes after this."""
        self._together.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the connection."""
        self._in_time()
        self._together.forget()
        super().connection_lost(exc)

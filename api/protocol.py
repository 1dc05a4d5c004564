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


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol over httptools, on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a connection."""
        self._together = Together(transport, self.loop)
        super().connection_made(cast("asyncio.Transport", self._together))

    def eof_received(self) -> None:
        """Send what is held to who asks nothing more: the loop closes after this."""
        self._together.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the connection."""
        self._together.forget()
        super().connection_lost(exc)

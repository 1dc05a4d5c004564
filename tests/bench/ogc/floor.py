"""The floor: the string that PostGIS made, handed on by the fewest lines that can do it.

An application for uvicorn (loop uvloop, http httptools) without a framework. Its addresses are
``/tuned/items/10/1/W,S,E,N`` and the like (:mod:`tests.bench.ogc.floor_sql`). The pool does
nothing to a connection that comes back, and text is never decoded.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from isal import isal_zlib

from tests.bench.ogc.floor_sql import LAVORI

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Scope]]
type Send = Callable[[Scope], Awaitable[None]]

CONNESSIONI = 4
"""Of each of the two processes."""

LIVELLO = 1
"""How hard answers are compressed where the client asks for it."""

_SETTINGS = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "search_path": "public",
    "timezone": "UTC",
}


class Floor:
    """Answers with what the statement of an address returns."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.pool: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or open and close the pool."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        _, variant, work, *given = scope["path"].split("/")
        query, values = LAVORI[f"{variant}/{work}"](*given)
        async with self.pool.acquire() as conn:
            row = await conn.fetchrow(query, *values)
        kind, body = _answer(work, row)
        headers = [(b"content-type", kind)]
        if any(name == b"accept-encoding" and b"gzip" in said for name, said in scope["headers"]):
            body = isal_zlib.compress(body, LIVELLO, 16 + isal_zlib.MAX_WBITS)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.pool = await asyncpg.create_pool(
            self.dsn,
            min_size=CONNESSIONI,
            max_size=CONNESSIONI,
            init=_bare,
            reset=_nothing,
            server_settings=_SETTINGS,
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})


def _answer(work: str, row: Any) -> tuple[bytes, bytes]:
    if work == "tile":
        return b"application/vnd.mapbox-vector-tile", row[0]
    if work == "item":
        return b"application/geo+json", row[0]
    features, number, *total = row
    matched = b'"numberMatched":%d,' % total[0] if total and total[0] is not None else b""
    features = (features or b"").removeprefix(b"[").removesuffix(b"]")
    told = b'],%b"numberReturned":%d}' % (matched, number)
    return b"application/geo+json", b'{"type":"FeatureCollection","features":[' + features + told


async def _bare(conn: Any) -> None:
    """Take text as bytes, and days as they are written."""
    await conn.set_type_codec(
        "text", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
    )
    await conn.set_type_codec("date", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _nothing(_: Any) -> None:
    """Leave a connection as it is."""


def application() -> Floor:
    """Return the application for the database of the environment (uvicorn's factory)."""
    return Floor(os.environ["FLOOR_DATABASE_URL"])

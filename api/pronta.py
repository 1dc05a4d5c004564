"""Routes for the doors that are asked most: a request that reads plainly is answered at once.

FastAPI takes each declared parameter through models of its own; for the seven of a dossier
that costs as much as a third of the dossier's SQL. A route made here first lets a reader of
ours look at the request. Where it reads plainly the answer is made without more ado; where it
does not, the request goes FastAPI's way, which knows how to say what is wrong with it. Both
ways end in the same function, and the declared parameters remain the description.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

Risposta = Callable[[], Response]
"""What makes the answer, with all it needs."""

Lettore = Callable[[Request], Awaitable[Risposta | None]]
"""Reads a request; None if it does not read plainly."""


def route(reader: Lettore) -> type[APIRoute]:
    """Return the class of routes whose plain requests the reader reads."""

    class Pronta(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            careful = super().get_route_handler()

            async def handle(request: Request) -> Response:
                answer = await reader(request)
                if answer is None:
                    return await careful(request)
                return await run_in_threadpool(answer)

            return handle

    return Pronta

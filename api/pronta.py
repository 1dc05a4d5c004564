"""The doors that are asked most: a request that reads plainly is answered at once.

FastAPI looks for the route among all the others and takes each declared parameter through
models of its own; for the seven of a dossier that costs as much as a third of the dossier's
SQL. Here, before all routes, a reader of ours looks at the request. Where it reads plainly the
answer is made without more ado; where it does not, the request goes FastAPI's way, which knows
how to say what is wrong with it. Both ways end in the same function, and the declared
parameters remain the description.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from fastapi import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors

Risposta = Callable[[], Response] | Coroutine[Any, Any, Response]
"""What makes the answer, with all it needs: in a thread, or without one."""

Lettore = Callable[[Request], Awaitable[Risposta | None]]
"""Reads a request; None if it does not read plainly."""

THREADS = 8
"""How many answers of a door are made at once in threads: as many as its role has connections."""


@dataclass(frozen=True, slots=True)
class Porta:
    """A door with a reader of ours; ``path`` as its route declares it."""

    path: str
    read: Lettore
    threads: int = THREADS
    addresses: Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "addresses", compile_path(self.path)[0])


class Pronte:
    """Answers plain requests to some doors, and passes on all others."""

    def __init__(self, app: ASGIApp, porte: tuple[Porta, ...]) -> None:
        """Stand before ``app``."""
        self.app = app
        self.porte = porte
        # Each its own, and none those of the other doors: a request there may hold one for
        # seconds.
        self.threads = {
            porta.path: ThreadPoolExecutor(porta.threads, thread_name_prefix="pronta")
            for porta in porte
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "http" and scope["method"] == "GET":
            for porta in self.porte:
                found = porta.addresses.match(scope["path"])
                if found is not None:
                    scope["path_params"] = found.groupdict()
                    response = await self._answer(porta, Request(scope, receive))
                    if response is not None:
                        await response(scope, receive, send)
                        return
        await self.app(scope, receive, send)

    async def _answer(self, porta: Porta, request: Request) -> Response | None:
        """Return the answer, also to a request that fails; None if it does not read plainly."""
        try:
            answer = await porta.read(request)
            if answer is None:
                return None
            # What counts the requests and writes the log finds the route where FastAPI puts it.
            request.scope["route"] = porta
            if isinstance(answer, Coroutine):
                made: Response = await answer
                return made
            context = contextvars.copy_context()
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads[porta.path], context.run, answer)
        except errors.KNOWN as error:
            request.scope["route"] = porta
            return errors.answer(request, errors.problem_of(error))

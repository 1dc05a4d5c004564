"""Doors for programs outside /api: what they refuse, they refuse as problem+json."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from api.errors import KNOWN, problem_json, problem_of, validation_problem

_COMUNE = re.compile(r"[A-Z][0-9]{3}")


class Rotta(APIRoute):
    """A route whose readers are programs, whatever its address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave to other routes what stands where a municipality does and is none."""
        match, child = super().matches(scope)
        comune = child.get("path_params", {}).get("comune")
        if comune is not None and _COMUNE.fullmatch(comune) is None:
            return Match.NONE, {}
        return match, child

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, with its errors told in the words of programs."""
        plain = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await plain(request)
            except RequestValidationError as error:
                return problem_json(request, validation_problem(error))
            except KNOWN as error:
                return problem_json(request, problem_of(error))

        return handler

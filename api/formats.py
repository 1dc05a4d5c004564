"""How answers are written: JSON with its tag, kept by nobody where persons are in it."""

import hashlib
import zlib
from typing import Any

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response

PERSONALE = {"Cache-Control": "no-store"}
SEMPRE_CHIESTO = "no-cache"

SHORT, LEVEL = 1_000, 4
"""Answers below so many bytes are not compressed; level 6 takes half as long again on a square
of the map, to save one byte in a hundred."""


def json(request: Request, body: Any, *, personal: bool = False, status: int = 200) -> Response:
    """Return a body as JSON; a public one is answered 304 to who already has it."""
    data = to_json(body)
    if personal or status != 200:
        return Response(data, status, PERSONALE, "application/json")
    return tagged(request, data, "application/json")


def tagged(request: Request, data: bytes, media_type: str, cache: str = SEMPRE_CHIESTO) -> Response:
    """Return bytes with the tag of their content, or 304 to who names that tag."""
    tag = f'W/"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": "X-Visto-Da"}
    if names(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(data, 200, headers, media_type)


def packed(request: Request, response: Response) -> Response:
    """Compress a finished answer, if who asks can read it so and it is worth it."""
    body = bytes(response.body)
    if len(body) < SHORT or "gzip" not in request.headers.get("accept-encoding", ""):
        return response
    response.body = zlib.compress(body, LEVEL, 16 + zlib.MAX_WBITS)
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add_vary_header("Accept-Encoding")
    return response


def names(request: Request, tag: str) -> bool:
    """Tell whether a request names a tag among those it has (RFC 9110 §13.1.2, weakly)."""
    given = request.headers.get("if-none-match")
    if given is None:
        return False
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def wants_json(request: Request) -> bool:
    """Tell whether who asks wants data rather than a page; browsers always name HTML too."""
    accepted = request.headers.get("accept", "").lower()
    return "json" in accepted and "text/html" not in accepted

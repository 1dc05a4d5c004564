"""What can be computed (OGC API – Processes): asked with POST, answered at once."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import deps, formats
from api.ogc import elementi
from opendata.ogc import processi
from territorio.errors import InvalidParameter

router = APIRouter(prefix="/ogc/processes", include_in_schema=False)

LUNGO = 2_000_000
"""Bytes of a request to execute."""


@router.get("")
def processes(request: Request) -> Response:
    """List the processes."""
    base = elementi.base(request)
    links = [{"rel": "self", "type": "application/json", "href": f"{base}/processes"}]
    return _answer(request, {"processes": [processi.summary(base)], "links": links})


@router.get("/{processo}")
def process(request: Request, processo: str) -> Response:
    """Describe a process."""
    return _answer(request, processi.description(elementi.base(request), processo))


@router.post("/{processo}/execution")
async def execute(request: Request, processo: str) -> Response:
    """Do a process and give what comes of it."""
    processi.description(elementi.base(request), processo)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LUNGO:
            raise InvalidParameter("inputs", f"è più lungo di {LUNGO} byte")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise InvalidParameter("inputs", "il corpo non è JSON") from None
    asked = processi.read(said)

    def answer() -> bytes:
        with deps.pubblico(request) as conn:
            return orjson.dumps(processi.execute(conn, asked))

    done = await run_in_threadpool(answer)
    return Response(done, media_type=formats.JSON, headers={"Cache-Control": "no-store"})


def _answer(request: Request, body: dict[str, Any]) -> Response:
    for name in request.query_params:
        if name not in {"f", "lang", "limit"}:
            raise InvalidParameter(name, "non è un parametro di questa risorsa: f, lang, limit")
    if formats.wants_html(request) or request.query_params.get("f") == "html":
        return RedirectResponse("/sviluppatori", 303)
    if request.query_params.get("f", "json") != "json":
        raise InvalidParameter("f", "è json oppure html")
    return formats.tagged(request, orjson.dumps(body), formats.JSON)

"""The descriptive doors of the OGC API: landing page, conformance, collections, schemas.

pygeoapi answers; people are led to the pages of the house.
"""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import deps, formats
from api.ogc import elementi
from opendata.metadati import PAGINE
from opendata.ogc import configurazione, openapi
from opendata.ogc.cql2_sql import FUNCTIONS
from opendata.ogc.statement import STATE
from territorio.errors import InvalidParameter

router = APIRouter(prefix="/ogc", include_in_schema=False)

FORMATI = frozenset({"json", "html"})
RICORDATI = 8
"""Services that are kept: one for each name by which the server is called."""


@router.get("")
@router.get("/")
def landing(request: Request) -> Response:
    """Say what there is."""
    return _answer(request, "/sviluppatori", lambda s, p: s.landing(p))


@router.get("/conformance")
def conformance(request: Request) -> Response:
    """Say what this server conforms to."""
    return _answer(request, "/sviluppatori", lambda s, p: s.conformance(p))


@router.get("/collections")
def collections(request: Request) -> Response:
    """List the collections."""
    return _answer(request, PAGINE, lambda s, p: s.collections(p))


@router.get("/collections/{raccolta}")
def collection(request: Request, raccolta: str) -> Response:
    """Describe a collection."""
    return _answer(request, f"{PAGINE}/{raccolta}", lambda s, p: s.collections(p, raccolta))


@router.get("/collections/{raccolta}/schema")
def schema(request: Request, raccolta: str) -> Response:
    """Give the schema of a collection."""
    return _answer(request, f"{PAGINE}/{raccolta}", lambda s, p: s.schema(p, raccolta))


@router.get("/collections/{raccolta}/queryables")
def queryables(request: Request, raccolta: str) -> Response:
    """Say what may stand in a filter on a collection."""
    return _answer(request, f"{PAGINE}/{raccolta}", lambda s, p: s.queryables(p, raccolta))


@router.get("/openapi")
def description(request: Request) -> Response:
    """Describe the doors (OpenAPI 3.0); a browser is led to the page that shows them."""
    params = _params(request)
    if formats.wants_html(request) or params.get("f") == "html":
        return RedirectResponse("/sviluppatori", 303)
    found = orjson.dumps(openapi.document(elementi.base(request)))
    return formats.tagged(request, found, openapi.MEDIA)


@router.get("/functions")
def functions(request: Request) -> Response:
    """List the functions that filters may use."""
    _params(request)
    found = [
        {
            "name": name,
            "description": said,
            "returns": [_JSON[gives]],
            "arguments": [{"title": "valore", "type": [_JSON[takes]]}],
        }
        for name, (takes, gives, _, said) in FUNCTIONS.items()
    ]
    return formats.tagged(request, orjson.dumps({"functions": found}), formats.JSON)


_JSON = {"text": "string", "number": "number", "date": "datetime", "geometry": "geometry"}


def _answer(request: Request, page: str, ask: Callable[[Any, dict[str, str]], Any]) -> Response:
    """Return what pygeoapi answers, or lead a browser to a page."""
    params = _params(request)
    if formats.wants_html(request) or params.get("f") == "html":
        return RedirectResponse(page, 303)
    found = ask(service(request), params)
    media = found.headers.get("Content-Type", formats.JSON)
    if found.status != 200:
        return Response(found.body, found.status, media_type=media)
    return formats.tagged(request, found.body, media)


def _params(request: Request) -> dict[str, str]:
    found = dict(request.query_params.multi_items())
    for name in found:
        if name not in {"f", "lang"}:
            raise InvalidParameter(name, "non è un parametro di questa risorsa: f, lang")
    if found.get("f", "json") not in FORMATI:
        raise InvalidParameter("f", f"«{found['f']}» non è uno fra {', '.join(sorted(FORMATI))}")
    return found


def service(request: Request) -> Any:
    """Return pygeoapi for the address of a request and the present state of the data."""
    # Imported here: pygeoapi takes seconds, and only who asks for descriptions needs it.
    from opendata.ogc.servizio import Servizio

    base = elementi.base(request)
    with deps.pubblico(request) as conn:
        stato = str(conn.exec_driver_sql(STATE).scalar_one())
        kept = _kept(request)
        found = kept.get((base, stato))
        if found is None:
            found = Servizio(base, configurazione.extents(conn))
            if len(kept) >= RICORDATI:
                kept.clear()
            kept[base, stato] = found
    return found


def _kept(request: Request) -> dict[tuple[str, str], Any]:
    state = request.app.state
    if getattr(state, "servizi_ogc", None) is None:
        state.servizi_ogc = {}
    kept: dict[tuple[str, str], Any] = state.servizi_ogc
    return kept

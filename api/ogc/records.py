"""The catalogue as a collection of records (OGC API – Records)."""

from datetime import UTC, datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api import catalogo, formats
from api.ogc import elementi
from opendata import metadati as told
from opendata.metadati import Metadati
from opendata.ogc import records
from opendata.ogc.records import Ricerca
from territorio.errors import InvalidParameter, NotFound

router = APIRouter(prefix=f"/ogc/collections/{records.RACCOLTA}", include_in_schema=False)


@router.get("")
def collection(request: Request) -> Response:
    """Describe the collection of the records."""
    _only(request, {"f", "lang"})
    if _for_people(request):
        return RedirectResponse(told.PAGINE, 303)
    return formats.tagged(
        request, orjson.dumps(records.described(elementi.base(request))), formats.JSON
    )


@router.get("/items")
def search(request: Request) -> Response:
    """Search the catalogue: by words, place, day of the last change."""
    ricerca = records.read(request.query_params.multi_items())
    if _for_people(request):
        return RedirectResponse(told.PAGINE, 303)
    found = records.choose(catalogo.metadati_of(request), ricerca)
    shown = found[ricerca.offset : ricerca.offset + ricerca.limite]
    site = catalogo.base_of(request)
    body = {
        "type": "FeatureCollection",
        "features": [records.record(one, site) for one in shown],
        "numberMatched": len(found),
        "numberReturned": len(shown),
        "links": _links(request, ricerca, len(found)),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    return formats.tagged(request, orjson.dumps(body), elementi.GEOJSON)


@router.get("/items/{numero}")
def record(request: Request, numero: Annotated[str, Path(max_length=80)]) -> Response:
    """Give one record."""
    _only(request, {"f", "lang"})
    found = _find(catalogo.metadati_of(request), numero)
    if _for_people(request):
        return RedirectResponse(found.pagina, 303)
    body = orjson.dumps(records.record(found, catalogo.base_of(request)))
    return formats.tagged(request, body, elementi.GEOJSON)


def _find(metadati: list[Metadati], numero: str) -> Metadati:
    for one in metadati:
        if numero in {records.number(one), one.identificativo}:
            return one
    raise NotFound("record", numero)


def _only(request: Request, known: set[str]) -> None:
    for name in request.query_params:
        if name not in known:
            raise InvalidParameter(name, f"non è fra {', '.join(sorted(known))}")
    if request.query_params.get("f", "json") not in {"json", "html"}:
        raise InvalidParameter("f", "è json oppure html")


def _for_people(request: Request) -> bool:
    return formats.wants_html(request) or request.query_params.get("f") == "html"


def _links(request: Request, ricerca: Ricerca, found: int) -> list[dict[str, str]]:
    here = f"{elementi.base(request)}/collections/{records.RACCOLTA}"
    text = request.scope["query_string"].decode("latin-1")
    own = f"{here}/items?{text}" if text else f"{here}/items"
    links = [
        {"rel": "self", "type": elementi.GEOJSON, "href": own},
        {"rel": "collection", "type": "application/json", "href": here},
    ]
    kept = [p for p in text.split("&") if p and not p.startswith(("offset=", "limit="))]
    for rel, offset in (
        ("next", ricerca.offset + ricerca.limite),
        ("prev", ricerca.offset - ricerca.limite),
    ):
        if (rel == "next" and offset < found) or (rel == "prev" and ricerca.offset > 0):
            more = "&".join((*kept, f"limit={ricerca.limite}", f"offset={max(0, offset)}"))
            links.append({"rel": rel, "type": elementi.GEOJSON, "href": f"{here}/items?{more}"})
    return links

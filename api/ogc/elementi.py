"""Items of a collection, and one item: the hot doors of the OGC API.

A request that reads plainly is answered in the loop (:mod:`api.pronta`); what has to be written
in another format, or refused, goes FastAPI's way. Both end in the same functions.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from api import deps, formats, pronta
from api.formats import Finito
from opendata.dataset import BY_NAME, Dataset
from opendata.metadati import PAGINE
from opendata.ogc import interrogazione, pagina, statement, tabella
from opendata.ogc.interrogazione import Interrogazione
from opendata.ogc.pagina import Conteggi, Pagina
from territorio import prepared
from territorio.errors import NotFound
from territorio.prepared import Computation, Statement

GEOJSON = "application/geo+json"
TYPES = {"json": GEOJSON, "jsonfg": "application/vnd.ogc.fg+json", **tabella.TYPES}
MOLTI = 12_000
"""Characters of an address that is read here; what is longer goes to a thread."""
PESANTE = 2_000
"""Items of a page that is written in the loop: more would hold up everybody."""

VICINO = 1_000
"""Items that are skipped here; more take longer."""

FG = (
    b'"conformsTo":["http://www.opengis.net/spec/json-fg-1/0.2/conf/core"],"featureType":"%s",'
    b'"coordRefSys":"%s",'
)

router = APIRouter(include_in_schema=False)

ITEMS = "/ogc/collections/{raccolta}/items"
ITEM = "/ogc/collections/{raccolta}/items/{elemento}"


async def _plain_items(request: Request) -> pronta.Risposta | None:
    """Read a request for items, if it reads plainly and is answered quickly."""
    q = _quickly(request)
    return None if q is None else _at_once(request, q)


async def _plain_item(request: Request) -> pronta.Risposta | None:
    """Read a request for one item, if it reads plainly."""
    q = _quickly(request, request.path_params["elemento"])
    return None if q is None else _at_once(request, q)


def _quickly(request: Request, elemento: str | None = None) -> Interrogazione | None:
    """Return what is asked where it can be answered in the loop."""
    if not deps.motori_of(request).pubblico_in_attesa.ready:
        return None
    if len(request.scope["query_string"]) > MOLTI or formats.wants_html(request):
        return None
    dataset = BY_NAME.get(request.path_params["raccolta"])
    if dataset is None:
        return None
    q = _read(request, dataset, elemento)
    return q if _is_quick(q) else None


def _is_quick(q: Interrogazione) -> bool:
    """Tell whether an answer takes milliseconds, whatever was asked: few connections stand by.

    What may look through a whole collection goes to a thread, with connections of its own.
    """
    if q.formato not in {"json", "jsonfg"} or q.limite > PESANTE:
        return False
    whole = q.riquadro is None and (q.filtro is not None or q.valori)
    return not (whole or q.ordine or q.offset > VICINO)


async def _at_once(request: Request, q: Interrogazione) -> Response:
    async def answer[T](computation: Computation[T]) -> T:
        async with prepared.in_turn(deps.motori_of(request).pubblico_in_attesa) as conn:
            return await prepared.compute_async(conn, computation)

    if formats.header(request, b"if-none-match") is not None:
        unchanged = _unchanged(request, q, await answer(_state()))
        if unchanged is not None:
            return unchanged
    return _written(request, q, await answer(pagina.read(q, _counts(request))))


ITEMS_PRONTA = pronta.Porta(ITEMS, _plain_items)
ITEM_PRONTA = pronta.Porta(ITEM, _plain_item)


@router.get(ITEMS)
def items(request: Request, raccolta: str) -> Response:
    """Give a page of the items of a collection, in the format asked for."""
    q = _read(request, _dataset(raccolta))
    if q.formato == "html" or formats.wants_html(request):
        return RedirectResponse(f"{PAGINE}/{raccolta}", 303)
    return _in_a_thread(request, q)


@router.get(ITEM)
def item(
    request: Request, raccolta: str, elemento: Annotated[str, Path(max_length=40)]
) -> Response:
    """Give one item, by its number or its code."""
    dataset = _dataset(raccolta)
    q = _read(request, dataset, elemento)
    if q.formato == "html" or formats.wants_html(request):
        return RedirectResponse(f"/id/{_tipo(dataset)}/{elemento}", 303)
    return _in_a_thread(request, q)


def _in_a_thread(request: Request, q: Interrogazione) -> Response:
    deps.motori_of(request).pubblico_in_attesa.stock()
    with deps.pubblico_pronto(request) as conn:
        if formats.header(request, b"if-none-match") is not None:
            unchanged = _unchanged(request, q, prepared.compute(conn, _state()))
            if unchanged is not None:
                return unchanged
    with deps.pubblico_pronto(request) as conn:
        found = prepared.compute(conn, pagina.read(q, _counts(request)))
    return _written(request, q, found)


def _read(request: Request, dataset: Dataset, elemento: str | None = None) -> Interrogazione:
    asked = request.query_params.multi_items() if request.scope["query_string"] else []
    if elemento is None:
        return interrogazione.read(dataset, asked)
    number = interrogazione.parse_item(elemento)
    if number is None:
        raise NotFound(dataset.nome, elemento)
    return interrogazione.read(dataset, asked, number)


def _dataset(nome: str) -> Dataset:
    if nome not in BY_NAME:
        raise NotFound("raccolta", nome)
    return BY_NAME[nome]


def _tipo(dataset: Dataset) -> str:
    from territorio.schema_pubblico import TIPI

    return TIPI[dataset.nome]


def _state() -> Computation[str]:
    """Ask in which state the data are."""
    row = yield Statement(statement.STATE, last=True)
    assert row is not None  # noqa: S101 -- the view has one row
    assert row[0] is not None  # noqa: S101
    return row[0].decode()


def _counts(request: Request) -> Conteggi:
    """Return the counts the application remembers."""
    state = request.app.state
    if getattr(state, "conteggi", None) is None:
        state.conteggi = Conteggi()
    kept: Conteggi = state.conteggi
    return kept


def _tag(request: Request, q: Interrogazione, stato: str) -> str:
    """Return the tag of an answer: what was asked, on which day, in which state of the data."""
    scope = request.scope
    asked = b"\0".join((scope["path"].encode(), scope["query_string"], q.ultimo.encode()))
    base = formats.header(request, b"host") or ""
    digest = hashlib.blake2b(asked + base.encode() + stato.encode(), digest_size=12)
    return f'W/"{digest.hexdigest()}"'


def _unchanged(request: Request, q: Interrogazione, stato: str) -> Response | None:
    tag = _tag(request, q, stato)
    if not formats.names(request, tag):
        return None
    return formats.finished(request, Finito(b"", tag), GEOJSON, formats.SEMPRE_CHIESTO)


def _written(request: Request, q: Interrogazione, found: Pagina) -> Response:
    if q.elemento is not None and found.vuota:
        raise NotFound(q.dataset.nome, request.path_params["elemento"])
    if q.formato in tabella.TYPES:
        body = tabella.write(q, found.features)
    elif q.elemento is not None:
        body = _feature(request, q, found)
    else:
        moment = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        more = FG % (q.dataset.nome.encode(), q.crs.uri.encode()) if q.formato == "jsonfg" else b""
        body = pagina.collection(found, _links(request, q, found), moment, more)
    done = Finito(body, _tag(request, q, found.stato))
    media = TYPES.get(q.formato, GEOJSON)
    answer = formats.finished(request, done, media, formats.SEMPRE_CHIESTO)
    if q.formato in tabella.TYPES:
        name = f"{q.dataset.nome}.{q.formato}"
        answer.raw_headers.append((b"content-disposition", formats.attachment(name).encode()))
        _lead_on(request, q, found, answer)
    answer.raw_headers.append((b"content-crs", f"<{q.crs.uri}>".encode()))
    return answer


def _lead_on(request: Request, q: Interrogazione, found: Pagina, answer: Response) -> None:
    """Put the link to the next page, and how many there are, where a table has no place for it."""
    if found.trovati is not None:
        answer.raw_headers.append((b"ogc-numbermatched", b"%d" % found.trovati))
    answer.raw_headers.append((b"ogc-numberreturned", b"%d" % found.numero))
    for link in _links(request, q, found):
        if link["rel"] == "next":
            said = f'<{link["href"]}>; rel="next"; type="{link["type"]}"'
            answer.raw_headers.append((b"link", said.encode()))


def _feature(request: Request, q: Interrogazione, found: Pagina) -> bytes:
    """Return one item with its links."""
    here = f"{base(request)}/collections/{q.dataset.nome}"
    links = [
        {"rel": "self", "type": TYPES[q.formato], "href": f"{here}/items/{q.elemento}"},
        {
            "rel": "alternate",
            "type": "text/html",
            "href": f"{here}/items/{q.elemento}?f=html",
            "title": "La pagina dell’oggetto",
        },
        {"rel": "collection", "type": "application/json", "href": here},
    ]
    return b"".join((found.features[:-1], b',"links":', orjson.dumps(links), b"}"))


def _links(request: Request, q: Interrogazione, found: Pagina) -> Iterator[dict[str, str]]:
    """Return the links of a page: itself, other formats, the next, the collection."""
    collection = f"{base(request)}/collections/{q.dataset.nome}"
    here, text = f"{collection}/items", request.scope["query_string"].decode("latin-1")
    yield {"rel": "self", "type": TYPES[q.formato], "href": f"{here}?{text}" if text else here}
    # As it came, part by part: taken apart and put together it would cost as much as the page.
    asked = [part for part in text.split("&") if part and not part.startswith("f=")]
    for formato, media, title in _OTHERS:
        if formato != q.formato:
            more = "&".join((f"f={formato}", *asked))
            yield {"rel": "alternate", "type": media, "title": title, "href": f"{here}?{more}"}
    if found.numero == q.limite and found.ultimo is not None:
        kept = [part for part in asked if not part.startswith(("dopo=", "offset="))]
        key = f"dopo={interrogazione.cursor(found.ultimo)}"
        more = "&".join((f"f={q.formato}", *kept, key))
        yield {"rel": "next", "type": TYPES[q.formato], "href": f"{here}?{more}"}
    yield {"rel": "collection", "type": "application/json", "href": collection}


_OTHERS = (
    ("json", GEOJSON, "GeoJSON"),
    ("jsonfg", TYPES["jsonfg"], "JSON-FG"),
    ("html", "text/html", "Pagina"),
    ("csv", TYPES["csv"], "CSV"),
    ("parquet", TYPES["parquet"], "GeoParquet"),
    ("fgb", TYPES["fgb"], "FlatGeobuf"),
)


def base(request: Request) -> str:
    """Return where the OGC API stands for who asks."""
    return _base(request.scope["scheme"], formats.header(request, b"host") or "127.0.0.1")


@lru_cache(maxsize=100)
def _base(scheme: str, host: str) -> str:
    return f"{scheme}://{host}/ogc"

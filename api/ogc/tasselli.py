"""Squares of the collections (OGC API – Tiles): hot doors, and the doors that describe them.

A square of the store is one message to the database. A request is answered in the loop
(:mod:`api.pronta`); without a connection that stands by it goes FastAPI's way. Both end in the
same functions.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api import deps, formats, pronta
from api.formats import Finito, Scritta
from api.ogc import elementi
from maps import style_pubblico
from opendata.dataset import BY_NAME, Dataset
from opendata.metadati import PAGINE
from opendata.ogc import deposito, interrogazione, tasselli
from opendata.ogc import tasselli_descritti as descritti
from opendata.ogc.deposito import Tenuto
from opendata.ogc.tasselli import DISEGNATI, STRATI, Giorni, Tassello
from opendata.ogc.tasselli_descritti import INSIEME, JSON, MBS, MVT, TILEJSON, Serie
from territorio import prepared
from territorio.errors import InvalidParameter, NotFound
from territorio.prepared import Computation

router = APIRouter(include_in_schema=False)

DI_RACCOLTA = "/ogc/collections/{raccolta}/tiles"
DI_TUTTO = "/ogc/tiles"
QUADRATO = f"/{INSIEME}/{{z}}/{{riga}}/{{colonna}}"

STILE = "anagrafe"
LUNGO = 2_000
"""Characters of parameters that are read here."""

_NUMERO = re.compile(r"[0-9]{1,8}")

type _Trovato = Tenuto | bytes
"""A square of the store, or one that was drawn."""


async def _plain_one(request: Request) -> pronta.Risposta | None:
    """Read a request for a square of a collection."""
    if not deps.motori_of(request).pubblico_in_attesa.ready:
        return None
    return _at_once(request, _one(request))


async def _plain_all(request: Request) -> pronta.Risposta | None:
    """Read a request for a square of several collections."""
    if not deps.motori_of(request).pubblico_in_attesa.ready:
        return None
    return _at_once(request, _several(request))


async def _at_once(request: Request, computation: Computation[_Trovato]) -> Response:
    async with prepared.in_turn(deps.motori_of(request).pubblico_in_attesa) as conn:
        found = await prepared.compute_async(conn, computation)
    return _square(request, found)


PRONTE = (
    pronta.Porta(DI_RACCOLTA + QUADRATO, _plain_one),
    pronta.Porta(DI_TUTTO + QUADRATO, _plain_all),
)


@router.get(DI_RACCOLTA + QUADRATO)
def one_square(request: Request) -> Response:
    """Give a square of a collection; 204 where there is nothing."""
    return _in_a_thread(request, _one(request))


@router.get(DI_TUTTO + QUADRATO)
def square(request: Request) -> Response:
    """Give a square of several collections; 204 where there is nothing."""
    return _in_a_thread(request, _several(request))


def _in_a_thread(request: Request, computation: Computation[_Trovato]) -> Response:
    deps.motori_of(request).pubblico_in_attesa.stock()
    with deps.pubblico_pronto(request) as conn:
        found = prepared.compute(conn, computation)
    return _square(request, found)


def _one(request: Request) -> Computation[_Trovato]:
    """Read what is asked, and return what finds it."""
    nome = _dataset(request.path_params["raccolta"]).nome
    t = _tassello(request)
    giorni = _giorni(_params(request, {"f", "datetime"}, {"mvt"}))
    return _kept_or_drawn(nome, t, giorni)


def _kept_or_drawn(nome: str, t: Tassello, giorni: Giorni) -> Computation[_Trovato]:
    found = yield from deposito.kept(nome, t, giorni)
    if found is not None:
        return found
    return (yield from tasselli.drawing(nome, t, giorni))


def _several(request: Request) -> Computation[_Trovato]:
    t = _tassello(request)
    params = _params(request, {"f", "datetime", "collections"}, {"mvt"})
    nomi = tuple(dataset.nome for dataset in _chosen(params))
    return _together(nomi, t, _giorni(params))


def _together(nomi: tuple[str, ...], t: Tassello, giorni: Giorni) -> Computation[_Trovato]:
    parts = []
    for nome in nomi:
        part = yield from deposito.whole(nome, t, giorni)
        parts.append(part)
    return (yield from tasselli.joined(nomi, parts, t, giorni))


def _square(request: Request, found: _Trovato) -> Response:
    """Return a square as it is sent; one of the store is packed already."""
    if isinstance(found, bytes):
        if not found:
            return _empty()
        return formats.tagged(request, found, MVT)
    if not found.dati:
        return _empty()
    if formats.coding(formats.header(request, b"accept-encoding") or "") != "gzip":
        done = Finito(tasselli.unpack(found.dati), found.segno)
        return formats.finished(request, done, MVT, formats.SEMPRE_CHIESTO)
    headers = [
        (b"etag", found.segno.encode()),
        (b"cache-control", formats.SEMPRE_CHIESTO.encode()),
        (b"vary", b"X-Visto-Da, Accept-Encoding"),
    ]
    if formats.names(request, found.segno):
        return Scritta(304, headers)
    headers += (
        (b"content-encoding", b"gzip"),
        (b"content-type", MVT.encode()),
        (b"content-length", b"%d" % len(found.dati)),
    )
    return Scritta(200, headers, found.dati)


def _empty() -> Response:
    return Scritta(204, [(b"cache-control", formats.SEMPRE_CHIESTO.encode())])


@router.get("/ogc/tileMatrixSets")
def matrix_sets(request: Request) -> Response:
    """List the matrix sets."""
    return _told(request, descritti.matrix_sets(elementi.base(request)))


@router.get("/ogc/tileMatrixSets/{insieme}")
def matrix_set(request: Request, insieme: str) -> Response:
    """Give the matrix set."""
    _known(insieme)
    return _told(request, descritti.matrix_set(elementi.base(request)))


@router.get(DI_TUTTO)
def tilesets(request: Request) -> Response:
    """List the tilesets of the whole: there is one."""
    params = _params(request, {"f", "datetime", "collections"}, {"json", "html"})
    return _page(request, params, PAGINE) or _told(
        request, descritti.tilesets(_serie(request, params)), read=True
    )


@router.get(f"{DI_TUTTO}/{{insieme}}")
def tileset(request: Request, insieme: str) -> Response:
    """Describe the tileset of the whole."""
    _known(insieme)
    params = _params(request, {"f", "datetime", "collections"}, {"json", "tilejson", "html"})
    return _page(request, params, PAGINE) or _series(request, params, _serie(request, params))


@router.get(DI_RACCOLTA)
def collection_tilesets(request: Request, raccolta: str) -> Response:
    """List the tilesets of a collection: there is one."""
    dataset, params = _dataset(raccolta), _params(request, {"f", "datetime"}, {"json", "html"})
    return _page(request, params, f"{PAGINE}/{raccolta}") or _told(
        request, descritti.tilesets(_serie(request, params, dataset)), read=True
    )


@router.get(f"{DI_RACCOLTA}/{{insieme}}")
def collection_tileset(request: Request, raccolta: str, insieme: str) -> Response:
    """Describe the tileset of a collection."""
    dataset = _dataset(raccolta)
    _known(insieme)
    params = _params(request, {"f", "datetime"}, {"json", "tilejson", "html"})
    return _page(request, params, f"{PAGINE}/{raccolta}") or _series(
        request, params, _serie(request, params, dataset)
    )


@router.get("/ogc/styles")
def styles(request: Request) -> Response:
    """List the styles: there is one."""
    here = f"{elementi.base(request)}/styles"
    one = {
        "id": STILE,
        "title": "Anagrafe territoriale",
        "links": [{"rel": "stylesheet", "type": MBS, "href": f"{here}/{STILE}?f=mbs"}],
    }
    links = [{"rel": "self", "type": JSON, "href": here}]
    return _told(request, {"styles": [one], "default": STILE, "links": links})


@router.get("/ogc/styles/{stile}")
def style(request: Request, stile: str) -> Response:
    """Give a style over the squares of the whole, for MapLibre."""
    if stile != STILE:
        raise NotFound("stile", stile)
    serie = _serie(request, _params(request, {"f", "datetime"}, {"mbs", "json"}))
    tiles = serie.indirizzo(f"/{INSIEME}", f="tilejson")
    names = frozenset(d.nome for d in DISEGNATI)
    body = orjson.dumps(style_pubblico.style(tiles, names))
    return formats.tagged(request, body, MBS)


def _series(request: Request, params: dict[str, str], serie: Serie) -> Response:
    if params.get("f") == "tilejson":
        body = orjson.dumps(descritti.tilejson(serie))
        return formats.tagged(request, body, TILEJSON)
    return _told(request, descritti.tileset(serie), read=True)


def _told(request: Request, body: dict[str, Any], *, read: bool = False) -> Response:
    """Return a description; ``read`` says that the parameters were read before."""
    if not read:
        _params(request, {"f"}, {"json"})
    return formats.tagged(request, orjson.dumps(body), formats.JSON)


def _page(request: Request, params: dict[str, str], page: str) -> Response | None:
    """Lead a browser to a page."""
    if params.get("f") == "html" or formats.wants_html(request):
        return RedirectResponse(page, 303)
    return None


def _serie(request: Request, params: dict[str, str], dataset: Dataset | None = None) -> Serie:
    _giorni(params)
    chosen = _chosen(params) if dataset is None else (dataset,)
    kept = {name: value for name, value in params.items() if name != "f"}
    with deps.pubblico(request) as conn:
        box = descritti.where(conn, chosen)
    return Serie(elementi.base(request), chosen, box, dataset is not None, kept)


def _chosen(params: dict[str, str]) -> tuple[Dataset, ...]:
    """Return the collections asked for, in their usual order; all of them unless told."""
    text = params.get("collections")
    if text is None:
        return DISEGNATI
    names = {name.strip() for name in text.split(",")}
    unknown = sorted(names - STRATI.keys())
    if unknown:
        raise InvalidParameter("collections", f"«{unknown[0]}» non è una raccolta con tasselli")
    return tuple(dataset for dataset in DISEGNATI if dataset.nome in names)


def _giorni(params: dict[str, str]) -> Giorni:
    return Giorni(*interrogazione.read_datetime(params.get("datetime")))


def _params(request: Request, known: Collection[str], formati: Collection[str]) -> dict[str, str]:
    """Return the parameters by name, each known and there once."""
    found = dict[str, str]()
    for name, value in _parsed(request.scope["query_string"]):
        if name not in known:
            raise InvalidParameter(name, f"non è un parametro di qui: {', '.join(sorted(known))}")
        if name in found:
            raise InvalidParameter(name, "c’è più di una volta")
        if len(value) > LUNGO:
            raise InvalidParameter(name, "è troppo lungo")
        found[name] = value
    if found.get("f", next(iter(formati))) not in formati:
        raise InvalidParameter("f", f"non è uno fra {', '.join(sorted(formati))}")
    return found


@lru_cache(maxsize=500)  # all squares of a map are asked for with the same words
def _parsed(text: bytes) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a query."""
    return tuple(parse_qsl(text.decode("latin-1"), keep_blank_values=True))


def _tassello(request: Request) -> Tassello:
    """Return the square asked for; raise NotFound outside its matrix, as the standard asks."""
    z, riga, colonna = (request.path_params[name] for name in ("z", "riga", "colonna"))
    if all(_NUMERO.fullmatch(one) for one in (z, riga, colonna)):
        t = Tassello(int(z), int(colonna), int(riga))
        if t.esiste:
            return t
    raise NotFound("tassello", f"{z}/{riga}/{colonna}")


def _dataset(nome: str) -> Dataset:
    """Return a collection that has squares."""
    if nome not in STRATI or nome not in BY_NAME:
        raise NotFound("raccolta con tasselli", nome)
    return BY_NAME[nome]


def _known(insieme: str) -> None:
    if insieme != INSIEME:
        raise NotFound("insieme di matrici", insieme)

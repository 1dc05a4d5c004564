"""The doors of the catalogue: DCAT-AP_IT for harvesters, ISO 19139 for the RNDT.

Addresses without a suffix name things, and lead (303) to what is told of them in the form the
reader asks for: people to the page, programs to RDF. They are what graphs are about.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api import deps, formats
from api.macchina import Rotta
from opendata import catalogo, iso19139, metadati
from opendata.catalogo import FORMATI
from opendata.dataset import BY_NAME
from opendata.ente import Ente
from opendata.metadati import Metadati
from territorio.errors import NotFound

router = APIRouter(include_in_schema=False, route_class=Rotta)


def base_of(request: Request) -> str:
    """Return the address of this site, as the reader called it."""
    return str(request.base_url).rstrip("/")


def ente_of(request: Request) -> Ente:
    """Return the body that publishes here."""
    return Ente.of(request.app.state.settings)


def metadati_of(request: Request) -> list[Metadati]:
    """Return the metadata of all that is published; they are kept until something changes."""
    state = request.app.state
    with deps.pubblico(request) as conn:
        now = metadati.state(conn)
        if getattr(state, "metadati", (None,))[0] != now:
            state.metadati = (now, metadati.search(conn, ente_of(request)))
    found: list[Metadati] = state.metadati[1]
    return found


@router.get("/catalogo", name="catalogo")
def dove(request: Request) -> Response:
    """Lead to the catalogue as the reader wants it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return _lead(request, metadati.PAGINE, f"/catalogo.{{}}{query}")


@router.get("/catalogo.{formato}")
def scritto(
    request: Request, formato: str, page: Annotated[int, Query(ge=1, le=1_000_000)] = 1
) -> Response:
    """Give a page of the catalogue."""
    _known(formato)
    found = catalogo.page(metadati_of(request), page)
    if found is None:
        raise NotFound("pagina del catalogo", page)
    data = catalogo.write_page(found, ente_of(request), base_of(request), formato)
    return formats.tagged(request, data, FORMATI[formato])


@router.get("/opendata/{nome}.{formato}")
def dataset(request: Request, nome: str, formato: str) -> Response:
    """Give what is told of a dataset."""
    return _told(request, formato, nome, None)


@router.get("/opendata/{nome}/iso19139.xml")
def record(request: Request, nome: str) -> Response:
    """Give the ISO 19139 record of a dataset."""
    return _recorded(request, nome, None)


@router.get("/opendata/{nome}/{comune}.{formato}")
def edizione(request: Request, nome: str, comune: str, formato: str) -> Response:
    """Give what is told of a dataset for one municipality."""
    return _told(request, formato, nome, comune)


@router.get("/opendata/{nome}/{comune}/iso19139.xml")
def record_edizione(request: Request, nome: str, comune: str) -> Response:
    """Give the ISO 19139 record of a dataset for one municipality."""
    return _recorded(request, nome, comune)


@router.get("/opendata/{nome}", name="dataset")
def cosa_dataset(request: Request, nome: str) -> Response:
    """Lead to what is told of a dataset, or to its page."""
    return _lead_to(request, nome, nome)


@router.get("/opendata/{nome}/{comune}", name="edizione")
def cosa_edizione(request: Request, nome: str, comune: str) -> Response:
    """Lead to what is told of a dataset for one municipality, or to its page."""
    return _lead_to(request, nome, f"{nome}/{comune}")


def _lead_to(request: Request, nome: str, place: str) -> Response:
    if nome not in BY_NAME:
        raise NotFound("dataset", nome)
    return _lead(request, f"{metadati.PAGINE}/{nome}", f"/opendata/{place}.{{}}")


def _told(request: Request, formato: str, nome: str, comune: str | None) -> Response:
    _known(formato)
    found = _find(request, nome, comune)
    data = catalogo.write_dataset(found, base_of(request), formato)
    return formats.tagged(request, data, FORMATI[formato])


def _recorded(request: Request, nome: str, comune: str | None) -> Response:
    data = iso19139.write(_find(request, nome, comune), base_of(request))
    return formats.tagged(request, data, iso19139.MEDIA_TYPE)


def _find(request: Request, nome: str, comune: str | None) -> Metadati:
    with deps.pubblico(request) as conn:
        return metadati.find(conn, ente_of(request), nome, comune)


def _known(formato: str) -> None:
    if formato not in FORMATI:
        raise NotFound("formato", formato)


def _lead(request: Request, page: str, document: str) -> Response:
    """Lead a browser to the page, who names a syntax to it, anybody else to RDF/XML."""
    accepted = request.headers.get("accept", "").lower()
    asked = [name for name, media_type in FORMATI.items() if media_type in accepted]
    if "text/html" in accepted and not asked:
        place = page
    else:
        place = document.format(asked[0] if asked else "rdf")
    return RedirectResponse(place, 303, {"Vary": "Accept"})

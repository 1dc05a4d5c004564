"""The stable address of each public object: ``/id/<tipo>/<codice>`` leads to where it is told.

It outlives pages, municipalities and the object itself: what was issued once answers for
ever, what is retired too. People are led to the page, programs that ask for JSON to the API,
those that ask for JSON-LD to ``?f=jsonld`` of the same address.
"""

import re
from datetime import date
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from pydantic_core import to_json
from starlette.responses import Response

from api import deps, formats
from opendata import metadati, oggetto
from opendata.oggetto import COLLEZIONE_DI, Richiesta
from opendata.oggetto_clv import Nodo
from territorio import elenco, vigenza
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice

router = APIRouter(include_in_schema=False)

LUOGHI = {
    "edificio": "edifici",
    "particella": "particelle",
    "unita_immobiliare": "unita-immobiliari",
    "civico": "civici",
}
"""Kinds of objects with a page of their own, and the word both doors use for them."""

TIPI = frozenset({*LUOGHI, *COLLEZIONE_DI})
"""Kinds of objects with a public address."""

_CATASTALE = re.compile(r"[A-Z][0-9]{3}")


@router.get("/id/{tipo}/{codice}", name="identita")
def dove(request: Request, tipo: str, codice: str) -> Response:
    """Lead to the page of an object, or to its data for who asks for them."""
    asked = _asked(request)
    if asked != "jsonld":
        return _lead(request, asked, tipo, codice)
    if request.query_params.get("f") != "jsonld":
        # 303: the address names the thing, what answers there is a description of it.
        query = urlencode([*request.query_params.multi_items(), ("f", "jsonld")])
        place = f"/id/{quote(tipo)}/{quote(codice)}?{query}"
        return RedirectResponse(place, 303, {"Vary": "Accept"})
    found = _described(request, tipo, codice)
    return formats.tagged(request, to_json(found), oggetto.MEDIA_TYPE)


def _asked(request: Request) -> str:
    """Return what a reader wants: the word in the address counts before the header."""
    named = request.query_params.get("f")
    if named in {"html", "json", "jsonld"}:
        return str(named)
    accepted = request.headers.get("accept", "").lower()
    if oggetto.MEDIA_TYPE in accepted and "text/html" not in accepted:
        return "jsonld"
    return "json" if formats.wants_json(request) else "html"


def _lead(request: Request, asked: str, tipo: str, codice: str) -> Response:
    """Lead to the page or to the JSON of an object."""
    noun = tipo.replace("-", "_")
    if noun == "comune":
        _comune(request, codice, vigenza.today(), "")
        place = "/api/v1/comuni" if asked == "json" else f"{metadati.PAGINE}/comuni"
    else:
        code, _ = _issued(request, noun, codice)
        place = _place(noun, code, api=asked == "json")
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "f"]
    query = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(f"{place}{query}", 303, {"Vary": "Accept"})


def _place(tipo: str, code: Codice, *, api: bool) -> str:
    """Return where an object is told: at its own page, or in the collection it belongs to."""
    own = quote(str(code))
    if tipo in LUOGHI:
        return f"{'/api/v1' if api else ''}/{LUOGHI[tipo]}/{own}"
    nome = COLLEZIONE_DI[tipo]
    return f"/ogc/collections/{nome}/items/{own}" if api else f"{metadati.PAGINE}/{nome}"


def _issued(request: Request, tipo: str, codice: str) -> tuple[Codice, str]:
    """Return code and municipality of what was issued, retired or not; raise NotFound."""
    said = tipo.replace("_", " ")
    if tipo not in TIPI:
        raise NotFound("oggetto", f"{tipo}/{codice}")
    try:
        number = deps.parse_id(tipo, codice)
        code = Codice(number)
    except InvalidInput:
        raise NotFound(said, codice) from None
    with deps.ufficio(request) as conn:
        try:
            return code, elenco.home(conn, tipo, number)
        except NotFound:
            raise NotFound(said, codice) from None


def _comune(request: Request, codice: str, giorno: date, base: str) -> Nodo:
    """Return a municipality as linked data, by its cadastral code; raise NotFound."""
    if _CATASTALE.fullmatch(codice) is not None:
        with deps.pubblico(request) as conn:
            found = oggetto.comune_or_none(conn, codice, giorno, base)
        if found is not None:
            return found
    raise NotFound("comune", codice)


def _described(request: Request, tipo: str, codice: str) -> Nodo:
    """Return an object as linked data, by what is published of it."""
    noun, giorno = tipo.replace("-", "_"), _giorno(request)
    base = str(request.base_url).rstrip("/")
    if noun == "comune":
        return _comune(request, codice, giorno, base)
    code, comune = _issued(request, noun, codice)
    with deps.pubblico(request) as conn:
        return oggetto.describe(conn, Richiesta(noun, code.id, comune, giorno, base))


def _giorno(request: Request) -> date:
    """Return the day that is asked about."""
    said = request.query_params.get("alla_data")
    try:
        return vigenza.today() if said is None else date.fromisoformat(said)
    except ValueError:
        raise InvalidInput("alla_data", "deve essere una data, per esempio 2025-12-31") from None

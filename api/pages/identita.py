"""The stable address of each public object: ``/id/<tipo>/<codice>`` leads to where it is told.

It outlives pages, municipalities and the object itself: what was issued once answers for
ever, what is retired too. People are led to the page, programs that ask for JSON to the API.
"""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api import deps
from api.formats import wants_json
from territorio import elenco
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice

router = APIRouter(include_in_schema=False)

LUOGHI = {
    "edificio": "edifici",
    "particella": "particelle",
    "unita-immobiliare": "unita-immobiliari",
    "civico": "civici",
}
"""Kinds of objects with a public address, and the word both doors use for them."""


@router.get("/id/{tipo}/{codice}", name="identita")
def dove(request: Request, tipo: str, codice: str) -> Response:
    """Lead to the page of an object, or to its JSON for who asks for it."""
    if tipo not in LUOGHI:
        raise NotFound("oggetto", f"{tipo}/{codice}")
    noun = tipo.replace("-", "_")
    try:
        code = Codice.parse(codice)
    except InvalidInput:
        raise NotFound(noun.replace("_", " "), codice) from None
    with deps.ufficio(request) as conn:
        try:
            elenco.home(conn, noun, code.id)
        except NotFound:
            raise NotFound(noun.replace("_", " "), codice) from None
    door = "/api/v1" if wants_json(request) else ""
    query = f"?{request.url.query}" if request.url.query else ""
    place = f"{door}/{LUOGHI[tipo]}/{quote(str(code))}{query}"
    # 303: the address names the thing, what answers there is a description of it.
    return RedirectResponse(place, 303, {"Vary": "Accept"})

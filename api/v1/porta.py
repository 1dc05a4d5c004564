"""What every router of /api/v1 is made with, and how a list of objects is answered."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Momento
from api.v1.modelli import Problema
from territorio import elenco
from territorio.accessi.policy import PERSONALI, Visto
from territorio.elenco import Filtro, Sguardo, Tipo

PROBLEMA: dict[str, Any] = {
    "model": Problema,
    "content": {
        "application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problema"},
            "example": {
                "type": "about:blank",
                "title": "Dati non validi",
                "status": 422,
                "detail": "alla_data: deve essere una data, per esempio 2025-12-31.",
                "instance": "urn:richiesta:5f0c",
                "errori": [
                    {"campo": "alla_data", "motivo": "deve essere una data, per esempio 2025-12-31"}
                ],
            },
        }
    },
}
ERRORI: dict[int | str, dict[str, Any]] = {
    404: {**PROBLEMA, "description": "Non trovato"},
    422: {**PROBLEMA, "description": "Dati non validi"},
    503: {**PROBLEMA, "description": "Servizio non disponibile"},
}
FORBIDDEN: dict[int | str, dict[str, Any]] = {
    403: {**PROBLEMA, "description": "Accesso non consentito"}
}
PREFIX = "/api/v1"


def router(tag: str) -> APIRouter:
    """Return a router whose errors are described."""
    return APIRouter(prefix=PREFIX, tags=[tag], responses=ERRORI)


def example(value: Any) -> dict[int | str, dict[str, Any]]:
    """Return the description of the good answer with one example of it."""
    return {200: {"content": {"application/json": {"example": value}}}}


def personal(visto: Visto) -> bool:
    """Tell whether an answer is for this reader alone."""
    return visto != Visto()


def listed(
    request: Request,
    tipo: Tipo,
    filtro: Filtro,
    momento: Momento,
    *,
    dopo: str | None,
    limite: int,
) -> Response:
    """Answer with a page of public facts about objects of a kind."""
    after = None if dopo is None else deps.parse_id("dopo", dopo)
    with deps.ufficio(request, filtro.comuni or ("*",)) as conn:
        sguardo = Sguardo(momento.quando(conn), Visto())
        found = elenco.page(conn, tipo, filtro, sguardo, dopo=after, limite=limite)
    return formats.json(request, found.to_json())


def single(request: Request, tipo: Tipo, codice: str, momento: Momento, visto: Visto) -> Response:
    """Answer with one object."""
    number = deps.parse_id(tipo.nome, codice)
    assert tipo.regole not in PERSONALI  # noqa: S101 -- persons leave by the dossier, which logs
    with deps.ufficio(request) as conn:
        sguardo = Sguardo(momento.quando(conn), visto)
        found = elenco.one(conn, tipo, number, sguardo)
    return formats.json(request, found, personal=personal(visto))

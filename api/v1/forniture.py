"""Deliveries: what came in and what became of it."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Limite
from api.v1 import porta
from api.v1.modelli import FornituraLetta, Forniture
from territorio import fornitura

router = porta.router("Forniture")

OGGETTO: dict[str, Any] = {
    "id": 7,
    "comune": "X999",
    "fonte": "edifici",
    "titolo": "Edifici del database topografico",
    "nome": "edifici_20250101.gpkg",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "byte": 811008,
    "data_riferimento": "2025-01-01",
    "data_elaborazione": None,
    "ricevuta": "2025-01-03T09:12:44+00:00",
    "registrazione": 41,
    "letti": 3012,
    "inseriti": 12,
    "cambiati": 7,
    "invariati": 2993,
    "chiusi": 3,
    "rifiutati": 0,
}


@router.get(
    "/forniture",
    summary="Elenca le forniture, dalla più recente",
    response_model=Forniture,
    responses=porta.example({"numero": 1, "elementi": [OGGETTO]}),
)
def forniture(
    request: Request,
    comune: Annotated[
        str | None, Query(pattern=r"^[A-Za-z]\d{3}$", description="Codice catastale.")
    ] = None,
    dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limite: Limite = 20,
) -> Response:
    """List the deliveries that were taken."""
    asked = comune.upper() if comune else None
    with deps.ufficio(request) as conn:
        found = fornitura.search(conn, comune=asked, dopo=dopo, limite=limite + 1)
        number = fornitura.count(conn, asked)
    body: dict[str, Any] = {"numero": number, "elementi": found[:limite]}
    if len(found) > limite:
        body["dopo"] = found[limite - 1].id
    return formats.json(request, body)


@router.get(
    "/forniture/{numero}",
    summary="Descrive una fornitura",
    response_model=FornituraLetta,
    responses=porta.example(OGGETTO),
)
def one(request: Request, numero: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Give one delivery."""
    with deps.ufficio(request) as conn:
        found = fornitura.find(conn, numero)
    return formats.json(request, found)

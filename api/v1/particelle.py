"""Parcels of the cadastral map."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api.deps import Dopo, FiltroRichiesto, Limite, MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import Oggetti, Oggetto
from territorio import particella

router = porta.router("Particelle")

OGGETTO: dict[str, Any] = {
    "id": 61606797771,
    "codice": "bevubi-tilifa-q",
    "uri": "/id/particella/bevubi-tilifa-q",
    "comune": "X999",
    "voci": [
        {
            "tipo": "particella",
            "id": 61606797771,
            "fonte": "ade_particelle",
            "fornitura": 3,
            "riga": 812,
            "data": "2025-01-01",
            "dal": "2025-01-01",
            "al": None,
            "valori": {
                "riferimento": "X999/_/1/10",
                "foglio": "1",
                "numero": "10",
                "area_mq": 900.0,
            },
        }
    ],
}


@router.get(
    "/particelle",
    summary="Elenca le particelle",
    response_model=Oggetti,
    responses=porta.example({"numero": 4511, "elementi": [OGGETTO], "dopo": OGGETTO["codice"]}),
)
def particelle(  # one parameter a filter
    request: Request,
    filtro: FiltroRichiesto,
    momento: MomentoRichiesto,
    foglio: Annotated[
        str | None, Query(max_length=5, description="Foglio.", examples=["352"])
    ] = None,
    numero: Annotated[
        str | None, Query(max_length=20, description="Numero.", examples=["1018"])
    ] = None,
    dopo: Dopo = None,
    limite: Limite = 20,
) -> Response:
    """List the parcels, without roads and waters, with their exact number."""
    asked = {"foglio": foglio, "numero": numero}
    values = {name: value.upper() for name, value in asked.items() if value}
    narrowed = replace(filtro, valori=values)
    return porta.listed(request, particella.TIPO, narrowed, momento, dopo=dopo, limite=limite)


@router.get(
    "/particelle/{codice}",
    summary="Descrive una particella",
    response_model=Oggetto,
    responses=porta.example(OGGETTO),
)
def one(
    request: Request, codice: str, momento: MomentoRichiesto, visto: VistoRichiesto
) -> Response:
    """Give what every source says of a parcel, with its outline."""
    return porta.single(request, particella.TIPO, codice, momento, visto)

"""Units of the urban cadastre."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.deps import Dopo, FiltroRichiesto, Limite, MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import Oggetti, Oggetto
from territorio import unita_immobiliare
from territorio.errors import InvalidInput

router = porta.router("Unità immobiliari")

OGGETTO: dict[str, Any] = {
    "id": 223410196646,
    "codice": "tilobu-lapito-8",
    "uri": "/id/unita-immobiliare/tilobu-lapito-8",
    "comune": "X999",
    "voci": [
        {
            "tipo": "unita_immobiliare",
            "id": 223410196646,
            "fonte": "catasto_fabbricati",
            "fornitura": 4,
            "riga": 96,
            "data": "2025-01-01",
            "dal": "2010-03-15",
            "al": None,
            "valori": {
                "riferimento": "X999/_/1/10 sub 1",
                "categoria": "A02",
                "consistenza": 5.5,
                "rendita": 710.13,
            },
        }
    ],
}


@router.get(
    "/unita-immobiliari",
    summary="Elenca le unità immobiliari",
    response_model=Oggetti,
    responses=porta.example({"numero": 6120, "elementi": [OGGETTO], "dopo": OGGETTO["codice"]}),
)
def units(
    request: Request,
    filtro: FiltroRichiesto,
    momento: MomentoRichiesto,
    dopo: Dopo = None,
    limite: Limite = 20,
) -> Response:
    """List the units in force on a day, with their exact number."""
    if filtro.riquadro is not None:
        raise InvalidInput("bbox", "le unità immobiliari non hanno una sagoma")
    tipo = unita_immobiliare.TIPO
    return porta.listed(request, tipo, filtro, momento, dopo=dopo, limite=limite)


@router.get(
    "/unita-immobiliari/{codice}",
    summary="Descrive un’unità immobiliare",
    response_model=Oggetto,
    responses=porta.example(OGGETTO),
)
def one(
    request: Request, codice: str, momento: MomentoRichiesto, visto: VistoRichiesto
) -> Response:
    """Give what every source says of a unit; its holders are in the dossier of its building."""
    return porta.single(request, unita_immobiliare.TIPO, codice, momento, visto)

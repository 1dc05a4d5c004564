"""Buildings."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.deps import Dopo, FiltroRichiesto, Limite, MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import Oggetti, Oggetto
from territorio import edificio

router = porta.router("Edifici")

PROVENIENZA: dict[str, Any] = {
    "fonte": "edifici",
    "fornitura": 7,
    "riga": 120,
    "data": "2025-01-01",
    "dal": "2025-01-01",
    "al": None,
}
VOCE: dict[str, Any] = {
    "tipo": "edificio",
    "id": 161803398875,
    **PROVENIENZA,
    "valori": {"provvisorio": False, "uso": "0101", "altezza_m": 6.5, "area_mq": 200.0},
}
TESTA: dict[str, Any] = {
    "id": 161803398875,
    "codice": "kedali-bupofe-6",
    "uri": "/id/edificio/kedali-bupofe-6",
    "comune": "X999",
}
ELENCO: dict[str, Any] = {
    "numero": 3012,
    "elementi": [{**TESTA, "voci": [VOCE]}],
    "dopo": "kedali-bupofe-6",
}


@router.get(
    "/edifici",
    summary="Elenca gli edifici",
    response_model=Oggetti,
    responses=porta.example(ELENCO),
)
def edifici(
    request: Request,
    filtro: FiltroRichiesto,
    momento: MomentoRichiesto,
    dopo: Dopo = None,
    limite: Limite = 20,
) -> Response:
    """List the buildings that stand on a day, with their exact number."""
    return porta.listed(request, edificio.TIPO, filtro, momento, dopo=dopo, limite=limite)


@router.get(
    "/edifici/{codice}",
    summary="Descrive un edificio",
    response_model=Oggetto,
    responses=porta.example({**TESTA, "voci": [VOCE]}),
)
def one(
    request: Request, codice: str, momento: MomentoRichiesto, visto: VistoRichiesto
) -> Response:
    """Give what every source says of a building, with its outline."""
    return porta.single(request, edificio.TIPO, codice, momento, visto)

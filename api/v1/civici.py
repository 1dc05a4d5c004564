"""House numbers."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Dopo, FiltroRichiesto, Limite, MomentoRichiesto
from api.v1 import porta
from api.v1.modelli import Oggetti, Oggetto
from territorio import civico, elenco
from territorio.accessi.policy import Visto
from territorio.elenco import Sguardo

router = porta.router("Civici")

OGGETTO: dict[str, Any] = {
    "id": 123069595542,
    "codice": "gibila-demora-5",
    "uri": "/id/civico/gibila-demora-5",
    "comune": "X999",
    "voci": [
        {
            "tipo": "civico",
            "id": 123069595542,
            "fonte": "anncsu_accessi",
            "fornitura": 6,
            "riga": 41,
            "data": "2025-01-01",
            "dal": "2025-01-01",
            "al": None,
            "valori": {"indirizzo": "VIA ROMA 12/A", "numero": 12, "esponente": "A"},
        }
    ],
}


@router.get(
    "/civici",
    summary="Elenca i numeri civici",
    response_model=Oggetti,
    responses=porta.example({"numero": 2204, "elementi": [OGGETTO], "dopo": OGGETTO["codice"]}),
)
def civici(
    request: Request,
    filtro: FiltroRichiesto,
    momento: MomentoRichiesto,
    dopo: Dopo = None,
    limite: Limite = 20,
) -> Response:
    """List the house numbers in force on a day, with their exact number."""
    after = None if dopo is None else deps.parse_id("dopo", dopo)
    with deps.ufficio(request, filtro.comuni or ("*",)) as conn:
        sguardo = Sguardo(momento.quando(conn), Visto())
        found = elenco.page(conn, civico.TIPO, filtro, sguardo, dopo=after, limite=limite)
        civico.name(conn, found.elementi, sguardo.quando)
    return formats.json(request, found.to_json())


@router.get(
    "/civici/{codice}",
    summary="Descrive un numero civico",
    response_model=Oggetto,
    responses=porta.example(OGGETTO),
)
def one(request: Request, codice: str, momento: MomentoRichiesto) -> Response:
    """Give what every source says of a house number, with its place."""
    number = deps.parse_id("civico", codice)
    with deps.ufficio(request) as conn:
        sguardo = Sguardo(momento.quando(conn), Visto())
        found = elenco.one(conn, civico.TIPO, number, sguardo)
        civico.name(conn, [found], sguardo.quando)
    return formats.json(request, found)

"""Search: one text for addresses, references, codes and points."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import Trovati
from territorio import search
from territorio.accessi.persone import find_persons
from territorio.identita import Codice
from territorio.search import Domanda, Risultato

router = porta.router("Ricerca")

ESEMPIO: dict[str, Any] = {
    "numero": 1,
    "elementi": [
        {
            "tipo": "civico",
            "id": 123069595542,
            "codice": "gibila-demora-5",
            "comune": "X999",
            "etichetta": "VIA ROMA 12/A",
            "punteggio": 1.0,
            "esatto": True,
            "edificio": "kedali-bupofe-6",
            "edifici": [],
            "lon": 11.0001,
            "lat": 44.0002,
        }
    ],
}


@router.get(
    "/cerca",
    summary="Cerca un indirizzo, un riferimento catastale, un codice o un punto",
    response_model=Trovati,
    responses=porta.example(ESEMPIO) | porta.FORBIDDEN,
)
def cerca(
    request: Request,
    momento: MomentoRichiesto,
    visto: VistoRichiesto,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Indirizzo, foglio e particella, codice, coordinate o parole.",
            examples=["via Roma 12", "foglio 352 particella 1018", "41.9, 12.5"],
        ),
    ],
    comune: Annotated[
        str | None, Query(pattern=r"^[A-Za-z]\d{3}$", description="Codice catastale.")
    ] = None,
    persone: Annotated[
        bool, Query(description="Cerca persone; solo per gli uffici, con uno scopo.")
    ] = False,
    limite: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Give what a text may mean, best first."""
    comuni = (comune.upper(),) if comune else ()
    with deps.ufficio(request, comuni or ("*",)) as conn:
        domanda = Domanda(q, momento.quando(conn), comuni, limite, visto)
        found = find_persons(conn, domanda, visto) if persone else search.search(conn, domanda)
    body = {"numero": len(found), "elementi": [shown(result) for result in found]}
    return formats.json(request, body, personal=persone)


def shown(result: Risultato) -> dict[str, Any]:
    """Return a result as the doors write it: identities of buildings as codes."""
    return {
        **asdict(result),
        "codice": result.codice,
        "edificio": None if result.edificio is None else str(Codice(result.edificio)),
        "edifici": [str(Codice(number)) for number in result.edifici],
    }

"""Buildings, and their dossiers."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Dopo, FiltroRichiesto, Limite, MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import Fascicolo, Oggetti, Oggetto, Sezione
from territorio import edificio
from territorio.accessi.policy import Visto
from territorio.fascicolo import Fascicolo as Letto
from territorio.fascicolo import fascicolo

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
ESEMPIO: dict[str, Any] = {
    "edificio": {
        **TESTA,
        "stato": "esistente",
        "prima": [],
        "dopo": [],
        "voci": [VOCE],
        "indirizzi": [],
        "strati": ["edifici"],
    },
    "alla_data": "2025-03-01",
    "noto_al": "2025-03-02T08:00:00+00:00",
    "sezioni": {
        "particelle": {
            "stato": "presente",
            "voci": [
                {
                    "tipo": "particella",
                    "id": 61606797771,
                    **PROVENIENZA,
                    "valori": {"riferimento": "X999/_/1/10", "area_mq": 900.0},
                    "legame": {
                        "tipo": "edificio_particella",
                        "metodo": "area",
                        "punteggio": 1.0,
                        "stato": "confermato",
                        "autore": "collega",
                        "misura": 200.0,
                        "quota": 1.0,
                        "parole": "per sovrapposizione delle sagome: 200 m² (100,0 %)",
                    },
                }
            ],
            "conteggio": {"particelle": 1},
        },
        "titolari": {
            "stato": "riservata",
            "voci": [],
            "motivo": "Dato riservato: occorre accedere con un ruolo che può consultarlo.",
        },
        "attestati_energetici": {
            "stato": "fonte_non_caricata",
            "voci": [],
            "non_caricate": ["attestati di prestazione energetica"],
        },
    },
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


@router.get(
    "/edifici/{codice}/fascicolo",
    summary="Compila il fascicolo di un edificio",
    response_model=Fascicolo,
    responses=porta.example(ESEMPIO),
)
def dossier(
    request: Request, codice: str, momento: MomentoRichiesto, visto: VistoRichiesto
) -> Response:
    """Give the whole dossier: every section, each value with its source.

    The number of the request (``X-Request-ID``) is the receipt; where persons were looked at,
    ``X-Lettura`` is the number of the entry in the log.
    """
    found = _read(request, codice, momento, visto)
    response = formats.json(request, found.to_json(), personal=porta.personal(visto))
    if found.lettura is not None:
        response.headers["X-Lettura"] = str(found.lettura)
    return response


@router.get(
    "/edifici/{codice}/eventi",
    summary="Racconta la vita di un edificio",
    response_model=Sezione,
    responses=porta.example({"stato": "vuota", "voci": []}),
)
def events(request: Request, codice: str, momento: MomentoRichiesto) -> Response:
    """Give the events in the life of a building, newest first."""
    found = _read(request, codice, momento, Visto())
    return formats.json(request, found.sezioni["cronologia"].to_json())


def _read(request: Request, codice: str, momento: deps.Momento, visto: Visto) -> Letto:
    number = deps.parse_id("edificio", codice)
    with deps.ufficio(request) as conn:
        return fascicolo(conn, number, momento.quando(conn), visto)

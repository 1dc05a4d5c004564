"""The dossiers of buildings: the door that is asked most."""

from functools import partial
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from api import deps, formats, pronta
from api.deps import MomentoRichiesto, VistoRichiesto
from api.v1 import porta
from api.v1.edifici import PROVENIENZA, TESTA, VOCE
from api.v1.modelli import Fascicolo, Sezione
from territorio import prepared
from territorio.accessi.policy import Visto
from territorio.fascicolo import Fascicolo as Letto
from territorio.fascicolo import compiling, fascicolo
from territorio.standby import Standby
from territorio.vigenza import Quando


async def _plain(request: Request) -> pronta.Risposta | None:
    """Read a request for a dossier, if it reads plainly."""
    asked = deps.asked_of(request)
    momento, visto = await deps.plain_momento(asked), await deps.plain_visto(request, asked)
    if momento is None or visto is None:
        return None
    codice = request.path_params["codice"]
    # A thread costs a tenth of a dossier. It is needed where something else is asked first,
    # and where no connection stands ready: making one, or waiting for one, would keep all.
    standby = deps.motori_of(request).in_attesa
    if momento.noto_al or visto.soggetto is not None or not standby or standby.lacking:
        return partial(dossier, request, codice, momento, visto)
    return _at_once(request, standby, codice, Quando(momento.alla_data), visto)


async def _at_once(
    request: Request, standby: Standby, codice: str, quando: Quando, visto: Visto
) -> Response:
    number = deps.parse_id("edificio", codice)
    written: list[Response] = []

    def write(found: Letto) -> None:
        written.append(_write(request, found, visto))

    with prepared.bare(standby) as conn, prepared.beside(standby) as other:
        # Who is answered alone has the other processor too.
        paired = other is not None
        asked = compiling(conn.info, number, quando, visto, write=write, paired=paired)
        found = await prepared.compute_async(conn, asked, other)
    response = written[0] if written else _write(request, found, visto)
    return _with_number(response, found)


router = porta.router("Edifici")
PRONTA = pronta.Porta(f"{porta.PREFIX}/edifici/{{codice}}/fascicolo", _plain)

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
                        "autore": "calcolo",
                        "misura": 200.0,
                        "quota": 1.0,
                        "parole": "si sovrappongono per una parte che conta: 200 m² (100,0 %), "
                        "certezza 100,0 %",
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
    deps.motori_of(request).in_attesa.stock()
    found = _read(request, codice, momento, visto)
    return _with_number(_write(request, found, visto), found)


def _write(request: Request, found: Letto, visto: Visto) -> Response:
    # What came out of the database as JSON goes back into it: no type of ours among it.
    data = orjson.dumps(found.to_json())
    return formats.written(request, data, personal=porta.personal(visto))


def _with_number(response: Response, found: Letto) -> Response:
    """Add the number under which the reading was written down."""
    if found.lettura is not None:
        response.headers["X-Lettura"] = str(found.lettura)
    return response


@router.get(
    "/edifici/{codice}/eventi",
    summary="Racconta la vita di un edificio",
    response_model=Sezione,
    responses=porta.example({"stato": "vuota", "voci": []}),
)
def events(
    request: Request, codice: str, momento: MomentoRichiesto, visto: VistoRichiesto
) -> Response:
    """Give the events in the life of a building, newest first."""
    # They name no person: who looks decides only whether the past before a correction is told.
    found = _read(request, codice, momento, Visto(visto.ruolo))
    return formats.json(
        request, found.sezioni["cronologia"].to_json(), personal=porta.personal(visto)
    )


def _read(request: Request, codice: str, momento: deps.Momento, visto: Visto) -> Letto:
    number = deps.parse_id("edificio", codice)
    with deps.ufficio_pronto(request) as conn:
        return fascicolo(conn, number, momento.quando(conn), visto)

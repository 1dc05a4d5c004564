"""Issues with the data: read by the offices, opened by anyone."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Limite, VistoRichiesto
from api.v1 import porta
from api.v1.modelli import NuovaSegnalazione, Ricevuta, SegnalazioneIntera, Segnalazioni
from territorio import segnalazione
from territorio.accessi import segnalazioni as accessi
from territorio.accessi.policy import Visto, levels
from territorio.errors import Forbidden
from territorio.segnalazione import Filtro

router = porta.router("Segnalazioni")

OGGETTO: dict[str, Any] = {
    "id": 12,
    "comune": "X999",
    "tipo": "quote di proprietà",
    "oggetto": 223410196646,
    "fornitura": 4,
    "riga": None,
    "campo": None,
    "motivo": "le quote di proprietà non fanno l’intero",
    "dati": {"somma": "1.500"},
    "stato": "aperta",
    "autore": "regola quote",
    "aperta": "2025-01-03T09:12:44+00:00",
}
Comune = Annotated[str | None, Query(pattern=r"^[A-Za-z]\d{3}$", description="Codice catastale.")]


@router.get(
    "/segnalazioni",
    summary="Elenca le segnalazioni, dalla più recente",
    response_model=Segnalazioni,
    responses=porta.example({"numero": 1, "elementi": [OGGETTO]}) | porta.FORBIDDEN,
)
def segnalazioni(
    request: Request,
    visto: VistoRichiesto,
    comune: Comune = None,
    stato: Literal["aperta", "presa in carico", "chiusa"] | None = None,
    dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limite: Limite = 20,
) -> Response:
    """List the issues, for the offices."""
    _require_office(visto)
    filtro = Filtro(comune.upper() if comune else None, stato)
    with deps.ufficio(request) as conn:
        found = segnalazione.search(conn, filtro, dopo=dopo, limite=limite + 1)
        number = segnalazione.count(conn, filtro)
    shown = [accessi.redacted(one, visto) for one in found[:limite]]
    body: dict[str, Any] = {"numero": number, "elementi": shown}
    if len(found) > limite:
        body["dopo"] = found[limite - 1].id
    return formats.json(request, body, personal=True)


@router.get(
    "/segnalazioni/{numero}",
    summary="Descrive una segnalazione",
    response_model=SegnalazioneIntera,
    responses=porta.example({**OGGETTO, "testo": None}) | porta.FORBIDDEN,
)
def one(
    request: Request, numero: Annotated[int, Path(ge=1, le=2**53)], visto: VistoRichiesto
) -> Response:
    """Give one issue, for the offices, with what the reader wrote.

    Their words may name persons: ``X-Lettura`` is the number of the entry in the log.
    """
    _require_office(visto)
    with deps.ufficio(request) as conn:
        found = segnalazione.find(conn, numero)
        words = accessi.read_words_or_none(conn, found, visto)
    body = {**asdict(accessi.redacted(found, visto)), "testo": words.testo if words else None}
    response = formats.json(request, body, personal=True)
    if words is not None:
        response.headers["X-Lettura"] = str(words.lettura)
    return response


@router.post(
    "/segnalazioni",
    summary="Segnala un errore nei dati",
    status_code=201,
    response_model=Ricevuta,
)
def report(request: Request, nuova: NuovaSegnalazione) -> Response:
    """Take a report that something is wrong, and answer with its receipt."""
    number = deps.parse_id("oggetto", nuova.oggetto)
    with deps.ufficio(request) as conn:
        made = segnalazione.report(conn, number, nuova.testo, nuova.campo)
    body = {"id": made.id, "stato": made.stato, "aperta": made.aperta}
    return formats.json(request, body, status=201)


def _require_office(visto: Visto) -> None:
    if not levels(visto.ruolo, "segnalazioni"):
        raise Forbidden(accessi.RISERVATE)

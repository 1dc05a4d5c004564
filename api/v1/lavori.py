"""Long jobs: watched and cancelled by the offices."""

from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import Limite, VistoRichiesto
from api.v1 import atti_modelli as m
from api.v1 import porta
from territorio import lavoro
from territorio.accessi.policy import Ruolo, Visto
from territorio.errors import Forbidden
from territorio.lavoro import Lavoro

router = porta.router("Lavori")

UFFICI = frozenset({Ruolo.UFFICIO_TECNICO, Ruolo.ANAGRAFE, Ruolo.TRIBUTI})

OGGETTO: dict[str, Any] = {
    "id": 9,
    "comune": "X999",
    "compito": "elabora",
    "chiesto_da": "geom. Verdi",
    "chiesto": "2025-03-02T08:00:00+00:00",
    "iniziato": "2025-03-02T08:00:01+00:00",
    "finito": None,
    "stato": "in corso",
    "fase": "legami",
    "fatto": 1,
    "totale": 4,
    "esito": None,
}
Numero = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get(
    "/lavori",
    summary="Elenca i lavori, dal più recente",
    response_model=m.Lavori,
    responses=porta.example({"numero": 1, "elementi": [OGGETTO]}) | porta.FORBIDDEN,
)
def lavori(
    request: Request,
    visto: VistoRichiesto,
    dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limite: Limite = 20,
) -> Response:
    """List the jobs, for the offices."""
    _require_office(visto)
    with deps.ufficio(request) as conn:
        found = lavoro.search(conn, prima_di=dopo, limite=limite + 1)
        number = lavoro.count(conn)
    body: dict[str, Any] = {
        "numero": number,
        "elementi": [shown(job) for job in found[:limite]],
    }
    if len(found) > limite:
        body["dopo"] = found[limite - 1].id
    return formats.json(request, body, personal=True)


@router.get(
    "/lavori/{numero}",
    summary="Dice a che punto è un lavoro",
    response_model=m.LavoroLetto,
    responses=porta.example(OGGETTO) | porta.FORBIDDEN,
)
def one(request: Request, numero: Numero, visto: VistoRichiesto) -> Response:
    """Give one job, for the offices."""
    _require_office(visto)
    with deps.ufficio(request) as conn:
        found = lavoro.find(conn, numero)
    return formats.json(request, shown(found), personal=True)


@router.post(
    "/lavori/{numero}/annullamento",
    summary="Chiede di fermare un lavoro",
    response_model=m.LavoroLetto,
    responses={
        **porta.example({**OGGETTO, "stato": "annullamento chiesto"}),
        409: {**porta.PROBLEMA, "description": "Il lavoro è già finito"},
        **porta.FORBIDDEN,
    },
)
def cancel(request: Request, numero: Numero, visto: VistoRichiesto) -> Response:
    """Ask that a job stop; what it was doing is undone."""
    _require_office(visto)
    with deps.ufficio(request) as conn:
        found = lavoro.cancel(conn, numero)
    return formats.json(request, shown(found), personal=True)


def shown(job: Lavoro) -> dict[str, Any]:
    """Return a job as the doors write it; what it was told to read stays inside."""
    return {name: getattr(job, name) for name in m.LavoroLetto.model_fields}


def _require_office(visto: Visto) -> None:
    if visto.ruolo not in UFFICI:
        raise Forbidden("I lavori li vede chi opera negli uffici.")

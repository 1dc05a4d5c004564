"""The first page: search, the doors, and three facts about what is inside."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api import deps
from api.pages.render import page
from territorio import edificio, elenco, fornitura, segnalazione, vigenza
from territorio.accessi.policy import Visto
from territorio.elenco import Filtro, Sguardo
from territorio.vigenza import Quando

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Stato:
    """What the registry holds today, in three facts."""

    edifici: int
    aggiornato_al: date | None
    segnalazioni_aperte: int


def stato(request: Request) -> Stato:
    """Count what the registry holds."""
    with deps.ufficio(request) as conn:
        return Stato(
            elenco.count(conn, edificio.TIPO, Filtro(), Sguardo(Quando(vigenza.today()), Visto())),
            fornitura.latest_day(conn),
            segnalazione.count(conn, segnalazione.Filtro(stato="aperta")),
        )


@router.get("/", name="home")
def home(request: Request, adesso: Annotated[Stato, Depends(stato)]) -> Response:
    """Show the search and the doors."""
    return page(request, "home.html", [], stato=adesso)

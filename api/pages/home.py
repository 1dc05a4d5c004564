"""The first page: search, the doors, and three facts about what is inside."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.pages.render import page
from territorio.errors import NotReady

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Stato:
    """What the registry holds today, in three facts."""

    edifici: int
    aggiornato_al: date | None
    segnalazioni_aperte: int


def stato() -> Stato:
    """Count what the registry holds."""
    raise NotReady("Il registro non è ancora collegato.")


@router.get("/", name="home")
def home(request: Request, adesso: Annotated[Stato, Depends(stato)]) -> Response:
    """Show the search and the doors."""
    return page(request, "home.html", [], stato=adesso)

"""Issues with the data: how many for everybody, which ones for the offices."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import deps
from api.deps import VistoRichiesto
from api.pages.render import Passo, page
from territorio import segnalazione
from territorio.accessi.policy import levels
from territorio.documenti import parole
from territorio.errors import InvalidInput
from territorio.segnalazione import STATI, Filtro

router = APIRouter(include_in_schema=False)

PER_PAGINA = 20


@router.get("/segnalazioni", name="segnalazioni")
def segnalazioni(
    request: Request,
    visto: VistoRichiesto,
    stato: Annotated[str, Query(max_length=40)] = "",
    dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None,
) -> Response:
    """Show how many issues stand open and, to the offices, which."""
    if stato and stato not in STATI:
        raise InvalidInput("stato", f"scegli uno fra {', '.join(STATI)}")
    office = bool(levels(visto.ruolo, "segnalazioni"))
    with deps.ufficio(request) as conn:
        counts = {name: segnalazione.count(conn, Filtro(stato=name)) for name in STATI}
        wanted = Filtro(stato=stato or None)
        found = (
            segnalazione.search(conn, wanted, dopo=dopo, limite=PER_PAGINA + 1) if office else []
        )
    return page(
        request,
        "segnalazioni.html",
        [Passo("Segnalazioni")],
        personal=office,
        conteggi=counts,
        ufficio=office,
        elenco=found[:PER_PAGINA],
        prossima=found[PER_PAGINA - 1].id if len(found) > PER_PAGINA else None,
        stato=stato,
        stati=STATI,
        visto=visto,
        ruoli=parole.RUOLI,
    )

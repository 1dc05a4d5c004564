"""Issues with the data: how many for everybody, which ones for the offices."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import deps
from api.deps import VistoRichiesto
from api.pages import nominati
from api.pages.render import Passo, page
from territorio import segnalazione
from territorio.accessi import segnalazioni as accessi
from territorio.accessi.policy import levels
from territorio.documenti import parole
from territorio.errors import Forbidden, InvalidInput
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
        objects = nominati.names(conn, {s.oggetto for s in found if s.oggetto is not None})
    return page(
        request,
        "segnalazioni.html",
        [Passo("Segnalazioni")],
        personal=office,
        conteggi=counts,
        ufficio=office,
        elenco=[accessi.redacted(one, visto) for one in found[:PER_PAGINA]],
        prossima=found[PER_PAGINA - 1].id if len(found) > PER_PAGINA else None,
        oggetti=objects,
        stato=stato,
        stati=STATI,
        visto=visto,
        ruoli=parole.RUOLI,
    )


@router.get("/segnalazioni/{numero}", name="segnalazione")
def una(
    request: Request, visto: VistoRichiesto, numero: Annotated[int, Path(ge=1, le=2**53)]
) -> Response:
    """Show one issue to the offices, with what the reader wrote; that it was read stays."""
    if not levels(visto.ruolo, "segnalazioni"):
        raise Forbidden(accessi.RISERVATE)
    with deps.ufficio(request) as conn:
        found = segnalazione.find(conn, numero)
        objects = nominati.names(conn, [found.oggetto] if found.oggetto is not None else [])
        # Last: other readings of the municipality wait from here to the commit.
        words = accessi.read_words_or_none(conn, found, visto)
    back = f"/segnalazioni?visto_da={visto.ruolo.value}"
    return page(
        request,
        "segnalazione.html",
        [Passo("Segnalazioni", back), Passo(f"Segnalazione n. {numero}")],
        personal=True,
        segnalazione=accessi.redacted(found, visto),
        oggetto=objects.get(found.oggetto or 0),
        testo=words,
        da_lettore=found.tipo == segnalazione.ERRORE_SEGNALATO,
        visto=visto,
        occhi=parole.RUOLI[visto.ruolo.value],
    )

"""Report an error in the data: the form, and the receipt."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api import deps
from api.deps import parse_id
from api.pages import csrf
from api.pages.render import Passo, page
from territorio import segnalazione
from territorio.documenti.parole import SEZIONI
from territorio.errors import InvalidInput, NotFound

router = APIRouter(include_in_schema=False)

SEGNALA = Passo("Segnala un errore", "/segnala")
OGGETTO_MANCA = "Scrivi il codice dell’edificio, della particella, dell’unità o del civico."
OGGETTO_IGNOTO = "Questo codice non esiste: copialo dalla testa della pagina."


def form(
    request: Request,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    """Return the form, with what was typed and what is wrong with it."""
    word = csrf.token(request)
    response = page(
        request,
        "segnala.html",
        [Passo("Segnala un errore")],
        status=422 if errors else 200,
        valori=values,
        errori=errors,
        csrf=word,
        sezioni=SEZIONI,
        massimo=segnalazione.TESTO_MASSIMO,
    )
    return csrf.give(request, response, word)


@router.get("/segnala", name="segnala")
def segnala(
    request: Request,
    edificio: Annotated[str, Query(max_length=80)] = "",
    oggetto: Annotated[str, Query(max_length=80)] = "",
    sezione: Annotated[str, Query(max_length=40)] = "",
    argomento: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form."""
    values = {"oggetto": edificio or oggetto, "campo": sezione, "testo": "", "argomento": argomento}
    return form(request, values, {})


@router.post("/segnala", name="segnala_invio")
def invia(
    request: Request,
    oggetto: Annotated[str, Form()] = "",
    campo: Annotated[str, Form()] = "",
    testo: Annotated[str, Form()] = "",
    word: Annotated[str, Form(alias=csrf.CAMPO)] = "",
) -> Response:
    """Write the report down and lead to its receipt; refuse with the words kept."""
    csrf.check(request, word)
    values = {"oggetto": oggetto.strip(), "campo": campo, "testo": testo, "argomento": ""}
    errors: dict[str, str] = {}
    number = 0
    try:
        number = parse_id("oggetto", values["oggetto"])
    except InvalidInput:
        errors["oggetto"] = OGGETTO_MANCA if not values["oggetto"] else OGGETTO_IGNOTO
    if len(testo.strip()) < 3:
        errors["testo"] = "Scrivi che cosa non va."
    elif len(testo.strip()) > segnalazione.TESTO_MASSIMO:
        errors["testo"] = f"Al massimo {segnalazione.TESTO_MASSIMO} caratteri: accorcia il testo."
    if errors:
        return form(request, values, errors)
    section = campo if campo in {s.nome for s in SEZIONI} else None
    try:
        with deps.ufficio(request) as conn:
            made = segnalazione.report(conn, number, testo, section)
    except NotFound:
        return form(request, values, {"oggetto": OGGETTO_IGNOTO})
    return RedirectResponse(f"/segnala/ricevuta/{made.id}", 303)


@router.get("/segnala/ricevuta/{numero}", name="ricevuta")
def ricevuta(request: Request, numero: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Show the receipt: number, day and state, never the words."""
    with deps.ufficio(request) as conn:
        found = segnalazione.find(conn, numero)
    if found.tipo != segnalazione.ERRORE_SEGNALATO:
        # What the office noted by itself is not a receipt, and not public.
        raise NotFound("ricevuta", numero)
    return page(
        request,
        "ricevuta.html",
        [SEGNALA, Passo(f"Ricevuta n. {numero}")],
        numero=found.id,
        stato=found.stato,
        aperta=found.aperta,
    )

"""Pages that only say something: legal notes, privacy, accessibility, questions, sign-in."""

from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.render import Passo, page

router = APIRouter(include_in_schema=False)


class Domanda(NamedTuple):
    """One frequent question."""

    domanda: str
    risposta: str


DOMANDE = (
    Domanda(
        "Che cos’è il fascicolo di un edificio?",
        "È la raccolta di ciò che gli uffici sanno di un edificio: le particelle su cui sta, le "
        "unità immobiliari, le zone e i vincoli, le pratiche. Accanto a ogni dato trovi chi lo "
        "dice e a quale data.",
    ),
    Domanda(
        "Perché due fonti dicono cose diverse?",
        "Ogni ufficio tiene il proprio archivio e lo aggiorna quando può. Qui i valori diversi "
        "stanno uno accanto all’altro: non scegliamo per te quale sia giusto. Se sai quale è "
        "sbagliato, segnalalo.",
    ),
    Domanda(
        "Perché non vedo i nomi dei proprietari e dei residenti?",
        "Sono dati personali. Li vedono l’ufficio che ne ha bisogno per il proprio lavoro e, per "
        "ciò che la riguarda, la persona stessa. Ogni consultazione viene registrata.",
    ),
    Domanda(
        "Posso vedere la situazione di qualche anno fa?",
        "Sì. In ogni fascicolo scegli il giorno in «Situazione al». Con «Confronta con» vedi che "
        "cosa è cambiato fra due giorni.",
    ),
    Domanda(
        "Come cerco se non conosco l’indirizzo?",
        "Scrivi foglio e particella, per esempio 12/345, oppure il codice dell’edificio o le "
        "coordinate. Puoi anche cercare sulla mappa.",
    ),
    Domanda(
        "Questi dati hanno valore legale?",
        "No. Servono a consultare. Per gli atti valgono i certificati e le visure degli uffici.",
    ),
    Domanda(
        "Che cosa succede quando segnalo un errore?",
        "Ricevi subito una ricevuta con un numero. L’ufficio confronta la segnalazione con le "
        "fonti. Nessun dato cambia senza un atto dell’ufficio, che resta nella cronologia.",
    ),
)


@router.get("/note-legali", name="note_legali")
def note_legali(request: Request) -> Response:
    """Say under which licence and with which limits the data are given."""
    return page(request, "info/note_legali.html", [Passo("Note legali")])


@router.get("/privacy", name="privacy")
def privacy(request: Request) -> Response:
    """Say which personal data are kept, why, how long, and what a person may ask."""
    return page(request, "info/privacy.html", [Passo("Informativa sulla privacy")])


@router.get("/accessibilita", name="accessibilita")
def accessibilita(request: Request) -> Response:
    """Say how accessible the site is and whom to tell when it is not."""
    return page(request, "info/accessibilita.html", [Passo("Dichiarazione di accessibilità")])


@router.get("/domande-frequenti", name="domande_frequenti")
def domande_frequenti(request: Request) -> Response:
    """Answer the questions people ask most."""
    return page(
        request, "info/domande_frequenti.html", [Passo("Domande frequenti")], domande=DOMANDE
    )


@router.get("/area-personale", name="area_personale")
def area_personale(request: Request) -> Response:
    """Say how one will sign in, and what can be done without."""
    return page(request, "info/area_personale.html", [Passo("Area personale")])

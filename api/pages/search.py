"""Search: the page of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api import deps
from api.deps import VistoRichiesto
from api.pages.render import Passo, page, site_of
from api.pages.tempo import Tempo, TempoRichiesto
from territorio import search
from territorio.accessi.policy import Visto
from territorio.documenti import codici
from territorio.identita import Codice
from territorio.search import Domanda, Risultato

router = APIRouter(include_in_schema=False)

PER_PAGINA = 20
AL_MASSIMO = 200

TIPI: dict[str, tuple[str, str]] = {
    "edificio": ("Edificio", "Edifici"),
    "civico": ("Numero civico", "Numeri civici"),
    "particella": ("Particella", "Particelle"),
    "unita_immobiliare": ("Unità immobiliare", "Unità immobiliari"),
    "odonimo": ("Via o luogo", "Vie e luoghi"),
    "vincolo": ("Vincolo", "Vincoli"),
}
"""Kinds of things that can be found, one and many."""

PAGINE = {
    "edificio": "/edifici/",
    "civico": "/civici/",
    "particella": "/particelle/",
    "unita_immobiliare": "/unita-immobiliari/",
}

CATASTALI = frozenset({"particella", "unita_immobiliare"})
"""Kinds whose name is a cadastral reference."""

MOTIVI = {
    "edificio": "edificio con questo codice o in questo punto",
    "civico": "l’indirizzo somiglia a ciò che hai scritto",
    "particella": "riferimento catastale",
    "unita_immobiliare": "riferimento catastale",
    "odonimo": "il nome somiglia a ciò che hai scritto",
    "vincolo": "il nome somiglia a ciò che hai scritto",
}
"""Why each kind of result was found."""


def look_up(
    request: Request,
    testo: str,
    tempo: Tempo,
    visto: Visto,
    limite: int,
    *,
    digitando: bool = False,
) -> list[Risultato]:
    """Return what a text may mean, as this reader may see it."""
    with deps.ufficio(request) as conn:
        quando = tempo.momento.quando(conn)
        asked = Domanda(testo, quando, limite=limite, visto=visto, digitando=digitando)
        return search.search(conn, asked)


@dataclass(frozen=True, slots=True)
class Trovato:
    """One result as a page shows it."""

    tipo: str
    titolo: str
    comune: str
    motivo: str
    href: str
    edifici: tuple[str, ...]


def place(result: Risultato, coda: str) -> str:
    """Return where a result leads: to its page, or to its place on the map."""
    if result.tipo == "civico" and result.edificio is not None:
        # Who looks for an address looks for what stands there.
        return f"/edifici/{Codice(result.edificio)}{coda}"
    if result.tipo in PAGINE:
        return f"{PAGINE[result.tipo]}{result.codice}{coda}"
    joint = "&" if coda else "?"
    return f"/mappa{coda}{joint}v=17/{result.lat:.6f}/{result.lon:.6f}" if result.lon else "/mappa"


def shown(request: Request, result: Risultato, coda: str) -> Trovato:
    """Return a result as a page shows it."""
    others = [n for n in result.edifici if n != result.edificio]
    return Trovato(
        TIPI[result.tipo][0],
        codici.reference(result.etichetta) if result.tipo in CATASTALI else result.etichetta,
        site_of(request).denominazione(result.comune),
        MOTIVI[result.tipo],
        place(result, coda),
        tuple(str(Codice(n)) for n in others),
    )


def _only(results: Sequence[Risultato]) -> Risultato | None:
    """Return the one result that is meant, if it is certain and has a page."""
    exact = [r for r in results if r.esatto]
    if len(exact) == 1 and exact[0].tipo in PAGINE and len(exact[0].edifici) < 2:
        return exact[0]
    return None


@router.get("/cerca", name="cerca")
def cerca(
    request: Request,
    tempo: TempoRichiesto,
    visto: VistoRichiesto,
    q: Annotated[str, Query(max_length=200)] = "",
    tipo: Annotated[str, Query(max_length=40)] = "",
    pagina: Annotated[int, Query(ge=1, le=AL_MASSIMO // PER_PAGINA)] = 1,
) -> Response:
    """Show what a text may mean; one certain result is opened at once."""
    testo = q.strip()
    results = look_up(request, testo, tempo, visto, AL_MASSIMO) if testo else []
    if not tipo and pagina == 1 and (only := _only(results)) is not None:
        return RedirectResponse(place(only, tempo.coda), 303)
    kept = [r for r in results if not tipo or r.tipo == tipo]
    first = (pagina - 1) * PER_PAGINA
    trovati = [shown(request, r, tempo.coda) for r in kept[first : first + PER_PAGINA]]
    counts = {name: sum(1 for r in results if r.tipo == name) for name in TIPI}
    address = {"q": testo, **({"tipo": tipo} if tipo else {}), **tempo.parametri}
    return page(
        request,
        "cerca.html",
        [Passo(f"Risultati per «{testo}»" if testo else "Cerca")],
        testo=testo,
        tipo=tipo,
        tipi=[(name, TIPI[name][1], n) for name, n in counts.items() if n or name == tipo],
        totale=len(kept),
        trovati=trovati,
        pagina=pagina,
        pagine=-(-len(kept) // PER_PAGINA),
        base=urlencode(address),
        senza_tipo=urlencode({"q": testo, **tempo.parametri}),
        tempo=tempo,
        posti=_places(kept[first : first + PER_PAGINA]),
    )


def _places(results: Sequence[Risultato]) -> str:
    """Return the buildings of the results, as the map's selection takes them."""
    return ",".join(dict.fromkeys(str(Codice(r.edificio)) for r in results if r.edificio))

"""Pages from templates: the frame, the words, the headers of caching.

Templates hold no rules: what they need is in the context, and a name they do not get is an
error (StrictUndefined), not an empty place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import formats
from api.assets import Assets
from api.pages.sito import UNKNOWN, Sito
from opendata.metadati import PAGINE
from territorio import vigenza
from territorio.documenti import codici, motivi, scrittura

HTML = "text/html; charset=utf-8"
TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class Passo:
    """One step of the breadcrumb, or one entry of a menu."""

    testo: str
    href: str | None = None


MENU = (
    Passo("Mappa", "/mappa"),
    Passo("Selezione", "/selezione"),
    Passo("Forniture", "/forniture"),
    Passo("Segnalazioni", "/segnalazioni"),
    Passo("Dati aperti", PAGINE),
)
"""Entries of the header; an entry comes with the page it leads to."""


def environment(assets: Assets) -> jinja2.Environment:
    """Return the template environment of the pages."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["asset"] = assets.url
    env.globals["asset_bare"] = assets.bare
    env.globals["menu"] = MENU
    env.filters["giorno"] = scrittura.giorno
    env.filters["istante"] = scrittura.istante
    env.filters["numero"] = scrittura.numero
    env.filters["mq"] = scrittura.metri_quadri
    env.filters["peso"] = scrittura.peso
    env.filters["euro"] = scrittura.euro
    env.filters["percento"] = scrittura.percento
    env.filters["tipo_segnalazione"] = motivi.kind
    env.filters["motivo"] = motivi.reason
    env.filters["autore"] = codici.author
    env.filters["maiuscola"] = scrittura.maiuscola
    return env


def site_of(request: Request) -> Sito:
    """Return the site of a request, or the last one known when nobody asked (errors)."""
    sito: Sito = getattr(request.state, "sito", None) or request.app.state.sito or UNKNOWN
    return sito


def title_of(percorso: Sequence[Passo], sito: Sito, *, failed: bool) -> str:
    """Return the title: thing, section, municipality.

    >>> title_of([Passo("Segnala", "/segnala"), Passo("Ricevuta")], UNKNOWN, failed=False)
    'Ricevuta - Segnala - Anagrafe territoriale'
    """
    parts = [passo.testo for passo in reversed(percorso)]
    return ("Errore: " if failed else "") + " - ".join([*parts, sito.nome])


def html(request: Request, template: str, context: Mapping[str, Any]) -> str:
    """Return a template filled, without the frame of a page (fragments)."""
    env: jinja2.Environment = request.app.state.jinja
    base = {"sito": site_of(request), "indirizzo": request.url.path}
    return env.get_template(template).render({**base, **context})


def page(
    request: Request,
    template: str,
    percorso: Sequence[Passo],
    *,
    status: int = 200,
    personal: bool = False,
    **context: Any,
) -> Response:
    """Return a whole page; ``percorso`` leads from below the home to the page itself.

    A page with personal data is not to be kept by anyone; any other is asked for again at
    each visit and answered 304 while it is the same.
    """
    frame = {
        "percorso": percorso,
        "titolo": title_of(percorso, site_of(request), failed=status == 422),
        "personale": personal,
        "oggi": vigenza.today(),
        "indirizzo_completo": str(request.url),
    }
    text = html(request, template, {**frame, **context})
    if personal or status != 200 or request.method not in {"GET", "HEAD"}:
        return HTMLResponse(text, status, {"Cache-Control": "no-store"})
    return formats.tagged(request, text.encode(), HTML)


def fragment(
    request: Request, template: str, *, personal: bool = False, **context: Any
) -> Response:
    """Return a piece of a page for the script that asked for it."""
    cache = "no-store" if personal else "no-cache"
    return HTMLResponse(html(request, template, context), headers={"Cache-Control": cache})


def error_page(request: Request, status: int, title: str, detail: str, number: str) -> Response:
    """Return the page that says what went wrong and where to go on."""
    if request.url.path.startswith("/frammenti/"):
        context = {"titolo_errore": title, "dettaglio": detail}
        text = html(request, "errors/_frammento.html", context)
        return HTMLResponse(text, status, {"Cache-Control": "no-store"})
    template = f"errors/{status}.html"
    if not (TEMPLATES / template).is_file():
        template = "errors/altro.html"
    return page(
        request,
        template,
        [Passo(title)],
        status=status,
        titolo_errore=title,
        dettaglio=detail,
        numero_richiesta=number,
        stato_http=status,
    )

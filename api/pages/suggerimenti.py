"""The suggestions under the search box: asked at every letter, so they are a hot door."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import deps, formats, pronta
from api.deps import VistoRichiesto
from api.pages import sito
from api.pages.render import HTML, html
from api.pages.search import look_up, shown
from api.pages.tempo import Tempo, TempoRichiesto
from api.pages.tempo import tempo as read_tempo
from territorio.accessi.policy import Visto

INDIRIZZO = "/frammenti/suggerimenti"
LUNGO = 200
SUGGERITI = 8
CONTEMPORANEI = 4
"""How many are made at once: half of the connections they share with the pages."""

_TEMPI = ("alla_data", "al", "noto_al", "confronta")

router = APIRouter(include_in_schema=False)


async def _plain(request: Request) -> pronta.Risposta | None:
    """Read a request for suggestions, if it reads plainly."""
    asked = deps.asked_of(request)
    visto = await deps.plain_visto(request, asked)
    text, times = asked.get("q", ""), [asked.get(name) for name in _TEMPI]
    if visto is None or not deps.short(text, LUNGO) or not all(map(deps.short, times)):
        return None
    return partial(_hot, request, read_tempo(*times), visto, text)


PRONTA = pronta.Porta(INDIRIZZO, _plain, threads=CONTEMPORANEI)


def _hot(request: Request, asked: Tempo, visto: Visto, text: str) -> Response:
    sito.require(request)
    return suggerimenti(request, asked, visto, text)


@router.get(INDIRIZZO, name="suggerimenti")
def suggerimenti(
    request: Request,
    tempo: TempoRichiesto,
    visto: VistoRichiesto,
    q: Annotated[str, Query(max_length=LUNGO)] = "",
) -> Response:
    """Give the options of the search box."""
    text = q.strip()
    results = look_up(request, text, tempo, visto, SUGGERITI, digitando=True) if text else []
    found = [shown(request, r, tempo.coda) for r in results[:SUGGERITI]]
    filled = html(request, "_suggerimenti.html", {"trovati": found, "testo": text})
    return formats.tagged(request, filled.encode(), HTML)

"""The map: its page, its style, the list of what lies under a point."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from api import deps
from api.assets import Assets
from api.deps import parse_id
from api.pages.dossier import Lettore, LettoreRichiesto, TitoliRichiesti
from api.pages.pannello import panel
from api.pages.render import Passo, fragment, page
from api.pages.scheda import parcel_panel
from api.pages.schedario import SchedaRichiesta
from api.pages.tempo import Tempo, TempoRichiesto
from maps import intorno, style, tile
from maps.intorno import Inquadratura
from maps.layer import chosen
from territorio.errors import InvalidInput
from territorio.identita import Codice
from territorio.vigenza import Quando

router = APIRouter(include_in_schema=False)

MOLTI = 20
"""Objects under one point beyond which a list helps nobody."""

ITALIA = (6.6, 35.4, 18.6, 47.1)
"""West, south, east, north: where the map opens while nothing is loaded."""


def apertura(request: Request, tempo: TempoRichiesto) -> Inquadratura | None:
    """Return where the map opens, or None when nothing is there yet."""
    with deps.pubblico(request) as conn:
        return intorno.opening(conn, Quando(tempo.alla_data))


def versione(request: Request) -> str:
    """Return the mark of the data's version, so that old tiles are not taken for new ones."""
    with deps.pubblico(request) as conn:
        return tile.version(conn)


Presenti = Mapping[str, frozenset[str]]


def presenti() -> Presenti | None:
    """Return the classes that each layer has, or None to show them all."""
    return None


AperturaRichiesta = Annotated[Inquadratura | None, Depends(apertura)]
VersioneRichiesta = Annotated[str, Depends(versione)]
PresentiRichieste = Annotated[Presenti | None, Depends(presenti)]


def parse_view(text: str | None) -> tuple[float, float, float] | None:
    """Read ``zoom/lat/lon``; a view that makes no sense is no view.

    >>> parse_view("17/41.9/12.5"), parse_view("qui")
    ((17.0, 41.9, 12.5), None)
    """
    try:
        zoom, lat, lon = (float(part) for part in (text or "").split("/"))
    except ValueError:
        return None
    inside = 0 <= zoom <= 24 and -85 <= lat <= 85 and -180 <= lon <= 180
    return (zoom, lat, lon) if inside else None


def _chosen(
    edificio: str | None,
    particella: str | None,
    tempo: Tempo,
    leggi: Lettore,
    fonti: Mapping[str, str],
    scheda: Callable[..., Any],
) -> tuple[str, dict[str, Any]] | None:
    """Return the panel that the address names, and its template."""
    if edificio:
        context = panel(parse_id("edificio", edificio), tempo, leggi, fonti)
        return "_pannello_edificio.html", context
    if particella:
        return "_pannello_particella.html", parcel_panel(particella, tempo, scheda, fonti)
    return None


@router.get("/mappa", name="mappa")
def mappa(
    request: Request,
    tempo: TempoRichiesto,
    leggi: LettoreRichiesto,
    fonti: TitoliRichiesti,
    scheda: SchedaRichiesta,
    opening: AperturaRichiesta,
    present: PresentiRichieste,
    edificio: Annotated[str | None, Query(max_length=40)] = None,
    particella: Annotated[str | None, Query(max_length=80)] = None,
    v: Annotated[str | None, Query(max_length=60)] = None,
    strati: Annotated[str | None, Query(max_length=200)] = None,
    selezione: Annotated[str | None, Query(max_length=20_000)] = None,
) -> Response:
    """Show the map; an address that names an object comes with its panel."""
    on = chosen(strati)
    opened = _chosen(edificio, particella, tempo, leggi, fonti, scheda)
    assets: Assets = request.app.state.assets
    config = {
        "maplibre": assets.url("maplibre-gl.mjs"),
        "stile": "/mappa/stile.json",
        "estensione": opening.riquadro if opening else ITALIA,
        "folto": opening.folto if opening else None,
        "vista": parse_view(v),
        "strati": on,
        "iniziali": chosen(None),
        "selezione": [parse_id("edificio", c) for c in (selezione or "").split(",") if c],
        "alla_data": tempo.alla_data.isoformat() if tempo.scelto else None,
    }
    context = {
        "tempo": tempo,
        "coda": tempo.coda,
        "legenda": style.legend(on, present),
        "config": config,
        "pannello": opened[0] if opened else None,
        "vuota": opening is None,
    }
    shown = opened[1] if opened else {}
    return page(request, "mappa.html", [Passo("Mappa")], **{**shown, **context})


@router.get("/mappa/stile.json", name="stile")
def stile(
    tempo: TempoRichiesto,
    version: VersioneRichiesta,
    strati: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Give the style of the map for MapLibre."""
    day = tempo.alla_data if tempo.scelto else None
    return JSONResponse(
        style.style(chosen(strati), day, version), headers={"Cache-Control": "no-cache"}
    )


def _numbers(campo: str, text: str) -> list[int]:
    parts = [part for part in text.split(",") if part]
    if not all(part.isdecimal() for part in parts) or len(parts) > MOLTI:
        raise InvalidInput(campo, f"al massimo {MOLTI} numeri separati da virgole")
    return [int(part) for part in parts]


@router.get("/frammenti/oggetti", name="oggetti")
def oggetti(
    request: Request,
    tempo: TempoRichiesto,
    edifici: Annotated[str, Query(max_length=400)] = "",
    particelle: Annotated[str, Query(max_length=400)] = "",
) -> Response:
    """List what lies under a point of the map, when it is more than one thing."""
    buildings = [str(Codice(n)) for n in _numbers("edifici", edifici)]
    parcels = [str(Codice(n)) for n in _numbers("particelle", particelle)]
    return fragment(
        request, "_pannello_oggetti.html", edifici=buildings, particelle=parcels, coda=tempo.coda
    )

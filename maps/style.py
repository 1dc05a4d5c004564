"""The MapLibre style and the legend, both made from LAYERS.

There is no glyph server: without ``glyphs`` MapLibre draws labels with the fonts of the
reader's machine. Hatches are images that the page draws when the map asks for them: their
name says angle and colour.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from maps.layer import BASE, BY_NAME, INTERRUTTORI, LAYERS, Classe, Forma, Layer

TILE_ZOOM = 16
"""The last zoom with tiles of its own; further in they are drawn larger."""

SCELTO = "#d40000"
SELEZIONE = "#003d7a"
SCEGLIBILI = ("particelle", "edifici")
"""Layers whose objects can be chosen."""

FONT = ["Titillium Web", "sans-serif"]

_WIDTH = {"comuni": 3.0, "fogli": 1.6, "particelle": 0.7, "edifici": 1.0}


@dataclass(frozen=True, slots=True)
class VoceLegenda:
    """One row of the legend: a swatch and its word."""

    titolo: str
    campione: str


@dataclass(frozen=True, slots=True)
class GruppoLegenda:
    """One layer in the legend."""

    nome: str
    titolo: str
    acceso: bool
    da_zoom: int
    voci: tuple[VoceLegenda, ...]


def tile_address(layers: tuple[str, ...], alla_data: date | None, versione: str | None) -> str:
    """Return the address of the tiles of some layers, on a day, for a version of the data."""
    query = [f"alla_data={alla_data.isoformat()}"] if alla_data else []
    query += [f"v={versione}"] if versione else []
    return (
        f"/tiles/{','.join(layers)}/{{z}}/{{x}}/{{y}}.mvt"
        + ("?" if query else "")
        + "&".join(query)
    )


def sources(alla_data: date | None, versione: str | None) -> dict[str, Any]:
    """Return the sources: one for the layers of every map, one for each of the others."""
    optional = [(layer.nome,) for layer in LAYERS if layer.nome not in BASE]
    return {
        ("base" if names is BASE else names[0]): {
            "type": "vector",
            "tiles": [tile_address(names, alla_data, versione)],
            "minzoom": min(BY_NAME[name].da_zoom for name in names),
            "maxzoom": TILE_ZOOM,
        }
        for names in (BASE, *optional)
    }


def _source(layer: Layer) -> str:
    return "base" if layer.nome in BASE else layer.nome


def hatch(classe: Classe) -> str:
    """Return the name of the image of a hatch: what the page needs to draw it."""
    return f"tratteggio-{classe.tratteggio}-{classe.linea.removeprefix('#')}"


def _by_class(layer: Layer, values: dict[str, str]) -> Any:
    """Return an expression that picks by class; the last class stands for any other."""
    if len(values) == 1:
        return next(iter(values.values()))
    pairs = [part for codice, value in list(values.items())[:-1] for part in (codice, value)]
    rest = values.get(layer.classi[-1].codice, list(values.values())[-1])
    return ["match", ["get", "classe"], *pairs, rest]


def _only(layer: Layer, values: dict[str, str]) -> dict[str, Any]:
    """Return the filter of a part that not all classes of a layer have."""
    if len(values) == len(layer.classi):
        return {}
    return {"filter": ["in", ["get", "classe"], ["literal", list(values)]]}


def _layer(layer: Layer, suffix: str, kind: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": f"{layer.nome}{suffix}",
        "type": kind,
        "source": _source(layer),
        "source-layer": layer.nome,
        "minzoom": layer.da_zoom,
        "maxzoom": layer.a_zoom,
        "metadata": {"interruttore": layer.interruttore},
        **parts,
    }


def _fills(layer: Layer) -> list[dict[str, Any]]:
    plain = {c.codice: c.riempimento for c in layer.classi if c.riempimento}
    hatched = {c.codice: hatch(c) for c in layer.classi if c.tratteggio is not None}
    fills = []
    if plain:
        paint = {
            "fill-color": _by_class(layer, plain),
            "fill-opacity": layer.opacita,
            "fill-antialias": False,
        }
        fills.append(_layer(layer, "", "fill", paint=paint, **_only(layer, plain)))
    if hatched:
        paint = {"fill-pattern": _by_class(layer, hatched)}
        suffix = "-tratteggio" if plain else ""
        fills.append(_layer(layer, suffix, "fill", paint=paint, **_only(layer, hatched)))
    return fills


def _line(layer: Layer, suffix: str = "-linea") -> dict[str, Any]:
    width = _WIDTH.get(layer.nome, 1.5)
    paint: dict[str, Any] = {
        "line-color": _by_class(layer, {c.codice: c.linea for c in layer.classi}),
        "line-width": ["interpolate", ["linear"], ["zoom"], 13, width * 0.6, 18, width * 1.6],
    }
    if layer.nome == "fogli":
        paint["line-dasharray"] = [4, 2]
    if layer.nome == "comuni":
        paint["line-dasharray"] = [6, 2, 1, 2]
    return _layer(layer, suffix, "line", paint=paint, layout={"line-join": "round"})


def _text(layer: Layer, suffix: str = "") -> dict[str, Any]:
    large = layer.nome == "fogli_punti"
    layout: dict[str, Any] = {
        "text-field": ["get", "testo"],
        "text-font": FONT,
        "text-size": 15 if large else 11,
    }
    if layer.forma is Forma.PUNTO:
        layout |= {"text-anchor": "bottom", "text-offset": [0, -0.4], "text-optional": True}
    paint = {
        "text-color": layer.classi[0].linea,
        "text-halo-color": "#ffffff",
        "text-halo-width": 1.6,
    }
    return _layer(layer, suffix, "symbol", layout=layout, paint=paint)


def _point(layer: Layer) -> dict[str, Any]:
    classe = layer.classi[0]
    paint = {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 16, 2, 19, 4],
        "circle-color": classe.riempimento,
        "circle-stroke-color": classe.linea,
        "circle-stroke-width": 1.5,
    }
    return _layer(layer, "", "circle", paint=paint)


def _count(layer: Layer) -> list[dict[str, Any]]:
    """Draw a count as a disc that grows with it, and its number."""
    classe = layer.classi[0]
    radius = ["interpolate", ["linear"], ["sqrt", ["get", "edifici"]], 1, 9, 60, 30]
    disc = {"circle-radius": radius, "circle-color": classe.riempimento, "circle-opacity": 0.85,
            "circle-stroke-color": classe.linea, "circle-stroke-width": 1}  # fmt: skip
    layout = {"text-field": ["get", "testo"], "text-font": FONT, "text-size": 11,
              "text-allow-overlap": True}  # fmt: skip
    return [
        _layer(layer, "", "circle", paint=disc),
        _layer(layer, "-testo", "symbol", layout=layout, paint={"text-color": classe.linea}),
    ]


def drawn(layer: Layer) -> list[dict[str, Any]]:
    """Return the style layers that draw one layer."""
    match layer.forma:
        case Forma.AREA:
            return [*_fills(layer), _line(layer)]
        case Forma.LINEA:
            return [_line(layer, "")]
        case Forma.PUNTO:
            return [_point(layer), _text(layer, "-testo")]
        case Forma.TESTO:
            return [_text(layer)]
        case Forma.CONTEGGIO:
            return _count(layer)


def _highlight(nome: str) -> dict[str, Any]:
    """Return the outline of the chosen object: a filter on one id, not a state of all."""
    paint = {"line-color": SCELTO, "line-width": 3.5}
    return _layer(BY_NAME[nome], "-scelto", "line", paint=paint, filter=["==", ["id"], -1]) | {
        "metadata": {}
    }


def _selection() -> dict[str, Any]:
    """Return the outline of the buildings of a selection."""
    paint = {"line-color": SELEZIONE, "line-width": 3}
    return _layer(
        BY_NAME["edifici"], "-selezione", "line", paint=paint, filter=["==", ["id"], -1]
    ) | {"metadata": {}}


def style(
    strati: tuple[str, ...], alla_data: date | None = None, versione: str | None = None
) -> dict[str, Any]:
    """Return the style with some switches on, for a day and a version of the data."""
    layers = [part for layer in LAYERS for part in drawn(layer)]
    for part in layers:
        on = part["metadata"]["interruttore"] in strati
        part.setdefault("layout", {})["visibility"] = "visible" if on else "none"
    background = {
        "id": "fondo",
        "type": "background",
        "metadata": {},
        "paint": {"background-color": "#f4f1ea"},
    }
    return {
        "version": 8,
        "name": "territorio",
        "sources": sources(alla_data, versione),
        "layers": [background, *layers, _selection(), *map(_highlight, SCEGLIBILI)],
    }


def swatch(layer: Layer, classe: Classe) -> str:
    """Return the swatch of a class as a small SVG without style attributes."""
    match layer.forma:
        case Forma.TESTO:
            inner = (
                f'<text x="14" y="13" font-size="11" text-anchor="middle"'
                f' fill="{classe.linea}">12</text>'
            )
        case Forma.CONTEGGIO:
            inner = (
                f'<circle cx="14" cy="9" r="8.5" fill="{classe.riempimento}"/>'
                f'<text x="14" y="12.5" font-size="9" text-anchor="middle"'
                f' fill="{classe.linea}">12</text>'
            )
        case Forma.PUNTO:
            inner = (
                f'<circle cx="14" cy="9" r="4" fill="{classe.riempimento}"'
                f' stroke="{classe.linea}" stroke-width="2"/>'
            )
        case Forma.LINEA:
            dash = "7 3 1 3" if layer.nome == "comuni" else "5 3"
            inner = (
                f'<path d="M1 9h26" stroke="{classe.linea}" stroke-width="2.5"'
                f' stroke-dasharray="{dash}"/>'
            )
        case Forma.AREA:
            inner = _area_swatch(classe, layer.opacita)
        case _:
            assert_never(layer.forma)
    frame = 'class="campione" width="28" height="18" viewBox="0 0 28 18" aria-hidden="true"'
    return f"<svg {frame}>{inner}</svg>"


def _area_swatch(classe: Classe, opacita: float) -> str:
    fill = classe.riempimento or "#ffffff"
    box = (
        f'<path d="M1 1h26v16h-26z" fill="{fill}" fill-opacity="{opacita}"'
        f' stroke="{classe.linea}" stroke-width="1.5"/>'
    )
    if classe.tratteggio is None:
        return box
    return box + f'<path d="{HATCH_PATHS[classe.tratteggio]}" stroke="{classe.linea}" fill="none"/>'


HATCH_PATHS = {
    0: "M1 5h26M1 9h26M1 13h26",
    45: "M1 9l8-8M1 17l16-16M9 17l16-16M17 17l10-10",
    90: "M7 1v16M14 1v16M21 1v16",
    135: "M19 1l8 8M11 1l16 16M3 1l16 16M1 7l10 10",
}


def legend(
    strati: tuple[str, ...], presenti: Mapping[str, Collection[str]] | None = None
) -> tuple[GruppoLegenda, ...]:
    """Return the legend: every class that can be drawn, in words, top layer first.

    ``presenti`` names the classes that the municipality has in each layer: what can never
    be seen has no row.
    """
    groups = []
    for layer in reversed(INTERRUTTORI):
        rows = tuple(
            VoceLegenda(classe.titolo, swatch(part, classe))
            for part in LAYERS
            if part.interruttore == layer.nome
            for classe in part.classi
            if presenti is None or classe.codice in presenti.get(part.nome, ())
        )
        on = layer.nome in strati
        if rows:
            groups.append(GruppoLegenda(layer.nome, layer.titolo, on, layer.da_zoom, rows))
    return tuple(groups)

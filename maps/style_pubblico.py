"""The MapLibre style over the published squares, for maps that are not ours.

The looks are those of our map; what our squares say in their own words is taken from the
properties of the collections. Hatches are images that only our page draws: they are left out.
"""

from collections.abc import Collection, Mapping
from typing import Any

from maps import style as nostro
from maps.layer import LAYERS, Layer

_FONTE = "anagrafe"

STRATI: Mapping[str, str] = {
    "fogli_punti": "fogli",
    "particelle_punti": "particelle",
    "conteggi": "edifici_conteggi",
}
"""Layers of the map whose objects are in a layer of another name."""

_CIVICO = [
    "concat",
    ["to-string", ["get", "numero"]],
    ["case", ["has", "esponente"], ["concat", "/", ["get", "esponente"]], ""],
]
_PERICOLO = [
    "case",
    ["==", ["get", "classe"], "studio"],
    "studio",
    ["concat", ["get", "fenomeno"], "_", ["downcase", ["get", "classe"]]],
]
DETTI: Mapping[tuple[str, str], Any] = {
    ("civici", "testo"): _CIVICO,
    ("fogli_punti", "testo"): ["get", "foglio"],
    ("particelle_punti", "testo"): ["get", "numero"],
    ("aree_pericolosita", "classe"): _PERICOLO,
    ("conteggi", "testo"): ["to-string", ["get", "conteggio"]],
    ("conteggi", "edifici"): ["get", "conteggio"],
}
"""What stands for a property of our squares, by layer."""


def style(tilejson: str, raccolte: Collection[str]) -> dict[str, Any]:
    """Return the style over the squares that a TileJSON describes, for these collections."""
    background = {
        "id": "fondo",
        "type": "background",
        "paint": {"background-color": "#f4f1ea"},
    }
    parts = [
        _published(layer, part)
        for layer in LAYERS
        if STRATI.get(layer.nome, layer.nome).removesuffix("_conteggi") in raccolte
        for part in nostro.drawn(layer)
        if "fill-pattern" not in part["paint"]
    ]
    return {
        "version": 8,
        "name": "Anagrafe territoriale",
        "sources": {_FONTE: {"type": "vector", "url": tilejson}},
        "layers": [background, *parts],
    }


def _published(layer: Layer, part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of our style in the words of the published squares."""
    found: dict[str, Any] = _said(layer.nome, part)
    del found["metadata"]
    found["source"], found["source-layer"] = _FONTE, STRATI.get(layer.nome, layer.nome)
    visible = "visible" if layer.acceso else "none"
    found["layout"] = {**found.get("layout", {}), "visibility": visible}
    return found


def _said(nome: str, value: Any) -> Any:
    """Put what stands for a property in its place, all the way down."""
    if isinstance(value, dict):
        return {key: _said(nome, one) for key, one in value.items()}
    if isinstance(value, list):
        if len(value) == 2 and value[0] == "get":
            return DETTI.get((nome, value[1]), value)
        return [_said(nome, one) for one in value]
    return value

"""What can be drawn: one row a layer, with its classes in words.

Style, legend, extracts and tiles read these rows: a class that is drawn has a name, and a
layer has one place where its look is decided. Colours are never alone: every fill has a
line in another darkness, and what is a warning has a hatch.
"""

from dataclasses import dataclass
from enum import StrEnum


class Forma(StrEnum):
    """How the objects of a layer are drawn."""

    AREA = "area"
    LINEA = "linea"
    PUNTO = "punto"
    TESTO = "testo"
    CONTEGGIO = "conteggio"


@dataclass(frozen=True, slots=True)
class Classe:
    """One look of a layer: its word in the legend and how it is drawn."""

    codice: str
    titolo: str
    riempimento: str | None
    linea: str
    tratteggio: int | None = None
    """Angle of the hatch in degrees, for classes that warn."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the map.

    Tiles carry, besides the integer id, the property ``classe`` (one of ``classi``, where
    there is more than one; what is not known is drawn as the last) and ``testo`` in layers
    of points and of text.
    """

    nome: str
    titolo: str
    forma: Forma
    classi: tuple[Classe, ...]
    da_zoom: int
    a_zoom: int = 24
    opacita: float = 1.0
    acceso: bool = True
    """Whether it is drawn before anyone chooses."""
    gruppo: str | None = None
    """The layer that switches this one on and off; None: its own."""

    @property
    def interruttore(self) -> str:
        """Return the name under which the layer is switched on and off."""
        return self.gruppo or self.nome


LAYERS: tuple[Layer, ...] = (
    Layer(
        "zone_urbanistiche",
        "Zone urbanistiche",
        Forma.AREA,
        (
            Classe("A", "Zona A: centro storico", "#e8b4a0", "#8a3b1e"),
            Classe("B", "Zona B: completamento", "#f7d9a8", "#8a5a00"),
            Classe("C", "Zona C: espansione", "#fbf3b0", "#7a6a00"),
            Classe("D", "Zona D: produttiva", "#d9c7ec", "#5b2d91"),
            Classe("E", "Zona E: agricola", "#d5ecc8", "#3b6b1f"),
            Classe("F", "Zona F: servizi e attrezzature", "#c3dcf5", "#1b4f8a"),
            Classe("altro", "Altra zona", "#e6e6e6", "#555555"),
        ),
        da_zoom=10,
        opacita=0.55,
        acceso=False,
    ),
    Layer(
        "particelle",
        "Particelle",
        Forma.AREA,
        (
            Classe("strada", "Strada", "#ffffff", "#a39c8b"),
            Classe("acqua", "Corso d’acqua", "#cfe4f2", "#4f86a8"),
            Classe("particella", "Particella", "#fffaf0", "#8c8266"),
        ),
        da_zoom=14,
        opacita=0.7,
    ),
    Layer(
        "aree_pericolosita",
        "Pericolosità",
        Forma.AREA,
        (
            Classe("frana_p4", "Frana P4: molto elevata", "#d98a6a", "#5c1500", 45),
            Classe("frana_p3", "Frana P3: elevata", "#e6ad8c", "#6e2400", 45),
            Classe("frana_p2", "Frana P2: media", "#f1cdb0", "#7d3a10", 45),
            Classe("frana_p1", "Frana P1: moderata", "#f8e5d3", "#8a4b1f", 45),
            Classe("frana_aa", "Frana: area di attenzione", None, "#8a4b1f", 45),
            Classe("alluvione_p3", "Alluvione P3: frequente", "#7fb2dc", "#00284d", 135),
            Classe("alluvione_p2", "Alluvione P2: poco frequente", "#a9cdea", "#003f6e", 135),
            Classe("alluvione_p1", "Alluvione P1: rara o estrema", "#d6e8f6", "#1b5a8a", 135),
            Classe("valanga_p3", "Valanga P3: elevata", "#c0a6d6", "#3d1a5c", 0),
            Classe("valanga_p2", "Valanga P2: media", "#d6c4e6", "#4f2c70", 0),
            Classe("valanga_p1", "Valanga P1: moderata", "#ebe1f4", "#5f3f80", 0),
            Classe("studio", "Area studiata, nessuna pericolosità assegnata", None, "#6b6b6b"),
            Classe("altro", "Altra pericolosità", None, "#444444", 90),
        ),
        da_zoom=10,
        opacita=0.6,
        acceso=False,
    ),
    Layer(
        "edifici",
        "Edifici",
        Forma.AREA,
        (
            Classe("residenziale", "Residenziale", "#d9a58c", "#5c2e1a"),
            Classe("pubblico", "Pubblico o di culto", "#9db8dd", "#1f3f73"),
            Classe("commerciale", "Commerciale o ricettivo", "#e3b94f", "#6b4e00"),
            Classe("produttivo", "Produttivo", "#b9a3cf", "#4a2c6b"),
            Classe("rurale", "Rurale", "#b3c78f", "#3f5518"),
            Classe("provvisorio", "Sagoma provvisoria", "#eeeae4", "#4d4943", 45),
            Classe("altro", "Altro uso o uso non noto", "#c4c0ba", "#4d4943"),
        ),
        da_zoom=14,
    ),
    Layer(
        "vincoli",
        "Vincoli",
        Forma.AREA,
        (
            Classe("beni", "Beni culturali e paesaggio", None, "#7a1f5c", 45),
            Classe("acque", "Acque e rischio idrogeologico", None, "#00558c", 135),
            Classe("rispetto", "Fascia di rispetto", None, "#5a5a00", 90),
            Classe("altro", "Altro vincolo", None, "#444444", 0),
        ),
        da_zoom=10,
        acceso=False,
    ),
    Layer(
        "fogli",
        "Fogli catastali",
        Forma.LINEA,
        (Classe("", "Limite di foglio", None, "#a0522d"),),
        da_zoom=10,
    ),
    Layer(
        "comuni",
        "Confine comunale",
        Forma.LINEA,
        (Classe("", "Confine comunale", None, "#17324d"),),
        da_zoom=5,
    ),
    Layer(
        "fogli_punti",
        "Numeri di foglio",
        Forma.TESTO,
        (Classe("", "Numero di foglio", None, "#8a4522"),),
        da_zoom=12,
        a_zoom=16,
        gruppo="fogli",
    ),
    Layer(
        "particelle_punti",
        "Numeri di particella",
        Forma.TESTO,
        (Classe("", "Numero di particella", None, "#6b5f3e"),),
        da_zoom=17,
        gruppo="particelle",
    ),
    Layer(
        "civici",
        "Numeri civici",
        Forma.PUNTO,
        (Classe("", "Numero civico", "#ffffff", "#a32219"),),
        da_zoom=16,
    ),
    Layer(
        "conteggi",
        "Quanti edifici",
        Forma.CONTEGGIO,
        (Classe("", "Numero di edifici in quella parte", "#5c2e1a", "#ffffff"),),
        da_zoom=6,
        a_zoom=14,
        gruppo="edifici",
    ),
)
"""Layers from the lowest to the highest."""

A_RICHIESTA = ("zone_urbanistiche", "vincoli", "aree_pericolosita")
"""Layers that are asked for only when they are on, each in a tile of its own."""

BASE = tuple(layer.nome for layer in LAYERS if layer.nome not in A_RICHIESTA)
"""Layers that come in one tile."""

BY_NAME = {layer.nome: layer for layer in LAYERS}

INTERRUTTORI = tuple(layer for layer in LAYERS if layer.gruppo is None)
"""Layers a person switches on and off."""


def chosen(names: str | None) -> tuple[str, ...]:
    """Return the switches named in an address, or those on from the start.

    >>> chosen("edifici,vincoli,boh")
    ('edifici', 'vincoli')
    """
    if names is None:
        return tuple(layer.nome for layer in INTERRUTTORI if layer.acceso)
    asked = names.split(",")
    return tuple(layer.nome for layer in INTERRUTTORI if layer.nome in asked)

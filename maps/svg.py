"""Objects of the map as SVG paths, without style attributes and without ids.

Pages forbid inline styles (their policy), and PDFs hold several drawings at once: so looks
are presentation attributes, and hatches are lines cut to their shape, not patterns.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.layer import BY_NAME, Classe, Forma, Layer


@dataclass(frozen=True, slots=True)
class Oggetto:
    """One thing to draw: its layer, class and shape in longitude and latitude."""

    strato: str
    geometria: BaseGeometry
    classe: str = ""
    testo: str = ""
    scelto: bool = False
    fonte: str = ""
    """Who says so, for the line under an extract."""

    @property
    def layer(self) -> Layer:
        """Return the layer whose looks the thing has."""
        return BY_NAME[self.strato]

    @property
    def look(self) -> Classe:
        """Return the class that says how it is drawn: the last of the layer if unknown."""
        classes = {c.codice: c for c in self.layer.classi}
        return classes.get(self.classe, self.layer.classi[-1])


def element(name: str, text: str | None = None, **attributes: str | float) -> str:
    """Return one SVG element; ``_`` in names of attributes stands for ``-``."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        parts.append(f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(shown))}")
    parts.append("/>" if text is None else f">{escape(text)}</{name}>")
    return "".join(parts)


def _ring(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def path(geometry: BaseGeometry) -> str:
    """Return the path data of lines and areas; nothing for an empty geometry."""
    pieces = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon):
            rings = [part.exterior, *part.interiors]
            pieces += [f"{_ring(np.asarray(r.coords)[:-1])}Z" for r in rings if not r.is_empty]
        elif isinstance(part, LineString) and not part.is_empty:
            pieces.append(_ring(np.asarray(part.coords)))
    return "".join(pieces)


def hatch(area: BaseGeometry, angle: int, step: float) -> BaseGeometry:
    """Return parallel lines at an angle, a step apart, cut to an area."""
    if area.is_empty:
        return area
    left, bottom, right, top = area.bounds
    reach = math.hypot(right - left, top - bottom)
    middle = ((left + right) / 2, (bottom + top) / 2)
    direction = (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    across = (-direction[1], direction[0])
    # Aligned to the sheet, not to the shape: neighbours hatch as one.
    start = middle[0] * across[0] + middle[1] * across[1]
    first = math.floor((start - reach / 2) / step)
    lines = []
    for k in range(first, math.ceil((start + reach / 2) / step) + 1):
        shift = k * step - start
        x, y = middle[0] + across[0] * shift, middle[1] + across[1] * shift
        ends = [(x + s * direction[0] * reach, y + s * direction[1] * reach) for s in (-1, 1)]
        lines.append(ends)
    return shapely.intersection(MultiLineString(lines), area)


def shape(look: Classe, forma: Forma, geometry: BaseGeometry, opacity: float) -> Iterator[str]:
    """Draw one thing with its class; ``geometry`` is in units of the sheet."""
    if isinstance(geometry, Point):
        if not geometry.is_empty and forma is Forma.PUNTO:
            yield element(
                "circle",
                cx=geometry.x,
                cy=geometry.y,
                r=0.7,
                fill=look.riempimento or "none",
                stroke=look.linea,
                stroke_width=0.35,
            )
        return
    data = path(geometry)
    if not data:
        return
    if forma is Forma.LINEA:
        yield element("path", d=data, fill="none", stroke=look.linea, stroke_width=0.5,
                      stroke_dasharray="3 1.5")  # fmt: skip
        return
    yield element("path", d=data, fill=look.riempimento or "none", fill_rule="evenodd",
                  fill_opacity=opacity, stroke=look.linea, stroke_width=0.25,
                  stroke_linejoin="round")  # fmt: skip
    if look.tratteggio is not None:
        lines = path(hatch(geometry, look.tratteggio, 1.8))
        if lines:
            yield element("path", d=lines, fill="none", stroke=look.linea, stroke_width=0.2)


class Labels:
    """Writes labels where there is room: none over another, none over the border."""

    def __init__(self, width: float, height: float) -> None:
        """Begin on an empty sheet."""
        self.width, self.height = width, height
        self.boxes: list[tuple[float, float, float, float]] = []

    def write(self, x: float, y: float, text: str, size: float, colour: str) -> Iterator[str]:
        """Write a label centred at a point, or nothing where it does not fit."""
        half = 0.3 * size * len(text) + 0.3
        box = (x - half, y - size * 0.6, x + half, y + size * 0.6)
        inside = box[0] > 0 and box[1] > 0 and box[2] < self.width and box[3] < self.height
        if not inside or any(_meet(box, other) for other in self.boxes):
            return
        self.boxes.append(box)
        shared: dict[str, str | float] = {
            "x": x, "y": y + size * 0.35, "font_size": size, "text_anchor": "middle",
            "font_family": "Titillium Web, sans-serif",
        }  # fmt: skip
        yield element("text", text, **shared, fill="none", stroke="#ffffff", stroke_width=0.8)
        yield element("text", text, **shared, fill=colour)


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def in_order(objects: Iterable[Oggetto]) -> list[Oggetto]:
    """Return the things from the lowest layer to the highest."""
    rank = {name: n for n, name in enumerate(BY_NAME)}
    return sorted(objects, key=lambda thing: rank[thing.strato])

"""Still maps: the small one around an object, the extract at true scale, two outlines.

All are SVG texts, for pages and for PDFs alike. What lies around is handed in; nothing is
read from a database here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely import affinity
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from maps.layer import Classe, Forma, Layer
from maps.proiezione import Piano
from maps.style import SCELTO
from maps.svg import Labels, Oggetto, element, in_order, path, shape
from territorio.documenti.scrittura import giorno, numero
from territorio.errors import InvalidInput

SCALE = (500, 1000, 2000, 5000)
"""Scales on offer; any whole number between the first and the last is accepted."""

_LABELS = {"particelle": ("#6b5f3e", 2.4), "civici": ("#a32219", 2.2)}


@dataclass(frozen=True, slots=True)
class Foglio:
    """A window on the ground: its plane, its middle in metres, size and scale in mm."""

    piano: Piano
    x: float
    y: float
    larghezza: float
    altezza: float
    mm_per_metro: float
    oltre: float = 1.0
    """How far things are drawn over the border, so that cuts are not seen as lines."""

    def place[G: BaseGeometry](self, geometry: G) -> G:
        """Return a geometry in units of the sheet, y downwards."""
        k = self.mm_per_metro
        moved: G = affinity.affine_transform(
            self.piano.project(geometry),
            [k, 0, 0, -k, self.larghezza / 2 - k * self.x, self.altezza / 2 + k * self.y],
        )
        return moved

    def cut(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return the part of a geometry that lies on the sheet."""
        placed = self.place(geometry)
        if isinstance(placed, Point):
            on = 0 <= placed.x <= self.larghezza and 0 <= placed.y <= self.altezza
            return placed if on else Point()
        right, bottom = self.larghezza + self.oltre, self.altezza + self.oltre
        return shapely.clip_by_rect(placed, -self.oltre, -self.oltre, right, bottom)


def _around(geometry: BaseGeometry, width: float, height: float, margin: float) -> Foglio:
    """Return the sheet that shows a geometry whole, with a margin of ground around it."""
    piano = Piano.around(geometry)
    west, south, east, north = piano.project(geometry).bounds
    ground = max(east - west, (north - south) * width / height) + 2 * margin
    return Foglio(piano, (west + east) / 2, (south + north) / 2, width, height, width / ground)


def _content(sheet: Foglio, objects: Sequence[Oggetto]) -> list[str]:
    """Draw the things on the sheet, chosen outlines and labels last."""
    drawn: list[str] = []
    chosen: list[str] = []
    written: list[str] = []
    labels = Labels(sheet.larghezza, sheet.altezza)
    houses = shapely.union_all([sheet.cut(o.geometria) for o in objects if o.strato == "edifici"])
    for thing in in_order(objects):
        geometry = sheet.cut(thing.geometria)
        if geometry.is_empty:
            continue
        drawn += shape(thing.look, thing.layer.forma, geometry, thing.layer.opacita)
        if thing.scelto:
            chosen.append(_outline(geometry))
        if thing.testo and thing.strato in _LABELS:
            colour, size = _LABELS[thing.strato]
            at = _label_point(geometry, houses)
            lift = 1.9 if thing.layer.forma is Forma.PUNTO else 0.0
            written += labels.write(at.x, at.y - lift, thing.testo, size, colour)
    return drawn + chosen + written


def _outline(geometry: BaseGeometry) -> str:
    """Return the mark of a chosen thing: its outline, or a ring around a point."""
    if isinstance(geometry, Point):
        x, y = geometry.x, geometry.y
        return element("circle", cx=x, cy=y, r=2.2, fill="none", stroke=SCELTO, stroke_width=0.9)
    return element("path", d=path(geometry), fill="none", stroke=SCELTO, stroke_width=0.9)


def _label_point(geometry: BaseGeometry, houses: BaseGeometry) -> Point:
    """Return where to write on a plot: on its open ground, if it has any."""
    if isinstance(geometry, Point):
        return geometry
    open_ground = shapely.difference(geometry, houses)
    return (geometry if open_ground.is_empty else open_ground).representative_point()


def _bar(sheet: Foglio, x: float, y: float) -> list[str]:
    """Draw the scale bar: about a quarter of the width, in a round number of metres."""
    wanted = sheet.larghezza / 4 / sheet.mm_per_metro
    steps = [b * 10**n for n in range(-1, 6) for b in (1, 2, 5)]
    metres = max((s for s in steps if s <= wanted), default=steps[0])
    length = metres * sheet.mm_per_metro
    unit = (
        f"{numero(metres / 1000, 1 if metres % 1000 else 0)} km"
        if metres >= 1000
        else (f"{numero(metres)} m")
    )
    ends = f"M{x:.2f} {y - 1.2:.2f}v1.2h{length:.2f}v-1.2"
    return [
        element("path", d=ends, fill="none", stroke="#ffffff", stroke_width=1.4),
        element("path", d=ends, fill="none", stroke="#1a1a1a", stroke_width=0.4),
        *Labels(1e9, 1e9).write(x + length / 2, y - 2.6, unit, 2.8, "#1a1a1a"),
    ]


def _svg(width: float, height: float, title: str, inner: Sequence[str], size: str = "") -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' role="img"{size}>'
    )
    return head + element("title", title) + "".join(inner) + "</svg>"


def inline_map(
    objects: Sequence[Oggetto], title: str, *, width: float = 120, height: float = 80
) -> str:
    """Return the small map around the chosen objects (around all, if none is chosen)."""
    chosen = [o.geometria for o in objects if o.scelto] or [o.geometria for o in objects]
    if not chosen:
        raise InvalidInput("geometria", "non c’è nulla da disegnare")
    sheet = _around(shapely.union_all(chosen), width, height, margin=20)
    ground = element("rect", width=width, height=height, fill="#f4f1ea")
    bar = _bar(sheet, 3, height - 3)
    return _svg(width, height, title, [ground, *_content(sheet, objects), *bar])


def overlay(before: BaseGeometry, after: BaseGeometry, title: str) -> str:
    """Return two outlines over each other: the old dashed, the new full."""
    width, height = 120.0, 80.0
    sheet = _around(shapely.union_all([before, after]), width, height, margin=6)
    new, old = path(sheet.place(after)), path(sheet.place(before))
    return _svg(
        width,
        height,
        title,
        [
            element("rect", width=width, height=height, fill="#ffffff"),
            element("path", d=new, fill="#cfe3f7", fill_rule="evenodd", stroke="#003d7a",
                    stroke_width=0.7),
            element("path", d=old, fill="none", stroke="#a32219", stroke_width=0.7,
                    stroke_dasharray="2 1.2"),
            *_bar(sheet, 3, height - 3),
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cartiglio:
    """What is written under an extract."""

    titolo: str
    sottotitolo: str
    alla_data: date
    stampato: date
    fonti: tuple[str, ...]


def check_scale(scala: int) -> int:
    """Return the scale; raise InvalidInput outside 1:500-1:5000."""
    if not SCALE[0] <= scala <= SCALE[-1]:
        raise InvalidInput("scala", f"scegli una scala fra 1:{SCALE[0]} e 1:{SCALE[-1]}")
    return scala


def true_scale(
    objects: Sequence[Oggetto], centre: tuple[float, float], scala: int, words: Cartiglio
) -> str:
    """Return the extract: 180 x 250 mm, printed at 100 % it measures 1:``scala``."""
    check_scale(scala)
    frame_width, frame_height = 180.0, 190.0
    piano = Piano(*centre)
    # Cut at the frame itself: its line covers the cuts, and no clipping is left to the reader.
    sheet = Foglio(piano, 0.0, 0.0, frame_width, frame_height, 1000 / scala, oltre=0.0)
    seen = [thing for thing in objects if not sheet.cut(thing.geometria).is_empty]
    content = [
        element("rect", width=frame_width, height=frame_height, fill="#ffffff"),
        *_content(sheet, objects),
        element("rect", width=frame_width, height=frame_height, fill="none", stroke="#000000",
                stroke_width=0.5),
        *_corner_coordinates(sheet),
        *_north(frame_width - 9, 13),
        *_strip(seen, sheet, scala, words),
    ]  # fmt: skip
    title = f"{words.titolo}: estratto di mappa in scala 1:{scala}"
    size = ' width="180mm" height="250mm"'
    return _svg(frame_width, 250, title, content, size)


def _text(x: float, y: float, text: str, size: float = 2.9, **more: str) -> str:
    family = "Titillium Web, sans-serif"
    return element("text", text, x=x, y=y, font_size=size, font_family=family, **more)


def _corner_coordinates(sheet: Foglio) -> list[str]:
    """Write under the frame where its lower left and upper right corner are."""
    half_x = sheet.larghezza / 2 / sheet.mm_per_metro
    half_y = sheet.altezza / 2 / sheet.mm_per_metro
    texts = []
    corners = ((-1, 0.0, "start", "basso a sinistra"), (1, sheet.larghezza, "end", "alto a destra"))
    for sign, x, anchor, corner in corners:
        lon, lat = sheet.piano.locate(sheet.x + sign * half_x, sheet.y + sign * half_y)
        words = f"in {corner}: {numero(lat, 6)}° N, {numero(lon, 6)}° E"
        y = sheet.altezza + 3.2
        texts.append(_text(x, y, words, 2.2, text_anchor=anchor, fill="#333333"))
    return texts


def _north(x: float, y: float) -> list[str]:
    arrow = f"M{x:.2f} {y:.2f}l-2.5 0L{x:.2f} {y - 9:.2f}l2.5 9z"
    return [
        element("path", d=arrow, fill="#ffffff", stroke="#1a1a1a", stroke_width=0.3),
        element("path", d=f"M{x:.2f} {y:.2f}v-9l2.5 9z", fill="#1a1a1a"),
        _text(x, y + 3.4, "N", 3.2, text_anchor="middle", font_weight="700"),
    ]


def _strip(objects: Sequence[Oggetto], sheet: Foglio, scala: int, words: Cartiglio) -> list[str]:
    """Write title, scale, date, sources and legend under the frame."""
    strip = [
        _text(0, 200, words.titolo, 4.6, font_weight="700"),
        _text(0, 205.2, words.sottotitolo, 3.2, fill="#333333"),
        _text(0, 211, f"Scala 1:{numero(scala)}", 3.6, font_weight="700"),
        *_bar(sheet, 34, 211),
        _text(0, 216.4, f"Situazione al {giorno(words.alla_data)}"),
        _text(0, 220.6, f"Stampato il {giorno(words.stampato)}"),
        _text(0, 224.8, "RDN2008, proiezione locale: nord in alto, misure in scala se stampato"
              " al 100 %", 2.4, fill="#333333"),
    ]  # fmt: skip
    strip += [
        _text(0, 230 + 3.4 * n, f"Fonte: {fonte}", 2.4, fill="#333333")
        for n, fonte in enumerate(words.fonti[:5])
    ]
    return [*strip, *_legend(objects, 112, 200)]


def _legend(objects: Sequence[Oggetto], x: float, y: float) -> list[str]:
    """Draw a swatch and a word for each class that is on the sheet, at most eleven."""
    seen: dict[tuple[str, str], tuple[Layer, Classe]] = {}
    for thing in reversed(in_order(objects)):
        seen.setdefault((thing.strato, thing.look.codice), (thing.layer, thing.look))
    rows = [_text(x, y, "Legenda", 3.2, font_weight="700")]
    for n, (layer, look) in enumerate(list(seen.values())[:11]):
        top = y + 2.4 + 4.2 * n
        box = shapely.box(x, top, x + 6, top + 3)
        if layer.forma is Forma.PUNTO:
            rows += shape(look, layer.forma, Point(x + 3, top + 1.5), 1)
        elif layer.forma is Forma.LINEA:
            line = shapely.LineString([(x, top + 1.5), (x + 6, top + 1.5)])
            rows += shape(look, layer.forma, line, 1)
        else:
            rows += shape(look, layer.forma, box, layer.opacita)
        rows.append(_text(x + 8, top + 2.5, look.titolo, 2.8))
    return rows

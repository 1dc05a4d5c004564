"""Plane geometry of the generated town, in whole millimetres.

Coordinates are integers, so that what two neighbours share is shared to the last
digit: a parcel tiles its sheet not within a tolerance but exactly. Polygons are
open rings (first vertex not repeated), counter-clockwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

type Punto = tuple[int, int]
type Anello = list[Punto]
type Lato = tuple[Punto, Punto]

#: Vertices nearer than this to a cutting line are taken as lying on it (mm).
_SUL_TAGLIO = 60.0


def lato(a: Punto, b: Punto) -> Lato:
    """Return the undirected edge between two vertices."""
    return (a, b) if a < b else (b, a)


def area2(anello: Sequence[Punto]) -> int:
    """Return twice the signed area, exactly, in square millimetres.

    >>> area2([(0, 0), (10, 0), (10, 5), (0, 5)])
    100
    """
    totale = 0
    x0, y0 = anello[-1]
    for x1, y1 in anello:
        totale += x0 * y1 - x1 * y0
        x0, y0 = x1, y1
    return totale


def area_mq(anello: Sequence[Punto]) -> float:
    """Return the area in square metres."""
    return area2(anello) / 2e6


def centroide(anello: Sequence[Punto]) -> tuple[float, float]:
    """Return the centre of gravity of a simple ring, relative sums to keep digits."""
    ox, oy = anello[0]
    sx = sy = s = 0
    x0, y0 = anello[-1][0] - ox, anello[-1][1] - oy
    for px, py in anello:
        x1, y1 = px - ox, py - oy
        k = x0 * y1 - x1 * y0
        s += k
        sx += (x0 + x1) * k
        sy += (y0 + y1) * k
        x0, y0 = x1, y1
    if s == 0:
        return float(ox), float(oy)
    return ox + sx / (3 * s), oy + sy / (3 * s)


def inset(anello: Sequence[Punto], distanze: Sequence[float]) -> tuple[Anello, list[int]]:
    """Move each edge of a convex ring inwards; return the ring and each edge's origin.

    Edge ``i`` goes from vertex ``i`` to the next. An edge that vanishes (shorter
    than what its neighbours eat) is simply not among the origins.
    """
    xs: list[tuple[float, float, int]] = [(x, y, i) for i, (x, y) in enumerate(anello)]
    n = len(anello)
    for i in range(n):
        ax, ay = anello[i]
        bx, by = anello[(i + 1) % n]
        lunghezza = math.hypot(bx - ax, by - ay)
        if lunghezza < 1:
            continue
        ux, uy = (bx - ax) / lunghezza, (by - ay) / lunghezza
        d = distanze[i]
        xs = _clip(xs, ux, uy, ax, ay, d, i)
        if len(xs) < 3:
            return [], []
    return _rounded(xs)


def _clip(
    xs: list[tuple[float, float, int]],
    ux: float,
    uy: float,
    ax: float,
    ay: float,
    d: float,
    origine: int,
) -> list[tuple[float, float, int]]:
    """Keep what lies at least ``d`` to the left of the line through (ax, ay)."""
    fuori: list[tuple[float, float, int]] = []
    px, py, po = xs[-1]
    ps = ux * (py - ay) - uy * (px - ax) - d
    for x, y, o in xs:
        s = ux * (y - ay) - uy * (x - ax) - d
        if ps >= 0:
            fuori.append((px, py, po))
            if s < 0:
                t = ps / (ps - s)
                fuori.append((px + (x - px) * t, py + (y - py) * t, origine))
        elif s >= 0:
            t = ps / (ps - s)
            fuori.append((px + (x - px) * t, py + (y - py) * t, po))
        px, py, po, ps = x, y, o, s
    return fuori


def _rounded(xs: list[tuple[float, float, int]]) -> tuple[Anello, list[int]]:
    anello: Anello = []
    origini: list[int] = []
    for x, y, o in xs:
        p = (round(x), round(y))
        # A vertex nearer than a centimetre to the last says nothing on a map.
        if anello and abs(p[0] - anello[-1][0]) < 10 and abs(p[1] - anello[-1][1]) < 10:
            origini[-1] = o
            continue
        anello.append(p)
        origini.append(o)
    while (
        len(anello) > 1
        and abs(anello[0][0] - anello[-1][0]) < 10
        and abs(anello[0][1] - anello[-1][1]) < 10
    ):
        anello.pop()
        origini.pop()
    if len(anello) < 3:
        return [], []
    return anello, origini


class Trama:
    """The weave of one block: where edges were cut, and which street each one faces.

    A cut through one polygon leaves a node on an edge that a neighbour may also
    have. The node is kept under the edge, and ``expand`` gives it to everybody who
    has that edge: no gap, no overlap, no vertex on one side only.
    """

    def __init__(self) -> None:
        self.tagli: dict[Lato, Punto] = {}
        self.fronti: dict[Lato, int] = {}

    def expand(self, anello: Sequence[Punto]) -> Anello:
        """Return the ring with every node its edges have received so far."""
        tagli = self.tagli
        fuori: Anello = []
        a = anello[-1]
        for b in anello:
            if ((a, b) if a < b else (b, a)) in tagli:
                self._walk(a, b, fuori)
            else:
                fuori.append(b)
            a = b
        return fuori

    def _walk(self, a: Punto, b: Punto, fuori: Anello) -> None:
        nodo = self.tagli.get((a, b) if a < b else (b, a))
        if nodo is None:
            fuori.append(b)
        else:
            self._walk(a, nodo, fuori)
            self._walk(nodo, b, fuori)

    def split(
        self, anello: Sequence[Punto], px: float, py: float, dx: float, dy: float
    ) -> tuple[Anello, Anello]:
        """Cut a convex ring by the line through p along d; left part, right part.

        A part that would be empty is the empty list, the other then the whole ring.
        """
        anello = self.expand(anello)
        norma = math.hypot(dx, dy)
        dx, dy = dx / norma, dy / norma
        distanze = [dx * (y - py) - dy * (x - px) for x, y in anello]
        if min(distanze) > -_SUL_TAGLIO:
            return anello, []
        if max(distanze) < _SUL_TAGLIO:
            return [], anello
        if any(-_SUL_TAGLIO < d < _SUL_TAGLIO for d in distanze):
            distanze = _on_the_line(distanze)
        sinistra: Anello = []
        destra: Anello = []
        a, sa = anello[-1], distanze[-1]
        for b, sb in zip(anello, distanze, strict=True):
            if sa * sb < 0:
                nodo = self._cut(a, b, sa / (sa - sb))
                sinistra.append(nodo)
                destra.append(nodo)
            if sb >= 0:
                sinistra.append(b)
            if sb <= 0:
                destra.append(b)
            a, sa = b, sb
        if len(sinistra) < 3 or len(destra) < 3 or area2(sinistra) <= 0 or area2(destra) <= 0:
            # Too thin to be parted: it stays whole, with the nodes it has received.
            return self.expand(anello), []
        return sinistra, destra

    def _cut(self, a: Punto, b: Punto, t: float) -> Punto:
        chiave = (a, b) if a < b else (b, a)
        nodo = (round(a[0] + (b[0] - a[0]) * t), round(a[1] + (b[1] - a[1]) * t))
        self.tagli[chiave] = nodo
        fronte = self.fronti.get(chiave)
        if fronte is not None:
            self.fronti[lato(a, nodo)] = fronte
            self.fronti[lato(nodo, b)] = fronte
        return nodo

    def facing(self, anello: Sequence[Punto]) -> dict[int, float]:
        """Return, for each street edge the ring faces, the length of the front in mm."""
        lunghezze: dict[int, float] = {}
        fronti = self.fronti
        a = anello[-1]
        for b in anello:
            f = fronti.get((a, b) if a < b else (b, a))
            if f is not None:
                lunghezze[f] = lunghezze.get(f, 0.0) + math.hypot(b[0] - a[0], b[1] - a[1])
            a = b
        return lunghezze


def _on_the_line(distanze: list[float]) -> list[float]:
    """Decide which vertices near a cut are on it: one at each crossing, no more.

    Of several in a row the others go to the right; a run that the line only touches
    goes where its neighbours are.
    """
    n = len(distanze)
    segni = [0 if -_SUL_TAGLIO < d < _SUL_TAGLIO else 1 if d > 0 else -1 for d in distanze]
    decise = list(distanze)
    for i, segno in enumerate(segni):
        if segno:
            continue
        prima = next(s for k in range(1, n) if (s := segni[(i - k) % n]))
        dopo = next(s for k in range(1, n) if (s := segni[(i + k) % n]))
        if prima == dopo:
            decise[i] = prima * _SUL_TAGLIO
        elif segni[(i - 1) % n if prima > 0 else (i + 1) % n]:
            decise[i] = 0.0
        else:
            decise[i] = -_SUL_TAGLIO
    return decise


def merge(anelli: Iterable[Sequence[Punto]]) -> Anello:
    """Join rings that share whole edges; the empty list when they make no one ring."""
    seguenti: dict[Lato, bool] = {}
    for anello in anelli:
        a = anello[-1]
        for b in anello:
            if seguenti.pop((b, a), None) is None:
                seguenti[(a, b)] = True
            a = b
    dopo: dict[Punto, Punto] = {}
    for a, b in seguenti:
        if a in dopo:
            return []
        dopo[a] = b
    if not dopo:
        return []
    inizio = next(iter(dopo))
    fuori = [inizio]
    p = dopo.pop(inizio)
    while p != inizio:
        fuori.append(p)
        if p not in dopo:
            return []
        p = dopo.pop(p)
    return [] if dopo else fuori

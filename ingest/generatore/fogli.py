"""Sheets of the cadastral map: neighbouring blocks that together make one *foglio*."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.generatore.maglia import Maglia
from ingest.generatore.poligoni import Anello, area2, area_mq
from ingest.generatore.semi import (
    BORGO,
    CAMPAGNA,
    ESPANSIONE,
    FIUME,
    NASTRO,
    NUCLEO,
    PIAZZA,
    PRODUTTIVO,
)

#: Buildings for each hectare of mesh face, measured on generated towns.
DENSITA: Final = {
    PIAZZA: 0.0, NUCLEO: 55.0, BORGO: 26.6, ESPANSIONE: 11.6, NASTRO: 4.8, PRODUTTIVO: 2.8,
    CAMPAGNA: 0.0,
}  # fmt: skip
_EDIFICI_PER_FOGLIO: Final = 170.0
_ETTARI_PER_FOGLIO: Final = 95.0


@dataclass(slots=True)
class Foglio:
    """A sheet: its number and the faces of the mesh it is made of."""

    numero: int
    celle: list[int]
    attesi: float = 0.0
    campagna: int = 0
    vicini: set[int] = field(default_factory=set)


def expected_buildings(maglia: Maglia) -> list[float]:
    """Return how many buildings each face will have, farms apart."""
    return [
        abs(area_mq([maglia.vertici[v] for v in c.vertici])) / 1e4 * DENSITA[c.tessuto]
        for c in maglia.celle
    ]


def draw_sheets(maglia: Maglia, primo: int = 1, grandezza: float = 1.0) -> list[Foglio]:
    """Group the faces into sheets that never cross the river, numbered from the north-west.

    ``grandezza`` makes them larger, for there are at most four digits to number them.
    """
    ettari = [abs(area_mq([maglia.vertici[v] for v in c.vertici])) / 1e4 for c in maglia.celle]
    attesi = expected_buildings(maglia)
    peso = [
        max(a / _EDIFICI_PER_FOGLIO, e / _ETTARI_PER_FOGLIO) / grandezza
        for a, e in zip(attesi, ettari, strict=True)
    ]
    vicine: list[list[int]] = [[] for _ in maglia.celle]
    for k, (_, _, c1, c2) in enumerate(maglia.lati):
        if c2 >= 0 and maglia.assi[k] != FIUME:
            vicine[c1].append(c2)
            vicine[c2].append(c1)
    gruppi = _absorb(_grow(maglia, vicine, peso), vicine, peso)
    fogli = []
    for celle in gruppi:
        foglio = Foglio(0, sorted(celle), sum(attesi[c] for c in celle))
        foglio.campagna = sum(maglia.celle[c].tessuto == CAMPAGNA for c in celle)
        fogli.append(foglio)
    return _number(maglia, fogli, primo)


def _grow(maglia: Maglia, vicine: list[list[int]], peso: list[float]) -> list[list[int]]:
    di_chi = [-1] * len(peso)
    gruppi: list[list[int]] = []
    ordine = sorted(range(len(peso)), key=lambda c: maglia.celle[c].x ** 2 + maglia.celle[c].y ** 2)
    for seme in ordine:
        if di_chi[seme] >= 0:
            continue
        gruppo: list[int] = []
        x0, y0 = maglia.celle[seme].x, maglia.celle[seme].y
        coda = [(0.0, seme)]
        somma = 0.0
        while coda and somma < 1.0:
            _, c = heapq.heappop(coda)
            if di_chi[c] >= 0:
                continue
            if gruppo and somma + peso[c] > 1.25:
                continue
            di_chi[c] = len(gruppi)
            gruppo.append(c)
            somma += peso[c]
            for v in vicine[c]:
                if di_chi[v] < 0:
                    cella = maglia.celle[v]
                    heapq.heappush(coda, ((cella.x - x0) ** 2 + (cella.y - y0) ** 2, v))
        gruppi.append(gruppo)
    return gruppi


def _absorb(gruppi: list[list[int]], vicine: list[list[int]], peso: list[float]) -> list[list[int]]:
    """Give each sheet too small to be one to its lightest neighbour."""
    di_chi = {c: g for g, celle in enumerate(gruppi) for c in celle}
    somme = [sum(peso[c] for c in celle) for celle in gruppi]
    for g in sorted(range(len(gruppi)), key=lambda g: somme[g]):
        if somme[g] > 0.35:
            break
        accanto = {di_chi[v] for c in gruppi[g] for v in vicine[c]} - {g}
        if accanto:
            meta = min(accanto, key=lambda h: (somme[h], h))
            for c in gruppi[g]:
                di_chi[c] = meta
            gruppi[meta] += gruppi[g]
            somme[meta] += somme[g]
            gruppi[g], somme[g] = [], 9e9
    return [g for g in gruppi if g]


def _number(maglia: Maglia, fogli: list[Foglio], primo: int) -> list[Foglio]:
    def place(foglio: Foglio) -> tuple[float, float]:
        x = sum(maglia.celle[c].x for c in foglio.celle) / len(foglio.celle)
        y = sum(maglia.celle[c].y for c in foglio.celle) / len(foglio.celle)
        return -(y // 700), x

    fogli.sort(key=place)
    for n, foglio in enumerate(fogli, primo):
        foglio.numero = n
    return fogli


@dataclass(slots=True)
class Contorno:
    """Border of a sheet, and what of it is water and what is not; rings in mm."""

    bordo: list[Anello]
    asciutto: list[list[Anello]]
    acque: list[list[Anello]]


def outline(maglia: Maglia, foglio: Foglio, mezzo_fiume: float) -> Contorno:
    """Return border, dry land and water of a sheet, sharing every vertex."""
    celle = [
        shapely.polygons(
            np.array([maglia.vertici[v] for v in maglia.celle[c].vertici], dtype=float)
        )
        for c in foglio.celle
    ]
    unione = shapely.coverage_union_all(np.array(celle))
    fiume = _river_around(maglia, foglio, mezzo_fiume)
    if fiume is None:
        return Contorno(_rings(unione)[0], _rings(unione), [])
    acque = _areas(shapely.intersection(unione, fiume, grid_size=1))
    asciutto = _areas(shapely.difference(unione, fiume, grid_size=1))
    if not len(acque) or not len(asciutto):
        return Contorno(_rings(unione)[0], _rings(unione), [])
    bordo = shapely.coverage_union_all(np.concatenate([asciutto, acque]))
    return Contorno(_rings(bordo)[0], _rings(asciutto), _rings(acque))


def _river_around(maglia: Maglia, foglio: Foglio, mezzo_fiume: float) -> shapely.Geometry | None:
    vertici = {
        v
        for c in foglio.celle
        for k in maglia.celle[c].lati
        if maglia.assi[k] == FIUME
        for v in maglia.lati[k][:2]
    }
    if not vertici:
        return None
    tratti = [
        shapely.linestrings([maglia.vertici[a], maglia.vertici[b]])
        for k, (a, b, _, _) in sorted(
            {(k, maglia.lati[k]) for v in vertici for k in maglia.fiume_ai_vertici.get(v, ())}
        )
    ]
    linea = shapely.line_merge(shapely.multilinestrings(tratti))
    return shapely.buffer(linea, mezzo_fiume, cap_style="flat", quad_segs=3)


def _areas(geometria: shapely.Geometry) -> NDArray[np.object_]:
    """Return the polygons of a geometry; a border that only touches water leaves lines too."""
    parti = shapely.get_parts(geometria)
    esito: NDArray[np.object_] = parti[
        (shapely.get_dimensions(parti) == 2) & ~shapely.is_empty(parti)
    ]
    return esito


def _rings(geometria: shapely.Geometry | NDArray[np.object_]) -> list[list[Anello]]:
    """Return polygons as rings without the closing vertex, holes clockwise."""
    return [
        [_ring(parte.exterior, 1), *(_ring(buco, -1) for buco in parte.interiors)]
        for parte in shapely.get_parts(geometria)
    ]


def _ring(linea: shapely.LinearRing, verso: int) -> Anello:
    anello = [(round(x), round(y)) for x, y in linea.coords[:-1]]
    return anello if area2(anello) * verso > 0 else anello[::-1]

"""The mesh of blocks: a planar graph whose faces are blocks and whose edges are streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.generatore.pianta import Pianta
from ingest.generatore.poligoni import Punto, area2
from ingest.generatore.semi import CAMPAGNA, FIUME, FUORI, Seme, Semi, banks


@dataclass(slots=True)
class Cella:
    """One face of the mesh: a block with half of the streets around it."""

    numero: int
    vertici: list[int]
    lati: list[int]
    tessuto: int
    insediamento: int
    x: float
    y: float


@dataclass(slots=True)
class Maglia:
    """Vertices in millimetres, faces, and for each edge its ends and its two faces."""

    vertici: list[Punto]
    celle: list[Cella]
    #: (vertex, vertex, face, face or -1 outside)
    lati: list[tuple[int, int, int, int]]
    #: for each edge the seeds' road when both sides are the banks of one road
    assi: list[int | None]
    #: vertex -> edges of the river that meet there
    fiume_ai_vertici: dict[int, list[int]]


_ORLO: Final = 2000.0


def weave(pianta: Pianta, semi: Semi) -> Maglia:
    """Make the Voronoi mesh of the seeds and keep the faces inside the municipality."""
    xy = np.array([(p[0], p[1]) for p in semi.punti])
    orlo = pianta.raggio * 1.5 + _ORLO
    celle = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(xy), extend_to=shapely.box(-orlo, -orlo, orlo, orlo), ordered=True
        )
    )
    dentro = _inside(pianta, semi)
    if pianta.lato:
        celle, dentro = _within_square(celle, pianta.lato / 2)
    coordinate, di_chi = shapely.get_coordinates(celle, return_index=True)
    interi = np.rint(coordinate * 1000).astype(np.int64)
    return _assemble(pianta, semi, interi, di_chi, dentro)


def _inside(pianta: Pianta, semi: Semi) -> NDArray[np.bool_]:
    xy = np.array([(p[0], p[1]) for p in semi.punti])
    abitabile = np.array([p[2] != FUORI for p in semi.punti], dtype=np.bool_)
    return np.logical_and(pianta.inside(xy[:, 0], xy[:, 1]), abitabile)


def _within_square(
    celle: NDArray[np.object_], mezzo: float
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Clip the faces to a square, so that squares laid side by side leave no gap."""
    quadrato = shapely.box(-mezzo, -mezzo, mezzo, mezzo)
    tagliate = celle.copy()
    a_cavallo = shapely.crosses(shapely.boundary(quadrato), celle)
    tagliate[a_cavallo] = shapely.intersection(celle[a_cavallo], quadrato, grid_size=0.001)
    dentro = a_cavallo | shapely.within(celle, quadrato)
    return tagliate, np.logical_and(dentro, shapely.area(tagliate) > 1)


class _Telaio:
    """The mesh while its faces are added one by one."""

    def __init__(self) -> None:
        self.vertici: list[Punto] = []
        self.celle: list[Cella] = []
        self.lati: list[tuple[int, int, int, int]] = []
        #: the seeds on the two sides of each edge
        self.semi: list[tuple[int, int]] = []
        self._vertici: dict[Punto, int] = {}
        self._lati: dict[tuple[int, int], int] = {}

    def add(self, i: int, seme: Seme, punti: list[Punto]) -> None:
        """Add the face of a seed, counter-clockwise by its exact area.

        GEOS judges by the topmost vertex, and is wrong where two of them nearly coincide.
        """
        if area2(punti) < 0:
            punti.reverse()
        anello: list[int] = []
        for punto in punti:
            v = self._vertici.setdefault(punto, len(self.vertici))
            if v == len(self.vertici):
                self.vertici.append(punto)
            if not anello or anello[-1] != v:
                anello.append(v)
        if len(anello) > 1 and anello[0] == anello[-1]:
            anello.pop()
        tessuto = CAMPAGNA if seme[2] == FUORI else seme[2]
        cella = Cella(len(self.celle), anello, [], tessuto, seme[3], seme[0], seme[1])
        self.celle.append(cella)
        for a, b in zip(anello, [*anello[1:], anello[0]], strict=True):
            cella.lati.append(self._edge(a, b, cella.numero, i))

    def _edge(self, a: int, b: int, cella: int, seme: int) -> int:
        chiave = (a, b) if a < b else (b, a)
        k = self._lati.get(chiave)
        if k is None:
            k = self._lati[chiave] = len(self.lati)
            self.lati.append((a, b, cella, -1))
            self.semi.append((seme, -1))
        else:
            self.lati[k] = (*self.lati[k][:3], cella)
            self.semi[k] = (self.semi[k][0], seme)
        return k


def _assemble(
    pianta: Pianta,
    semi: Semi,
    interi: NDArray[np.int64],
    di_chi: NDArray[np.int64],
    dentro: NDArray[np.bool_],
) -> Maglia:
    telaio = _Telaio()
    inizi = np.searchsorted(di_chi, np.arange(len(semi.punti) + 1))
    for i in np.flatnonzero(dentro).tolist():
        punti = interi[inizi[i] : inizi[i + 1] - 1].tolist()
        telaio.add(i, semi.punti[i], [(x, y) for x, y in punti])
    sponde = banks(pianta, semi)
    assi = [_asse(semi, sponde, a, b) for a, b in telaio.semi]
    fiume: dict[int, list[int]] = {}
    for k, asse in enumerate(assi):
        if asse == FIUME:
            for v in telaio.lati[k][:2]:
                fiume.setdefault(v, []).append(k)
    return Maglia(telaio.vertici, telaio.celle, telaio.lati, assi, fiume)


def _asse(semi: Semi, sponde: list[int], a: int, b: int) -> int | None:
    """Return the road or river between two seeds, when they are the two sides of one."""
    if b < 0:
        return None
    if sponde[a] * sponde[b] < 0:
        return FIUME
    strada_a, lato_a = semi.punti[a][4:6]
    strada_b, lato_b = semi.punti[b][4:6]
    return strada_a if lato_a and strada_a == strada_b and lato_a == -lato_b else None

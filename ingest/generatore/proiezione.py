"""From millimetres around the square to the coordinates of each file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from ingest.generatore.comune import Comune
from ingest.generatore.poligoni import Anello

#: Rings of one polygon: outer first.
type Anelli = Sequence[Anello]


class Proiezione:
    """Turns the plane of the generator into UTM metres and into longitude and latitude."""

    def __init__(self, comune: Comune) -> None:
        self._comune = comune
        self.est, self.nord = comune.est, comune.nord
        self.epsg = comune.epsg
        self._geografica = Transformer.from_crs(comune.epsg, 6706, always_xy=True)

    def move(self, x: float, y: float) -> None:
        """Set the middle of the plane so many metres from that of the municipality."""
        self.est, self.nord = self._comune.est + round(x), self._comune.nord + round(y)

    def utm(self, punti: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """Return points in metres, to the millimetre."""
        metri = np.array(punti, dtype=np.int64) + np.array((self.est * 1000, self.nord * 1000))
        esito: NDArray[np.float64] = metri / 1000
        return esito

    def lonlat(self, punti: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """Return points as longitude and latitude, ETRF2000."""
        if not len(punti):
            return np.empty((0, 2))
        metri = self.utm(punti)
        return np.column_stack(self._geografica.transform(metri[:, 0], metri[:, 1]))

    def geographic(self, geometria: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry in metres as longitude and latitude, to the centimetre."""
        return shapely.transform(
            geometria,
            lambda xy: np.column_stack(self._geografica.transform(xy[:, 0], xy[:, 1])).round(7),
        )

    def polygons(self, poligoni: Sequence[Anelli], *, geografica: bool) -> NDArray[np.object_]:
        """Return shapely polygons for many polygons at once."""
        anelli = [[*a, a[0]] for poligono in poligoni for a in poligono]
        if not anelli:
            return np.empty(0, dtype=object)
        lunghezze = np.fromiter(map(len, anelli), dtype=np.int64, count=len(anelli))
        piatti = [p for a in anelli for p in a]
        coordinate = self.lonlat(piatti) if geografica else self.utm(piatti)
        lineari = np.asarray(
            shapely.linearrings(coordinate, indices=np.repeat(np.arange(len(anelli)), lunghezze))
        )
        quanti = np.fromiter(map(len, poligoni), dtype=np.int64, count=len(poligoni))
        return np.asarray(
            shapely.polygons(lineari, indices=np.repeat(np.arange(len(poligoni)), quanti))
        )

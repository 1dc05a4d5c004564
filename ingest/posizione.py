"""Are the coordinates where they should be? A delivery against the municipality's boundary.

More than a few objects farther than 500 m from the boundary mean that the reference system
is not the declared one: the delivery is refused and the likely system named, never applied
in silence (fonti.md §0.7). The boundary is generalised, hence the margin.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from territorio.geometry import LONTANO_M, SRID

OLTRE_M = 110
CAMPIONE = 400
"""How many places tell where a whole delivery is."""
_SURE = 0.9
"""Share of the sample a guess must bring inside the boundary."""
# fmt: off
SISTEMI = (
    6706, 7791, 7792, 7793, 7794, 6875, 7795, 6876, 32632, 32633, 3003, 3004, 4265, 23032, 23033,
)
# fmt: on
"""Reference systems met in Italy (fonti.md §0.1); those equal to another are left out."""

Pairs = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Posizione:
    """Counts the objects of one delivery that lie outside the boundary."""

    vicino: BaseGeometry
    """The boundary and 110 m around it, in longitude and latitude."""
    lontano: BaseGeometry
    """The boundary and 500 m around it."""
    oggetti: int = 0
    fuori: int = 0
    campione: list[Pairs] = field(default_factory=list)
    metri: int = LONTANO_M
    """How far ``lontano`` reaches."""
    da: str = "dal confine del comune"

    def look(self, lonlat: Pairs, native: Pairs) -> tuple[Mask, Mask]:
        """Take a batch of places; return which are beyond 110 m, and beyond 500 m."""
        far = ~shapely.contains_xy(self.lontano, lonlat)
        near = ~shapely.contains_xy(self.vicino, lonlat)
        self.oggetti += len(lonlat)
        self.fuori += int(far.sum())
        if sum(map(len, self.campione)) < CAMPIONE:
            self.campione.append(native[:: max(1, len(native) // 100)][:100])
        return near, far

    def add(self, other: "Posizione") -> None:
        """Take in what was counted on another part of the same delivery."""
        self.oggetti += other.oggetti
        self.fuori += other.fuori
        self.campione += other.campione

    @property
    def quota(self) -> float:
        """Return the share of objects outside."""
        return self.fuori / self.oggetti if self.oggetti else 0.0

    def guess(self, declared: str | None) -> str:
        """Say in words which system would put the objects inside, if one does."""
        sample = np.concatenate(self.campione)
        own = declared or f"EPSG:{SRID}"
        if self._inside(own, sample) >= _SURE:
            return "il sistema di riferimento sembra giusto, ma molti oggetti sono fuori posto"
        if self._inside(own, sample[:, ::-1]) >= _SURE:
            return "la prima e la seconda coordinata sembrano scambiate"
        for code in SISTEMI:
            name = f"EPSG:{code}"
            for pairs, swapped in (
                (sample, ""),
                (sample[:, ::-1], ", con le coordinate scambiate"),
            ):
                if name != own and self._inside(name, pairs) >= _SURE:
                    return f"le coordinate sembrano in {name}{swapped}, non in {own}"
        return "nessun sistema di riferimento usato in Italia le porta nel comune"

    def _inside(self, crs: str, pairs: Pairs) -> float:
        """Return the share of a sample that a system would put inside."""
        x, y = Transformer.from_crs(crs, SRID, always_xy=True).transform(pairs[:, 0], pairs[:, 1])
        good = np.isfinite(x) & np.isfinite(y)
        if not good.any():
            return 0.0
        return float(shapely.contains_xy(self.lontano, x[good], y[good]).sum() / len(pairs))

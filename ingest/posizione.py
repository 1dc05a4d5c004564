"""Are the coordinates where they should be? A delivery against the municipality's boundary.

More than a few objects farther than 500 m from the boundary mean that the reference system
is not the declared one: the delivery is refused and the likely system named, never applied
in silence (fonti.md §0.7). The boundary is generalised, hence the margin.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from geoalchemy2.shape import to_shape
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from territorio.schema import SRID, comune
from territorio.tables import FATTI, STAGING

LONTANO_M = 500
OLTRE_M = 110
AMPIO_M = 60_000
_SAMPLE = 400
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
        if sum(map(len, self.campione)) < _SAMPLE:
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


def boundary(conn: sa.Connection, codice: str) -> Posizione | None:
    """Return the check against the boundary last delivered; None if nothing is known yet.

    Without a boundary, what is loaded already tells where the municipality is: no Italian
    municipality is wider than 60 km.
    """
    s = STAGING["confine"].c
    shape = conn.execute(
        sa.select(s.geometria)
        .where(s.comune == codice, s.geometria.is_not(None))
        .order_by(s.n.desc())
        .limit(1)
    ).scalar()
    if shape is None:
        return _loaded(conn, codice)
    return _around(conn, codice, to_shape(shape), (OLTRE_M, LONTANO_M))


def _loaded(conn: sa.Connection, codice: str) -> Posizione | None:
    """Return the check against some of what is loaded."""
    for nome in ("foglio", "particella", "aggregato", "edificio", "fabbricato", "civico"):
        c = FATTI[nome].c
        some = (
            sa.select(c.geometria)
            .where(c.comune == codice, c.nota_fino.is_(None), c.geometria.is_not(None))
            .limit(_SAMPLE)
            .subquery()
        )
        extent = sa.func.ST_Extent(some.c.geometria)
        box = conn.execute(
            sa.select(
                *(f(extent) for f in (sa.func.ST_XMin, sa.func.ST_YMin)),
                *(f(extent) for f in (sa.func.ST_XMax, sa.func.ST_YMax)),
            )
        ).one()
        if box[0] is not None:
            found = _around(conn, codice, shapely.box(*box), (AMPIO_M, AMPIO_M))
            found.metri, found.da = AMPIO_M, "da ciò che del comune è già caricato"
            return found
    return None


def _around(
    conn: sa.Connection, codice: str, shape: BaseGeometry, metres: tuple[int, int]
) -> Posizione:
    """Return a check against what lies within so many metres of a shape."""
    zone: int = conn.execute(sa.select(comune.c.utm).where(comune.c.comune == codice)).scalar_one()
    there = Transformer.from_crs(SRID, zone, always_xy=True)
    back = Transformer.from_crs(zone, SRID, always_xy=True)
    metric = shapely.transform(shape, lambda xy: np.column_stack(there.transform(*xy.T)))
    near, far = (
        shapely.transform(
            shapely.buffer(metric, distance), lambda xy: np.column_stack(back.transform(*xy.T))
        )
        for distance in metres
    )
    shapely.prepare([near, far])
    return Posizione(near, far)

"""Geometries at intake: read together, repaired, brought to EPSG:6706.

A batch is worked on as a whole: shapely and PROJ take arrays.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from ingest.contract import Asserzione, Avviso
from ingest.posizione import OLTRE_M, Pairs, Posizione
from territorio.geometry import SRID

_ROUGH_M = 1
"""A transformation less precise than this is reported."""
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
Geometries = npt.NDArray[np.object_]


class Formatore:
    """Turns the geometries of one delivery into those that are kept."""

    def __init__(self, crs: str | None, posizione: Posizione | None) -> None:
        self.avvisi: list[Avviso] = []
        self._crs = crs
        self._posizione = posizione
        self._placed = False
        self._transformer = (
            None
            if crs in (None, f"EPSG:{SRID}")
            else Transformer.from_crs(crs, SRID, always_xy=True)
        )

    def ewkb(self, batch: list[Asserzione]) -> list[str | None]:
        """Return the geometries as EWKB in hexadecimal, valid ones; say what was repaired."""
        shapes = _shapes([said.geometria for said in batch])
        broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
        for i in np.flatnonzero(broken):
            reason = shapely.is_valid_reason(shapes[i])
            shapes[i] = repair(shapes[i])
            motivo = f"geometria non valida, riparata: {reason}"
            self._tell(batch[i], "geometria riparata", motivo)
        native = shapes = shapely.force_2d(shapes)
        if self._transformer is not None:
            transform = self._transformer.transform

            def to_lonlat(xy: Pairs) -> Pairs:
                return np.column_stack(transform(xy[:, 0], xy[:, 1]))

            shapes = shapely.transform(shapes, to_lonlat)
            self._placed = self._placed or not shapely.is_missing(shapes).all()
        if self._posizione is not None:
            self._locate(self._posizione, batch, native, shapes)
        packed = shapely.to_wkb(shapely.set_srid(shapes, SRID), include_srid=True)
        # Python writes hexadecimal four times as fast as GEOS.
        return [None if wkb is None else wkb.hex().upper() for wkb in packed]

    def accuracy(self) -> Iterator[Avviso]:
        """Say how rough the way to EPSG:6706 is, where it is: no grids are at hand."""
        if self._transformer is None or not self._placed:
            return
        metres = self._transformer.accuracy
        if metres < 0:
            # Several ways: which one was used is known only once it has been.
            metres = self._transformer.get_last_used_operation().accuracy
        if metres > _ROUGH_M:
            motivo = f"la trasformazione da {self._crs} è precisa a circa {metres:.0f} m"
            yield Avviso(None, "precisione della trasformazione", motivo)

    def _locate(
        self, posizione: Posizione, batch: list[Asserzione], native: Geometries, shapes: Geometries
    ) -> None:
        """Report what lies outside the boundary; house numbers already at 110 m."""
        there = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
        if not len(there):
            return
        near, far = posizione.look(_middle(shapes[there]), _middle(native[there]))
        for i, is_far in zip(there[near], far[near], strict=True):
            if is_far or batch[i].fatto == "civico":
                metres = posizione.metri if is_far else OLTRE_M
                motivo = f"è a più di {metres} m {posizione.da}"
                self._tell(batch[i], f"posizione oltre {metres} m", motivo)

    def _tell(self, said: Asserzione, tipo: str, motivo: str) -> None:
        chiave = (said.fatto, said.chiave)
        self.avvisi.append(Avviso(said.riga, tipo, motivo, campo="geometria", chiave=chiave))


def _shapes(raw: Sequence[BaseGeometry | bytes | None]) -> Geometries:
    """Return geometries, those written as WKB read all together."""
    shapes: Geometries = np.array(raw, dtype=object)
    packed = {i: g for i, g in enumerate(raw) if isinstance(g, bytes)}
    if packed:
        shapes[list(packed)] = shapely.from_wkb(list(packed.values()))
    return shapes


def _middle(shapes: Geometries) -> Pairs:
    """Return the middle of the box of each geometry."""
    box = shapely.bounds(shapes)
    return np.column_stack(((box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2))


def repair(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a valid geometry of the same kind, keeping only polygons of a polygon."""
    if shapely.get_type_id(shape) not in _POLYGONAL:
        return shapely.make_valid(shape)
    ground = shapely.union_all([_ground(part) for part in shapely.get_parts(shape)])
    return shapely.make_valid(shape) if shapely.is_empty(ground) else ground


def _ground(polygon: shapely.Geometry) -> shapely.Geometry:
    """Return what the shell of a polygon encloses less its holes.

    A hole outside its shell takes nothing away: of the polygon as a whole, make_valid
    would make an island of it.
    """
    rings: Geometries = np.asarray(shapely.polygons(shapely.get_rings(polygon)))
    within = shapely.make_valid(rings, method="structure", keep_collapsed=False)
    shell: shapely.Geometry
    shell, *holes = np.asarray(within)
    rest = shapely.difference(shell, shapely.union_all(holes))
    return shell if shapely.is_empty(rest) else rest

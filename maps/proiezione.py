"""A plane around one place, in metres and true to scale, for what is drawn on paper.

The transverse Mercator projection whose central meridian runs through the place, with scale
one: within a kilometre of it lengths are right to a few millimetres and north is up. UTM
would shrink or stretch by up to 0.04 % and turn the sheet by up to two degrees.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

RDN2008 = CRS.from_epsg(6706)


@lru_cache(maxsize=64)
def _transformer(lon: float, lat: float) -> Transformer:
    plane = CRS.from_proj4(
        f"+proj=tmerc +lon_0={lon} +lat_0={lat} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m"
    )
    return Transformer.from_crs(RDN2008, plane, always_xy=True)


@dataclass(frozen=True, slots=True)
class Piano:
    """The plane tangent at a place (longitude and latitude in degrees)."""

    lon: float
    lat: float

    @classmethod
    def around(cls, geometry: BaseGeometry) -> "Piano":
        """Return the plane around the middle of a geometry in longitude and latitude."""
        west, south, east, north = geometry.bounds
        # Rounded, so that neighbours share a transformer: 1e-3 degrees is about 100 m.
        return cls(round((west + east) / 2, 3), round((south + north) / 2, 3))

    def project[G: BaseGeometry](self, geometry: G) -> G:
        """Return a geometry in metres from the place."""
        transformer = _transformer(self.lon, self.lat)

        def move(points: np.ndarray) -> np.ndarray:
            x, y = transformer.transform(points[:, 0], points[:, 1])
            return np.column_stack([x, y])

        projected: G = shapely.transform(geometry, move)
        return projected

    def locate(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a point of the plane."""
        lon, lat = _transformer(self.lon, self.lat).transform(x, y, direction="INVERSE")
        return float(lon), float(lat)

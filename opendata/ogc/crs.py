"""The reference systems of the OGC API – Features Part 2: their names, axes and transformations.

Geometries are kept in RDN2008 (EPSG:6706) with x = longitude, y = latitude. Systems of the same
family of datums (RDN2008, ETRS89, WGS 84) are reached by the null transformation (DESIGN §3.12):
``madre`` is the geographic system a projected one is drawn on, and no grid is ever looked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from geoalchemy2 import Geometry
from pyproj import Transformer

from opendata.ogc.fixed import fixed
from territorio.errors import InvalidParameter
from territorio.geometry import SRID

OGC = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True, slots=True)
class Crs:
    """One reference system; ``nord_prima`` where its first axis points north."""

    uri: str
    srid: int
    madre: int
    nord_prima: bool = False
    decimali: int = 3

    @property
    def proiettato(self) -> bool:
        """Tell whether its coordinates are metres."""
        return self.srid != self.madre

    def of(self, geometria: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
        """Return the expression of a kept geometry in this system, axes in its order."""
        found: sa.ColumnElement[object] = geometria
        if self.proiettato:
            found = sa.func.ST_Transform(
                sa.func.ST_SetSRID(found, fixed(self.madre)), fixed(self.srid)
            )
        return sa.func.ST_FlipCoordinates(found) if self.nord_prima else found

    def kept(self, geometria: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
        """Return the expression by which a geometry of this system is compared with kept ones."""
        found = sa.func.ST_SetSRID(geometria, fixed(self.srid))
        if self.nord_prima:
            found = sa.func.ST_FlipCoordinates(found)
        if self.proiettato:
            found = sa.func.ST_Transform(found, fixed(self.madre))
        return sa.func.ST_SetSRID(found, fixed(SRID), type_=Geometry)

    def box(self, a: float, b: float, c: float, d: float) -> tuple[float, float, float, float]:
        """Return west, south, east, north of a box of this system; wider where its sides bend."""
        if self.nord_prima:
            a, b, c, d = b, a, d, c
        if not self.proiettato:
            return a, b, c, d
        west, south, east, north = _transformer(self.srid, self.madre).transform_bounds(a, b, c, d)
        return west, south, east, north


@cache
def _transformer(srid: int, madre: int) -> Transformer:
    return Transformer.from_crs(srid, madre, always_xy=True)


def _supported() -> Iterator[Crs]:
    yield Crs(OGC, 4326, 4326, decimali=7)
    yield Crs(f"{EPSG}6706", 6706, 6706, nord_prima=True, decimali=7)
    yield Crs(f"{EPSG}4326", 4326, 4326, nord_prima=True, decimali=7)
    yield Crs(f"{EPSG}3857", 3857, 4326)
    for srid in (7791, 7792, 7793):
        yield Crs(f"{EPSG}{srid}", srid, 6706)
    for srid in (25832, 25833):
        yield Crs(f"{EPSG}{srid}", srid, 4258)


SUPPORTED: dict[str, Crs] = {crs.uri: crs for crs in _supported()}
"""The systems a client may ask for, the default first."""

CRS84 = SUPPORTED[OGC]


def find(nome: str, uri: str) -> Crs:
    """Return the system of a URI, also written as a safe CURIE or ``EPSG:n``.

    Raises InvalidParameter, naming the parameter, for one that is not served.

    >>> find("crs", "[EPSG:3857]").srid, find("crs", "CRS84") is CRS84
    (3857, True)
    """
    plain = uri.strip().removeprefix("[").removesuffix("]")
    for full in (plain, plain.replace("https://", "http://", 1), *_spelt(plain)):
        if full in SUPPORTED:
            return SUPPORTED[full]
    raise InvalidParameter(nome, f"«{uri}» non è servito; si può chiedere {', '.join(SUPPORTED)}")


def _spelt(text: str) -> Iterator[str]:
    """Return the URIs a short name may stand for."""
    authority, _, code = text.rpartition(":")
    if text.upper() in {"CRS84", "OGC:CRS84", "OGC:1.3:CRS84"} or text.endswith(":CRS84"):
        yield OGC
    elif authority.upper() in {"EPSG", "URN:OGC:DEF:CRS:EPSG:", "EPSG:"}:
        yield f"{EPSG}{code}"

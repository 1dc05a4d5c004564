"""Places as they come through the doors: a point on the ground, a box, the sphere's squares."""

import math
import re
from dataclasses import dataclass

from territorio.errors import InvalidInput

SRID = 6706
"""RDN2008 geographic, stored as x = longitude, y = latitude (DESIGN §3.12)."""

ITALIA = (6.0, 35.0, 19.5, 48.0)
"""Longitude and latitude between which everything of ours lies."""

LONTANO_M = 500
"""Metres from the boundary of its municipality beyond which a thing is elsewhere."""

AMPIO_M = 60_000
"""No Italian municipality is wider."""

_COPPIA = re.compile(r"\s*(-?\d{1,3}[.,]\d+)\s*(?:[;/ ]|,(?=\s|-?\d+\.))\s*(-?\d{1,3}[.,]\d+)\s*")


@dataclass(frozen=True, slots=True)
class Punto:
    """A point on the ground, in EPSG:6706.

    >>> Punto.parse("41.9, 12.5") == Punto.parse("12,5 41,9") == Punto(12.5, 41.9)
    True
    >>> str(Punto(12.5, 41.9))
    '41.900000, 12.500000'
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        """Refuse what lies outside Italy."""
        west, south, east, north = ITALIA
        if not (west <= self.lon <= east and south <= self.lat <= north):
            raise InvalidInput("punto", f"{self.lat}, {self.lon} è fuori dall’Italia")

    @classmethod
    def parse(cls, text: str) -> "Punto":
        """Read latitude and longitude in either order: in Italy they cannot be confused."""
        found = _COPPIA.fullmatch(text)
        if found is None:
            raise InvalidInput("punto", f"«{text}» non è una coppia di coordinate (41.9, 12.5)")
        a, b = (float(part.replace(",", ".")) for part in found.groups())
        return cls(a, b) if a < b else cls(b, a)

    def __str__(self) -> str:
        """Write latitude and longitude, as people give them."""
        return f"{self.lat:.6f}, {self.lon:.6f}"


@dataclass(frozen=True, slots=True)
class Riquadro:
    """A box of longitude and latitude.

    >>> Riquadro.parse("12.4,41.8,12.6,42.0").nord
    42.0
    """

    ovest: float
    sud: float
    est: float
    nord: float

    @classmethod
    def parse(cls, text: str) -> "Riquadro":
        """Read ``west,south,east,north``; raise InvalidInput if it is not a box."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise InvalidInput("bbox", f"«{text}» non sono quattro numeri") from None
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise InvalidInput("bbox", "l’ordine è ovest, sud, est, nord, in gradi")
        return cls(west, south, east, north)


def tile_box(z: int, x: int, y: int) -> Riquadro:
    """Return the box of a square of the web map.

    >>> tile_box(0, 0, 0).est
    180.0
    """
    n = 2**z
    return Riquadro(x / n * 360 - 180, _lat(y + 1, n), (x + 1) / n * 360 - 180, _lat(y, n))


def _lat(y: int, n: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / n))))

"""Which plane the coordinates of a map are probably in: the file does not say."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import shapely
from pyproj import Transformer

from catasto.belfiore import history

if TYPE_CHECKING:
    from catasto.formati.cxf.mappa import MappaCxf


class Sistema(StrEnum):
    """The families of planes; Cassini maps have one origin each."""

    CASSINI = "Cassini-Soldner"
    GAUSS_BOAGA = "Gauss-Boaga"
    UTM = "UTM"


_EPSG: Final = {32: 7791, 33: 7792}
#: West, south, east, north of boxes that together hold Italy and little else.
_ITALIA: Final = (
    (6.6, 43.7, 9.9, 46.5),
    (8.3, 44.2, 14.0, 47.1),
    (9.6, 42.2, 13.95, 44.6),
    (11.4, 41.1, 15.0, 42.9),
    (13.6, 39.7, 18.6, 42.2),
    (15.5, 37.9, 17.3, 40.2),
    (11.8, 35.4, 15.7, 38.9),
    (8.1, 38.8, 9.9, 41.4),
)
#: Where the two zones give two places in Italy, a thousand kilometres apart: the east.
_NORD_EST: Final = frozenset({"UD", "PN", "GO", "TS", "VE", "TV", "BL"})


def likely_system(x: float, y: float) -> Sistema | None:
    """Tell the family of planes by magnitude.

    >>> likely_system(-9600, -7200), likely_system(2520000, 4600000)
    (<Sistema.CASSINI: 'Cassini-Soldner'>, <Sistema.GAUSS_BOAGA: 'Gauss-Boaga'>)
    >>> likely_system(280035, 4639069), likely_system(12.5, 41.9) is Sistema.CASSINI
    (<Sistema.UTM: 'UTM'>, True)
    """
    if abs(x) < 100_000 and abs(y) < 100_000:
        return Sistema.CASSINI
    if not 4_000_000 <= y <= 5_300_000:
        return None
    if 1_300_000 <= x <= 2_900_000:
        return Sistema.GAUSS_BOAGA
    return Sistema.UTM if 200_000 <= x <= 900_000 else None


def likely_epsg(mappa: MappaCxf) -> int | None:
    """Return EPSG 7791 or 7792 for a map in UTM, None for any other.

    The file does not name the zone: it is the one that puts the map in Italy and, in the
    north, where both do (Friuli and Aosta valley), the one of its province.
    """
    geometrie = [b.geometria for b in mappa.bordi if b.geometria is not None]
    if not geometrie:
        return None
    ovest, sud, est, nord = shapely.total_bounds(shapely.from_wkb(geometrie)).tolist()
    x, y = (ovest + est) / 2, (sud + nord) / 2
    if likely_system(x, y) is not Sistema.UTM:
        return None
    zone = [zona for zona, epsg in _EPSG.items() if _in_italy(x, y, epsg)]
    if len(zone) == 2:
        zone = [33 if _province(mappa) in _NORD_EST else 32]
    return _EPSG[zone[0]] if zone else None


def _in_italy(x: float, y: float, epsg: int) -> bool:
    lon, lat = _to_lonlat(epsg).transform(x, y)
    return any(o <= lon <= e and s <= lat <= n for o, s, e, n in _ITALIA)


@cache
def _to_lonlat(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, 6706, always_xy=True)


def _province(mappa: MappaCxf) -> str:
    if mappa.nome is None:
        return ""
    nomi = history(mappa.nome.comune_catastale)
    return max(nomi, key=lambda d: d.dal or date.min).provincia if nomi else ""

"""Well-known binary of the few shapes the formats have: no need of GEOS to read a file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from catasto.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINEA: Final = 2
_POLIGONO: Final = 3
_MULTIPOLIGONO: Final = 6

#: The coordinates of a ring or line in a row: x, y, x, y…
type Coordinate = tuple[float, ...]


def pack_line(punti: Sequence[float]) -> bytes:
    """Write a LineString, little-endian."""
    return struct.pack("<BII", 1, _LINEA, len(punti) // 2) + _pack(punti)


def pack_polygon(anelli: Sequence[Sequence[float]]) -> bytes:
    """Write a Polygon, little-endian; the first ring is the shell."""
    pezzi = [struct.pack("<BII", 1, _POLIGONO, len(anelli))]
    for anello in anelli:
        pezzi += (struct.pack("<I", len(anello) // 2), _pack(anello))
    return b"".join(pezzi)


def unpack_line(wkb: bytes) -> Coordinate:
    """Read the points of a little-endian LineString."""
    ordine, tipo, quanti = struct.unpack_from("<BII", wkb)
    if ordine != 1 or tipo != _LINEA:
        raise InvalidValue("geometria", f"WKB tipo {tipo}", "attesa una linea little-endian")
    return struct.unpack_from(f"<{2 * quanti}d", wkb, 9)


def unpack_polygons(wkb: bytes) -> list[list[Coordinate]]:
    """Read the rings of each polygon of a little-endian Polygon or MultiPolygon."""
    ordine, tipo, quanti = struct.unpack_from("<BII", wkb)
    if ordine == 1 and tipo == _POLIGONO:
        return [_polygon(wkb, 0)[0]]
    if ordine != 1 or tipo != _MULTIPOLIGONO:
        raise InvalidValue("geometria", f"WKB tipo {tipo}", "atteso un poligono little-endian")
    poligoni, inizio = [], 9
    for _ in range(quanti):
        poligono, inizio = _polygon(wkb, inizio)
        poligoni.append(poligono)
    return poligoni


def _pack(punti: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(punti)}d", *punti)


def _polygon(wkb: bytes, inizio: int) -> tuple[list[Coordinate], int]:
    (quanti,) = struct.unpack_from("<I", wkb, inizio + 5)
    anelli, letto = [], inizio + 9
    for _ in range(quanti):
        (punti,) = struct.unpack_from("<I", wkb, letto)
        anelli.append(struct.unpack_from(f"<{2 * punti}d", wkb, letto + 4))
        letto += 4 + 16 * punti
    return anelli, letto

"""What lies around a place, and where the map opens: read from the public views."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from maps.svg import Oggetto
from territorio.vigenza import Quando

SQL = Path(__file__).parent / "sql"

STRATI = ("particelle", "edifici", "civici", "fogli")
"""Layers of a small map; an extract adds zones, constraints and hazards."""

TUTTI = (*STRATI, "zone_urbanistiche", "vincoli", "aree_pericolosita")

LIMITE = 3_000
"""Objects of one layer beyond which a sheet of paper is black anyway."""

# Degrees for one metre, a little generous at the latitudes of Italy: a margin, not a measure.
GRADI_LAT = 1 / 110_000
GRADI_LON = 1 / 70_000


@dataclass(frozen=True, slots=True)
class Inquadratura:
    """Where the map opens: all of it, and its densest part."""

    riquadro: tuple[float, float, float, float]
    folto: tuple[float, float] | None


def around(
    conn: sa.Connection,
    geometry: BaseGeometry,
    quando: Quando,
    *,
    metri: float = 40.0,
    strati: tuple[str, ...] = STRATI,
    scelti: frozenset[int] = frozenset(),
) -> list[Oggetto]:
    """Return the things within some metres of a geometry's box; ``scelti`` are marked."""
    west, south, east, north = geometry.bounds
    values: dict[str, object] = {
        "ovest": west - metri * GRADI_LON,
        "est": east + metri * GRADI_LON,
        "sud": south - metri * GRADI_LAT,
        "nord": north + metri * GRADI_LAT,
        "giorno": quando.alla_data,
        "strati": list(strati),
        "limite": LIMITE,
    }
    return [
        Oggetto(
            row.strato,
            shapely.from_wkb(bytes(row.forma)),
            row.classe or "",
            row.testo or "",
            scelto=row.id in scelti,
            fonte=row.fonte,
        )
        for row in conn.execute(_statement("intorno"), values)
    ]


def opening(conn: sa.Connection, quando: Quando) -> Inquadratura | None:
    """Return where the map opens, or None where nothing has been loaded."""
    row = conn.execute(_statement("inquadratura"), {"giorno": quando.alla_data}).one_or_none()
    if row is None:
        return None
    dense = None if row.lon is None else (row.lon, row.lat)
    return Inquadratura((row.ovest, row.sud, row.est, row.nord), dense)


@cache
def _statement(name: str) -> sa.TextClause:
    return sa.text((SQL / f"{name}.sql").read_text())

"""What is asked for: boxes, buildings, pages and squares of the map, the same at every run."""

import math
import random
from dataclasses import dataclass

import psycopg

SEME = 11
QUANTE = 300
"""Of each kind."""

POCHI, MOLTI = 300, 3_000
"""Buildings that a box holds."""

PER_PAGINA = 10
PAGINA = 50_000
"""The deep page; of a small municipality the one in its middle."""

ZOOM = (12, 14, 16)

type Tessera = tuple[int, int, int]
"""Zoom, column and row."""


@dataclass(frozen=True, slots=True)
class Richieste:
    """What every server is asked, each in its own words."""

    riquadri: list[str]
    """West, south, east, north."""
    numeri: list[int]
    pagine: list[tuple[int, int]]
    """Deep pages: how many items come before, and the last of them."""
    tessere: dict[int, list[Tessera]]


def draw(url: str) -> Richieste:
    """Choose what is asked for, where the buildings are."""
    chance = random.Random(SEME)  # noqa: S311 -- which objects are asked for
    with psycopg.connect(url, autocommit=True) as conn:
        ids = [row[0] for row in conn.execute("SELECT id FROM pari.edifici ORDER BY id")]
        chosen = chance.sample(ids, min(5 * QUANTE, len(ids)))
        points = conn.execute(
            "SELECT ST_X(ST_Centroid(geometria)), ST_Y(ST_Centroid(geometria))"
            " FROM pari.edifici WHERE id = ANY(%s) ORDER BY id",
            (chosen,),
        ).fetchall()
        chance.shuffle(points)
        return Richieste(
            _boxes(conn, chance, points),
            chosen[:QUANTE],
            _pages(ids),
            {z: sorted({_tile(z, *point) for point in points[:QUANTE]}) for z in ZOOM},
        )


def _boxes(
    conn: psycopg.Connection, chance: random.Random, points: list[tuple[float, float]]
) -> list[str]:
    """Return boxes around buildings that hold as many as they should."""
    found: list[str] = []
    for lon, lat in points:
        half = chance.uniform(500, 2_500) / 111_132
        wide = half / math.cos(math.radians(lat))
        box = (lon - wide, lat - half, lon + wide, lat + half)
        row = conn.execute(
            "SELECT count(*) FROM pari.edifici"
            " WHERE geometria && ST_MakeEnvelope(%s, %s, %s, %s, 4326)",
            box,
        ).fetchone()
        if row is not None and POCHI <= row[0] <= MOLTI:
            found.append(",".join(f"{side:.5f}" for side in box))
        if len(found) == QUANTE:
            break
    return found


def _pages(ids: list[int]) -> list[tuple[int, int]]:
    """Return pages around the deep one: the same again and again would be kept ready."""
    deep = min(PAGINA, len(ids) // PER_PAGINA // 2)
    before = [(deep - 1 + n) * PER_PAGINA for n in range(-50, 50)]
    return [(many, ids[many - 1]) for many in before]


def _tile(z: int, lon: float, lat: float) -> Tessera:
    """Return the square that holds a point.

    >>> _tile(14, 15.5, 40.5)
    (14, 8897, 6172)
    """
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return z, x, y

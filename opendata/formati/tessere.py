"""PMTiles: vector tiles made by PostGIS, in one file that a page reads piece by piece.

From afar a tile holds the largest objects it has, up to a number, so that none weighs too much
and none is empty where there is something; at the last zoom all of them are there. Viewers
draw beyond it from the last.
"""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from psycopg import sql

from opendata.estrazione import Lettore
from territorio.bulk import identifier

Tessera = tuple[int, int]
"""Column and row of a tile at a zoom."""

DA, A = 8, 14
DA_FITTO, A_FITTO = 12, 15
"""Zooms of what is small and dense; before the first of them nothing of it could be seen."""

FITTI = frozenset({"particelle", "edifici", "civici"})

QUANTI = 4_000
"""Objects in a tile before the last zoom."""

INSIEME = 64
"""Tiles asked for in one statement."""

ATTRIBUTI = ("codice", "classe", "denominazione", "indirizzo", "riferimento", "sigla")
"""Properties that tiles carry, of those a dataset has: what is heavy is what is repeated."""

SETTE = 10_000_000

# The longitude and latitude of a tile's corner, and back (Web Mercator).
_COPERTE = sql.SQL(
    "SELECT DISTINCT x, y FROM (SELECT"
    " floor((ST_XMin(g) + 180) / 360 * {lato})::int AS x0,"
    " floor((ST_XMax(g) + 180) / 360 * {lato})::int AS x1,"
    " floor((1 - asinh(tan(radians(ST_YMax(g)))) / pi()) / 2 * {lato})::int AS y0,"
    " floor((1 - asinh(tan(radians(ST_YMin(g)))) / pi()) / 2 * {lato})::int AS y1"
    " FROM ({righe}) AS r) AS c, generate_series(x0, x1) AS x, generate_series(y0, y1) AS y"
)

_DISEGNATE = sql.SQL(
    "SELECT t.x, t.y, (SELECT ST_AsMVT(m, {strato}, 4096, 'geom', 'id') FROM ("
    "  SELECT d.id, {attributi}, ST_AsMVTGeom("
    "    ST_Transform(ST_SetSRID(d.geometria, 4326), 3857), ST_TileEnvelope({z}, t.x, t.y),"
    "    4096, 64) AS geom"
    "  FROM (SELECT * FROM {tavola} WHERE {dove} AND geometria && ST_SetSRID(ST_Transform("
    "      ST_TileEnvelope({z}, t.x, t.y, margin => 64.0 / 4096), 4326), 6706)"
    "    ORDER BY (ST_XMax(geometria) - ST_XMin(geometria))"
    "      * (ST_YMax(geometria) - ST_YMin(geometria)) DESC, id LIMIT {quanti}) AS d"
    ") AS m WHERE m.geom IS NOT NULL)"
    " FROM unnest(%s::int[], %s::int[]) AS t (x, y)"
)


@dataclass(frozen=True, slots=True)
class _Riquadro:
    """How far what is drawn reaches, in degrees."""

    ovest: float
    sud: float
    est: float
    nord: float

    def header(self) -> dict[str, Any]:
        """Return it as the header of the file wants it."""
        return {
            "min_lon_e7": int(self.ovest * SETTE),
            "min_lat_e7": int(self.sud * SETTE),
            "max_lon_e7": int(self.est * SETTE),
            "max_lat_e7": int(self.nord * SETTE),
            "center_lon_e7": int((self.ovest + self.est) / 2 * SETTE),
            "center_lat_e7": int((self.sud + self.nord) / 2 * SETTE),
        }


def pmtiles(lettore: Lettore, file: Path) -> int:
    """Write the tiles of all zooms, in the order in which the file is read."""
    first, last = zooms(lettore)
    levels = _levels(lettore, first, last)
    with file.open("wb") as target:
        writer = Writer(target)
        try:
            for z in range(first, last + 1):
                for (x, y), data in _drawn(lettore, z, levels[z], whole=z == last):
                    writer.write_tile(zxy_to_tileid(z, x, y), gzip.compress(data, mtime=0))
            writer.finalize(_header(lettore, first), _metadata(lettore, first, last))
        finally:
            writer.tile_f.close()
    return lettore.quadro().con_geometria


def empty(lettore: Lettore) -> bool:
    """Tell whether nothing has a place on the ground."""
    return not lettore.quadro().con_geometria


def zooms(lettore: Lettore) -> tuple[int, int]:
    """Return the first and the last zoom of a dataset."""
    return (DA_FITTO, A_FITTO) if lettore.cosa.dataset.nome in FITTI else (DA, A)


def _levels(lettore: Lettore, first: int, last: int) -> dict[int, set[Tessera]]:
    """Return the tiles that may have something, zoom by zoom: from the last up to the first."""
    rows = lettore.cosa.select(sql.SQL("geometria AS g"), also="geometria IS NOT NULL")
    query = _COPERTE.format(lato=sql.Literal(2.0**last), righe=rows)
    found: set[Tessera] = {(row[0], row[1]) for row in lettore.conn.execute(query)}
    levels = {last: found}
    for z in range(last - 1, first - 1, -1):
        found = {(x >> 1, y >> 1) for x, y in found}
        levels[z] = found
    return levels


def _drawn(
    lettore: Lettore, z: int, tiles: Iterable[Tessera], *, whole: bool
) -> Iterator[tuple[Tessera, bytes]]:
    """Yield the tiles of a zoom that have something, in the order of the file."""
    cosa = lettore.cosa
    names = _attributes(lettore)
    query = _DISEGNATE.format(
        strato=sql.Literal(cosa.dataset.nome),
        attributi=sql.SQL(", ").join(sql.Identifier("d", name) for name in names),
        z=sql.Literal(z),
        tavola=identifier(cosa.dataset.tavola),
        dove=cosa.where,
        quanti=sql.SQL("ALL") if whole else sql.Literal(QUANTI),
    )
    ordered = sorted(tiles, key=lambda tile: zxy_to_tileid(z, *tile))
    for some in batched(ordered, INSIEME):
        columns, rows = zip(*some, strict=True)
        made = lettore.conn.execute(query, (list(columns), list(rows)), binary=True)
        found = {(row[0], row[1]): bytes(row[2]) for row in made if row[2]}
        yield from ((tile, found[tile]) for tile in some if tile in found)


def _attributes(lettore: Lettore) -> list[str]:
    there = {column.name for column in lettore.cosa.columns}
    return [name for name in ATTRIBUTI if name in there]


def _header(lettore: Lettore, first: int) -> dict[str, Any]:
    extent = sql.SQL("ST_Extent(geometria) AS r")
    query = sql.SQL("SELECT ST_XMin(r), ST_YMin(r), ST_XMax(r), ST_YMax(r) FROM ({}) AS t").format(
        lettore.cosa.select(extent)
    )
    row = lettore.conn.execute(query).fetchone()
    box = _Riquadro(*row) if row and row[0] is not None else _Riquadro(6, 35, 19, 48)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "center_zoom": first,
        **box.header(),
    }


def _metadata(lettore: Lettore, first: int, last: int) -> dict[str, Any]:
    dataset = lettore.cosa.dataset
    fields = dict.fromkeys(_attributes(lettore), "String")
    layer = {"id": dataset.nome, "description": dataset.titolo, "fields": fields}
    return {
        "name": dataset.titolo,
        "description": dataset.descrizione,
        "version": lettore.cosa.giorno.isoformat(),
        "type": "overlay",
        "vector_layers": [{**layer, "minzoom": first, "maxzoom": last}],
    }

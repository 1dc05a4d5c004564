"""GeoPackage and FlatGeobuf: Arrow batches from the database into GDAL, nothing in between."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyogrio
from psycopg import sql

from opendata.estrazione import Lettore, Quadro
from opendata.vocabolari import LICENZA_TESTO

CRS = "EPSG:4326"
"""RDN2008 (6706) leaves as WGS84 by the null transformation (DESIGN §3.12)."""

# The file gets its name only when it is whole: no journal is needed to take anything back.
_SQLITE = {"OGR_SQLITE_SYNCHRONOUS": "OFF", "OGR_SQLITE_JOURNAL": "OFF"}


def geopackage(lettore: Lettore, file: Path) -> int:
    """Write a GeoPackage 1.3: one layer, its ``fid`` the identity of the object, in order."""
    cosa, quadro = lettore.cosa, lettore.quadro()
    # The one value of a GeoPackage that would be that of the clock.
    moment = {"OGR_CURRENT_DATE": f"{cosa.giorno.isoformat()}T00:00:00.000Z"}
    options: dict[str, object] = {
        "layer_options": {
            "FID": "fid",
            "IDENTIFIER": cosa.dataset.nome,
            "DESCRIPTION": cosa.dataset.titolo,
            **({"GEOMETRY_NAME": "geom"} if quadro.tipo else {}),
        },
        "dataset_options": {"VERSION": "1.3"},
        "dataset_metadata": {
            "titolo": cosa.dataset.titolo,
            "descrizione": cosa.dataset.descrizione,
            "licenza": LICENZA_TESTO,
            "data": cosa.giorno.isoformat(),
        },
    }
    query = cosa.select(_what(lettore, quadro, sql.SQL("id AS fid")), order="id")
    with _configured({**_SQLITE, **moment}):
        _write(lettore, quadro, file, "GPKG", query, options)
    return quadro.righe


def flatgeobuf(lettore: Lettore, file: Path) -> int:
    """Write a FlatGeobuf with its packed index, which orders it; rows without place stay out."""
    quadro = lettore.quadro()
    what = _what(lettore, quadro, sql.SQL("id"))
    query = lettore.cosa.select(what, also="geometria IS NOT NULL")
    _write(lettore, quadro, file, "FlatGeobuf", query, {})
    return quadro.con_geometria


def _write(
    lettore: Lettore,
    quadro: Quadro,
    file: Path,
    driver: str,
    query: sql.Composed,
    options: Mapping[str, object],
) -> None:
    place = {"geometry_name": "geom", "geometry_type": quadro.tipo, "crs": CRS}
    with lettore.arrow(query) as rows:
        pyogrio.write_arrow(
            rows,
            file,
            layer=lettore.cosa.dataset.nome,
            driver=driver,
            **(place if quadro.tipo else {}),
            **options,
        )


def _what(lettore: Lettore, quadro: Quadro, identity: sql.SQL) -> sql.Composed:
    """Return the columns: identity, properties and, if there is any, the geometry."""
    parts: list[sql.Composable] = [identity, lettore.cosa.properties()]
    if quadro.tipo:
        parts.append(sql.SQL("{} AS geom").format(quadro.geometria))
    return sql.SQL(", ").join(parts)


@contextmanager
def _configured(options: Mapping[str, str]) -> Iterator[None]:
    """Have GDAL work under these settings meanwhile; they are of the whole process."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(dict(options))
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)

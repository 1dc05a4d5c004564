"""A page of items as a table: CSV, GeoParquet, FlatGeobuf, for who works with tables.

For a page, not for a dataset: whole datasets leave as files (:mod:`opendata.formats`). In files
coordinates are always x, y, whatever the axes of their reference system.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from opendata.ogc.interrogazione import Interrogazione
from opendata.ogc.schema import schema_of

TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "fgb": "application/flatgeobuf",
}


def write(q: Interrogazione, features: bytes) -> bytes:
    """Return the features of a page, GeoJSON one after the other, in the format asked for."""
    return _WRITERS[q.formato](q, orjson.loads(b"[" + features + b"]"))


def _fields(q: Interrogazione) -> dict[str, str]:
    """Return the columns of the table with their JSON types, dates by their format."""
    there = schema_of(q.dataset.nome)
    names = list(there) if q.campi is None else q.campi
    return {name: there[name].get("format", there[name]["type"]) for name in names}


def _csv(q: Interrogazione, features: list[dict[str, Any]]) -> bytes:
    fields, out = list(_fields(q)), io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\r\n")
    place = [] if q.senza_geometria else ["geometry"]
    rows.writerow(["id", *fields, *place])
    for one in features:
        said = one["properties"]
        values = [one["id"], *(_plain(said[name]) for name in fields)]
        rows.writerow([*values, *(_wkt(one["geometry"]) for _ in place)])
    return out.getvalue().encode()


def _plain(value: object) -> object:
    """Return a value as CSV writes it; a text that a spreadsheet would compute stays a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value[:1] in {"=", "+", "@", "\t", "\r"}:
        return f"'{value}"
    return "" if value is None else value


def _wkt(geometry: dict[str, Any] | None) -> str:
    # Imported here and below: what reads geometries is heavy, and few ask for tables.
    import shapely

    return "" if geometry is None else shapely.from_geojson(json.dumps(geometry)).wkt


def _arrow(q: Interrogazione, features: list[dict[str, Any]]) -> Any:
    import pyarrow as pa

    types = {
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "string": pa.string(),
    }
    columns: dict[str, Any] = {"id": pa.array([one["id"] for one in features], pa.int64())}
    for name, kind in _fields(q).items():
        values = [one["properties"][name] for one in features]
        if kind == "date":
            values = [None if v is None else date.fromisoformat(v) for v in values]
        columns[name] = pa.array(values, types[kind])
    if not q.senza_geometria:
        columns["geometry"] = pa.array(_wkb(q, features), pa.binary())
    return pa.table(columns)


def _wkb(q: Interrogazione, features: list[dict[str, Any]]) -> list[bytes | None]:
    import shapely

    found = shapely.from_geojson(
        [None if f["geometry"] is None else json.dumps(f["geometry"]) for f in features]
    )
    if q.crs.nord_prima:
        found = shapely.transform(found, lambda points: points[:, ::-1])
    written: list[bytes | None] = shapely.to_wkb(found).tolist()
    return written


def _parquet(q: Interrogazione, features: list[dict[str, Any]]) -> bytes:
    import pyarrow.parquet as pq
    import pyproj
    import shapely

    table = _arrow(q, features)
    if not q.senza_geometria:
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        system = "OGC:CRS84" if not q.crs.proiettato else f"EPSG:{q.crs.srid}"
        column: dict[str, Any] = {
            "encoding": "WKB",
            "geometry_types": sorted({s.geom_type for s in shapes if s is not None}),
            "crs": pyproj.CRS.from_user_input(system).to_json_dict(),
        }
        if any(s is not None for s in shapes):
            column["bbox"] = shapely.total_bounds(shapes).tolist()
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        table = table.replace_schema_metadata({b"geo": json.dumps(geo).encode()})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _fgb(q: Interrogazione, features: list[dict[str, Any]]) -> bytes:
    import pyogrio
    import shapely

    # Skipped outlines are null ones: the format has a place for them in any case.
    table, out = _arrow(replace(q, senza_geometria=False), features), io.BytesIO()
    shapes = shapely.from_wkb(table["geometry"].to_pylist())
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    indexed = len(shapes) > 0 and all(shape is not None for shape in shapes)
    pyogrio.write_arrow(
        table,
        out,
        layer=q.dataset.nome,
        driver="FlatGeobuf",
        geometry_name="geometry",
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=f"EPSG:{q.crs.srid}",
        SPATIAL_INDEX="YES" if indexed else "NO",
    )
    return out.getvalue()


_WRITERS: Mapping[str, Callable[[Interrogazione, list[dict[str, Any]]], bytes]] = {
    "csv": _csv,
    "parquet": _parquet,
    "fgb": _fgb,
}

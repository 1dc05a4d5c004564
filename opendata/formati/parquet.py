"""GeoParquet 1.1: WKB, a bounding box beside each row, rows in the order of the ground."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj
from psycopg import sql

from opendata.estrazione import Lettore, Quadro

GRUPPO = 100_000
"""Rows of a row group: what a reader of a small area has to fetch of each column."""

LIVELLO = 1
"""Of zstd: three costs half as much time again and saves nothing here."""

ANGOLI = ("xmin", "ymin", "xmax", "ymax")
_RIQUADRO = sql.SQL(
    "ST_XMin(geometria) AS xmin, ST_YMin(geometria) AS ymin,"
    " ST_XMax(geometria) AS xmax, ST_YMax(geometria) AS ymax"
)


def geoparquet(lettore: Lettore, file: Path) -> int:
    """Write a GeoParquet, or a plain Parquet of what has no place on the ground."""
    quadro, cosa = lettore.quadro(), lettore.cosa
    parts: list[sql.Composable] = [sql.SQL("id"), cosa.properties()]
    if quadro.tipo:
        parts += [sql.SQL("{} AS geometry").format(quadro.geometria), _RIQUADRO]
    order = None if _in_order(lettore, quadro) else "geometria, id"
    with lettore.arrow(cosa.select(sql.SQL(", ").join(parts), order=order)) as rows:
        _write(rows, quadro, file)
    return quadro.righe


def _in_order(lettore: Lettore, quadro: Quadro) -> bool:
    """Tell whether the rows lie in the order of the ground: sorting them is half of the work."""
    if lettore.cosa.comune is None or quadro.righe <= GRUPPO:
        return False
    # What is read here and what is written must be read the same way: as the rows lie.
    lettore.conn.execute("SET LOCAL enable_indexscan = off")
    what = sql.SQL("(geometria, id) < (lag(geometria) OVER righe, lag(id) OVER righe) AS indietro")
    query = sql.SQL("SELECT coalesce(bool_or(indietro), false) FROM ({} WINDOW righe AS ()) AS t")
    return not lettore.value(query.format(lettore.cosa.select(what)))


def _write(rows: pa.RecordBatchReader, quadro: Quadro, file: Path) -> None:
    """Write the batches, a row group at a time, and last what is known of them all."""
    schema = _schema(rows.schema) if quadro.tipo else rows.schema
    texts = [
        field.name for field in schema if pa.types.is_string(field.type) and field.name != "codice"
    ]
    found: list[float | None] = []
    with pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=LIVELLO,
        use_dictionary=texts,
        write_statistics=[*(f.name for f in schema if f.name not in {"geometry", "bbox"})]
        + [f"bbox.{name}" for name in ANGOLI],
    ) as writer:
        for table in _groups(rows):
            if quadro.tipo:
                found = _widened(found, table)
                table = _with_box(table, schema)
            several = len(table) >= 2 * GRUPPO
            writer.write_table(table, row_group_size=GRUPPO if several else len(table))
        if quadro.tipo:
            writer.add_key_value_metadata({"geo": json.dumps(_geo(quadro, found))})


def _groups(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Put batches together until they make a row group, or a little more."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in rows:
        held.append(batch)
        count += batch.num_rows
        if count >= GRUPPO:
            yield pa.Table.from_batches(held)
            held, count = [], 0
    if count:
        yield pa.Table.from_batches(held)


def _schema(arrived: pa.Schema) -> pa.Schema:
    box = pa.struct([(name, pa.float64()) for name in ANGOLI])
    return pa.schema([*list(arrived)[: -len(ANGOLI)], pa.field("bbox", box)])


def _with_box(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Put the four corners of each row into one column, batch by batch: nothing is copied."""
    return pa.Table.from_batches(
        [_batch_with_box(batch, schema) for batch in table.to_batches()], schema
    )


def _batch_with_box(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    corners = batch.columns[-len(ANGOLI) :]
    box = pa.StructArray.from_arrays(corners, list(ANGOLI), mask=pc.is_null(corners[0]))
    return pa.RecordBatch.from_arrays([*batch.columns[: -len(ANGOLI)], box], schema=schema)


def _widened(found: list[float | None], table: pa.Table) -> list[float | None]:
    """Return the box of all rows so far."""
    own = [
        *(pc.min(table[name]).as_py() for name in ANGOLI[:2]),
        *(pc.max(table[name]).as_py() for name in ANGOLI[2:]),
    ]
    if not found or found[0] is None or own[0] is None:
        return own if not found or found[0] is None else found
    low = [min(a, b) for a, b in zip(found[:2], own[:2], strict=True)]
    high = [max(a, b) for a, b in zip(found[2:], own[2:], strict=True)]
    return [*low, *high]


def _geo(quadro: Quadro, box: list[float | None]) -> dict[str, Any]:
    """Return what GeoParquet says of the geometry of a file."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": [] if quadro.tipo == "Unknown" else [quadro.tipo],
        "crs": pyproj.CRS("OGC:CRS84").to_json_dict(),
        "edges": "planar",
        "covering": {"bbox": {name: ["bbox", name] for name in ANGOLI}},
    }
    if quadro.tipo == "MultiPolygon":
        column["orientation"] = "counterclockwise"
    if box and box[0] is not None:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}

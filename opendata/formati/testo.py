"""CSV with its description for machines (CSVW), and GeoJSON as the registry keeps it."""

import json
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg import sql

from opendata.dataset import Campo, Dataset, Geometria
from opendata.estrazione import Estrazione, Lettore

INSIEME = 2_000
"""Rows written at once."""

# A column of text as it is: neither character can stand in JSON, so that none is quoted.
GREZZO = r"FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02'"

PUNTO = (
    Campo("lon", "Longitudine, WGS84 (RDN2008)", "gradi"),
    Campo("lat", "Latitudine, WGS84 (RDN2008)", "gradi"),
)


def csv(lettore: Lettore, file: Path) -> int:
    """Write a CSV: UTF-8, commas, RFC 4180, each text in quotes so that codes stay texts."""
    cosa = lettore.cosa
    parts: list[sql.Composable] = [sql.SQL("id"), *map(_written, cosa.columns)]
    if cosa.dataset.geometria is Geometria.PUNTO:
        parts += [
            sql.SQL("round(ST_X(geometria)::numeric, 7) AS lon"),
            sql.SQL("round(ST_Y(geometria)::numeric, 7) AS lat"),
        ]
    quoted = sql.SQL("FORMAT csv, HEADER true, FORCE_QUOTE ({})").format(
        sql.SQL(", ").join(sql.Identifier(c.name) for c in cosa.columns if _is_text(c))
    )
    query = cosa.select(sql.SQL(", ").join(parts), order="id")
    return write_lines(file, lettore.copy(query, quoted)) - 1


def geojson(lettore: Lettore, file: Path) -> int:
    """Write a GeoJSON of the features as they are kept (RFC 7946)."""
    query = lettore.cosa.select(sql.SQL("testo"), order="id")
    return _write(file, _collection(lettore.copy(query, sql.SQL(GREZZO)))) - 2


def csvw(cosa: Estrazione, file: Path) -> int:
    """Write what describes the CSV beside it (W3C Tabular Data on the Web)."""
    table = cosa.dataset.tavola
    columns = [
        {"name": "id", "titles": "id", "datatype": "integer", "required": True},
        *(_column(campo, table.c[campo.nome]) for campo in cosa.dataset.campi),
    ]
    if cosa.dataset.geometria is Geometria.PUNTO:
        columns += [{**_said(campo), "datatype": "decimal"} for campo in PUNTO]
    body = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "it"}],
        "url": file.name.removesuffix("-metadata.json"),
        "dc:title": cosa.dataset.titolo,
        "dc:description": cosa.dataset.descrizione,
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "header": True,
            "lineTerminators": "\r\n",
        },
        "tableSchema": {"columns": columns, "primaryKey": "id"},
    }
    file.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return len(columns)


def datatype(column: "sa.Column[Any]") -> str:
    """Return the type of a column as XML Schema calls it."""
    kinds: tuple[tuple[type[Any], str], ...] = (
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Numeric, "decimal"),
        (sa.Date, "date"),
    )
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "string")


def _column(campo: Campo, column: "sa.Column[Any]") -> dict[str, Any]:
    kind = datatype(column)
    return {**_said(campo), "datatype": kind, "required": not column.nullable}


def _said(campo: Campo) -> dict[str, Any]:
    described = f"{campo.titolo} ({campo.unita})" if campo.unita else campo.titolo
    return {"name": campo.nome, "titles": campo.nome, "dc:description": described}


def _is_text(column: "sa.Column[Any]") -> bool:
    return datatype(column) == "string"


def _written(column: "sa.Column[Any]") -> sql.Composed:
    name = sql.Identifier(column.name)
    if isinstance(column.type, sa.Boolean):  # COPY would write t and f
        return sql.SQL("{}::text AS {}").format(name, name)
    return sql.SQL("{}").format(name)


def _collection(rows: Iterable[bytes]) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    before = b"\n"
    for row in rows:
        yield before + row[:-1]
        before = b",\n"
    yield b"\n]}\n"


def write_lines(file: Path, rows: Iterable[bytes]) -> int:
    """Write the rows of a COPY as lines of a CSV; return how many there were.

    PostgreSQL ends a row as the machine does, the standard wants both characters. A row comes
    as one message, so that the line ends inside texts stay what they are.
    """
    return _write(file, (row[:-1] + b"\r\n" for row in rows))


def _write(file: Path, pieces: Iterable[bytes]) -> int:
    """Write the pieces; return how many there were."""
    count = 0
    with file.open("wb") as target:
        for some in batched(pieces, INSIEME):
            target.write(b"".join(some))
            count += len(some)
    return count


def dizionario(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the data dictionary of a dataset, as files carry it."""
    table = dataset.tavola
    return [
        {
            "nome": campo.nome,
            "titolo": campo.titolo,
            "tipo": datatype(table.c[campo.nome]),
            "unita": campo.unita,
            "codici": dict(campo.codici),
        }
        for campo in dataset.campi
    ]

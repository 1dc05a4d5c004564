"""The properties of the collections as JSON Schema, with their words and code lists."""

from typing import Any

import sqlalchemy as sa

from opendata.dataset import BY_NAME, Geometria
from opendata.ogc.cql2_sql import BOOL, DATE, NUMBER, kind_of


def schema_of(nome: str) -> dict[str, dict[str, Any]]:
    """Return the properties of a collection as JSON Schema, with their words and code lists."""
    dataset = BY_NAME[nome]
    found = {}
    for campo in dataset.campi:
        column = dataset.tavola.c[campo.nome]
        kind = kind_of(column)
        said: dict[str, Any] = {"title": campo.titolo, "type": _TYPES.get(kind, "string")}
        if isinstance(column.type, sa.Integer):
            said["type"] = "integer"
        if kind == DATE:
            said["format"] = "date"
        if campo.unita:
            said["x-ogc-unit"] = campo.unita
        if campo.codici:
            said["enum"] = list(campo.codici)
        found[campo.nome] = said
    return found


_TYPES = {NUMBER: "number", BOOL: "boolean"}


def geometry_format(nome: str) -> str | None:
    """Return how the geometry of a collection is told in its schema, if it has one."""
    kinds = {Geometria.PUNTO: "geometry-point", Geometria.AREA: "geometry-multipolygon"}
    return kinds.get(BY_NAME[nome].geometria)

"""The doors of squares and styles in the description of the OGC API (OpenAPI 3.0)."""

from typing import Any

from opendata.ogc.tasselli import DISEGNATI, MASSIMO
from opendata.ogc.tasselli_descritti import INSIEME, JSON, MBS, MVT, TILEJSON

type Json = dict[str, Any]

_GIORNO: Json = {"$ref": "#/components/parameters/datetime"}
_RACCOLTE: Json = {
    "name": "collections",
    "in": "query",
    "description": "Solo queste raccolte; se manca, tutte.",
    "style": "form",
    "explode": False,
    "schema": {
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "enum": [dataset.nome for dataset in DISEGNATI]},
    },
}


def paths() -> Json:
    """Return the doors of squares by their paths, for ``openapi.document``."""
    found: Json = {
        "/tileMatrixSets": _told("Gli insiemi di matrici", "tileMatrixSets", ("json",)),
        f"/tileMatrixSets/{INSIEME}": _told("L’insieme di matrici", "tileMatrixSet", ("json",)),
        "/styles": _told("Gli stili", "styles", ("json",)),
        "/styles/anagrafe": _told("Lo stile", "style", ("mbs", "json"), _GIORNO, media=MBS),
        **_doors("/tiles", "dataset", "tutte le raccolte", _RACCOLTE),
    }
    for dataset in DISEGNATI:
        here = f"/collections/{dataset.nome}/tiles"
        found |= _doors(here, dataset.nome, dataset.titolo.lower(), tag=dataset.nome)
    return found


def _doors(here: str, operation: str, what: str, *more: Json, tag: str = "tasselli") -> Json:
    """Return the three doors of a tileset: the list, what is told of it, a square."""
    params = (_GIORNO, *more)
    series = ("json", "tilejson", "html")
    square = {
        "get": {
            "summary": f"Un tassello: {what}",
            "operationId": f"tile_{operation}",
            "tags": [tag],
            "parameters": [
                _place("tileMatrix", "Lo zoom.", MASSIMO),
                _place("tileRow", "La riga, da nord."),
                _place("tileCol", "La colonna, da ovest."),
                _format(("mvt",)),
                *params,
            ],
            "responses": {
                "200": {
                    "description": "Il tassello.",
                    "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
                },
                "204": {"description": "Non c’è niente."},
                "304": {"description": "Non è cambiato."},
                **_refused("400", "404", "503"),
            },
        }
    }
    lists = _told(f"Le serie: {what}", f"tiles_{operation}", ("json", "html"), *params, tag=tag)
    told = _told(
        f"La serie: {what}", f"tileset_{operation}", series, *params, tag=tag, also=TILEJSON
    )
    return {
        here: lists,
        f"{here}/{INSIEME}": told,
        f"{here}/{INSIEME}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": square,
    }


def _told(
    summary: str,
    operation: str,
    formats: tuple[str, ...],
    *params: Json,
    tag: str = "tasselli",
    media: str = JSON,
    also: str | None = None,
) -> Json:
    body: Json = {"schema": {"type": "object"}}
    content = {media: body} if also is None else {media: body, also: body}
    responses: Json = {
        "200": {"description": summary, "content": content},
        "304": {"description": "Non è cambiato."},
        **_refused("400", "503"),
    }
    if "html" in formats:
        responses["303"] = {"$ref": "#/components/responses/Pagina"}
    return {
        "get": {
            "summary": summary,
            "operationId": operation,
            "tags": [tag],
            "parameters": [_format(formats), *params],
            "responses": responses,
        }
    }


def _format(names: tuple[str, ...]) -> Json:
    return {
        "name": "f",
        "in": "query",
        "description": "Il formato.",
        "schema": {"type": "string", "enum": list(names)},
    }


def _place(name: str, description: str, most: int | None = None) -> Json:
    top = {} if most is None else {"maximum": most}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "integer", "minimum": 0, **top},
    }


def _refused(*statuses: str) -> Json:
    return {status: {"$ref": "#/components/responses/Problema"} for status in statuses}

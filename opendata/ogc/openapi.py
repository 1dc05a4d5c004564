"""The description of the OGC API (OpenAPI 3.0), from DATASETS: complete, without a foreign $ref."""

from collections.abc import Mapping
from typing import Any

from opendata.dataset import DATASETS, Dataset
from opendata.ogc import crs, records, tasselli_openapi
from opendata.ogc.configurazione import DESCRIZIONE, LICENZA, TITOLO
from opendata.ogc.cql2 import LANGUAGES
from opendata.ogc.cql2_sql import FUNCTIONS
from opendata.ogc.interrogazione import FORMATI, LIMITE, LIMITE_MASSIMO, OFFSET_MASSIMO
from opendata.ogc.schema import schema_of
from opendata.ogc.tabella import TYPES as TABLES

type Json = dict[str, Any]

MEDIA = "application/vnd.oai.openapi+json;version=3.0"
GEOJSON, FG, PROBLEM = (
    "application/geo+json",
    "application/vnd.ogc.fg+json",
    "application/problem+json",
)


_TABLES: Json = {
    media: {"schema": {"type": "string", "format": "binary"}} for media in TABLES.values()
}


def document(base: str, more: Mapping[str, Json] | None = None) -> Json:
    """Return the description for a server whose OGC API stands at ``base``.

    ``more`` are the paths of other standards (processes).
    """
    paths: Json = {
        "/": _described("Che cosa c’è", "landing"),
        "/conformance": _described("A che cosa è conforme", "conformance"),
        "/collections": _described("Le raccolte", "collections"),
        "/functions": _described("Le funzioni dei filtri", "functions", html=False),
    }
    for dataset in DATASETS:
        here = f"/collections/{dataset.nome}"
        paths[here] = _described(dataset.titolo, f"describe_{dataset.nome}", tag=dataset)
        paths[f"{here}/schema"] = _described(
            "Lo schema degli elementi", f"schema_{dataset.nome}", tag=dataset, schema=True
        )
        paths[f"{here}/queryables"] = _described(
            "I campi dei filtri", f"queryables_{dataset.nome}", tag=dataset, schema=True
        )
        paths[f"{here}/items"] = _items(dataset)
        paths[f"{here}/items/{{featureId}}"] = _item(dataset)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": TITOLO,
            "description": DESCRIZIONE,
            "version": "1",
            "license": LICENZA,
        },
        "servers": [{"url": base}],
        "tags": [{"name": d.nome, "description": d.titolo} for d in DATASETS],
        "paths": {**paths, **tasselli_openapi.paths(), **records.paths(), **(more or {})},
        "components": _components(),
    }


def _described(
    summary: str,
    operation: str,
    *,
    tag: Dataset | None = None,
    schema: bool = False,
    html: bool = True,
) -> Json:
    media = "application/schema+json" if schema else "application/json"
    found: Json = {
        "summary": summary,
        "operationId": operation,
        "tags": [tag.nome] if tag else ["servizio"],
        "parameters": [_ref("parameters", "f")] if html else [_ref("parameters", "soloJson")],
        "responses": {
            "200": {"description": summary, "content": {media: {"schema": {"type": "object"}}}},
            **_refused("400", "503"),
        },
    }
    if html:
        found["responses"]["303"] = _ref("responses", "Pagina")
    return {"get": found}


def _items(dataset: Dataset) -> Json:
    names = (
        *("fItems", "bbox", "bboxCrs", "crs", "datetime", "limit", "offset", "dopo"),
        *("filter", "filterLang", "filterCrs", "skipGeometry", "skipCount", "resulttype"),
    )
    fields = [campo.nome for campo in dataset.campi]
    own = [
        {
            "name": "properties",
            "in": "query",
            "description": "Solo questi campi.",
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "string", "enum": fields}},
        },
        {
            "name": "sortby",
            "in": "query",
            "description": "In che ordine: nomi di campi, con «-» davanti dal più grande.",
            "style": "form",
            "explode": False,
            "schema": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "pattern": _one_of(["id", *fields])},
            },
        },
    ]
    return {
        "get": {
            "summary": f"Elementi: {dataset.titolo.lower()}",
            "description": dataset.descrizione,
            "operationId": f"items_{dataset.nome}",
            "tags": [dataset.nome],
            "parameters": [
                *(_ref("parameters", name) for name in names),
                *own,
                *(_property(name, said) for name, said in schema_of(dataset.nome).items()),
            ],
            "responses": {
                "200": {
                    "description": "Una pagina di elementi.",
                    "headers": {"Content-Crs": {"schema": {"type": "string"}}},
                    "content": {
                        GEOJSON: {"schema": _ref("schemas", "FeatureCollection")},
                        FG: {"schema": _ref("schemas", "FeatureCollection")},
                        **_TABLES,
                    },
                },
                "303": _ref("responses", "Pagina"),
                "304": {"description": "Non è cambiato."},
                **_refused("400", "503"),
            },
        }
    }


def _one_of(names: list[str]) -> str:
    return f"^[+-]?({'|'.join(names)})$"


def _property(name: str, said: Json) -> Json:
    kept = {k: v for k, v in said.items() if k in {"type", "format", "enum"}}
    if kept.get("type") == "string" and "enum" not in kept and "format" not in kept:
        kept["pattern"] = "^[^\\u0000]*$"
    if kept.get("type") == "integer":
        kept |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    return {"name": name, "in": "query", "description": said["title"], "schema": kept}


def _item(dataset: Dataset) -> Json:
    names = ("featureId", "fItems", "crs", "datetime")
    return {
        "get": {
            "summary": f"Un elemento: {dataset.titolo.lower()}",
            "operationId": f"item_{dataset.nome}",
            "tags": [dataset.nome],
            "parameters": [_ref("parameters", name) for name in names],
            "responses": {
                "200": {
                    "description": "L’elemento.",
                    "content": {
                        GEOJSON: {"schema": _ref("schemas", "Feature")},
                        FG: {"schema": _ref("schemas", "Feature")},
                        **_TABLES,
                    },
                },
                "303": _ref("responses", "Pagina"),
                "304": {"description": "Non è cambiato."},
                **_refused("400", "404", "503"),
            },
        }
    }


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _refused(*statuses: str) -> Json:
    return {status: _ref("responses", "Problema") for status in statuses}


def _query(name: str, description: str, schema: Json, **more: Any) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _parameters() -> Json:
    systems = {"type": "string", "format": "uri", "enum": list(crs.SUPPORTED)}
    flag = {"type": "boolean", "default": False}
    functions = ", ".join(FUNCTIONS)
    return {
        "f": _query("f", "Il formato.", {"type": "string", "enum": ["json", "html"]}),
        "soloJson": _query("f", "Il formato.", {"type": "string", "enum": ["json"]}),
        "fItems": _query("f", "Il formato.", {"type": "string", "enum": list(FORMATI)}),
        "bbox": _query(
            "bbox",
            "Solo ciò che tocca il riquadro: ovest, sud, est, nord (o nell’ordine di bbox-crs).",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
            style="form",
            explode=False,
        ),
        "bboxCrs": _query("bbox-crs", "Il sistema di bbox.", systems),
        "crs": _query("crs", "Il sistema delle geometrie.", systems),
        "datetime": _query(
            "datetime",
            "Il giorno di cui si chiede (alla_data), o un periodo: 2024-12-31, 2020-01-01/..; se"
            " manca, oggi.",
            {"type": "string", "pattern": _WHEN},
        ),
        "limit": _query(
            "limit",
            f"Quanti elementi; più di {LIMITE_MASSIMO} non vengono.",
            {"type": "integer", "minimum": 1, "default": LIMITE},
        ),
        "offset": _query(
            "offset",
            "Quanti saltarne; più svelto è il collegamento «next».",
            {"type": "integer", "minimum": 0, "maximum": OFFSET_MASSIMO, "default": 0},
        ),
        "dopo": _query(
            "dopo",
            "Da dove comincia la pagina: si prende dal collegamento «next».",
            {"type": "string"},
        ),
        "filter": _query("filter", f"CQL2. Funzioni: {functions}.", {"type": "string"}),
        "filterLang": _query(
            "filter-lang",
            "Come è scritto il filtro.",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filterCrs": _query("filter-crs", "Il sistema delle geometrie del filtro.", systems),
        "skipGeometry": _query("skipGeometry", "Senza geometrie.", flag),
        "skipCount": _query("skipCount", "Senza numberMatched.", flag),
        "resulttype": _query(
            "resulttype",
            "«hits»: solo quanti sono.",
            {"type": "string", "enum": ["results", "hits"], "default": "results"},
        ),
        "featureId": {
            "name": "featureId",
            "in": "path",
            "required": True,
            "description": "Il numero dell’oggetto, o il suo codice.",
            "schema": {"type": "string"},
            "example": "nukagi-gecaza-t",
        },
    }


_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
_WHEN = rf"^(({_DAY})|(({_DAY}|\.\.)?/({_DAY}|\.\.)?))$"


def _components() -> Json:
    link = {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "title")},
    }
    feature: Json = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer", "format": "int64"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object"},
            "links": {"type": "array", "items": _ref("schemas", "Link")},
        },
    }
    collection: Json = {
        "type": "object",
        "required": ["type", "features", "links", "timeStamp", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": _ref("schemas", "Feature")},
            "links": {"type": "array", "items": _ref("schemas", "Link")},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    }
    problem: Json = {
        "type": "object",
        "required": ["title", "status", "detail", "code", "description"],
        "properties": {
            **{name: {"type": "string"} for name in ("type", "title", "detail", "instance")},
            **{name: {"type": "string"} for name in ("code", "description")},
            "status": {"type": "integer"},
            "errori": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        "parameters": _parameters(),
        "schemas": {
            "Link": link,
            "Feature": feature,
            "FeatureCollection": collection,
            "Problema": problem,
        },
        "responses": {
            "Pagina": {"description": "La pagina della casa che dice lo stesso."},
            "Problema": {
                "description": "Ciò che non va, in italiano (RFC 9457).",
                "content": {PROBLEM: {"schema": _ref("schemas", "Problema")}},
            },
        },
    }

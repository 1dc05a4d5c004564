"""pygeoapi's API object behind one file: asked as a function, with its errors mended.

What it is made of (where the data lie) changes with the data, so it is made anew when they do;
and once for each name by which the server is called, since its links begin with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import orjson
from pygeoapi import crs as pygeoapi_crs
from pygeoapi.api import (
    API,
    APIRequest,
    describe_collections,
    get_collection_schema,
    itemtypes,
    landing_page,
)

from opendata.dataset import BY_NAME
from opendata.ogc import configurazione, processi, records, schema, tasselli_descritti
from opendata.ogc.configurazione import Estensione
from territorio.errors import NotFound

PAROLE = frozenset({"f", "lang", "limit", "offset", "resulttype", "profile"})
"""The parameters that pygeoapi reads itself: all others were read before it."""

CONFORME = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortby",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/json-fg-1/0.2/conf/core",
    *tasselli_descritti.CONFORME,
)
"""What holds here. pygeoapi's own list names what it could do with other providers."""


@dataclass(frozen=True, slots=True)
class Risposta:
    """What pygeoapi answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class _Params(dict[str, str]):
    """The parameters of a request: all of them go into links, few are pygeoapi's to read."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter that pygeoapi reads."""
        return super().get(name, default) if name in PAROLE else default


class _Richiesta:
    """A request as pygeoapi looks at one."""

    def __init__(self, path: str, params: Mapping[str, str]) -> None:
        # The format is ours to choose: no header decides it again.
        self.headers: dict[str, str] = {}
        self.query_params = _Params(params)
        self.scope = {"path": path}


class Servizio:
    """pygeoapi for one address and one state of the data."""

    def __init__(self, base: str, where: Mapping[str, Estensione]) -> None:
        """Make it for links that begin with ``base``."""
        _remember_systems()
        self.base = base
        self.api = API(configurazione.configuration(base, where), {})

    def landing(self, params: Mapping[str, str]) -> Risposta:
        """Answer for the landing page."""
        found = self._call(landing_page, "/ogc", params)
        body = orjson.loads(found.body)
        body["links"] = [one for one in body["links"] if not _foreign(one)]
        body["links"] += tasselli_descritti.landing_links(self.base)
        return _with(found, body)

    def conformance(self, _: Mapping[str, str]) -> Risposta:
        """Answer what this server conforms to: pygeoapi would say what it could do elsewhere."""
        return Risposta(
            200,
            {},
            orjson.dumps({"conformsTo": [*CONFORME, *records.CONFORME, *processi.CONFORME]}),
        )

    def collections(self, params: Mapping[str, str], nome: str | None = None) -> Risposta:
        """Answer for all collections, or for one."""
        _require(nome)
        path = "/ogc/collections" + (f"/{nome}" if nome else "")
        found = self._call(describe_collections, path, params, nome)
        body = orjson.loads(found.body)
        for one in body["collections"] if nome is None else [body]:
            one["links"] = [link for link in one["links"] if not _foreign(link)]
            one["links"] += tasselli_descritti.collection_links(self.base, one["id"])
        if nome is None:
            body["collections"].append(records.described(self.base))
        return _with(found, body)

    def schema(self, params: Mapping[str, str], nome: str) -> Risposta:
        """Answer with the schema of a collection."""
        _require(nome)
        found = self._call(get_collection_schema, f"/ogc/collections/{nome}/schema", params, nome)
        return _with(found, _described(orjson.loads(found.body), nome))

    def queryables(self, params: Mapping[str, str], nome: str) -> Risposta:
        """Answer with what may stand in a filter on a collection."""
        _require(nome)
        path = f"/ogc/collections/{nome}/queryables"
        found = self._call(itemtypes.get_collection_queryables, path, params, nome)
        body = orjson.loads(found.body)
        body["$id"] = f"{self.base}/collections/{nome}/queryables"
        body["additionalProperties"] = False
        return _with(found, _described(body, nome))

    def items(self, params: Mapping[str, str], nome: str) -> Risposta:
        """Answer for the items of a collection: what the provider was told to ask."""
        path = f"/ogc/collections/{nome}/items"
        return self._call(itemtypes.get_collection_items, path, params, nome)

    def item(self, params: Mapping[str, str], nome: str, number: str) -> Risposta:
        """Answer for one item."""
        path = f"/ogc/collections/{nome}/items/{number}"
        return self._call(itemtypes.get_collection_item, path, params, nome, number)

    def _call(
        self, function: Callable[..., Any], path: str, params: Mapping[str, str], *args: Any
    ) -> Risposta:
        request = APIRequest(_Richiesta(path, params), self.api.locales)
        headers, status, content = function(self.api, request, *args)
        body = content.encode() if isinstance(content, str) else content
        return Risposta(int(status), {str(k): str(v) for k, v in headers.items()}, body)


def _require(nome: str | None) -> None:
    if nome is not None and nome not in BY_NAME:
        raise NotFound("raccolta", nome)


def _foreign(link: Mapping[str, Any]) -> bool:
    """Tell whether a link leads to what is not served here."""
    return any(part in link["href"] for part in ("jsonld", "/coverage", "/TileMatrixSets"))


def _described(body: dict[str, Any], nome: str) -> dict[str, Any]:
    """Return a schema with our words for the properties."""
    fields = {name: dict(said) for name, said in schema.schema_of(nome).items()}
    shape = schema.geometry_format(nome)
    geometry = {}
    if shape is not None:
        geometry["geometry"] = {"format": shape, "x-ogc-role": "primary-geometry"}
    identity = {"id": {"type": "integer", "x-ogc-role": "id", "title": "Numero dell’oggetto"}}
    body["properties"] = {**geometry, **identity, **fields}
    fields["valida_dal"]["x-ogc-role"] = "primary-interval-start"
    fields["valida_al"]["x-ogc-role"] = "primary-interval-end"
    return body


def _with(found: Risposta, body: object) -> Risposta:
    """Return an answer with another body; what failed stays as it is."""
    return found if found.status != 200 else Risposta(200, found.headers, orjson.dumps(body))


@cache
def _remember_systems() -> None:
    """Have pygeoapi look each reference system up once.

    It asks PROJ's database for the EPSG code of CRS84, which has none, three times a request, and
    that is two thirds of its time (specs/misure.md §3).
    """
    # What could be given back to it: these two lines, as a decorator of each function.
    pygeoapi_crs.get_crs = lru_cache(maxsize=64)(pygeoapi_crs.get_crs)
    pygeoapi_crs.get_srid = lru_cache(maxsize=64)(pygeoapi_crs.get_srid)

"""What is told of squares: the matrix set (OGC 17-083r4), tilesets (OGC 20-057), TileJSON 3.0.

Addresses begin with ``base``, where the OGC API stands for who asks.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa

from opendata.dataset import BY_NAME, Campo, Dataset
from opendata.metadati import PAGINE
from opendata.ogc import crs
from opendata.ogc.configurazione import LICENZA, TITOLO
from opendata.ogc.tasselli import LATO, LONTANO, MASSIMO, STRATI, VICINO, Strato
from territorio.geometry import ITALIA, Riquadro

INSIEME = "WebMercatorQuad"
INSIEME_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{INSIEME}"
EPSG_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"
SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
SCHEMI = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
VETTORIALI = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
STILI = "http://www.opengis.net/def/rel/ogc/1.0/styles"
MVT, JSON = "application/vnd.mapbox-vector-tile", "application/json"
TILEJSON, MBS = "application/vnd.mapbox.tile+json", "application/vnd.mapbox.style+json"

CONFORME = (
    *(
        f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{part}"
        for part in (
            *("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets"),
            *("collections-selection", "datetime", "mvt"),
        )
    ),
    *(
        f"http://www.opengis.net/spec/tms/2.0/conf/{part}"
        for part in (
            *("tilematrixset", "json-tilematrixset", "tilematrixsetlimits"),
            *("json-tilematrixsetlimits", "tilesetmetadata", "json-tilesetmetadata"),
        )
    ),
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/mapbox-style",
)
"""What the doors of squares conform to."""

_SCALA_0, _CELLA_0, _PIXEL = 559_082_264.028717, LATO / 256, 256
_LIVELLI = 25
_INIZIO = LATO / 2


def landing_links(base: str) -> list[dict[str, Any]]:
    """Return the links by which squares and styles are found from the landing page."""
    return [
        _link(VETTORIALI, JSON, f"{base}/tiles", title="Tasselli vettoriali"),
        _link(SCHEMI, JSON, f"{base}/tileMatrixSets", title="Insiemi di matrici"),
        _link(STILI, JSON, f"{base}/styles", title="Stili"),
    ]


def collection_links(base: str, nome: str) -> list[dict[str, Any]]:
    """Return the link by which the squares of a collection are found, if it has any."""
    if nome not in STRATI:
        return []
    here = f"{base}/collections/{nome}/tiles"
    return [_link(VETTORIALI, JSON, here, title="Tasselli vettoriali")]


def matrix_sets(base: str) -> dict[str, Any]:
    """Return the list of the matrix sets: there is one."""
    here = f"{base}/tileMatrixSets"
    one = {
        "id": INSIEME,
        "title": "Google Maps Compatible for the World",
        "uri": INSIEME_URI,
        "crs": EPSG_3857,
        "links": [
            _link(SCHEMA, JSON, f"{here}/{INSIEME}"),
            _link("self", JSON, f"{here}/{INSIEME}"),
        ],
    }
    return {"tileMatrixSets": [one], "links": [_link("self", JSON, here)]}


def matrix_set(base: str) -> dict[str, Any]:
    """Return the matrix set, with its matrices."""
    return {
        "id": INSIEME,
        "title": "Google Maps Compatible for the World",
        "uri": INSIEME_URI,
        "crs": EPSG_3857,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": _SCALA_0 / 2**z,
                "cellSize": _CELLA_0 / 2**z,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-_INIZIO, _INIZIO],
                "tileWidth": _PIXEL,
                "tileHeight": _PIXEL,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z in range(_LIVELLI)
        ],
        "links": [_link("self", JSON, f"{base}/tileMatrixSets/{INSIEME}")],
    }


@dataclass(frozen=True, slots=True)
class Serie:
    """A tileset: of one collection, or of several together."""

    base: str
    dataset: tuple[Dataset, ...]
    riquadro: Riquadro
    sola: bool
    """Whether it is that of a collection, not of the whole."""
    parametri: Mapping[str, str] = field(default_factory=dict)
    """What its addresses have to say: day, chosen collections."""

    @property
    def qui(self) -> str:
        """Return where its tilesets stand."""
        return (
            f"{self.base}/collections/{self.dataset[0].nome}/tiles"
            if self.sola
            else (f"{self.base}/tiles")
        )

    @property
    def titolo(self) -> str:
        """Return its name for people."""
        return self.dataset[0].titolo if self.sola else TITOLO.partition(":")[0]

    def indirizzo(self, path: str = "", **more: str) -> str:
        """Return an address below it, with its parameters."""
        asked = urlencode({**more, **self.parametri}, quote_via=quote, safe=",/:.")
        return f"{self.qui}{path}" + (f"?{asked}" if asked else "")

    def tassello(self, z: str, row: str, col: str) -> str:
        """Return the address of a square as a template."""
        return self.indirizzo(f"/{INSIEME}/{z}/{row}/{col}", f="mvt")


def where(conn: sa.Connection, dataset: Sequence[Dataset]) -> Riquadro:
    """Return the box in which collections lie, by their indexes where these have been counted."""
    found = [box for one in dataset if (box := _where(conn, one)) is not None]
    if not found:
        return Riquadro(*ITALIA)
    wests, souths, easts, norths = zip(*found, strict=True)
    return Riquadro(min(wests), min(souths), max(easts), max(norths))


def _where(conn: sa.Connection, dataset: Dataset) -> tuple[float, float, float, float] | None:
    t = dataset.tavola
    estimated = sa.func.ST_EstimatedExtent(t.schema, t.name, "geometria")
    for box in (estimated, sa.select(sa.func.ST_Extent(t.c.geometria)).scalar_subquery()):
        side = (sa.func.ST_XMin, sa.func.ST_YMin, sa.func.ST_XMax, sa.func.ST_YMax)
        row = conn.execute(sa.select(*(of(box) for of in side))).one()
        if row[0] is not None:
            return row[0], row[1], row[2], row[3]
    return None


def tilesets(serie: Serie) -> dict[str, Any]:
    """Return the list of the tilesets of a collection, or of the whole: there is one."""
    one = {
        "title": serie.titolo,
        **_frame(),
        "links": [
            _link("self", JSON, serie.indirizzo(f"/{INSIEME}", f="json")),
            _link(SCHEMA, JSON, f"{serie.base}/tileMatrixSets/{INSIEME}"),
            _item(serie),
        ],
    }
    return {"tilesets": [one], "links": [_link("self", JSON, serie.indirizzo())]}


def tileset(serie: Serie) -> dict[str, Any]:
    """Return the metadata of a tileset."""
    box = serie.riquadro
    here = f"/{INSIEME}"
    return {
        "title": serie.titolo,
        **_frame(),
        "license": LICENZA["url"],
        "attribution": attribution(serie),
        "links": [
            _link("self", JSON, serie.indirizzo(here, f="json")),
            _link("alternate", TILEJSON, serie.indirizzo(here, f="tilejson"), title="TileJSON"),
            _link(SCHEMA, JSON, f"{serie.base}/tileMatrixSets/{INSIEME}"),
            _item(serie),
            _link("license", "text/html", LICENZA["url"]),
        ],
        "boundingBox": {
            "lowerLeft": [box.ovest, box.sud],
            "upperRight": [box.est, box.nord],
            "crs": crs.OGC,
            "orderedAxes": ["Lon", "Lat"],
        },
        "centerPoint": {"coordinates": _centre(box)[:2], "crs": crs.OGC, "tileMatrix": "14"},
        "tileMatrixSetLimits": [_limits(box, z) for z in range(MASSIMO + 1)],
        "layers": [layer for one in serie.dataset for layer in _layers(one)],
    }


def tilejson(serie: Serie) -> dict[str, Any]:
    """Return a tileset as TileJSON 3.0.0."""
    box = serie.riquadro
    return {
        "tilejson": "3.0.0",
        "name": serie.titolo,
        "description": serie.dataset[0].descrizione if serie.sola else TITOLO,
        "attribution": attribution(serie),
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [serie.tassello("{z}", "{y}", "{x}")],
        "minzoom": 0,
        "maxzoom": VICINO,
        "bounds": [box.ovest, box.sud, box.est, box.nord],
        "center": _centre(box),
        "vector_layers": vector_layers(serie.dataset),
    }


def vector_layers(dataset: Sequence[Dataset]) -> list[dict[str, Any]]:
    """Return the layers as TileJSON tells them, with their fields and zooms."""
    found: list[dict[str, Any]] = []
    for one in dataset:
        strato = STRATI[one.nome]
        if strato.contato:
            said = {"conteggio": f"Number ({one.titolo})"}
            found.append(
                {
                    "id": strato.conteggi,
                    "description": f"{one.titolo}: quanti sono in ogni parte",
                    "minzoom": 0,
                    "maxzoom": LONTANO - 1,
                    "fields": said,
                }
            )
        found.append(
            {
                "id": one.nome,
                "description": one.titolo,
                "minzoom": LONTANO if strato.contato else 0,
                "maxzoom": VICINO,
                "fields": {campo.nome: _told(one, campo) for campo in fields(strato)},
            }
        )
    return found


def fields(strato: Strato) -> list[Campo]:
    """Return the properties of a layer, in words."""
    words = {campo.nome: campo for campo in BY_NAME[strato.nome].campi}
    return [words[name] for name in strato.campi]


def attribution(serie: Serie) -> str:
    """Return whom to name beside a map."""
    root = serie.base.removesuffix("/ogc")
    return f'<a href="{root}{PAGINE}">Anagrafe territoriale</a>, {LICENZA["name"]}'


def _told(dataset: Dataset, campo: Campo) -> str:
    """Return the kind of a field and what it says, as TileJSON wants it."""
    return f"{_kind(dataset, campo.nome).capitalize()} ({campo.titolo})"


def _kind(dataset: Dataset, name: str) -> str:
    kind = dataset.tavola.c[name].type.python_type
    return {str: "string", int: "integer", bool: "boolean"}.get(kind, "number")


def _layers(dataset: Dataset) -> list[dict[str, Any]]:
    strato = STRATI[dataset.nome]
    found = []
    if strato.contato:
        found.append(
            {
                "id": strato.conteggi,
                "title": f"{dataset.titolo}: quanti",
                "dataType": "vector",
                "geometryDimension": 0,
                "minTileMatrix": "0",
                "maxTileMatrix": str(LONTANO - 1),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {"conteggio": {"type": "integer", "title": "Quanti sono"}},
                },
            }
        )
    said = {
        campo.nome: {"type": _kind(dataset, campo.nome), "title": campo.titolo}
        for campo in fields(strato)
    }
    found.append(
        {
            "id": dataset.nome,
            "title": dataset.titolo,
            "description": dataset.descrizione,
            "dataType": "vector",
            "geometryDimension": 0 if strato.punti else 2,
            "minTileMatrix": str(LONTANO if strato.contato else 0),
            "maxTileMatrix": str(MASSIMO),
            "propertiesSchema": {"type": "object", "properties": said},
        }
    )
    return found


def _frame() -> dict[str, Any]:
    return {
        "dataType": "vector",
        "crs": EPSG_3857,
        "tileMatrixSetId": INSIEME,
        "tileMatrixSetURI": INSIEME_URI,
        "mediaTypes": [MVT],
    }


def _item(serie: Serie) -> dict[str, Any]:
    address = serie.tassello("{tileMatrix}", "{tileRow}", "{tileCol}")
    return {**_link("item", MVT, address, title="Mapbox Vector Tile"), "templated": True}


def _link(rel: str, media: str, href: str, title: str | None = None) -> dict[str, Any]:
    said = {} if title is None else {"title": title}
    return {"rel": rel, "type": media, **said, "href": href}


def _centre(box: Riquadro) -> list[float]:
    return [(box.ovest + box.est) / 2, (box.sud + box.nord) / 2, LONTANO]


def _limits(box: Riquadro, z: int) -> dict[str, Any]:
    first, last = _square(z, box.ovest, box.nord), _square(z, box.est, box.sud)
    return {
        "tileMatrix": str(z),
        "minTileRow": first[1],
        "maxTileRow": last[1],
        "minTileCol": first[0],
        "maxTileCol": last[0],
    }


def _square(z: int, lon: float, lat: float) -> tuple[int, int]:
    """Return the column and row of the square that holds a place."""
    n = 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return min(max(int((lon + 180) / 360 * n), 0), n - 1), min(max(int(y * n), 0), n - 1)

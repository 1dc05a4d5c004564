"""Squares over HTTP: what is told of them, what they hold, what is refused."""

import gzip
from typing import Any

import cramjam
import httpx
import pytest

from opendata.ogc.tasselli import DISEGNATI, STRATI
from tests.maps import mvt
from tests.maps.test_tile import square
from tests.pages.town import Town

EDIFICI = "/ogc/collections/edifici/tiles/WebMercatorQuad"
TUTTO = "/ogc/tiles/WebMercatorQuad"


def at(z: int, base: str = EDIFICI) -> str:
    """Return the address of the square of a zoom that holds the town."""
    _, x, y = square(z)
    return f"{base}/{z}/{y}/{x}"


def ask(http: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    answer = http.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def link(body: dict[str, Any], rel: str) -> str:
    """Return where a link of an answer leads; it is there once."""
    (found,) = [one["href"] for one in body["links"] if one["rel"] == rel]
    return str(found)


def test_a_client_finds_its_way_from_the_landing_page(http: httpx.Client, town: Town) -> None:
    vector = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    schemes = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
    landing = ask(http, "/ogc", f="json")
    sets = ask(http, link(landing, schemes))["tileMatrixSets"]
    matrix_set = ask(http, link(sets[0], "self"))
    assert [m["matrixWidth"] for m in matrix_set["tileMatrices"]] == [2**z for z in range(25)]
    assert ask(http, link(landing, vector))["tilesets"][0]["dataType"] == "vector"
    collection = ask(http, "/ogc/collections/edifici")
    listed = ask(http, link(collection, vector))["tilesets"]
    tileset = ask(http, link(listed[0], "self"))
    z, x, y = square(15)
    limits = tileset["tileMatrixSetLimits"][z]
    assert limits["tileMatrix"] == "15"
    assert limits["minTileRow"] <= y <= limits["maxTileRow"]
    assert limits["minTileCol"] <= x <= limits["maxTileCol"]
    template = link(tileset, "item")
    places = {"{tileMatrix}": str(z), "{tileRow}": str(y), "{tileCol}": str(x)}
    for name, value in places.items():
        template = template.replace(name, value)
    assert len(mvt.read(http.get(template).content)["edifici"]) > 10
    by_collection = {c["id"] for c in ask(http, "/ogc/collections")["collections"]
                     if any(one["rel"] == vector for one in c["links"])}  # fmt: skip
    assert by_collection == {dataset.nome for dataset in DISEGNATI}


def test_what_is_claimed_is_told(http: httpx.Client) -> None:
    conforms = ask(http, "/ogc/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core" in conforms
    assert len(conforms) == len(set(conforms))


def test_tilejson_tells_what_squares_hold(http: httpx.Client) -> None:
    told = ask(http, TUTTO, f="tilejson")
    assert (told["tilejson"], told["minzoom"], told["maxzoom"]) == ("3.0.0", 0, 16)
    west, south, east, north = told["bounds"]
    assert 10 < west < east < 12 < 43 < south < north < 45
    layers = {one["id"]: one for one in told["vector_layers"]}
    seen = set()
    for z in range(17):
        _, x, y = square(z)
        places = {"{z}": z, "{x}": x, "{y}": y}
        address = told["tiles"][0]
        for name, value in places.items():
            address = address.replace(name, str(value))
        for name, features in mvt.read(http.get(address).content).items():
            layer = layers[name]
            assert layer["minzoom"] <= z <= layer["maxzoom"]
            said = {key for feature in features for key in feature.valori}
            assert said <= set(layer["fields"])
            seen.add(name)
    assert {"edifici", "edifici_conteggi", "particelle", "civici", "fogli", "comuni"} <= seen


@pytest.mark.parametrize("dataset", DISEGNATI, ids=lambda d: d.nome)
def test_every_collection_is_described(http: httpx.Client, dataset: Any) -> None:
    here = f"/ogc/collections/{dataset.nome}/tiles"
    assert ask(http, here)["tilesets"]
    tileset = ask(http, f"{here}/WebMercatorQuad")
    assert [one["id"] for one in tileset["layers"]][-1] == dataset.nome
    assert set(tileset["layers"][-1]["propertiesSchema"]["properties"]) == set(
        STRATI[dataset.nome].campi
    )
    assert http.get(f"{here}/WebMercatorQuad/0/0/0").status_code in {200, 204}


def test_counts_add_up_to_the_buildings(http: httpx.Client, town: Town) -> None:
    for z in (0, 7, 10):
        counts = mvt.read(http.get(at(z)).content)["edifici_conteggi"]
        assert sum(feature.valori["conteggio"] for feature in counts) == town.edifici


def test_a_square_is_as_of_its_day(http: httpx.Client, town: Town) -> None:
    def many(day: str) -> int:
        return len(mvt.read(http.get(at(14), params={"datetime": day}).content)["edifici"])

    # One building became two.
    assert many("2023-09-14") == many("2023-09-15") - 1
    assert many("2023-09-14/2023-09-15") == many("2023-09-15") + 1
    first = http.get(at(14), params={"datetime": "2023-09-14T12:00:00Z"})
    assert len(mvt.read(first.content)["edifici"]) == many("2023-09-14")


def test_chosen_collections_come_in_one_square(http: httpx.Client) -> None:
    answer = http.get(at(15, TUTTO), params={"collections": "civici,edifici"})
    assert list(mvt.read(answer.content)) == ["edifici", "civici"]
    told = ask(http, TUTTO, f="tilejson", collections="civici", datetime="2024-01-01")
    assert [one["id"] for one in told["vector_layers"]] == ["civici_conteggi", "civici"]
    assert "collections=civici" in told["tiles"][0]
    assert "datetime=2024-01-01" in told["tiles"][0]


def test_where_there_is_nothing_there_is_no_content(http: httpx.Client) -> None:
    answer = http.get(f"{EDIFICI}/14/0/0")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_square_that_is_known_is_not_given_again(http: httpx.Client) -> None:
    first = http.get(at(14))
    again = http.get(at(14), headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert (again.status_code, again.content) == (304, b"")
    assert http.get(at(15), headers={"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "identity"])
def test_a_square_is_packed_as_asked(http: httpx.Client, encoding: str) -> None:
    answer = http.get(at(14), headers={"Accept-Encoding": encoding})
    assert answer.headers.get("content-encoding", "identity") == encoding
    # httpx reads all of these but zstd.
    data = bytes(cramjam.zstd.decompress(answer.content)) if encoding == "zstd" else answer.content
    assert len(mvt.read(data)["edifici"]) > 100


@pytest.mark.parametrize(
    "where",
    ["23/0/0", "2/4/0", "2/0/4", "1/-1/0", "x/0/0", "0/0/0.5", "99999999/0/0", "5/99999999999/0"],
)
def test_a_square_outside_its_matrix_is_not_found(http: httpx.Client, where: str) -> None:
    for base in (EDIFICI, TUTTO):
        answer = http.get(f"{base}/{where}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/boh/tiles",
        "/ogc/collections/odonimi/tiles",
        "/ogc/collections/odonimi/tiles/WebMercatorQuad/0/0/0",
        "/ogc/collections/edifici/tiles/WorldCRS84Quad",
        "/ogc/tileMatrixSets/WorldCRS84Quad",
        "/ogc/tiles/WorldCRS84Quad/0/0/0",
        "/ogc/styles/boh",
    ],
)
def test_what_is_not_there_is_not_found(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (at(14), {"boh": "1"}),
        (at(14), {"f": "json"}),
        (at(14), {"f": ["mvt", "mvt"]}),
        (at(14), {"datetime": "ieri"}),
        (at(14), {"datetime": "2024-01-01/2023-01-01"}),
        (at(14), {"datetime": "2" * 3000}),
        (at(14), {"collections": "edifici"}),
        (at(14, TUTTO), {"collections": "boh"}),
        (at(14, TUTTO), {"collections": "odonimi"}),
        (at(14, TUTTO), {"collections": ""}),
        ("/ogc/tileMatrixSets", {"limit": "1"}),
        ("/ogc/tiles", {"f": "mvt"}),
        (TUTTO, {"datetime": "boh"}),
        ("/ogc/collections/edifici/tiles", {"collections": "edifici"}),
        ("/ogc/styles/anagrafe", {"f": "sld"}),
    ],
)
def test_a_wrong_parameter_is_refused(http: httpx.Client, path: str, params: Any) -> None:
    answer = http.get(path, params=params)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_is_led_to_a_page(http: httpx.Client) -> None:
    assert http.get(EDIFICI, params={"f": "html"}).headers["location"] == "/dati/edifici"
    browser = {"Accept": "text/html"}
    assert http.get("/ogc/tiles", headers=browser).headers["location"] == "/dati"


def test_the_style_draws_layers_that_are_there(http: httpx.Client) -> None:
    (one,) = ask(http, "/ogc/styles")["styles"]
    style = ask(http, link(one, "stylesheet"))
    (source,) = style["sources"].values()
    layers = {one["id"]: one for one in ask(http, source["url"])["vector_layers"]}
    drawn = [part for part in style["layers"] if "source-layer" in part]
    assert len(drawn) > 10
    for part in drawn:
        assert part["source-layer"] in layers
        asked = set(_properties([part.get("paint"), part.get("layout"), part.get("filter")]))
        assert asked <= set(layers[part["source-layer"]]["fields"])
    assert {"edifici", "edifici_conteggi", "civici"} <= {part["source-layer"] for part in drawn}


def _properties(value: Any) -> list[str]:
    """Return the properties that an expression reads."""
    if isinstance(value, dict):
        return _properties(list(value.values()))
    if isinstance(value, list):
        if len(value) == 2 and value[0] in ("get", "has"):
            return [value[1]]
        return [name for one in value for name in _properties(one)]
    return []


def test_gzip_is_one_member(http: httpx.Client) -> None:
    with http.stream("GET", at(14), headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(mvt.read(gzip.decompress(raw))["edifici"]) > 100


def test_all_doors_are_in_the_description(http: httpx.Client) -> None:
    paths = ask(http, "/ogc/openapi")["paths"]
    expected = {"/tiles", *(f"/collections/{dataset.nome}/tiles" for dataset in DISEGNATI)}
    assert {path for path in paths if path.endswith("/tiles")} == expected
    params = {one.get("name") for one in paths["/tiles/WebMercatorQuad"]["get"]["parameters"]}
    assert {"f", "collections"} <= params

"""Items over HTTP: pages that lead to each other, formats, tags, errors."""

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx
import pytest
import shapely

from opendata.dataset import DATASETS, Dataset
from opendata.ogc import crs
from tests.pages.town import Town

EDIFICI = "/ogc/collections/edifici/items"


def ask(http: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    """Return the JSON of an answer that is well."""
    answer = http.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def link(body: dict[str, Any], rel: str) -> str | None:
    """Return where a link of an answer leads."""
    found = [one["href"] for one in body["links"] if one["rel"] == rel]
    return found[0] if found else None


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.nome)
def test_every_collection_answers(http: httpx.Client, dataset: Any) -> None:
    body = ask(http, f"/ogc/collections/{dataset.nome}/items", limit=2)
    assert body["type"] == "FeatureCollection"
    assert body["numberReturned"] == len(body["features"]) <= body["numberMatched"]
    assert link(body, "collection") == f"{http.base_url}/ogc/collections/{dataset.nome}"


def test_all_buildings_come_page_by_page(http: httpx.Client, town: Town) -> None:
    found, here = list[int](), f"{EDIFICI}?limit=7"
    for _ in range(100):
        body = ask(http, here)
        assert body["numberMatched"] == town.edifici
        found += [feature["id"] for feature in body["features"]]
        following = link(body, "next")
        if following is None:
            break
        here = following
    assert len(found) == len(set(found)) == town.edifici
    assert found == sorted(found)


def test_one_building_is_found_by_its_number_and_by_its_code(
    http: httpx.Client, town: Town
) -> None:
    by_code = ask(http, f"{EDIFICI}/{town.pieno}")
    by_number = ask(http, f"{EDIFICI}/{by_code['id']}")
    assert by_code == by_number
    assert by_code["properties"]["codice"] == town.pieno
    assert link(by_code, "collection") == f"{http.base_url}/ogc/collections/edifici"


@pytest.mark.parametrize("name", ["boh", "1", "nukagi-gecaza-x", "999999999999999"])
def test_who_is_not_there_is_not_found(http: httpx.Client, name: str) -> None:
    answer = http.get(f"{EDIFICI}/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NotFound"
    assert http.get("/ogc/collections/boh/items").status_code == 404


def test_the_same_by_both_ways(http: httpx.Client, town: Town) -> None:
    plain = ask(http, EDIFICI, limit=5)
    threaded = ask(http, EDIFICI, limit=5, f="json", skipCount="false", lang="it" + " " * 12_500)
    for body in (plain, threaded):
        del body["links"], body["timeStamp"]
    assert plain == threaded


def test_an_answer_that_is_known_is_not_given_again(http: httpx.Client) -> None:
    first = http.get(EDIFICI, params={"limit": 3})
    again = http.get(EDIFICI, params={"limit": 3}, headers={"If-None-Match": first.headers["etag"]})
    other = http.get(EDIFICI, params={"limit": 4}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    assert first.headers["content-type"] == "application/geo+json"
    assert first.headers["content-crs"] == f"<{crs.OGC}>"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "identity"])
def test_an_answer_is_packed_as_asked(http: httpx.Client, encoding: str) -> None:
    answer = http.get(EDIFICI, params={"limit": 100}, headers={"Accept-Encoding": encoding})
    assert answer.headers.get("content-encoding", "identity") == encoding
    assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize("uri", [uri for uri in crs.SUPPORTED if uri != crs.OGC])
def test_a_box_in_any_system_holds_the_same(http: httpx.Client, town: Town, uri: str) -> None:
    usual = ask(http, EDIFICI, limit=100)
    there = ask(http, EDIFICI, limit=100, crs=uri)
    assert http.get(EDIFICI, params={"crs": uri}).headers["content-crs"] == f"<{uri}>"
    pairs = zip(usual["features"], there["features"], strict=True)
    first, turned = next(pair for pair in pairs if pair[0]["properties"]["codice"] == town.pieno)
    xs, ys = zip(*turned["geometry"]["coordinates"][0], strict=True)
    metres = crs.SUPPORTED[uri].proiettato
    inset = 0.5 if metres else 0.000005
    box = f"{min(xs) + inset},{min(ys) + inset},{max(xs) - inset},{max(ys) - inset}"
    found = ask(http, EDIFICI, bbox=box, **{"bbox-crs": uri})
    assert [one["id"] for one in found["features"]] == [first["id"]]
    north_first = uri.endswith(("/4326", "/6706"))
    assert (xs[0] > ys[0]) is (north_first or (metres and xs[0] > ys[0]))


def test_a_browser_is_led_to_the_page(http: httpx.Client, town: Town) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml"}
    assert http.get(EDIFICI, headers=browser).headers["location"] == "/dati/edifici"
    assert http.get(EDIFICI, params={"f": "html"}).status_code == 303
    one = http.get(f"{EDIFICI}/{town.pieno}", headers=browser)
    assert one.headers["location"] == f"/id/edificio/{town.pieno}"


@pytest.mark.parametrize(
    "params",
    [
        {"bbox": "1,2,3"},
        {"limit": "0"},
        {"sconosciuto": "1"},
        {"datetime": "ieri"},
        {"filter": "piani = "},
        {"filter": "valida_dal > 'ieri'"},
        {"filter": "s_intersects(geometry, POLYGON((0 0, 1 1, 0 0)))"},
        {"piani": "molti"},
        {"piani": "99999999999999999999"},
        {"bbox": "1,2,3,4", "limit": "5", "f": "exe"},
    ],
)
def test_what_is_wrong_is_told_as_the_standard_asks(
    http: httpx.Client, params: dict[str, str]
) -> None:
    answer = http.get(EDIFICI, params=params)
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["code"] == "InvalidParameterValue"
    assert body["description"] == body["detail"] != ""


def test_a_page_comes_as_a_table(http: httpx.Client, town: Town, tmp_path: Path) -> None:
    usual = ask(http, EDIFICI, limit=60)["features"]
    by_id = {one["id"]: one for one in usual}
    for formato in ("csv", "parquet", "fgb"):
        answer = http.get(EDIFICI, params={"f": formato, "limit": 60})
        assert answer.status_code == 200, answer.text
        assert answer.headers["ogc-numbermatched"] == str(town.edifici)
        assert 'rel="next"' in answer.headers["link"]
        assert answer.headers["content-disposition"].startswith("attachment")
        file = tmp_path / f"edifici.{formato}"
        file.write_bytes(answer.content)
        if formato == "csv":
            with file.open(newline="") as lines:
                rows = list(csv.DictReader(lines))
            assert [int(row["id"]) for row in rows] == list(by_id)
            assert rows[0]["geometry"].startswith("POLYGON")
            continue
        frame = gpd.read_parquet(file) if formato == "parquet" else gpd.read_file(file)
        assert len(frame) == len(usual)
        said = [by_id[number] for number in frame["id"]]
        assert list(frame["codice"]) == [one["properties"]["codice"] for one in said]
        outlines = [shapely.geometry.shape(one["geometry"]) for one in said]
        assert shapely.equals(frame.geometry.to_numpy(), outlines).all()
        assert frame.crs is not None
        assert frame.crs.to_authority() in {("OGC", "CRS84"), ("EPSG", "4326")}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.nome)
@pytest.mark.parametrize("formato", ["csv", "parquet", "fgb", "jsonfg"])
def test_every_collection_comes_in_every_format(
    http: httpx.Client, dataset: Dataset, formato: str
) -> None:
    for more in ({}, {"bbox": "1,2,3,4"}, {"crs": crs.EPSG + "6706"}, {"skipGeometry": "true"}):
        params: dict[str, str] = {"f": formato, "limit": "3", **more}
        answer = http.get(f"/ogc/collections/{dataset.nome}/items", params=params)
        assert answer.status_code == 200, (more, answer.text)

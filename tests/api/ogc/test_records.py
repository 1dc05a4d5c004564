"""The catalogue as records: found by word, place and day, and by OWSLib."""

from typing import Any

import httpx
import pytest
from owslib.ogcapi.records import Records

from opendata.dataset import DATASETS

ITEMS = "/ogc/collections/catalogo/items"


def ask(http: httpx.Client, path: str = ITEMS, **params: Any) -> dict[str, Any]:
    answer = http.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_owslib_finds_the_catalogue(site: str) -> None:
    service = Records(f"{site}/ogc")
    assert "catalogo" in service.records()
    found = service.collection_items("catalogo", q="edifici", limit=50)
    assert found["numberMatched"] >= 1
    assert all("edifici" in str(one["properties"]).lower() for one in found["features"])
    assert service.collection_item("catalogo", "edifici")["properties"]["type"] == "dataset"


def test_every_dataset_has_its_record(http: httpx.Client) -> None:
    found = ask(http, limit=1000)
    assert {one["id"] for one in found["features"]} >= {dataset.nome for dataset in DATASETS}
    for one in found["features"]:
        assert one["properties"]["license"]
        assert {link["rel"] for link in one["links"]} >= {"self", "collection", "describedby"}


def test_pages_lead_to_each_other(http: httpx.Client) -> None:
    whole = [one["id"] for one in ask(http, limit=1000)["features"]]
    found, here = list[str](), f"{ITEMS}?limit=4"
    for _ in range(50):
        body = ask(http, here)
        found += [one["id"] for one in body["features"]]
        following = [link["href"] for link in body["links"] if link["rel"] == "next"]
        if not following:
            break
        here = following[0]
    assert found == whole


@pytest.mark.parametrize(
    ("params", "some"),
    [
        ({"q": "numeri civici"}, True),
        ({"q": "parolachenonce"}, False),
        ({"bbox": "10,43,12,45"}, True),
        ({"bbox": "-10,0,-5,5"}, False),
        ({"type": "service"}, False),
        ({"type": "dataset"}, True),
        ({"ids": "edifici,boh"}, True),
        ({"ids": "boh"}, False),
        ({"datetime": "../1960-01-01"}, False),
        ({"datetime": "1960-01-01/.."}, True),
    ],
)
def test_a_search_narrows(http: httpx.Client, params: dict[str, str], some: bool) -> None:
    assert (ask(http, **params)["numberMatched"] > 0) is some


@pytest.mark.parametrize(
    "params", [{"boh": "1"}, {"limit": "0"}, {"bbox": "x"}, {"datetime": "x"}, {"f": "xml"}]
)
def test_what_is_wrong_is_refused(http: httpx.Client, params: dict[str, str]) -> None:
    assert http.get(ITEMS, params=params).status_code == 400


def test_who_is_not_there_is_not_found(http: httpx.Client) -> None:
    assert http.get(f"{ITEMS}/boh").status_code == 404

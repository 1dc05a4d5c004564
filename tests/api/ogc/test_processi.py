"""What lies in a drawn area, asked as the standard asks."""

from typing import Any

import httpx
import pytest

from tests.pages.town import Town

PROCESSES = "/ogc/processes"
EXECUTION = f"{PROCESSES}/sovrapposizione/execution"


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def building(http: httpx.Client, town: Town) -> dict[str, Any]:
    """Return the outline of a building."""
    found: dict[str, Any] = http.get(f"/ogc/collections/edifici/items/{town.pieno}").json()
    return found


def execute(http: httpx.Client, **inputs: object) -> httpx.Response:
    return http.post(EXECUTION, json={"inputs": inputs})


def test_it_is_listed_and_described(http: httpx.Client) -> None:
    listed = http.get(PROCESSES).json()["processes"]
    assert [one["id"] for one in listed] == ["sovrapposizione"]
    told = http.get(listed[0]["links"][0]["href"]).json()
    assert set(told["inputs"]) == {"area", "giorno", "raccolte"}
    assert told["jobControlOptions"] == ["sync-execute"]
    assert http.get(f"{PROCESSES}/boh").status_code == 404


def test_the_outline_of_a_building_shares_all_of_it(http: httpx.Client, town: Town) -> None:
    house = building(http, town)
    answer = execute(http, area=house["geometry"])
    assert answer.status_code == 200, answer.text
    body = answer.json()
    mine = next(one for one in body["oggetti"]["edifici"] if one["codice"] == town.pieno)
    assert mine["quota"] == pytest.approx(1, abs=1e-3)
    assert mine["area_mq"] == pytest.approx(house["properties"]["area_mq"], abs=0.5)
    assert body["area_mq"] == pytest.approx(mine["area_mq"], abs=0.5)
    assert town.particella in {one["codice"] for one in body["oggetti"]["particelle"]}


def test_half_of_a_building_shares_half(http: httpx.Client, town: Town) -> None:
    house = building(http, town)
    xs, ys = zip(*house["geometry"]["coordinates"][0], strict=True)
    half = square(min(xs), min(ys), (min(xs) + max(xs)) / 2, max(ys))
    body = execute(http, area=half, raccolte=["edifici"]).json()
    assert list(body["oggetti"]) == ["edifici"]
    mine = next(one for one in body["oggetti"]["edifici"] if one["codice"] == town.pieno)
    assert mine["quota"] == pytest.approx(0.5, abs=0.01)


def test_a_day_is_answered_as_it_was(http: httpx.Client, town: Town) -> None:
    area = building(http, town)["geometry"]
    assert execute(http, area=area, giorno="1900-01-01").json()["alla_data"] == "1900-01-01"


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"area": "POLYGON((0 0))"},
        {"area": {"type": "Point", "coordinates": [11, 44]}},
        {"area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}},
        {"area": {"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [1, 0], ["a", 0]]]}},
        {"area": square(6, 35, 19, 48)},
        {"area": square(11, 44, 11, 44)},
        {"area": square(11, 44, 11.001, 44.001), "giorno": "ieri"},
        {"area": square(11, 44, 11.001, 44.001), "raccolte": ["persone"]},
        {"area": square(11, 44, 11.001, 44.001), "boh": 1},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(http: httpx.Client, inputs: dict[str, Any]) -> None:
    answer = execute(http, **inputs)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == "InvalidParameterValue"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"inputs": 3}', b"x" * 2_000_001])
def test_a_body_that_is_none_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post(EXECUTION, content=body).status_code == 400

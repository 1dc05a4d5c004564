"""The stable address of each object leads to its page, or to its JSON, for ever."""

import httpx
import pytest

from territorio.identita import Codice, permute
from tests.pages.town import Town

JSON = {"Accept": "application/json"}


def test_the_uri_every_object_gives_leads_to_page_and_to_json(
    http: httpx.Client, town: Town
) -> None:
    places = {
        "edifici": town.pieno,
        "particelle": town.particella,
        "unita-immobiliari": town.unita,
        "civici": town.civico,
    }
    for noun, code in places.items():
        said = http.get(f"/api/v1/{noun}/{code}").json()["uri"]
        page = http.get(said)
        assert (page.status_code, page.headers["location"]) == (303, f"/{noun}/{code}")
        data = http.get(said, headers=JSON)
        assert (data.status_code, data.headers["location"]) == (303, f"/api/v1/{noun}/{code}")
        assert page.headers["vary"] == "Accept"
        assert http.get(data.headers["location"]).status_code == 200


def test_a_retired_building_answers_and_the_day_is_kept(http: httpx.Client, town: Town) -> None:
    address = f"/id/edificio/{town.diviso}?alla_data=2024-01-01"
    answer = http.get(address, follow_redirects=True)
    assert answer.status_code == 200
    assert "non c’è più" in answer.text
    assert answer.url.query == b"alla_data=2024-01-01"


@pytest.mark.parametrize(
    "path", ["edificio/boh", f"edificio/{Codice(permute(987_654))}", "soggetto/boh", "edificio/1"]
)
def test_what_was_never_issued_is_404_in_italian(http: httpx.Client, path: str) -> None:
    page = http.get(f"/id/{path}")
    assert page.status_code == 404
    assert "Non esiste" in page.text
    problem = http.get(f"/id/{path}", headers=JSON)
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 404


def test_the_address_of_one_kind_does_not_lead_to_another(http: httpx.Client, town: Town) -> None:
    assert http.get(f"/id/particella/{town.pieno}").status_code == 404
    assert http.get(f"/id/soggetto/{town.pieno}").status_code == 404

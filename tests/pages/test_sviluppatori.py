"""The page for developers: examples that run, what changed for users of the data, Swagger UI."""

import json
from pathlib import Path

import httpx
import lxml.html
import pytest
from playwright.sync_api import Page

from api.pages import sviluppatori
from tests.pages.test_dati import get, run, words, written_on


def test_every_example_runs_as_written(http: httpx.Client, tmp_path: Path) -> None:
    commands = written_on(http, "/sviluppatori", "curl")
    assert len(commands) == len(sviluppatori.ESEMPI)
    said = [run(["bash", "-ec", command], tmp_path) for command in commands]
    assert all(said)
    assert len(json.loads(said[0])["features"]) == 10  # the box is where there is something


def test_what_changes_for_users_of_the_data_is_told(http: httpx.Client) -> None:
    told = sviluppatori.changes_of_data()
    assert told[0][0] == "Unreleased"
    page = get(http, "/sviluppatori")
    shown = page.xpath("//ul[@lang='en']/li")
    assert len(shown) == sum(len(lines) for _, lines in told) > 10


def test_only_lines_for_users_of_the_data_are_read(tmp_path: Path) -> None:
    file = tmp_path / "CHANGELOG.md"
    file.write_text(
        "# Changelog\n\n`Dati` says what.\n\n## 2.0\n\n### Dati\n\n- One\n  line.\n- Two.\n\n"
        "### Fixed\n\n- Not this.\n\n## 1.1\n\n### Added\n\n- Nor this.\n\n"
        "## 1.0\n\n### Dati\n\n- Old.\n"
    )
    assert sviluppatori.changes_of_data(file) == (
        ("2.0", ("One line.", "Two.")),
        ("1.0", ("Old.",)),
    )
    assert sviluppatori.changes_of_data(tmp_path / "nothing.md") == ()


@pytest.mark.parametrize(
    ("query", "path"), [("", "/api/v1/edifici"), ("?di=ogc", "/collections/edifici/items")]
)
def test_both_descriptions_can_be_tried(page: Page, query: str, path: str) -> None:
    page.goto(f"/sviluppatori/prova{query}")
    page.wait_for_selector("#swagger[data-stato=pronta]")
    page.wait_for_selector(f"[data-path='{path}']")


def test_nothing_else_can_be_tried(http: httpx.Client) -> None:
    answer = http.get("/sviluppatori/prova?di=https://example.org/x.json")
    assert answer.status_code == 422


def test_the_landing_pages_lead_here(http: httpx.Client) -> None:
    browser = {"Accept": "text/html"}
    answer = http.get("/ogc", headers=browser, follow_redirects=True)
    assert answer.url.path == "/sviluppatori"
    assert "Che cosa c’è" in words(lxml.html.fromstring(answer.text))

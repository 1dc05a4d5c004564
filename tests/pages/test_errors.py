"""What goes wrong is a page of the house for people and problem+json for programs (U12)."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import lxml.html
import pytest
from fastapi import FastAPI, Request
from structlog.testing import capture_logs

from api import deps, errors
from api.app import create_app
from api.assets import OWN, Assets
from api.pages import sito
from api.pages.render import TEMPLATES
from territorio.config import Settings
from territorio.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    NotReady,
    Refused,
    TerritorioError,
)
from tests.sito import serve


def parse(text: str) -> Any:
    return lxml.html.fromstring(text)


@pytest.fixture(scope="module")
def broken() -> Iterator[httpx.Client]:
    """Serve an application whose addresses fail in every way; no database is asked."""
    app = create_app(Settings(database_url="postgresql://127.0.0.1:1/niente"))
    app.state.sito = sito.Sito((sito.ComuneServito("X999", "Borgo Sereno", "XX", True),))
    _fail(app)
    with serve(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client
    deps.close(app)


def _fail(app: FastAPI) -> None:
    kinds: dict[str, Exception] = {
        "non-trovato": NotFound("edificio", "xyz"),
        "vietato": Forbidden("Non puoi."),
        "conflitto": Conflict("Già fatto."),
        "sbagliato": InvalidInput("campo", "non va"),
        "non-pronto": NotReady("Manca qualcosa."),
        "rifiutato": Refused("a.txt", "non è un file"),
        "altro": TerritorioError("Altro."),
        "guasto": ZeroDivisionError("segreto: RSSMRA80A01H501U"),
    }

    def fail(kind: str, request: Request) -> None:
        raise kinds[kind]

    app.get("/prova/{kind}")(fail)
    app.get("/api/v1/prova/{kind}")(fail)


CASES = [
    ("non-trovato", 404),
    ("vietato", 403),
    ("conflitto", 409),
    ("sbagliato", 422),
    ("non-pronto", 503),
    ("rifiutato", 422),
    ("altro", 400),
    ("guasto", 500),
]


@pytest.mark.parametrize(("kind", "status"), CASES)
def test_people_get_a_page_of_the_house(broken: httpx.Client, kind: str, status: int) -> None:
    response = broken.get(f"/prova/{kind}")
    assert response.status_code == status
    assert response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    page = parse(response.text)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//main//a[@href='/'] | //main//a[@href='/cerca'] | //main//form")
    assert response.headers["x-request-id"] in page.text_content()
    assert "I dati di Borgo Sereno sono inventati" in page.text_content()
    assert ("retry-after" in response.headers) is (status == 503)
    assert "Traceback" not in response.text
    assert "RSSMRA" not in response.text


@pytest.mark.parametrize(("kind", "status"), CASES)
def test_programs_get_problem_json(broken: httpx.Client, kind: str, status: int) -> None:
    response = broken.get(f"/api/v1/prova/{kind}", headers={"X-Request-ID": "prova-1234"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert body["status"] == status
    assert body["instance"] == "urn:richiesta:prova-1234"
    assert body["title"]
    assert "RSSMRA" not in response.text
    assert ("retry-after" in response.headers) is (status == 503)
    if kind == "sbagliato":
        assert body["errori"] == [{"campo": "campo", "motivo": "non va"}]


def test_an_unknown_address_offers_a_search(broken: httpx.Client) -> None:
    response = broken.get("/non/esiste")
    assert response.status_code == 404
    assert parse(response.text).xpath("//main//form[@role='search']")
    assert broken.get("/api/v1/non/esiste").json()["detail"] == errors.MISSING


def test_a_fragment_fails_in_one_sentence(broken: httpx.Client) -> None:
    response = broken.get("/frammenti/edifici/boh")
    assert response.status_code in {422, 503}
    assert "<html" not in response.text
    assert parse(response.text).get("role") == "alert"


def test_a_database_that_does_not_answer_is_503(broken: httpx.Client) -> None:
    response = broken.get("/")
    assert response.status_code == 503
    assert "momentaneamente fermo" in parse(response.text).text_content()
    body = broken.get("/api/v1/edifici?limite=1")
    assert (body.status_code, body.json()["detail"]) == (503, errors.NO_DATABASE)


def test_the_method_that_is_not_allowed_says_so(broken: httpx.Client) -> None:
    response = broken.post("/note-legali")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    read = [ask("/note-legali").status_code for ask in (broken.get, broken.head)]
    assert read[0] == read[1] != 405


def test_what_the_parser_refuses_is_said_in_italian_field_by_field(http: httpx.Client) -> None:
    body = http.get("/api/v1/edifici?limite=mille&alla_data=ieri").json()
    assert body["status"] == 422
    reasons = {e["campo"]: e["motivo"] for e in body["errori"]}
    assert reasons["limite"] == "deve essere un numero intero"
    assert "data" in reasons["alla_data"]


def test_a_request_number_that_is_no_number_is_replaced(http: httpx.Client) -> None:
    given = http.get("/note-legali", headers={"X-Request-ID": "prova-abcd"})
    assert given.headers["x-request-id"] == "prova-abcd"
    evil = http.get("/note-legali", headers={"X-Request-ID": "a b<script>"})
    assert "script" not in evil.headers["x-request-id"]


def test_the_log_holds_no_search_and_no_error_text(broken: httpx.Client) -> None:
    with capture_logs() as events:
        broken.get("/prova/guasto?q=CAVALIERI")
        time.sleep(0.2)  # the last line is written after the answer has gone
    written = repr(events)
    assert "ZeroDivisionError" in written
    assert "RSSMRA" not in written
    assert "CAVALIERI" not in written


def test_assets_that_are_missing_or_broken_are_named(tmp_path: Any) -> None:
    with pytest.raises(NotReady, match="make setup"):
        Assets(_copy(tmp_path / "vuoto", stamp=None))
    with pytest.raises(NotReady, match=r"a-1/b\.js"):
        Assets(_copy(tmp_path / "guasto", stamp='{"inputs": "x", "files": {"a-1/b.js": "00"}}'))


def _copy(folder: Any, *, stamp: str | None) -> Any:
    (folder / "vendor" / "a-1").mkdir(parents=True)
    for name in OWN:
        (folder / name).write_text("x")
    if stamp is not None:
        (folder / "vendor" / "stamp.json").write_text(stamp)
        (folder / "vendor" / "a-1" / "b.js").write_text("altro")
    return folder


def test_vendored_files_are_kept_for_ever_and_ours_are_asked_again(http: httpx.Client) -> None:
    assets = Assets()
    vendored = http.get(assets.url("bootstrap-italia.css"))
    assert vendored.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert vendored.headers["content-encoding"] == "gzip"
    ours = http.get(assets.url("site.css"))
    assert ours.headers["cache-control"] == "no-cache"
    again = http.get(assets.url("site.css"), headers={"If-None-Match": ours.headers["etag"]})
    assert again.status_code == 304
    assert http.get("/static/../app.py").status_code == 404
    assert http.get("/static/vendor/%2e%2e/%2e%2e/app.py").status_code == 404


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    sprite = (
        Assets()
        .by_path[next(path for path in Assets().by_path if path.endswith("sprite.svg"))]
        .body.decode()
    )
    known = set(re.findall(r'id="it-([a-z0-9-]+)"', sprite))
    used = set()
    for path in TEMPLATES.rglob("*.html"):
        used |= set(re.findall(r'icona\("([a-z0-9-]+)"', path.read_text()))
        used |= set(re.findall(r'^\s*\("([a-z-]+)", "[A-Z]', path.read_text(), re.MULTILINE))
    assert len(used) > 20
    assert used <= known

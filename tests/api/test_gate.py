"""The gate: what another site's page may not do through the reader's browser."""

from pathlib import Path

import pytest

from api.app import create_app
from territorio.config import Settings
from tests.api.cliente import Cliente


@pytest.fixture
def client(tmp_path: Path) -> Cliente:
    """Return a client of an application whose database does not answer."""
    return Cliente(
        create_app(Settings(data=tmp_path, database_url="postgresql://nessuno@127.0.0.1:1/x"))
    )


def refused(answer: object, status: int) -> bool:
    kind = answer.headers["content-type"]  # type: ignore[attr-defined]
    return (answer.status_code, kind) == (status, "application/problem+json")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", ""]
)
def test_another_host_is_not_served(client: Cliente, host: str) -> None:
    for path in ("/api/v1/stato", "/accessibilita", "/static/site.css"):
        answer = client.get(path, headers={"Host": host})
        assert refused(answer, 421), (path, answer.status_code)
        assert "127.0.0.1" in answer.json()["detail"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost:18001", "LOCALHOST", "[::1]:8000", "[::1]"]
)
def test_the_loopback_is_served_by_each_of_its_names(client: Cliente, host: str) -> None:
    assert client.get("/api/v1/openapi.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1.evil.example"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_write_from_another_origin_is_refused(client: Cliente, method: str, origin: str) -> None:
    headers = {"Origin": origin, "Host": "127.0.0.1:8000"}
    file = {"file": ("a.txt", b"x")}
    answer = client.request(method, "/api/v1/segnalazioni", headers=headers, files=file)
    assert refused(answer, 403), answer.text
    assert "altro sito" in answer.json()["detail"]


def test_a_write_a_browser_calls_cross_site_is_refused(client: Cliente) -> None:
    answer = client.post("/api/v1/segnalazioni", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused(answer, 403)


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", None])
def test_our_own_pages_and_programs_may_write(client: Cliente, origin: str | None) -> None:
    headers = {"Host": "127.0.0.1:8000", **({"Origin": origin} if origin else {})}
    answer = client.post("/api/v1/segnalazioni", headers=headers, json={})
    assert answer.status_code == 422  # the door was reached


def test_reading_from_another_origin_is_as_before(client: Cliente) -> None:
    headers = {"Origin": "https://evil.example"}
    assert client.get("/api/v1/openapi.json", headers=headers).status_code == 200

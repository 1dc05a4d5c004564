"""Clients that ask without end, and clients that dawdle."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api import protocol
from api.app import create_app
from api.freno import FINESTRA, Freno
from territorio.config import Settings
from tests.api.cliente import Cliente
from tests.sito import serve


def test_each_client_has_its_own_count_and_begins_anew() -> None:
    freno = Freno(2)
    asked = [freno.count("a", 100.0).restano for _ in range(3)]
    assert asked == [1, 0, -1]
    assert freno.count("b", 100.0).restano == 1
    assert freno.count("a", 100.0 + FINESTRA).restano == 1


def test_who_asks_too_much_is_told_when_to_ask_again(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url="postgresql://nessuno/nulla")
    app = create_app(settings.model_copy(update={"richieste_minuto": 2}))
    client = Cliente(app)
    answers = [client.get("/api/v1/boh") for _ in range(3)]
    assert [one.status_code for one in answers] == [404, 404, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[0].headers["x-ratelimit-limit"] == "2"
    assert 0 < int(answers[2].headers["retry-after"]) <= FINESTRA
    assert answers[2].json()["title"] == "Troppe richieste"
    assert "x-ratelimit-limit" not in client.get("/static/boh").headers


async def _much(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await PlainTextResponse("molto" * 10_000_000)(scope, receive, send)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(protocol, "ASK_SECONDS", 0.3)
    monkeypatch.setattr(protocol, "TAKE_SECONDS", 0.3)
    with serve(_much) as site:
        parts = urlsplit(site)
        assert parts.hostname is not None
        assert parts.port is not None
        yield parts.hostname, parts.port


def closed(sock: socket.socket) -> bool:
    """Read what is there; tell whether the server has ended the connection."""
    sock.settimeout(5)
    try:
        while sock.recv(1 << 20):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_who_never_ends_to_ask_is_left(address: tuple[str, int], said: bytes) -> None:
    with socket.create_connection(address) as sock:
        sock.sendall(said)
        assert closed(sock)


def test_who_does_not_take_the_answer_is_left(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=5) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)
        taken = 0
        # What lies in the buffers of the system still comes.
        with suppress(ConnectionResetError):
            while part := sock.recv(1 << 20):
                taken += len(part)
        assert 0 < taken < 50_000_000

"""How answers are sent: packed, tagged, and documents under their names."""

import re
from urllib.parse import unquote

import cramjam
import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from api import formats
from api.formats import Finito, attachment
from tests.api.cliente import Cliente

FORM = re.compile(
    r"attachment; filename=\"([^\"\\\\\x00-\x1f\x7f]+)\"; filename\*=UTF-8''([\w.%~-]+)"
)


@pytest.mark.parametrize(
    ("nome", "plain", "whole"),
    [
        ("facciata.jpg", "facciata.jpg", "facciata.jpg"),
        ("città vecchia.pdf", "citta vecchia.pdf", "città vecchia.pdf"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\foto\\a.png", "a.png", "a.png"),
        ("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x=1.pdf", "a__Set-Cookie_ x=1.pdf"),
        ('x"; filename="y.exe', "x__ filename=_y.exe", "x__ filename=_y.exe"),
        ("\uff02; x=\uff02.pdf", "__ x=_.pdf", "\uff02_ x=\uff02.pdf"),
        ("\u202egpj.exe", "_gpj.exe", "_gpj.exe"),
        ("写真", "documento", "写真"),
        (" .. ", "documento", "documento"),
    ],
)
def test_a_document_keeps_its_name_and_nothing_else(nome: str, plain: str, whole: str) -> None:
    found = FORM.fullmatch(attachment(nome))
    assert found is not None
    assert (found[1], unquote(found[2])) == (plain, whole)


@given(st.text())
def test_no_name_breaks_the_header(nome: str) -> None:
    header = attachment(nome)
    assert header.isascii()
    assert FORM.fullmatch(header)


TEXT, POCO = b'{"parole": "' + b"parola " * 400 + b'"}', b'{"poco": 1}'
WAYS = {
    "tagged": lambda r, body: formats.tagged(r, body, "application/json"),
    "kept": lambda r, body: formats.finished(r, Finito.of(body), "application/json", "no-cache"),
    "personal": lambda r, body: formats.written(r, body, personal=True),
}


def _client(way: str, body: bytes) -> Cliente:
    app = FastAPI()  # without the middleware that packs pages

    def door(request: Request) -> Response:
        return WAYS[way](request, body)

    app.add_api_route("/parole", door)
    return Cliente(app)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("accepted", "body", "packed"),
    [
        ("gzip", TEXT, "gzip"),
        ("br;q=1.0, GZIP ; q=0.5, *;q=0.1", TEXT, "br"),
        ("gzip, deflate, br, zstd", TEXT, "gzip"),
        ("zstd, gzip;q=0.9", TEXT, "zstd"),
        ("gzip;q=0, identity", TEXT, None),
        ("gzip;q=0.5, identity", TEXT, None),
        ("gzip;q=0.000", TEXT, None),
        ("identity", TEXT, None),
        ("gzip", POCO, None),
    ],
)
def test_a_long_answer_is_packed_for_who_can_unpack_it(
    way: str, accepted: str, body: bytes, packed: str | None
) -> None:
    answer = _client(way, body).get("/parole", headers={"Accept-Encoding": accepted})
    plain = answer.content
    if packed == "zstd" and plain != body:  # the client knows it only with a package of its own
        plain = bytes(cramjam.zstd.decompress(plain))
    assert plain == body
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers.get("content-encoding") == packed
    assert (int(answer.headers["content-length"]) < len(body)) is (packed is not None)
    # Who keeps an answer has to know that another reader gets another one.
    varies = {name.strip() for name in answer.headers.get("vary", "").split(",")}
    assert ("Accept-Encoding" in varies) is (body is TEXT)
    assert ("X-Visto-Da" in varies) is (way != "personal")


@pytest.mark.parametrize("way", ["tagged", "kept"])
def test_who_names_the_tag_is_told_nothing_again(way: str) -> None:
    client = _client(way, TEXT)
    tag = client.get("/parole").headers["etag"]
    again = client.get("/parole", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/parole", headers={"If-None-Match": '"x"'}).content == TEXT


def test_what_names_a_person_is_kept_by_nobody() -> None:
    answer = _client("personal", TEXT).get("/parole", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers

"""The sheets of a backup: ours are read, all else is refused in one sentence."""

import io
import json

import pytest

from territorio import ripristino_fogli as fogli
from territorio.errors import Refused

INTESTAZIONE = {
    "formato": 1,
    "schema": "0001",
    "comune": None,
    "creato": "2025-03-01T10:00:00+00:00",
    "oggetti": 12,
    "chiave": "0123456789abcdef",
    "colonne": {"registro.comune": ["comune"]},
}
MANIFESTO = {
    "tavole": {"registro.comune": {"X999": {"righe": 1, "somma": "0f"}}},
    "file": ["originali/a/b"],
    "mancanti": [],
}


def header(content: bytes) -> object:
    return fogli.header("prova", ("intestazione.json", io.BytesIO(content)))


def manifest(content: bytes) -> object:
    return fogli.manifest("prova", io.BytesIO(content))


def test_our_sheets_are_read() -> None:
    assert header(json.dumps(INTESTAZIONE).encode()) == INTESTAZIONE
    assert manifest(json.dumps(MANIFESTO).encode()) == MANIFESTO


@pytest.mark.parametrize("read", [header, manifest])
@pytest.mark.parametrize(
    "text", [b"", b"[]", b"null", b"{}", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 10_000]
)
def test_what_is_no_sheet_is_refused(read: object, text: bytes) -> None:
    assert callable(read)
    with pytest.raises(Refused, match=r"^prova: il foglio «\w+\.json» non si legge.*territorio$"):
        read(text)


@pytest.mark.parametrize("field", INTESTAZIONE)
@pytest.mark.parametrize("value", [..., [1], 10**30, -1])
def test_a_header_of_another_shape_is_refused(field: str, value: object) -> None:
    said = {**INTESTAZIONE, field: value}
    text = json.dumps({k: v for k, v in said.items() if v is not ...}).encode()
    if field == "formato" and isinstance(value, int):
        assert header(text) == said  # another format, told apart by the restore
        return
    with pytest.raises(Refused, match=f"alla voce «{field}"):
        header(text)


@pytest.mark.parametrize("field", MANIFESTO)
@pytest.mark.parametrize("value", [..., {"registro.comune": {"X999": 3}}, [3], "x", None])
def test_a_manifest_of_another_shape_is_refused(field: str, value: object) -> None:
    said = {**MANIFESTO, field: value}
    text = json.dumps({k: v for k, v in said.items() if v is not ...}).encode()
    with pytest.raises(Refused, match=f"alla voce «{field}"):
        manifest(text)


def test_a_file_without_the_first_sheet_is_no_backup() -> None:
    for first in (None, ("foto.jpg", io.BytesIO(b""))):
        with pytest.raises(Refused, match="non è un salvataggio di territorio"):
            fogli.header("prova", first)

"""The name under which a document is saved."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats import attachment

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

"""Cadastral surface: the worked examples of the specification."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catasto.categoria import Categoria
from catasto.errors import InvalidValue
from catasto.superficie import Ambiente, Poligono, superficie_catastale


def polygons(**aree: int) -> list[Poligono]:
    return [Poligono(n, Ambiente(a), Decimal(s)) for n, (a, s) in enumerate(aree.items())]


@pytest.mark.parametrize(
    ("categoria", "aree", "attesa"),
    [
        ("A/7", {"A": 209, "D": 16, "F": 1130}, 222),
        ("A/7", {"A": 163, "D": 13, "F": 1487}, 193),
        ("C/6", {"A": 24, "H": 23}, 36),
        ("C/2", {"A": 149, "F": 254}, 174),
        ("C/6", {"A": 61, "F": 904}, 84),
        ("A/2", {"A": 100, "B": 10, "C": 10, "D": 30, "E": 30}, 120),
        ("A/2", {}, 0),
    ],
)
def test_worked_examples(categoria: str, aree: dict[str, int], attesa: int) -> None:
    assert superficie_catastale(polygons(**aree), Categoria.parse(categoria)) == attesa


def test_low_rooms_do_not_count_and_repeated_polygons_count_once() -> None:
    alto = Poligono(1, Ambiente.PRINCIPALE, Decimal(50))
    basso = Poligono(2, Ambiente.PRINCIPALE, Decimal(50), basso=True)
    categoria = Categoria.parse("A/3")
    assert superficie_catastale([alto, basso, alto], categoria) == 50
    balcone = Poligono(3, Ambiente.BALCONE_COMUNICANTE, Decimal(10), basso=True)
    assert superficie_catastale([alto, balcone], categoria) == 53


def test_categories_without_known_weights_are_refused() -> None:
    with pytest.raises(InvalidValue, match="B/5"):
        superficie_catastale(polygons(A=10), Categoria.parse("B/5"))

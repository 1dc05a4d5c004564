"""How numbers are written: to the last decimal as the exact value says, halves from zero."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from territorio.documenti.scrittura import THIN, metri_quadri, numero, percento

FLOATS = st.floats(-1e12, 1e12) | st.integers(-(10**6), 10**6).map(lambda n: n / 2000)


def _exactly(value: Decimal, decimali: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimali), ROUND_HALF_UP)
    return f"{rounded + 0:,f}".replace(",", THIN).replace(".", ",")


@given(FLOATS, st.integers(0, 3))
@example(0.985, 1)
@example(2.675, 2)  # below the half as a binary number, on it as it is written
@example(1.005, 2)
@example(-0.04, 1)
@example(999.9999, 2)
def test_a_float_is_rounded_as_it_is_written(value: float, decimali: int) -> None:
    assert numero(value, decimali) == _exactly(Decimal(str(value)), decimali)


@given(FLOATS)
@example(0.9845)
@example(1.0)
def test_a_part_is_told_in_tenths_of_a_hundredth(value: float) -> None:
    assert percento(value) == f"{_exactly(Decimal(str(value)) * 100, 1)}\u00a0%"


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 3))
def test_decimals_and_fractions_are_rounded_alike(value: Decimal, decimali: int) -> None:
    expected = _exactly(value, decimali)
    assert numero(value, decimali) == numero(Fraction(value), decimali) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(120.4, "120"), (99.96, "100,0"), (7.25, "7,3"), (7.0, "7"), (7, "7"), (1520.5, "1\u202f521")],
)
def test_small_areas_have_a_decimal_where_it_says_something(value: float, text: str) -> None:
    assert metri_quadri(value) == f"{text}\u00a0m²"

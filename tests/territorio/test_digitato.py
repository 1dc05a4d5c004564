"""An address as it is typed."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from territorio.digitato import split_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("via Roma 12/4", ("via Roma", 12, "4")),
        ("via 4 novembre 3 int 2", ("via 4 novembre", 3, "")),
        ("via 4 novembre", ("via 4 novembre", None, "")),
        ("via del Piano 3", ("via del Piano", 3, "")),
        ("via della Scala 12 bis", ("via della Scala", 12, "BIS")),
        ("via Roma 12345", ("via Roma", 12345, "")),
    ],
)
def test_what_follows_a_house_number_is_no_street(
    text: str, parts: tuple[str, int | None, str]
) -> None:
    assert split_address(text) == parts


@given(st.text(max_size=40))
def test_any_text_is_split_into_a_street_and_perhaps_a_number(text: str) -> None:
    street, number, exponent = split_address(text)
    assert number is None or str(number) in text.replace(" ", "") or number < 10**5
    assert number is not None or exponent == ""
    assert len(street) <= len(text) + 1

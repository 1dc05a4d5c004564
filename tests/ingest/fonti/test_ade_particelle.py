"""The open data of the Agenzia delle Entrate: what is said of a whole file."""

import re
from pathlib import Path

import pytest

from ingest.contract import Asserzione, Avviso
from tests.ingest.fonti.lettura import fixture, said, shape_of


def _swap(found: re.Match[str]) -> str:
    numbers = found[2].split()
    pairs = zip(numbers[1::2], numbers[::2], strict=True)
    return f"{found[1]}{' '.join(n for pair in pairs for n in pair)}"


@pytest.mark.parametrize("code", ["ade_particelle", "ade_fogli"])
def test_axes_that_were_swapped_are_said_once(code: str, tmp_path: Path) -> None:
    right = fixture(code)
    wrong = tmp_path / right.name
    wrong.write_text(re.sub(r"(<gml:posList[^>]*>)([\d. ]+)", _swap, right.read_text()))
    told = [d.tipo for d in said(code, wrong) if isinstance(d, Avviso)]
    assert told.count("assi scambiati") == 1
    first, other = (
        next(d for d in said(code, path) if isinstance(d, Asserzione)) for path in (right, wrong)
    )
    assert shape_of(first).equals(shape_of(other))

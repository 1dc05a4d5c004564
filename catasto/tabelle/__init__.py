"""Official code lists kept as small CSV files beside this module."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def rows(nome: str) -> Sequence[tuple[str, ...]]:
    """Return the rows of one table, header left out.

    >>> rows("categorie")[0][:2]
    ('A01', 'vani')
    """
    testo = (files(__name__) / f"{nome}.csv").read_text(encoding="utf-8")
    return tuple(tuple(r) for r in csv.reader(testo.splitlines(), delimiter=";"))[1:]

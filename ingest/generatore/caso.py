"""Chance that can be repeated: one stream of random numbers for each matter."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate


def new_caso(seme: object, *ambito: object) -> random.Random:
    """Return the generator of one matter, independent of what others drew before.

    Seeding by text goes through SHA-512, so it is the same on every machine, and a
    sheet can be made without making the sheets before it.

    >>> new_caso(7, "strade").random() == new_caso(7, "strade").random()
    True
    """
    return random.Random("/".join(map(str, (seme, *ambito))))  # noqa: S311 - not a secret


class Pesi[T]:
    """A choice among values with weights, fast enough for millions of draws."""

    __slots__ = ("_cumulati", "_totale", "_valori")

    def __init__(self, coppie: Sequence[tuple[T, float]]) -> None:
        self._valori = [v for v, _ in coppie]
        self._cumulati = list(accumulate(p for _, p in coppie))
        self._totale = self._cumulati[-1]

    def draw(self, caso: random.Random) -> T:
        """Return one of the values."""
        return self._valori[bisect(self._cumulati, caso.random() * self._totale)]


class Obblighi:
    """Things that must happen at least once in a town, however small; then chance rules."""

    def __init__(self, nomi: Iterable[str]) -> None:
        self._dovuti = set(nomi)

    def roll(self, nome: str, caso: random.Random, probabilita: float) -> bool:
        """Say whether a thing happens: surely while it is still owed."""
        return nome in self._dovuti or caso.random() < probabilita

    def owed(self, nome: str) -> bool:
        """Tell whether a thing has not happened yet and must."""
        return nome in self._dovuti

    def done(self, nome: str) -> None:
        """Note that it happened."""
        self._dovuti.discard(nome)

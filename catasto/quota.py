"""Shares of a right: a ``Fraction``, or None where the cadastre does not say.

Seven to sixteen rows in a hundred have no share: unknown is not zero, and a sum
with an unknown in it is unknown.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from catasto.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

INTERO = Fraction(1)
#: The cadastre has nine; what a number of the database holds.
_CIFRE_MASSIME: Final = 18


@lru_cache(maxsize=8192)
def parse_quota(numeratore: str, denominatore: str) -> Fraction | None:
    """Read a share from its two fields; blank or zero means unknown.

    >>> parse_quota("500", "1000")
    Fraction(1, 2)
    >>> parse_quota("0", "0") is None
    True
    """
    sopra, sotto = numeratore.strip(), denominatore.strip()
    if not sopra.strip("0") and not sotto.strip("0"):
        return None
    if len(sopra) > _CIFRE_MASSIME or len(sotto) > _CIFRE_MASSIME:
        raise InvalidValue("quota", f"{numeratore}/{denominatore}", "troppe cifre")
    intero = sopra.isascii() and sotto.isascii() and sopra.isdigit() and sotto.isdigit()
    if not intero or not sopra.strip("0") or not sotto.strip("0"):
        raise InvalidValue("quota", f"{numeratore}/{denominatore}", "attesi due numeri interi")
    quota = Fraction(int(sopra), int(sotto))
    if quota > 1:
        raise InvalidValue("quota", f"{numeratore}/{denominatore}", "maggiore dell'intero")
    return quota


def read_quota(testo: str) -> Fraction | None:
    """Read a share as people write it: ``1/2``, ``1``, or empty for unknown.

    >>> read_quota("1/2"), read_quota("1"), read_quota("")
    (Fraction(1, 2), Fraction(1, 1), None)
    """
    sopra, barra, sotto = testo.partition("/")
    return parse_quota(sopra, sotto if barra or not sopra.strip() else "1")


def quota_text(quota: Fraction | None) -> str:
    """Write a share for people; empty when unknown.

    >>> quota_text(Fraction(1)), quota_text(Fraction(500, 1000)), quota_text(None)
    ('1/1', '1/2', '')
    """
    return "" if quota is None else f"{quota.numerator}/{quota.denominator}"


def sum_quote(quote: Iterable[Fraction | None]) -> Fraction | None:
    """Sum shares; None as soon as one of them is unknown.

    >>> sum_quote([Fraction(1, 3), Fraction(2, 3)]) == INTERO
    True
    >>> sum_quote([Fraction(1, 3), None]) is None
    True
    """
    totale = Fraction(0)
    for quota in quote:
        if quota is None:
            return None
        totale += quota
    return totale

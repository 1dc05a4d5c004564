"""What the values of a building can be: the codes of DM 10/11/2011 and the ranges of its numbers.

The deliveries that use these codes are read by them, and operators write no others.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from territorio.errors import InvalidInput

_INCERTI = frozenset({"91", "92", "93", "94", "95"})
"""Not known, not to be filled, not defined, not assigned, other: the same in every list."""

CODICI: Mapping[str, frozenset[str]] = {
    "uso": _INCERTI | {f"{n:02d}" for n in range(1, 13)},
    "tipo": _INCERTI | {f"{n:02d}" for n in range(1, 26)},
    "stato": _INCERTI | {"01", "02", "03"},
}
"""The first level of each list; a code grows by two digits a level."""

LIMITI: Mapping[str, tuple[int, int]] = {"piani": (0, 200), "altezza_m": (0, 500)}

ANNO_MINIMO = 1000
"""The first year an operator may write."""

_CODICE = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,3}")


def check(campo: str, valore: object) -> None:
    """Raise InvalidInput unless a building can have this value; None says nothing of it.

    >>> check("uso", "0101")
    >>> check("uso", "zzzz")
    Traceback (most recent call last):
    ...
    territorio.errors.InvalidInput: uso: «zzzz» non è un codice del DM 10/11/2011
    """
    if valore is None:
        return
    if campo in CODICI:
        _check_code(campo, valore)
    elif campo == "anno":
        # Here: who reads deliveries needs these tables, and SQLAlchemy behind that one not.
        from territorio.vigenza import today

        _check_number(campo, valore, (ANNO_MINIMO, today().year), whole=True)
    elif campo in LIMITI:
        _check_number(campo, valore, LIMITI[campo], whole=campo == "piani")


def _check_code(campo: str, valore: object) -> None:
    good = isinstance(valore, str) and _CODICE.fullmatch(valore) is not None
    if not good or str(valore)[:2] not in CODICI[campo]:
        raise InvalidInput(campo, f"«{valore}» non è un codice del DM 10/11/2011")


def _check_number(campo: str, valore: object, limiti: tuple[int, int], *, whole: bool) -> None:
    # Python takes True for 1: a yes is no number of storeys.
    kinds = (int,) if whole else (int, float, Decimal)
    if isinstance(valore, bool) or not isinstance(valore, kinds):
        raise InvalidInput(campo, f"deve essere un numero{' intero' if whole else ''}")
    low, high = limiti
    if not low <= valore <= high:
        raise InvalidInput(campo, f"deve stare fra {low} e {high}")

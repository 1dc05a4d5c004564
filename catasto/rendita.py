"""From the cadastral income to the taxable base of the IMU (L. 160/2019 c. 745).

Amounts are ``Decimal`` and are rounded to cents once, at the end.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from catasto.errors import InvalidValue

if TYPE_CHECKING:
    from catasto.categoria import Categoria

RIVALUTAZIONE_FABBRICATI: Final = Decimal("1.05")
RIVALUTAZIONE_TERRENI: Final = Decimal("1.25")
#: First year of the IMU; before it the ICI had other multipliers.
PRIMO_ANNO: Final = 2012
_CENTESIMO: Final = Decimal("0.01")
_PER_CATEGORIA: Final = {
    **dict.fromkeys(("A/10", "D/5"), 80),
    **dict.fromkeys(("C/2", "C/6", "C/7"), 160),
    **dict.fromkeys(("C/3", "C/4", "C/5"), 140),
    "C/1": 55,
}
_PER_GRUPPO: Final = {"A": 160, "B": 140}


def _round(valore: Decimal) -> Decimal:
    return valore.quantize(_CENTESIMO, ROUND_HALF_UP)


def multiplier(categoria: Categoria, anno: int) -> int | None:
    """Return the IMU multiplier of a category; None for E (exempt) and F (no rendita).

    >>> from catasto.categoria import Categoria
    >>> multiplier(Categoria.parse("D/1"), 2012), multiplier(Categoria.parse("D/1"), 2013)
    (60, 65)
    """
    if anno < PRIMO_ANNO:
        raise InvalidValue("anno d'imposta", anno, f"l'IMU esiste dal {PRIMO_ANNO}")
    if str(categoria) in _PER_CATEGORIA:
        return _PER_CATEGORIA[str(categoria)]
    if categoria.gruppo == "D":
        return 60 if anno == PRIMO_ANNO else 65
    return _PER_GRUPPO.get(categoria.gruppo)


def base_fabbricato(rendita: Decimal, categoria: Categoria, anno: int) -> Decimal | None:
    """Return the taxable base of an urban unit, or None when the category has none.

    >>> from catasto.categoria import Categoria
    >>> base_fabbricato(Decimal("1064.68"), Categoria.parse("A/7"), 2024)
    Decimal('178866.24')
    """
    moltiplicatore = multiplier(categoria, anno)
    if moltiplicatore is None:
        return None
    return _round(rendita * RIVALUTAZIONE_FABBRICATI * moltiplicatore)


def base_terreno(
    reddito_dominicale: Decimal, anno: int, *, coltivatore: bool = False
) -> Decimal | None:
    """Return the taxable base of farm land, or None where it is exempt.

    ``coltivatore`` is for direct farmers and professional farmers, exempt since
    2016. Land in the mountain and hill lists is exempt too: the caller knows.

    >>> base_terreno(Decimal("7.07"), 2024)
    Decimal('1193.06')
    >>> base_terreno(Decimal("7.07"), 2024, coltivatore=True) is None
    True
    """
    if anno < PRIMO_ANNO:
        raise InvalidValue("anno d'imposta", anno, f"l'IMU esiste dal {PRIMO_ANNO}")
    moltiplicatore = 135
    if coltivatore:
        if anno >= 2016:
            return None
        moltiplicatore = 75 if anno >= 2014 else 110
    return _round(reddito_dominicale * RIVALUTAZIONE_TERRENI * moltiplicatore)

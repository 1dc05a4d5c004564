"""Cadastral surface of a unit from its polygons (DPR 138/1998, annex C).

The weights reproduce 183 of 186 units of a real supply; categories other than A, C/1,
C/2, C/3, C/6 and C/7 have none that is known.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from catasto.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catasto.categoria import Categoria


class Ambiente(StrEnum):
    """The kind of room or area of a polygon."""

    PRINCIPALE = "A"
    ACCESSORIO_COMUNICANTE = "B"
    ACCESSORIO_NON_COMUNICANTE = "C"
    BALCONE_COMUNICANTE = "D"
    BALCONE_NON_COMUNICANTE = "E"
    AREA_SCOPERTA = "F"
    NON_CLASSIFICABILE = "G"
    ACCESSORIO_AUTORIMESSA = "H"


@dataclass(frozen=True, slots=True)
class Poligono:
    """One polygon of the metric data: ``basso`` is lower than a metre and a half."""

    progressivo: int
    ambiente: Ambiente
    superficie: Decimal
    basso: bool = False


#: Where a low ceiling takes the polygon out of the count.
_CONTA_ALTEZZA: Final = frozenset("ABCH")
_SOGLIA_BALCONI: Final = Decimal(25)
_NEGOZI: Final = frozenset({"C/1", "C/2", "C/3"})
_ABITAZIONI: Final = frozenset({"C/6", "C/7"})
_VILLE: Final = frozenset({"A/7", "A/8"})


def superficie_catastale(poligoni: Iterable[Poligono], categoria: Categoria) -> int:
    """Return the surface in whole m²; equal polygons, repeated by several plans, count once.

    >>> from catasto.categoria import Categoria
    >>> p = [Poligono(n, Ambiente(a), Decimal(s))
    ...      for n, (a, s) in enumerate([("A", 209), ("D", 16), ("F", 1130)])]
    >>> superficie_catastale(p, Categoria.parse("A/7"))
    222
    """
    aree: dict[str, Decimal] = defaultdict(Decimal)
    for p in dict.fromkeys(poligoni):
        if not (p.basso and p.ambiente in _CONTA_ALTEZZA):
            aree[p.ambiente] += p.superficie
    base = aree["A"] + aree["B"] / 2 + aree["C"] / 4 + aree["H"] / 2
    if str(categoria) in _NEGOZI:
        totale = base + _share(aree["D"], 10) + _share(aree["E"], 5) + _share(aree["F"], 10)
    elif categoria.gruppo == "A" or str(categoria) in _ABITAZIONI:
        totale = base + _open_areas(aree, villa=str(categoria) in _VILLE)
    else:
        raise InvalidValue("categoria", str(categoria), "pesi della superficie catastale non noti")
    return int(totale + Decimal("0.5"))


def _open_areas(aree: Mapping[str, Decimal], *, villa: bool) -> Decimal:
    """Weigh balconies and open areas of a home: less beyond a threshold."""
    principale, scoperta = aree["A"], aree["F"]
    if villa:
        # The garden of a villa counts only beyond five times the house.
        scoperta = max(Decimal(0), scoperta - 5 * principale)
    return (
        _stepped(aree["D"], _SOGLIA_BALCONI, 30, 10)
        + _stepped(aree["E"], _SOGLIA_BALCONI, 15, 5)
        + _stepped(scoperta, principale, 10, 2)
    )


def _stepped(area: Decimal, soglia: Decimal, sotto: int, sopra: int) -> Decimal:
    return _share(min(area, soglia), sotto) + _share(max(Decimal(0), area - soglia), sopra)


def _share(area: Decimal, per_cento: int) -> Decimal:
    return area * per_cento / 100

"""Counts of persons as they may leave the house (DESIGN §3.15, ADR 13).

Three rules, and they hold together. A section shows nobody while fewer than ``K`` persons or
``K`` households live there, or fewer than ``CASE`` buildings are lived in; an empty one shows
nobody either, so that silence says nothing. What is shown is a multiple of ``K``: so is every
sum and every difference of what is shown, along rows, columns and publications, and none is
1 to 4. And where the silent sections could be told apart by whoever knows the total from
elsewhere, another falls silent with them.

A count once shown stays as it is while the true one is near; a section once silent speaks
again only when it is well above the threshold: one person who comes or goes is not seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

K = 5
"""The least count that may be known, and the step of those that are shown."""
CASE = 3
"""With fewer houses than this, a count of the section is a count of a house."""


@dataclass(frozen=True, slots=True)
class Conto:
    """Who lives in a section, and in how many of its buildings; ``edifici`` is public anyway."""

    residenti: int
    famiglie: int
    case: int
    edifici: int


@dataclass(frozen=True, slots=True)
class Visibile:
    """What may be shown of a section."""

    residenti: int
    famiglie: int


def protect(
    conti: Mapping[int, Conto], prima: Mapping[int, Visibile | None]
) -> dict[int, Visibile | None]:
    """Return what may be shown of each section of a municipality, None for nothing.

    ``prima`` is what the last publication showed.

    >>> two = {1: Conto(23, 11, 8, 9), 2: Conto(17, 6, 5, 6)}
    >>> protect(two, {})
    {1: Visibile(residenti=25, famiglie=10), 2: Visibile(residenti=15, famiglie=5)}
    >>> protect({**two, 3: Conto(3, 1, 1, 2)}, {})
    {1: Visibile(residenti=25, famiglie=10), 2: None, 3: None}
    """
    silent = {n for n, conto in conti.items() if _is_small(conto, n in prima and not prima[n])}
    # By what everybody sees: an order by persons would tell that this one has no more than those.
    others = sorted(set(conti) - silent, key=lambda n: (conti[n].edifici, n), reverse=True)
    while others and not _hide_each_other([conti[n] for n in silent]):
        silent.add(others.pop())
    return {n: None if n in silent else _shown(conti[n], prima.get(n)) for n in sorted(conti)}


def _is_small(conto: Conto, was_silent: bool) -> bool:
    """Tell whether a section must be silent by itself."""
    least = 2 * K if was_silent else K
    return min(conto.residenti, conto.famiglie) < least or conto.case < CASE


def _hide_each_other(silent: list[Conto]) -> bool:
    """Tell whether who knows the total, too, learns nothing of any of the silent sections.

    There are several, and one of them is neither small nor of few houses: it may hold all that
    the others lack.
    """
    filler = any(min(c.residenti, c.famiglie) >= K and c.case >= CASE for c in silent)
    return not silent or (len(silent) > 1 and filler)


def _shown(conto: Conto, prima: Visibile | None) -> Visibile:
    before = (None, None) if prima is None else (prima.residenti, prima.famiglie)
    return Visibile(_step(conto.residenti, before[0]), _step(conto.famiglie, before[1]))


def _step(count: int, before: int | None) -> int:
    """Return the count as it is shown: as before while it is near, else the nearest step."""
    if before is not None and abs(count - before) < K:
        return before
    return (count + K // 2) // K * K

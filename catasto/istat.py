"""ISTAT codes of municipalities beside those of the cadastre, and since when each stood.

From the national archive of municipalities (ANPR, CC BY 4.0). A province that changes
gives its municipalities new ISTAT codes while those of the cadastre stay; the same ISTAT
code has stood for different municipalities at different times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from catasto.tabelle import rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FORMA: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class Periodo:
    """Days, ``al`` excluded, on which an ISTAT code stood for a code of the cadastre."""

    belfiore: str
    istat: str
    dal: date
    al: date | None

    def holds(self, giorno: date) -> bool:
        """Say whether the day is one of them."""
        return self.dal <= giorno and (self.al is None or giorno < self.al)


def is_istat(testo: str) -> bool:
    """Say whether a text has the form of an ISTAT code, known or not.

    >>> is_istat("058091"), is_istat("H501")
    (True, False)
    """
    return _FORMA.fullmatch(testo) is not None


def istat_or_none(belfiore: str, alla_data: date) -> str | None:
    """Return the ISTAT code of a municipality on a day, or None.

    >>> istat_or_none("B940", date(1950, 1, 1)), istat_or_none("B940", date(2024, 1, 1))
    ('030028', '093010')
    """
    found = [one.istat for one in _by("belfiore").get(belfiore, ()) if one.holds(alla_data)]
    return found[-1] if found else None


def belfiore_or_none(istat: str, alla_data: date) -> str | None:
    """Return the municipality an ISTAT code stands for on a day, or None.

    >>> belfiore_or_none("021031", date(2024, 1, 1))
    'D571'
    """
    found = [one.belfiore for one in _by("istat").get(istat, ()) if one.holds(alla_data)]
    return found[-1] if found else None


def belfiori(istat: str) -> list[str]:
    """Return all municipalities an ISTAT code ever stood for, the latest first.

    >>> belfiori("030028")[-1]
    'B940'
    """
    latest = sorted(_by("istat").get(istat, ()), key=lambda one: one.dal, reverse=True)
    return list(dict.fromkeys(one.belfiore for one in latest))


@cache
def _by(colonna: str) -> Mapping[str, Sequence[Periodo]]:
    found: dict[str, list[Periodo]] = {}
    for belfiore, istat, dal, al in rows("istat"):
        periodo = Periodo(
            belfiore, istat, date.fromisoformat(dal), date.fromisoformat(al) if al else None
        )
        found.setdefault(getattr(periodo, colonna), []).append(periodo)
    return found

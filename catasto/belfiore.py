"""Belfiore codes and the days on which each was a municipality or a foreign state.

The history comes with python-codicefiscale, whose JSON files are read at first use.
A code never seen is doubtful; a suppressed one is not: the cadastre goes on using
the codes of merged municipalities for years.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = (
    "municipalities.json",
    "municipalities-patch.json",
    "countries.json",
    "countries-patch.json",
    "deleted-countries.json",
)
_FORMA: Final = re.compile(r"[A-Z][0-9]{3}")
_GIORNO: Final = timedelta(days=1)
_PICCOLE: Final = (
    "A Ad Al All' Alla Alle Allo Ai Agli Con D' Da Dal Dall' Dalla De De' Dei Degli Del Dell' Della"
    " Delle Dello Di E Ed In Nel Nell' Nella Per Su Sul Sull' Sulla"
)
_PARTICELLE: Final = frozenset(_PICCOLE.split())


@dataclass(frozen=True, slots=True)
class Denominazione:
    """The name a code had between two days; ``al`` (excluded) is None while it lasts."""

    codice: str
    nome: str
    provincia: str
    dal: date | None
    al: date | None


def is_belfiore(testo: str) -> bool:
    """Say whether a text has the form of a Belfiore code, known or not.

    >>> is_belfiore("H501"), is_belfiore("D3AB")
    (True, False)
    """
    return _FORMA.fullmatch(testo) is not None


def history(codice: str) -> tuple[Denominazione, ...]:
    """Return the names a code had, oldest first; empty for a code never used.

    >>> [d.nome for d in history("A134")][-1]
    'Albaredo Arnaboldi'
    """
    return _storia().get(codice, ())


def denominazione_or_none(codice: str, alla_data: date) -> Denominazione | None:
    """Return the name in force on a day, or None.

    >>> denominazione_or_none("H501", date(2024, 1, 1)).nome
    'Roma'
    >>> denominazione_or_none("A134", date(2024, 1, 1)) is None
    True
    """
    for voce in reversed(history(codice)):
        if (voce.dal is None or voce.dal <= alla_data) and (voce.al is None or alla_data < voce.al):
            return voce
    return None


def is_in_force(codice: str, alla_data: date) -> bool:
    """Say whether the code was a municipality or a state on a day."""
    return denominazione_or_none(codice, alla_data) is not None


@cache
def _storia() -> Mapping[str, tuple[Denominazione, ...]]:
    esito: dict[str, list[Denominazione]] = {}
    for nome in _FILE:
        voci = json.loads((files("codicefiscale") / "data" / nome).read_bytes())
        for voce in voci:
            esito.setdefault(voce["code"], []).append(
                Denominazione(
                    voce["code"],
                    _as_written(voce["name"]),
                    voce["province"],
                    _day(voce["date_created"]),
                    _day_after(voce["date_deleted"]),
                )
            )
    return {codice: tuple(sorted(voci, key=_start)) for codice, voci in esito.items()}


def _as_written(nome: str) -> str:
    """Write a name as its municipality does: the file has a capital on every word.

    >>> _as_written("Fiè Allo Sciliar"), _as_written("Calusco D'Adda"), _as_written("La Spezia")
    ('Fiè allo Sciliar', "Calusco d'Adda", 'La Spezia')
    """
    primo, *altri = nome.split(" ")
    return " ".join((primo, *map(_small, altri)))


def _small(parola: str) -> str:
    head, mark, tail = parola.partition("'")
    return f"{head.lower()}{mark}{tail}" if f"{head}{mark}" in _PARTICELLE else parola


def _start(voce: Denominazione) -> date:
    return voce.dal or date.min


def _day(testo: str) -> date | None:
    return date.fromisoformat(testo[:10]) if testo else None


def _day_after(testo: str) -> date | None:
    """Turn the last day of life, which the file gives, into the first day after."""
    ultimo = _day(testo)
    return None if ultimo is None else ultimo + _GIORNO

"""A section of the dossier: what it is called, what feeds it, how its entries look.

An entry (*voce*) is what one source says in one line about one object::

    {"tipo": "particella", "id": 71, "fonte": "...", "fornitura": 3, "riga": 120,
     "data": "2025-01-01", "dal": "2019-03-04", "valori": {...}, "legame": {...},
     "discordanza": [{"campo": "area_mq", "valore": 310, "fonte": "...", ...}]}

so every value carries its source, delivery, line and date, and two sources that speak of
the same object are two entries with the same ``id``, side by side. ``data`` is the day the
delivery speaks for, ``dal`` and ``al`` are the days the fact held.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

Voce = dict[str, Any]
"""One entry, as JSON will write it; see the module."""


class Stato(StrEnum):
    """How a section stands: nothing, unknown and forbidden never look alike."""

    PRESENTE = "presente"
    VUOTA = "vuota"
    FONTE_NON_CARICATA = "fonte_non_caricata"
    RISERVATA = "riservata"


class Contenuto(NamedTuple):
    """A section read: its state, its entries, and what of it nobody has delivered."""

    stato: Stato
    voci: Sequence[Voce] = ()
    conteggio: Mapping[str, int] = MappingProxyType({})
    non_caricate: tuple[str, ...] = ()
    motivo: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the section as the doors write it; what is empty is left out."""
        body: dict[str, Any] = {"stato": self.stato, "voci": self.voci}
        if self.conteggio:
            body["conteggio"] = self.conteggio
        if self.non_caricate:
            body["non_caricate"] = list(self.non_caricate)
        if self.motivo:
            body["motivo"] = self.motivo
        return body


def _as_read(righe: list[Voce]) -> list[Voce]:
    return righe


def _count(_voci: list[Voce]) -> dict[str, int]:
    return {}


@dataclass(frozen=True, slots=True)
class Sezione:
    """What the dossier has to know of a section.

    ``query`` names the file of ``territorio/sql/fascicolo`` that reads it (None: no source
    of it exists yet); ``fatti`` are the kinds of facts that feed it: if no delivery ever
    spoke of any of them, the section says so. ``componi`` turns rows into entries.
    """

    nome: str
    query: str | None = None
    fatti: tuple[str, ...] = ()
    componi: Callable[[list[Voce]], list[Voce]] = _as_read
    conta: Callable[[list[Voce]], dict[str, int]] = _count


TOLLERANZA = {"area_mq": 0.05, "superficie_mq": 0.05, "altezza_m": 0.1}
"""By how much two measures of the same thing may differ before it is worth a word."""


def differ(campo: str, a: object, b: object) -> bool:
    """Tell whether two sources contradict each other on a field.

    >>> differ("area_mq", 100.0, 101.0), differ("rendita", 100.0, 100.01), differ("uso", "a", None)
    (False, True, False)
    """
    if a is None or b is None or a == b:
        return False
    slack = TOLLERANZA.get(campo)
    if slack is None or not isinstance(a, int | float) or not isinstance(b, int | float):
        return True
    return abs(a - b) > slack * max(abs(a), abs(b))


def disagreement(campo: str, other: Voce) -> dict[str, Any]:
    """Return the mark that another source says something else on a field."""
    return {
        "campo": campo,
        "valore": other["valori"][campo],
        **{key: other.get(key) for key in ("fonte", "fornitura", "riga", "data")},
    }


def mark_disagreements(voci: Sequence[Voce], campi: Iterable[str]) -> None:
    """Mark, on entries about the same object, the fields on which their sources differ."""
    if len({voce["id"] for voce in voci}) == len(voci):
        return
    by_object: dict[int, list[Voce]] = {}
    for voce in voci:
        by_object.setdefault(voce["id"], []).append(voce)
    for same in by_object.values():
        if len(same) < 2:
            continue
        for voce in same:
            found = [
                disagreement(campo, other)
                for campo in campi
                for other in same
                if other is not voce
                and other["fonte"] != voce["fonte"]
                and differ(campo, voce["valori"].get(campo), other["valori"].get(campo))
            ]
            if found:
                voce.setdefault("discordanza", []).extend(found)

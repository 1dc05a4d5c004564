"""What a reader did not understand: a field, or a whole line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anomalia:
    """A field whose value was not taken as delivered, and the rule it broke."""

    campo: str
    valore: str
    regola: str


@dataclass(frozen=True, slots=True)
class RigaRifiutata:
    """A line that is no record; the reading goes on after it.

    ``inizio`` is what of its key could be read: of a census line the first four fields,
    which hold numbers alone.
    """

    file: str
    riga: int
    motivo: str
    inizio: tuple[str, ...] = ()

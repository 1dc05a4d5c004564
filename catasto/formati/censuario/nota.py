"""The deed that opens or closes a situation or a right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


# Not frozen: a supply has millions of them, and freezing takes as long as making them.
@dataclass(slots=True)
class Nota:
    """A note of the cadastre: *atto generante* or *atto conclusivo*.

    ``data_efficacia`` is the day from which it holds (*data di validità* in TIT), as a
    rule before ``data_registrazione``. The description may name private persons.
    """

    data_efficacia: date | None
    data_registrazione: date | None
    tipo: str | None
    numero: str | None
    progressivo: str | None
    anno: int | None
    causale: str | None = None
    descrizione: str | None = None

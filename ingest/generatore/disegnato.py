"""What was drawn, as the process that draws reports it."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.generatore.forniture import Righe


@dataclass(frozen=True, slots=True)
class Disegnato:
    """The lines of each file, supply by supply; the outlines named in the truth."""

    righe: tuple[Righe, ...]
    impronte: int

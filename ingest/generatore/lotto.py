"""A parcel to be, and the outline of a building to be."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ingest.generatore.poligoni import Anello, Punto


@dataclass(slots=True)
class Sagoma:
    """The outline of a building: outer ring, at most one court, and what it is."""

    anello: Anello
    corte: Anello
    genere: str
    piani: int


@dataclass(frozen=True, slots=True)
class Fronte:
    """The street line of a lot: its ends, its direction, its length in mm."""

    ax: int
    ay: int
    bx: int
    by: int
    ux: float
    uy: float
    d: float

    def at(self, x: float, y: float) -> Punto:
        """Return the point ``x`` along the front and ``y`` behind it."""
        return (
            round(self.ax + self.ux * x - self.uy * y),
            round(self.ay + self.uy * x + self.ux * y),
        )


@dataclass(slots=True)
class Lotto:
    """One parcel to be: its ring, the street it faces, what stands on it."""

    anello: Anello
    fronte: int
    uso: str
    lato: tuple[Punto, Punto] | None = None
    #: What was set on it when it was cut (a farm).
    sagome: list[Sagoma] = field(default_factory=list)

    def front(self) -> Fronte:
        """Return the street line; who asks has seen that there is one."""
        if self.lato is None:
            raise ValueError("lot without a street front")
        (ax, ay), (bx, by) = self.lato
        d = math.hypot(bx - ax, by - ay) or 1.0
        return Fronte(ax, ay, bx, by, (bx - ax) / d, (by - ay) / d, d)

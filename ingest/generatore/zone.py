"""Zones of the plan: in which one each face of the mesh lies."""

from __future__ import annotations

from typing import Final

from ingest.generatore.maglia import Cella
from ingest.generatore.quadro import Quadro
from ingest.generatore.semi import (
    BORGO,
    CAMPAGNA,
    ESPANSIONE,
    NASTRO,
    NUCLEO,
    PIAZZA,
    PRODUTTIVO,
)

_DI_TESSUTO: Final = {
    PIAZZA: "A", NUCLEO: "A", BORGO: "B1", ESPANSIONE: "B2", NASTRO: "C1", PRODUTTIVO: "D1",
    CAMPAGNA: "E1",
}  # fmt: skip
_DI_USO: Final = {"scuola": "F1", "cimitero": "F2", "parco": "F3"}


class Zonizzazione:
    """Zones of one square: each face of the mesh lies in one."""

    def __init__(self, quadro: Quadro) -> None:
        self.maglia = quadro.maglia
        self.speciali = quadro.territorio.speciali
        #: Fields that the last variant makes buildable.
        self.varianti = self._variant()

    def zone_of(self, cella: int, variante: bool) -> str:
        """Return the label of the zone a face lies in, before or after the last variant."""
        if variante and cella in self.varianti:
            return "C2"
        return self._label(self.maglia.celle[cella])

    def _label(self, cella: Cella) -> str:
        return _DI_USO.get(self.speciali.get(cella.numero, ""), _DI_TESSUTO[cella.tessuto])

    def _variant(self) -> set[int]:
        """Return the fields beside the chief town that the last variant makes buildable."""
        scelte: set[int] = set()
        for _, _, c1, c2 in self.maglia.lati:
            if c2 >= 0:
                for a, b in ((c1, c2), (c2, c1)):
                    prima, seconda = self.maglia.celle[a], self.maglia.celle[b]
                    if (
                        prima.tessuto == CAMPAGNA
                        and seconda.tessuto == ESPANSIONE
                        and seconda.insediamento == 0
                        and a not in self.speciali
                        and a % 5 == 0
                    ):
                        scelte.add(a)
        return scelte

"""What stands on the ground, sheet by sheet: surveyed, and changed as the years go by.

Nobody lives there yet: people, units and rights never change what stands, so maps are
drawn from this alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from ingest.generatore.caso import Obblighi, new_caso
from ingest.generatore.fogli import Foglio
from ingest.generatore.modello import Mondo
from ingest.generatore.quadro import Quadro, lay_out
from ingest.generatore.rilievo import Numeratore, Poderi, survey
from ingest.generatore.storia import reshape

#: What even the smallest town must show.
_DA_MOSTRARE: Final = (
    "nuova_costruzione", "demolizione", "ampliamento_non_dichiarato", "edificio_non_dichiarato",
    "divisione_edifici", "fusione_edifici", "divisione_particelle", "fusione_particelle",
)  # fmt: skip


class Cantiere:
    """Builds the sheets of a town, square after square."""

    def __init__(self, edifici: int, seme: int, numeri: Numeratore) -> None:
        self.edifici = edifici
        self.seme = seme
        self.numeri = numeri
        self.fatti = 0
        self.fogli = 0
        self._poderi = Poderi()
        self._obblighi = Obblighi(_DA_MOSTRARE)

    def squares(self) -> Iterator[Quadro]:
        """Yield the squares laid out; the sheets of one are asked for before the next."""
        for quadro in lay_out(self.edifici, self.seme):
            self.fogli += len(quadro.fogli)
            yield quadro

    def sheets(self, quadro: Quadro) -> Iterator[tuple[Mondo, random.Random]]:
        """Yield the sheets of a square, the built-up ones first, each with its chance."""
        traguardo = self.fatti + quadro.parte.edifici
        self._poderi.capienza = quadro.parte.edifici
        ordine = sorted(quadro.fogli, key=lambda f: (-f.attesi, f.numero))
        attesi = sum(f.attesi for f in ordine)
        campagna = sum(f.campagna for f in ordine)
        for foglio in ordine:
            ultimo = foglio is ordine[-1]
            mancano = traguardo - self.fatti - attesi
            self._poderi.spread(mancano, foglio.campagna if ultimo else campagna)
            attesi -= foglio.attesi
            campagna -= foglio.campagna
            yield self._build(quadro, foglio)

    def _build(self, quadro: Quadro, foglio: Foglio) -> tuple[Mondo, random.Random]:
        mondo = survey(quadro.territorio, foglio, self._poderi, self.numeri)
        self.fatti += len(mondo.edifici)
        caso = new_caso(quadro.seme, "mondo", foglio.numero)
        reshape(mondo, self.numeri, caso, self._obblighi)
        return mondo, caso

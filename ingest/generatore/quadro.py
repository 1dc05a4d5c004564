"""One square of territory, which is as much as is held in memory at a time.

A town up to some size has a territory of its own shape. A larger one is laid out as
squares side by side, each with its chief town, hamlets, roads and river: memory then
does not grow with the number of buildings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ingest.generatore.caso import new_caso
from ingest.generatore.fogli import Foglio, draw_sheets, expected_buildings
from ingest.generatore.maglia import Maglia, weave
from ingest.generatore.nomi import LUOGHI
from ingest.generatore.pianta import Pianta, plan, side
from ingest.generatore.rilievo import Territorio
from ingest.generatore.semi import sow
from ingest.generatore.speciali import choose_places
from ingest.generatore.strade import half_widths, name_streets, rename_some

#: Buildings of the largest territory that is laid out whole.
_MASSIMO: Final = 40_000
#: Share of the buildings that stand in towns and villages, farms and lone houses apart.
_MINIMO_URBANO: Final = 0.78
_MASSIMO_URBANO: Final = 0.90
#: Sheets that four digits can number, with some to spare.
_FOGLI: Final = 8_000
_EDIFICI_PER_FOGLIO: Final = 80


@dataclass(frozen=True, slots=True)
class Parte:
    """Where a square lies, in metres from the middle, and how many buildings it gets."""

    indice: int
    edifici: int
    x: float
    y: float
    #: 0 for a territory of its own shape.
    lato: float


@dataclass(slots=True)
class Quadro:
    """A square laid out: plan, mesh, streets, sheets."""

    parte: Parte
    seme: object
    pianta: Pianta
    maglia: Maglia
    territorio: Territorio
    fogli: list[Foglio]


def divide(edifici: int) -> list[Parte]:
    """Return the squares of a territory; one of its own shape when it is not too large."""
    quanti = -(-edifici // _MASSIMO)
    if quanti == 1:
        return [Parte(0, edifici, 0.0, 0.0, 0.0)]
    lato = side(-(-edifici // quanti))
    colonne = math.ceil(math.sqrt(quanti))
    righe = -(-quanti // colonne)
    parti = []
    for k in range(quanti):
        riga, colonna = divmod(k, colonne)
        # What is left over when the buildings are shared goes to the first squares.
        propri = edifici // quanti + (k < edifici % quanti)
        x = (colonna - (colonne - 1) / 2) * lato
        y = ((righe - 1) / 2 - riga) * lato
        parti.append(Parte(k, propri, x, y, lato))
    return parti


def lay_out(edifici: int, seme: int) -> Iterator[Quadro]:
    """Yield the squares of a territory one after the other."""
    strade, fogli = 0, 1
    grandezza = max(1.0, edifici / _EDIFICI_PER_FOGLIO / _FOGLI)
    for parte in divide(edifici):
        proprio: object = f"{seme}.{parte.indice}" if parte.lato else seme
        pianta, maglia = _settle(parte, proprio)
        viario = name_streets(pianta, maglia, proprio, strade)
        rename_some(viario, proprio)
        territorio = Territorio(
            maglia,
            half_widths(maglia, pianta.larghezza_fiume, proprio),
            viario,
            choose_places(pianta, maglia),
            pianta.larghezza_fiume * 500,
            proprio,
        )
        propri = draw_sheets(maglia, fogli, grandezza)
        strade += len(viario.strade)
        fogli += len(propri)
        yield Quadro(parte, proprio, pianta, maglia, territorio, propri)


def _settle(parte: Parte, seme: object) -> tuple[Pianta, Maglia]:
    """Plan a square until towns make up most of its buildings, and farms the rest."""
    caso = new_caso(seme, "nome")
    nome = f"{caso.choice(LUOGHI)} {parte.indice}" if parte.indice else ""
    scala = 1.0
    tentativi = 4
    while True:
        pianta = plan(parte.edifici, seme, scala, lato=parte.lato, nome=nome)
        maglia = weave(pianta, sow(pianta, seme))
        quota = sum(expected_buildings(maglia)) / parte.edifici
        tentativi -= 1
        if not tentativi or _MINIMO_URBANO < quota < _MASSIMO_URBANO:
            return pianta, maglia
        scala *= (_MINIMO_URBANO + _MASSIMO_URBANO) / 2 / quota

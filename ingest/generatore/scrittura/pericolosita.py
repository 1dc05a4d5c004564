"""Hazards: landslides on some blocks, floods along the river, in the layout of a mosaic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.generatore.quadro import Quadro
from ingest.generatore.semi import CAMPAGNA, ESPANSIONE

CAMPI: Final = ("FENOMENO", "CLASSE", "BACINO", "PIANO", "DATA_AGG", "DENOMINAZ")
_BACINO: Final = "Autorità di bacino inventata"
#: Class, quarter, and which blocks of it: every so many, from which on.
_FRANE: Final = (
    ("P4", CAMPAGNA, 41, 7),
    ("P3", CAMPAGNA, 23, 5),
    ("P2", CAMPAGNA, 17, 3),
    ("P1", ESPANSIONE, 29, 0),
    ("AA", CAMPAGNA, 13, 4),
)
#: Class and metres beyond the banks: what comes often lies inside what comes rarely.
_ALLUVIONI: Final = (("P3", 20.0), ("P2", 60.0), ("P1", 150.0))

type Oggetti = tuple[NDArray[np.object_], list[tuple[object, ...]]]


def hazards(
    quadro: Quadro, celle: NDArray[np.object_], fiume: shapely.LineString, aggiornato: bool
) -> Iterator[Oggetti]:
    """Yield the hazard areas of a square; the update has looked into what was only watched."""
    for classe, tessuto, ogni, da in _FRANE:
        indici = [
            c.numero
            for c in quadro.maglia.celle
            if c.tessuto == tessuto
            and c.numero % ogni == da
            and c.numero not in quadro.territorio.speciali
        ]
        if indici:
            letta = "P1" if classe == "AA" and aggiornato else classe
            giorno = "15/12/2024" if letta != classe else "15/12/2020"
            riga = ("Frana", letta, _BACINO, "PAI", giorno, "")
            geometrie = [shapely.MultiPolygon([celle[c]]) for c in indici]
            yield np.array(geometrie, dtype=object), [riga] * len(indici)
    territorio = shapely.box(*shapely.total_bounds(celle)).buffer(50)
    for classe, metri in _ALLUVIONI:
        distanza = quadro.pianta.larghezza_fiume / 2 + metri
        geometrie_fascia, righe = strip(fiume, distanza, territorio, "", "")
        riga = ("Alluvione", classe, _BACINO, "PGRA", "03/03/2016", "TORRENTE")
        if righe:
            yield geometrie_fascia, [riga] * len(righe)


def strip(
    linea: shapely.Geometry, distanza: float, territorio: shapely.Geometry, atto: str, nome: str
) -> Oggetti:
    """Return the strip on both sides of a line, inside the territory."""
    fascia = shapely.intersection(shapely.buffer(linea, distanza, quad_segs=4), territorio)
    parti = [p for p in shapely.get_parts(fascia) if isinstance(p, shapely.Polygon)]
    if not parti:
        return np.empty(0, dtype=object), []
    return np.array([shapely.MultiPolygon(parti)], dtype=object), [
        (atto, "15/06/2009", nome, nome, "", "")
    ]

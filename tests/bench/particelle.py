"""A large file of cadastral parcels, as the Agenzia publishes them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely

from catasto.formati.gml import OggettoGml, write_particelle

PASSO_X, PASSO_Y = 0.0004, 0.0003
OVEST, SUD = 13.0, 45.0
PER_FOGLIO = 1_000
PUNTI = 4
"""Vertices on each side: a parcel of the real map has about sixteen."""


def write(path: Path, comune: str, quante: int) -> int:
    """Write so many parcels on a grid and return how many."""
    with path.open("wb") as file:
        return write_particelle(file, _parcels(comune, quante), momento=datetime(2025, 1, 1))  # noqa: DTZ001 -- the file's own time has no zone


def _parcels(comune: str, quante: int) -> Iterator[OggettoGml]:
    wide = int(quante**0.5) + 1
    along = np.linspace(0, 1, PUNTI, endpoint=False)
    nothing, whole = np.zeros(PUNTI), np.ones(PUNTI)
    x = np.concatenate((along, whole, 1 - along, nothing, [0.0])) * PASSO_X
    y = np.concatenate((nothing, along, whole, 1 - along, [0.0])) * PASSO_Y
    for n in range(quante):
        corner = OVEST + n % wide * PASSO_X, SUD + n // wide * PASSO_Y
        ring = np.column_stack((corner[0] + x, corner[1] + y))
        number = str(n % PER_FOGLIO + 1)
        reference = f"{comune}_{n // PER_FOGLIO + 1:04d}00.{number}"
        wkb = shapely.to_wkb(shapely.Polygon(ring), byte_order=1)
        yield OggettoGml(0, reference, number, f"IT.AGE.PLA.{reference}", comune, wkb)

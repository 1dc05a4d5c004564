"""GeoPackage files that come out the same, byte for byte, each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray

#: Features written at once: few calls for a large town, little memory.
_BLOCCO: Final = 5000


@contextmanager
def frozen_clock(giorno: date) -> Iterator[None]:
    """Make GDAL write the day of the supply where it would write the time of the run."""
    opzioni = {
        "OGR_CURRENT_DATE": f"{giorno.isoformat()}T00:00:00.000Z",
        # A file that can be made again need not survive a power cut.
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
    }
    pyogrio.set_gdal_config_options(opzioni)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(opzioni))


@dataclass(slots=True)
class StratoGpkg:
    """One layer being filled: geometries and the columns of its fields."""

    file: Path
    strato: str
    epsg: int
    giorno: date
    campi: tuple[str, ...]
    tipo: str = "MultiPolygon"
    geometrie: list[NDArray[np.object_]] = field(default_factory=list)
    righe: list[tuple[object, ...]] = field(default_factory=list)
    scritti: int = 0

    def add(self, geometrie: NDArray[np.object_], righe: list[tuple[object, ...]]) -> None:
        """Take features, and write when there are enough."""
        self.geometrie.append(geometrie)
        self.righe += righe
        if len(self.righe) >= _BLOCCO:
            self.flush()

    def flush(self) -> None:
        """Append what is waiting to the file."""
        if not self.righe:
            return
        colonne = [np.array(c) for c in zip(*self.righe, strict=True)]
        colonne = [c if c.dtype.kind in "if" else c.astype(object) for c in colonne]
        with frozen_clock(self.giorno):
            pyogrio.raw.write(
                self.file,
                geometry=shapely.to_wkb(np.concatenate(self.geometrie)),
                field_data=colonne,
                fields=np.array(self.campi),
                layer=self.strato,
                driver="GPKG",
                geometry_type=self.tipo,
                crs=f"EPSG:{self.epsg}",
                append=self.scritti > 0,
                layer_options=None if self.scritti else {"DESCRIPTION": "Dati inventati"},
            )
        self.scritti += len(self.righe)
        self.geometrie.clear()
        self.righe.clear()

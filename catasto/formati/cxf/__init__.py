"""CXF: the vector cadastral map, one file a map (``.CTF`` when SISTER transformed it).

One datum per line, areas (BORDO) with a code that says what they are, texts, symbols,
fiducial points and lines. Coordinates are left as the file has them; ``likely_system``
says which plane they are probably in.
"""

from catasto.formati.cxf.classe import ClasseBordo, TipoMappa, classify_bordo
from catasto.formati.cxf.mappa import (
    Bordo,
    Fiduciale,
    Libretto,
    Linea,
    MappaCxf,
    RiferimentoRaster,
    Simbolo,
    Testo,
)
from catasto.formati.cxf.read import read_cxf
from catasto.formati.cxf.sistema import Sistema, likely_epsg, likely_system
from catasto.formati.cxf.write import write_cxf

__all__ = [
    "Bordo",
    "ClasseBordo",
    "Fiduciale",
    "Libretto",
    "Linea",
    "MappaCxf",
    "RiferimentoRaster",
    "Simbolo",
    "Sistema",
    "Testo",
    "TipoMappa",
    "classify_bordo",
    "likely_epsg",
    "likely_system",
    "read_cxf",
    "write_cxf",
]

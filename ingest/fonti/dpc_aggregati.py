"""Structural aggregates of the civil protection department: groups of touching buildings.

Published by the Dipartimento della Protezione Civile for the whole country, one shapefile
a municipality, CC BY 4.0, redrawn now and then. We take the code IDAG and the outline;
``Label`` is the progressive that IDAG holds already, ``Comune`` the name of the
municipality. An aggregate is not a building and is never called one (fonti.md §10.2).
"""

from collections.abc import Iterator
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record
from ingest.formats import vector
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.vector import GEOMETRIA, Strato
from territorio.errors import Refused

FONTE = Fonte(
    title="Aggregati strutturali",
    publisher="Presidenza del Consiglio dei ministri – Dipartimento della Protezione civile",
    licence="CC BY 4.0",
    cadence="irregolare",
    facts=("aggregato",),
)

COLONNE = {"idag": "IDAG"}
IGNORE = ("Label", "Comune")
_CIFRE = 20


def recognise(path: Path) -> bool:
    """Tell whether the file is a vector file with the code of aggregates."""
    return _strato(path) is not None


def ambito(path: Path) -> Ambito:
    """Return the ISTAT code that the first aggregate holds."""
    strato = _strato(path)
    assert strato is not None  # noqa: S101 - recognised
    for item in vector.features(path, strato, COLONNE, ignore=IGNORE):
        if isinstance(item, Record):
            return Ambito(str(item.pop("idag"))[2:8], None, crs=vector.crs(path, strato))
    raise Refused(path.name, "il file non contiene nessun aggregato leggibile")


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each aggregate of the file."""
    strato = _strato(path)
    assert strato is not None  # noqa: S101 - recognised
    items = vector.features(path, strato, COLONNE, ignore=IGNORE)
    return said(items, lambda campi: _load(campi, ambito.comune_catastale))


def _load(campi: Campi, istat: str) -> Iterator[Detto]:
    """Say one aggregate: IDAG is region 2, province 3, municipality 3, progressive 12."""
    codice = campi.must("idag")
    if len(codice) != _CIFRE or not codice.isdecimal():
        raise Illeggibile(f"«IDAG» non ha {_CIFRE} cifre", codice)
    if codice[2:8] != istat:
        raise Illeggibile(f"l'aggregato è di un altro comune (ISTAT {codice[2:8]})", codice)
    yield Asserzione(
        "aggregato", codice, {"codice": codice}, campi.riga, geometria=campi.shape(GEOMETRIA)
    )


def _strato(path: Path) -> Strato | None:
    """Return the layer of aggregates, None if the file has none."""
    return next((s for s in vector.strati(path) if s.has("IDAG")), None)

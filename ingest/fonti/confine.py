"""The boundary of the municipality, from ISTAT.

Published once a year, CC BY 4.0, as shapefiles of the whole country (fields ``PRO_COM_T``,
``COMUNE``) or cut out for some municipalities (``istat``, ``belfiore``, ``denominazione``).
We take code, name and outline. The generalised version is good for the rough check that
coordinates lie where they should (fonti.md §0.7), not for deciding what is inside.
"""

from collections.abc import Iterator
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record
from ingest.formats import vector
from ingest.formats.campi import Campi, said
from ingest.formats.vector import GEOMETRIA, Strato
from territorio.errors import Refused

FONTE = Fonte(
    title="Confini dei comuni",
    publisher="ISTAT",
    licence="CC BY 4.0",
    cadence="annuale",
    facts=("confine",),
)

TRACCIATI = (
    {"codice": "belfiore", "istat": "istat", "denominazione": "denominazione"},
    {"codice": "PRO_COM_T", "istat": "PRO_COM_T", "denominazione": "COMUNE"},
    {"codice": "PRO_COM", "istat": "PRO_COM", "denominazione": "COMUNE"},
)
"""Names of the fields in the layouts we know; PRO_COM is a number, its zeros are lost."""
IGNORE = (
    "COD_RIP",
    "COD_REG",
    "COD_PROV",
    "COD_CM",
    "COD_UTS",
    "PRO_COM",
    "COMUNE_A",
    "CC_UTS",
    "SHAPE_LENG",
    "SHAPE_AREA",
    "Shape_Le_1",
)


def recognise(path: Path) -> bool:
    """Tell whether the file is a vector file of municipalities."""
    return _strato(path) is not None


def ambito(path: Path) -> Ambito:
    """Return the codes of all the municipalities in the file."""
    strato, columns = _known(path)
    found = map(_codice, vector.values(path, strato, columns["codice"]))
    codici = [codice for codice in found if codice]
    if not codici:
        raise Refused(path.name, "il file non contiene nessun comune leggibile")
    return Ambito(
        codici[0] if len(codici) == 1 else "",
        None,
        crs=vector.crs(path, strato),
        comuni=tuple(codici) if len(codici) > 1 else (),
    )


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say the boundary of the municipality that the file is read for."""
    mine = (
        item
        for item in _features(path)
        if not isinstance(item, Record) or _codice(item.peek("codice")) == ambito.comune_catastale
    )
    return said(mine, lambda campi: _load(campi, ambito.comune))


def _load(campi: Campi, comune: str) -> Iterator[Detto]:
    """Say one boundary, keyed by the municipality's code."""
    campi.must("codice")
    istat, nome = campi.text("istat"), campi.must("denominazione")
    valori = {"istat": None if istat is None else _codice(istat), "denominazione": nome}
    yield Asserzione("confine", comune, valori, campi.riga, geometria=campi.shape(GEOMETRIA))


def _codice(scritto: object) -> str:
    """Return a code as text, with the zeros that a number loses."""
    testo = "" if scritto is None else str(scritto).strip().removesuffix(".0")
    return testo.zfill(6) if testo.isdecimal() else testo


def _features(path: Path) -> Iterator[Record | Detto]:
    """Yield the municipalities of the file."""
    strato, columns = _known(path)
    return vector.features(path, strato, columns, ignore=IGNORE)


def _known(path: Path) -> tuple[Strato, dict[str, str]]:
    """Return the layer of a recognised file and its layout."""
    found = _strato(path)
    assert found is not None  # noqa: S101 - recognised
    return found


def _strato(path: Path) -> tuple[Strato, dict[str, str]] | None:
    """Return the layer of boundaries and its layout, None if there is none."""
    for strato in vector.strati(path):
        for columns in TRACCIATI:
            if strato.has(columns["codice"], columns["denominazione"]):
                return strato, columns
    return None

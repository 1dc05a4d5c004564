"""Zones of the urban plan, in the model ZNORM of Piedmont's "Urbanistica senza carta".

Delivered by the planning office with each variant, no licence of its own. We take label,
zone of DM 1444/1968, use, land density (building index) and article; the other fields of
the model (areas, percentages, heights) are the plan's tables, which a later reading of
the rules needs, and are left by name. A zone has no identity but its outline: where that
changes, one zone ends and another begins (fonti.md §11).
"""

from collections.abc import Iterator
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Detto, Fonte
from ingest.formats import vector
from ingest.formats.campi import Campi, said
from ingest.formats.contorno import impronta_contorno
from ingest.formats.vector import GEOMETRIA, Strato

FONTE = Fonte(
    title="Zone del piano urbanistico",
    publisher="Comune, ufficio urbanistica",
    licence="del comune",
    cadence="a ogni variante",
    facts=("zona_urbanistica",),
)

FACOLTATIVE = ("ZN_DU_TY", "ZN_IF", "ZN_NTA", "STRUMENTO")
COLONNE = {nome: nome for nome in ("ZN_SIGLA", "ZN_ZTO", *FACOLTATIVE)}
# fmt: off
IGNORE = tuple(f"ZN_{nome}" for nome in (
    "MIP_TY", "AU_TY", "MA_TY", "TD_TY", "GEO", "CFR", "PRC_R", "PRC_T", "PRC_P", "PRC_H", "PRC_S",
    "PRC_I", "PRC_A", "ST", "SF", "SC", "SP", "STOT", "SL", "SU", "SA", "IT", "IC", "IPT", "IPF",
    "DT", "DF", "V_PRG", "NP", "H", "STD", "STDMN", "STDEC", "ABINS", "CIRT",
))
# fmt: on
ZTO = {
    testo: f"{n:02}"
    for n, lettera in enumerate("ABCDEF", 1)
    for testo in (f"{n:02}", str(n), lettera)
}
"""Zones A-F of DM 1444/1968: their code, the same without its zero, their letter."""


def recognise(path: Path) -> bool:
    """Tell whether the file has a layer of zones."""
    return bool(_strati(path))


def ambito(path: Path) -> Ambito:
    """Return the reference system; the file does not say its municipality."""
    return Ambito("", None, crs=vector.crs(path, _strati(path)[0]))


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say each zone of the file."""
    for strato in _strati(path):
        items = vector.features(path, strato, COLONNE, ignore=IGNORE, optional=FACOLTATIVE)
        yield from said(items, _load)


def _load(campi: Campi) -> Iterator[Detto]:
    """Say one zone."""
    sigla = campi.must("ZN_SIGLA")
    shape = campi.shape(GEOMETRIA)
    valori: dict[str, object] = {
        "strumento": campi.text("STRUMENTO"),
        "sigla": sigla,
        "zto": campi.category("ZN_ZTO", ZTO),
        "destinazione": campi.text("ZN_DU_TY"),
        "indice_fondiario": campi.decimal("ZN_IF"),
        "norma": campi.text("ZN_NTA"),
    }
    chiave = f"{sigla}|{impronta_contorno(shape)}"
    yield from campi.avvisi(("zona_urbanistica", chiave))
    yield Asserzione("zona_urbanistica", chiave, valori, campi.riga, geometria=shape)


def _strati(path: Path) -> list[Strato]:
    """Return the layers with a label of zone."""
    return [s for s in vector.strati(path) if s.has("ZN_SIGLA")]

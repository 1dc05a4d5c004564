"""Constraints on the land: one layer a kind, names after ZNORM (fonti.md §11).

Delivered by the planning office, no licence of its own. We take act, day, rubric, name and
codes, under the names their fields usually have; a layer may lack any of them, and that is
reported. A constraint without a code has no identity but its outline. Layers whose name is
not in the list are reported, not read: a constraint without its law says nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte
from ingest.formats import vector
from ingest.formats.campi import Campi, said
from ingest.formats.contorno import impronta_contorno
from ingest.formats.vector import GEOMETRIA, LINEE, POLIGONI, PUNTI, Strato
from territorio.errors import Refused

FONTE = Fonte(
    title="Vincoli sul territorio",
    publisher="Comune, ufficio urbanistica",
    licence="del comune",
    cadence="a ogni variante",
    facts=("vincolo",),
    # Layers come for a province or a river basin.
    fuori_confine=0.99,
)

NOMI = {
    "NOME": ("nome", "denominazione", "denom"),
    "ATTO": ("atto", "provvedimento", "provved"),
    "DATA_ATTO": ("data_atto", "data"),
    "RUBRICA": ("rubrica",),
    "COD_NAZ": ("cod_naz", "cod_min"),
    "COD_REG": ("cod_reg",),
}
"""What is said of a constraint, and the names its field may have."""
# fmt: off
TIPI = frozenset([
    "T_VGEO", "T_FRIA",
    "G_FRANA", "G_PAI_A", "G_PAI_L", "G_RME", "G_PGRA", "G_ATRCO", "G_CLASSIGEO",
    "P_BENIP_POL", "P_BENIP_LIN", "P_BENIP_PNT", "P_BENICULT", "P_LAGHI", "P_FIUMI", "P_MONTAGNA",
    "P_GHIACC", "P_PARCHI", "P_BOSCHI", "P_USICIV", "P_UMIDE", "P_ARCHEO", "P_NAT2000", "P_UNESCO",
    "U_CIMI", "U_STRADA", "U_FERR", "U_ELETTRO", "U_GAS", "U_DEPUR", "U_DISCAR", "U_RIR", "U_CAPT",
    "U_AEREA", "U_MILI", "U_INEDIF", "ZAC",
])
# fmt: on
_GEOMETRIE = POLIGONI | LINEE | PUNTI | {"MultiPoint"}


def recognise(path: Path) -> bool:
    """Tell whether a layer of the file, or the file itself, has the name of a constraint."""
    return bool(_strati(path))


def ambito(path: Path) -> Ambito:
    """Return the reference system and the kinds of constraint the file covers."""
    strati = _strati(path)
    systems = {vector.crs(path, strato) for strato in strati}
    if len(systems) > 1:
        raise Refused(
            path.name,
            f"gli strati hanno sistemi di riferimento diversi ({', '.join(sorted(systems))}): "
            "consegnali in file separati",
        )
    kinds = tuple(sorted({strato.nome.upper() for strato in strati}))
    return Ambito("", None, parti={"vincolo": kinds}, crs=systems.pop())


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say each constraint of the file, layer after layer."""
    known = _strati(path)
    for strato in vector.strati(path):
        if strato not in known:
            yield Avviso(
                None,
                "strato sconosciuto",
                f"lo strato «{strato.nome}» non è fra i vincoli previsti: non è stato letto",
                campo=strato.nome,
            )
    for strato in known:
        columns = _columns(strato)
        if missing := [name for name in NOMI if name not in columns]:
            motivo = f"lo strato «{strato.nome}» non dice: {', '.join(missing)}"
            yield Avviso(None, "colonna mancante", motivo, campo=missing[0])
        items = vector.features(
            path,
            strato,
            {name: columns.get(name, name) for name in NOMI},
            geometrie=_GEOMETRIE,
            optional=missing,
        )
        for detto in said(items, partial(_load, tipo=strato.nome.upper())):
            # Lines are numbered layer by layer: the reason must say which.
            yield detto if isinstance(detto, Asserzione) else _named(detto, strato.nome)


def _load(campi: Campi, tipo: str) -> Iterator[Detto]:
    """Say one constraint."""
    shape = campi.shape(GEOMETRIA)
    valori: dict[str, object] = {
        "tipo": tipo,
        "denominazione": campi.text("NOME"),
        "atto": campi.text("ATTO"),
        "data_atto": campi.day("DATA_ATTO"),
        "rubrica": campi.text("RUBRICA"),
        "codice_nazionale": campi.text("COD_NAZ"),
        "codice_regionale": campi.text("COD_REG"),
    }
    chiave = f"{tipo}|{impronta_contorno(shape)}"
    yield from campi.avvisi(("vincolo", chiave))
    yield Asserzione("vincolo", chiave, valori, campi.riga, geometria=shape, parte=tipo)


def _columns(strato: Strato) -> dict[str, str]:
    """Return where each value stands in a layer."""
    actual = {name.lower() for name in strato.campi}
    found = {n: next((a for a in aliases if a in actual), None) for n, aliases in NOMI.items()}
    return {name: alias for name, alias in found.items() if alias is not None}


def _named(detto: Detto, strato: str) -> Detto:
    """Say in which layer a refusal or a notice stands."""
    assert not isinstance(detto, Asserzione)  # noqa: S101 - the caller's test
    if strato in detto.motivo:
        return detto
    return replace(detto, motivo=f"strato «{strato}»: {detto.motivo}")


def _strati(path: Path) -> list[Strato]:
    """Return the layers that are constraints."""
    return [s for s in vector.strati(path) if s.nome.upper() in TIPI]

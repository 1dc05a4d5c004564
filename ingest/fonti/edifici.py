"""Footprints of buildings from any vector file.

Known layouts: the national and regional topographic databases (DBSN, DBT: class EDIFC),
OpenStreetMap, and layers that call themselves buildings with the usual names of fields.
For any other file a mapping stands beside it (``FILE.mappa.json``), for example
``{"strato": "corpi", "crs": "EPSG:3003", "campi": {"altezza_m": "H_GRONDA"},
"valori": {"uso": {"R": "01"}}}``.

We take the code of the source, use, kind, state, storeys, height, year and whether it lies
underground; -9999 means nothing. Codes are unique inside one delivery only, so buildings
are recognised by their outline (``ingest/edifici.py``) and a delivery older than one
already loaded cannot be placed (fonti.md §10.1).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import cast

from shapely.geometry.base import BaseGeometry

from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte
from ingest.formats import vector
from ingest.formats.campi import Campi, Illeggibile, parse_decimal, said
from ingest.formats.vector import GEOMETRIA, POLIGONI, Strato
from territorio import edificio_valori
from territorio.errors import Refused

FONTE = Fonte(
    title="Impronte degli edifici",
    publisher="Regione, IGM o comune (database topografico)",
    licence="della fonte consegnata",
    cadence="a ogni rilievo",
    facts=("edificio",),
    tardive=False,
)

CAMPI = ("codice_fonte", "uso", "tipo", "stato", "piani", "altezza_m", "anno", "interrato")
"""What a mapping may fill."""


@dataclass(frozen=True, slots=True)
class Tracciato:
    """A layout: which fields tell it, where each value stands, what its codes are."""

    nome: str
    segni: tuple[str, ...]
    campi: Mapping[str, str]
    ignora: tuple[str, ...] = ()
    codici: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For a field with hierarchical codes, the first level of them."""
    traduci: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For a field, what each of its values stands for; any other refuses the row."""


DBT = Tracciato(
    "DBT",
    ("edifc_uso", "edifc_ty"),
    {
        "codice_fonte": "classid",
        "uso": "edifc_uso",
        "tipo": "edifc_ty",
        "stato": "edifc_stat",
        "altezza_m": "edifc_at",
        "interrato": "edifc_sot",
    },
    (
        *("objectid", "edifc_nome", "edifc_mon", "scril", "meta_ist"),
        *("shape_length", "shape_area", "data_ini"),
    ),
    edificio_valori.CODICI,
)
REGIONE = {"consegna": "cod_cons", "riferimento": "classref", "fine": "data_fin"}
"""What a layer of Lombardy's database has besides: the whole code, and since when it is gone."""
_APERTA = ("9999", "-9999")
"""An end that has not come."""
OSM = Tracciato(
    "OSM",
    ("building",),
    {
        "codice_fonte": "osm_id",
        "uso": "building",
        "piani": "building:levels",
        "altezza_m": "height",
        "anno": "start_date",
    },
)
NOMI = {
    "codice_fonte": ("codice", "cod", "id_edificio", "uuid", "id"),
    "uso": ("uso", "destinazione", "use"),
    "tipo": ("tipo", "tipologia", "type"),
    "stato": ("stato", "status"),
    "piani": ("piani", "n_piani", "num_piani", "num_floors"),
    "altezza_m": ("altezza", "altezza_m", "height", "h"),
    "anno": ("anno", "anno_costr", "anno_costruzione"),
    "interrato": ("interrato", "is_underground"),
}
"""Usual names of fields in layers that call themselves buildings."""

LIMITI = {**edificio_valori.LIMITI, "anno": (800, 2200)}
"""What the numbers of a building can be."""

_LAYER = re.compile(r"edific|edifc|building", re.IGNORECASE)
_NULLI = frozenset({"-9999", "-9999.0", "-9999.00", "UNK", "NULL", "null", "-"})
_INTERRATO = frozenset({"02", "true", "1", "si", "sì", "yes", "t"})
_YEAR = re.compile(r"(1[0-9]{3}|20[0-9]{2})(?!\d)")
_METRES = re.compile(r"\s*m(?:etri)?\.?$")


def recognise(path: Path) -> bool:
    """Tell whether the file has a layer of footprints, or a mapping that names one."""
    return bool(_layouts(path))


def ambito(path: Path) -> Ambito:
    """Return the reference system; the file does not say its municipality."""
    return Ambito("", None, crs=vector.crs(path, _layouts(path)[0][0]))


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say each footprint of the file."""
    for strato, tracciato in _layouts(path):
        regione = _Regione() if tracciato is DBT and strato.has(*REGIONE.values()) else None
        columns = tracciato.campi if regione is None else {**tracciato.campi, **REGIONE}
        items = vector.features(path, strato, columns, ignore=tracciato.ignora, optional=CAMPI)
        yield from said(items, partial(_load, tracciato=tracciato, regione=regione))
        if regione is not None:
            yield from regione.left(strato.nome)


@dataclass(slots=True)
class _Regione:
    """What a regional database repeats: a building is its delivery and its code (§10.1)."""

    visti: dict[str, int] = field(default_factory=dict)
    finiti: int = 0
    uguali: int = 0

    def takes(self, campi: Campi, valori: dict[str, object]) -> bool:
        """Tell whether a row stands and is new; raise Illeggibile if it contradicts another."""
        fine = campi.text("fine")
        if fine is not None and not fine.startswith(_APERTA):
            self.finiti += 1
            return False
        codice = f"{campi.must('consegna')}|{campi.must('riferimento')}"
        shape = cast(BaseGeometry, campi.peek(GEOMETRIA))
        valori["codice_fonte"] = codice
        content = hash((tuple(valori.values()), shape.wkb))
        before = self.visti.get(codice)
        self.visti.setdefault(codice, content)
        if before not in (None, content):
            raise Illeggibile("lo stesso edificio è già nel file, con altri dati", codice)
        self.uguali += before is not None
        return before is None

    def left(self, strato: str) -> Iterator[Avviso]:
        """Say how many rows were left out, and why."""
        for quanti, tipo, motivo in (
            (self.finiti, "edifici non più validi", "hanno una data di fine: non sono stati letti"),
            (self.uguali, "edifici ripetuti", "ripetono un altro parola per parola"),
        ):
            if quanti:
                yield Avviso(None, tipo, f"strato «{strato}»: {quanti} edifici {motivo}")


def _load(campi: Campi, tracciato: Tracciato, regione: _Regione | None) -> Iterator[Detto]:
    """Say one footprint; its key comes from what it overlaps, not from its code."""
    valori = {nome: _value(campi, nome, tracciato) for nome in tracciato.campi}
    if regione is not None and not regione.takes(campi, valori):
        return
    yield from campi.avvisi()
    yield Asserzione(
        "edificio",
        f"riga {campi.riga}",
        {**valori, "provvisorio": False},
        campi.riga,
        geometria=campi.shape(GEOMETRIA),
    )


def _value(campi: Campi, nome: str, tracciato: Tracciato) -> object:
    """Return one value of a footprint, of the type its column has."""
    testo, scritto = campi.text(nome), tracciato.campi[nome]
    if testo is None or testo in _NULLI or (tracciato is OSM and testo == "yes"):
        return None
    if nome in tracciato.traduci:
        if testo not in tracciato.traduci[nome]:
            raise Illeggibile(f"«{scritto}» ha un valore senza traduzione: «{testo}»", testo)
        testo = tracciato.traduci[nome][testo]
    if nome in tracciato.codici and testo[:2] not in tracciato.codici[nome]:
        raise Illeggibile(f"«{scritto}» ha un codice sconosciuto: «{testo}»", testo)
    if nome == "interrato":
        return testo.lower() in _INTERRATO
    if nome in LIMITI:
        return _number(campi, nome, testo, scritto)
    return testo


def _number(campi: Campi, nome: str, testo: str, scritto: str) -> Decimal | int | None:
    """Return a number within what a building can have; report and drop any other."""
    plain = _METRES.sub("", testo)
    year = _YEAR.match(plain) if nome == "anno" else None
    try:
        value = Decimal(year[1]) if year else parse_decimal(plain)
    except ValueError:
        campi.report("valore illeggibile", f"«{scritto}» non è un numero", scritto, testo)
        return None
    low, high = LIMITI[nome]
    if value == 0 and nome != "piani":
        return None
    if not low <= value <= high:
        campi.report("valore impossibile", f"«{scritto}» è fuori da {low}–{high}", scritto, testo)
        return None
    return round(value, 2) if nome == "altezza_m" else int(value)


def _layouts(path: Path) -> list[tuple[Strato, Tracciato]]:
    """Return the layers of footprints, each with its layout."""
    strati = [s for s in vector.strati(path) if s.geometria in {*POLIGONI, "Unknown"}]
    mapping = vector.sidecar(path) if strati else None
    if mapping is not None and "campi" in mapping:
        return _mapped(path, strati, mapping)
    for tracciato in (DBT, OSM):
        if found := [(s, tracciato) for s in strati if s.has(*tracciato.segni)]:
            return found
    return [(s, _usual(s)) for s in strati if _LAYER.search(s.nome)]


def _usual(strato: Strato) -> Tracciato:
    """Return a layout by the usual names of fields; the codes are the source's own."""
    actual = {name.lower() for name in strato.campi}
    fields = {
        nome: next((alias for alias in aliases if alias in actual), None)
        for nome, aliases in NOMI.items()
    }
    return Tracciato("generico", (), {k: v for k, v in fields.items() if v is not None})


def _mapped(
    path: Path, strati: list[Strato], mapping: Mapping[str, object]
) -> list[tuple[Strato, Tracciato]]:
    """Return the layer and the layout that the mapping states; raise Refused if it errs."""
    fields, values = mapping.get("campi"), mapping.get("valori", {})
    if not isinstance(fields, dict) or not isinstance(values, dict):
        raise Refused(path.name, "nella mappa «campi» e «valori» devono essere oggetti JSON")
    if unknown := sorted({*fields, *values} - set(CAMPI)):
        raise Refused(
            path.name,
            f"la mappa nomina «{unknown[0]}», che un edificio non ha: i nomi sono "
            f"{', '.join(CAMPI)}",
        )
    name = mapping.get("strato")
    chosen = [s for s in strati if name is None or s.nome == name]
    if len(chosen) != 1:
        known = ", ".join(s.nome for s in strati)
        raise Refused(path.name, f"la mappa deve dire uno «strato» fra questi: {known}")
    return [(chosen[0], Tracciato("mappa", (), fields, traduci=values))]

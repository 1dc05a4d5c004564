"""House numbers of the national archive (ANNCSU, table INDIRIZZARIO).

Agenzia delle Entrate and ISTAT, CC BY 4.0, monthly (``INDIR_<AREA>_<YYYYMMDD>.csv``, 19
columns). We take the national number of the access, the street it is on, number, exponent,
specificità, metric, SNC, position and method; the names of the street come with the table
of streets, the municipality's code of the access and the height are not used.

Each check of fonti.md §2.1 is a notice with a code ``anncsu.…``. Coordinates that cannot
be right (zero, swapped, metric) are reported and left out: the access itself stays.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from shapely import Point

from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Record
from ingest.fonti.anncsu_strade import (
    Istat,
    anncsu_ambito,
    anncsu_header,
    chiave_strada,
    of_comune,
    progressivo,
)
from ingest.formats import csv
from ingest.formats.campi import Campi, said

FONTE = Fonte(
    title="ANNCSU: indirizzario",
    publisher="Agenzia delle Entrate e ISTAT",
    licence="CC BY 4.0",
    cadence="mensile",
    facts=("civico",),
    # Points are placed one by one, and so are their errors: 3 in 100 in a real town.
    fuori_confine=0.1,
)

COLONNE = (
    "CODICE_COMUNE",
    "CODICE_ISTAT",
    "PROGRESSIVO_NAZIONALE",
    "ODONIMO",
    "PROGRESSIVO_ACCESSO",
    "CIVICO",
    "ESPONENTE",
    "SPECIFICITA",
    "METRICO",
    "PROGRESSIVO_SNC",
    "COORD_X_COMUNE",
    "COORD_Y_COMUNE",
    "METODO",
)
IGNORE = (
    "CODICE_COMUNALE",
    "LOCALITA'",
    "DIZIONE_LINGUA1",
    "DIZIONE_LINGUA2",
    "CODICE_COMUNALE_ACCESSO",
    "QUOTA",
)
ITALIA = (6.6, 35.4, 18.6, 47.1)
"""Where Italy really is: the limits in the national documentation leave out Lecce."""
METODI = {str(n): n for n in range(1, 6)}
_KILOMETRIC = 5_000
_KEY_BITS = 61


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the accesses."""
    return {"PROGRESSIVO_ACCESSO", "CIVICO", "METODO"} <= set(anncsu_header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipalities of the file."""
    return anncsu_ambito(path)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each access of the municipality the file is read for, then what is odd overall."""
    checks = _Controlli()
    rows = of_comune(csv.records(path, COLONNE, ignore=IGNORE), ambito)
    yield from said(rows, partial(_load, checks=checks))
    yield from checks.whole(_streets(path, ambito))


@dataclass(slots=True)
class _Controlli:
    """What must be remembered from row to row."""

    istat: Istat = field(default_factory=Istat)
    naturali: set[int] = field(default_factory=set)
    accessi: Counter[int] = field(default_factory=Counter)
    senza_punto: int = 0

    def whole(self, streets: dict[int, int] | None) -> Iterator[Avviso]:
        """Say what concerns the file and not one row."""
        if self.senza_punto:
            yield Avviso(
                None,
                "anncsu.coordinate_mancanti",
                f"{self.senza_punto} accessi su {self.accessi.total()} sono senza coordinate",
                campo="COORD_X_COMUNE",
            )
        for numero, quanti in self.accessi.items() if streets is not None else ():
            stated = streets.get(numero) if streets else None
            chiave = ("odonimo", chiave_strada(numero))
            if stated is None:
                motivo = f"la strada {numero} ha {quanti} accessi ma non è nello stradario"
                yield Avviso(None, "anncsu.strada_assente", motivo, chiave=chiave)
            elif stated != quanti:
                motivo = f"la strada {numero} dichiara {stated} accessi e ne ha {quanti}"
                yield Avviso(None, "anncsu.totale_accessi", motivo, chiave=chiave)


def _load(campi: Campi, checks: _Controlli) -> Iterator[Detto]:
    """Say one access."""
    checks.istat.check(campi)
    strada = progressivo(campi, "PROGRESSIVO_NAZIONALE")
    accesso = progressivo(campi, "PROGRESSIVO_ACCESSO")
    chiave = f"ANNCSU|{accesso}"
    campi.chiavi = (("civico", chiave),)
    checks.accessi[strada] += 1
    nome = campi.text("ODONIMO") or ""
    valori: dict[str, object] = {
        "progressivo_accesso": accesso,
        "numero": campi.integer("CIVICO"),
        "esponente": _compact(campi.text("ESPONENTE")),
        "specificita": _compact(campi.text("SPECIFICITA")),
        "metrico": campi.integer("METRICO"),
        "snc": campi.integer("PROGRESSIVO_SNC"),
        "odonimo": chiave_strada(strada),
    }
    _check_number(campi, valori, nome)
    _check_natural_key(campi, (strada, *list(valori.values())[1:6]), checks)
    valori["metodo"] = campi.category("METODO", METODI)
    punto = _point(campi, checks, metodo=valori["metodo"] is not None)
    yield from campi.avvisi(("civico", chiave))
    yield Asserzione("civico", chiave, valori, campi.riga, geometria=punto)


def _compact(testo: str | None) -> str:
    """Return an exponent as it is compared: capitals, no blanks, no slashes."""
    return "".join((testo or "").upper().replace("/", "").split())


def _check_number(campi: Campi, valori: dict[str, object], nome: str) -> None:
    """Report numbers that are not what they should be."""
    numero, esponente = valori["numero"], str(valori["esponente"])
    if numero is not None and valori["metrico"] is not None:
        campi.report("anncsu.civico_e_metrico", "ha sia il civico sia il metrico", "METRICO")
    if esponente.isdecimal():
        motivo = "l'esponente è fatto di sole cifre"
        campi.report("anncsu.esponente_numerico", motivo, "ESPONENTE", esponente)
    if isinstance(numero, int) and numero > _KILOMETRIC and nome.upper().startswith("STRADA "):
        motivo = f"«{numero}» nel civico di «{nome}» sembra una chilometrica"
        campi.report("anncsu.chilometrica", motivo, "CIVICO", str(numero))


def _check_natural_key(campi: Campi, key: tuple[object, ...], checks: _Controlli) -> None:
    """Report a second access with the same street, number, exponent, colour and SNC."""
    digest = hash(key) & ((1 << _KEY_BITS) - 1)
    if digest in checks.naturali:
        campi.report("anncsu.doppio", "un altro accesso ha la stessa strada e lo stesso numero")
    checks.naturali.add(digest)


def _point(campi: Campi, checks: _Controlli, *, metodo: bool) -> Point | None:
    """Return where the access is; None, with the reason reported, if it cannot be there."""
    x, y = campi.decimal("COORD_X_COMUNE"), campi.decimal("COORD_Y_COMUNE")
    if x is None or y is None:
        checks.senza_punto += 1
        if metodo:
            campi.report("anncsu.metodo_senza_punto", "ha il metodo ma non le coordinate", "METODO")
        return None
    if not metodo:
        campi.report("anncsu.punto_senza_metodo", "ha le coordinate ma non il metodo", "METODO")
    if fault := _fault(x, y):
        campi.report(*fault, "COORD_X_COMUNE", f"{x}; {y}")
        return None
    return Point(float(x), float(y))


def _fault(x: Decimal, y: Decimal) -> tuple[str, str] | None:
    """Return why a pair cannot be a place in Italy."""
    if _in_italy(x, y):
        return None
    if x == 0 or y == 0:
        return "anncsu.coordinate_zero", "le coordinate sono zero"
    if _in_italy(y, x):
        return "anncsu.coordinate_scambiate", "latitudine e longitudine sono scambiate"
    if abs(x) > 180 or abs(y) > 90:
        return "anncsu.coordinate_metriche", "le coordinate sono in metri, non in gradi"
    return "anncsu.coordinate_fuori_italia", "le coordinate sono fuori dall'Italia"


def _in_italy(x: Decimal, y: Decimal) -> bool:
    """Tell whether a longitude and a latitude are in the box of Italy."""
    west, south, east, north = ITALIA
    return west <= x <= east and south <= y <= north


def _streets(path: Path, ambito: Ambito) -> dict[int, int] | None:
    """Return the accesses each street declares, if the table of streets lies beside."""
    beside = path.with_name(path.name.replace("INDIR_", "STRAD_", 1))
    if beside == path or not beside.exists():
        return None
    columns = ("CODICE_COMUNE", "PROGRESSIVO_NAZIONALE", "TOTALE_ACCESSI")
    found: dict[int, int] = {}
    for item in of_comune(csv.records(beside, columns, ignore=anncsu_header(beside)), ambito):
        if isinstance(item, Record):
            numero, totale = item.text(columns[1]) or "", item.text(columns[2]) or "0"
            if numero.isdecimal() and totale.isdecimal():
                found[int(numero)] = int(totale)
    return found

"""House numbers of the national archive (ANNCSU, table INDIRIZZARIO).

Agenzia delle Entrate and ISTAT, CC BY 4.0, monthly (``INDIR_<AREA>_<YYYYMMDD>.csv``, 19
columns). We take the national number of the access, the street it is on, number, exponent,
specificità, metric, SNC, position and method. The names of the street come with the table
of streets; those that are in none that lies beside are taken here. The municipality's code of
the access and the height are not used.

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
    chiave_strada,
    of_comune,
    progressivo,
    strada,
)
from ingest.fonti.anncsu_strade import recognise as is_stradario
from ingest.formats import csv
from ingest.formats.campi import Campi, said

FONTE = Fonte(
    title="ANNCSU: indirizzario",
    publisher="Agenzia delle Entrate e ISTAT",
    licence="CC BY 4.0",
    cadence="mensile",
    facts=("odonimo", "civico"),
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
STRADA = ("CODICE_COMUNALE", "LOCALITA'", "DIZIONE_LINGUA1", "DIZIONE_LINGUA2")
"""What else is said of the street."""
IGNORE = ("CODICE_COMUNALE_ACCESSO", "QUOTA")
ITALIA = (6.6, 35.4, 18.6, 47.1)
"""Where Italy really is: the limits in the national documentation leave out Lecce."""
DOCUMENTATI = (6.0, 36.0, 18.0, 47.0)
"""The limits of the national documentation: an update beyond may be refused there."""
METODI = {str(n): n for n in range(1, 6)}
_KILOMETRIC = 5_000
_KEY_BITS = 61


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the accesses."""
    return {"PROGRESSIVO_ACCESSO", "CIVICO", "METODO"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipalities of the file."""
    return anncsu_ambito(path)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each access of the municipality the file is read for, then what is odd overall."""
    streets = _streets(path, ambito)
    checks = _Controlli(Istat(ambito.data_riferimento), vie=set(streets or ()))
    rows = of_comune(csv.records(path, (*COLONNE, *STRADA), ignore=IGNORE), ambito)
    yield from said(rows, partial(_load, checks=checks))
    yield from checks.whole(streets)


@dataclass(slots=True)
class _Controlli:
    """What must be remembered from row to row."""

    istat: Istat
    vie: set[int]
    """The streets said so far, here or in the table of streets."""
    naturali: set[int] = field(default_factory=set)
    accessi: Counter[int] = field(default_factory=Counter)
    senza_punto: int = 0
    oltre: int = 0

    def whole(self, streets: dict[int, int] | None) -> Iterator[Avviso]:
        """Say what concerns the file and not one row."""
        if self.senza_punto:
            yield Avviso(
                None,
                "anncsu.coordinate_mancanti",
                f"{self.senza_punto} accessi su {self.accessi.total()} sono senza coordinate",
                campo="COORD_X_COMUNE",
            )
        if self.oltre:
            yield Avviso(
                None,
                "anncsu.oltre_limiti_nazionali",
                f"{self.oltre} accessi sono in Italia ma oltre i limiti documentati da ANNCSU "
                "(x 6-18, y 36-47): un loro aggiornamento potrebbe essere rifiutato",
                campo="COORD_X_COMUNE",
            )
        if streets is None:
            return
        # Also the streets that declare accesses of which the file has none.
        silent = (n for n, stated in streets.items() if stated and n not in self.accessi)
        for numero in (*self.accessi, *silent):
            quanti, stated = self.accessi[numero], streets.get(numero)
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
    via = progressivo(campi, "PROGRESSIVO_NAZIONALE")
    accesso = progressivo(campi, "PROGRESSIVO_ACCESSO")
    chiave = f"ANNCSU|{accesso}"
    campi.chiavi = (("civico", chiave),)
    checks.accessi[via] += 1
    nome = str(campi.peek("ODONIMO") or "").strip()
    if nome and via not in checks.vie:
        checks.vie.add(via)
        yield Asserzione("odonimo", chiave_strada(via), strada(campi, via), campi.riga)
    valori: dict[str, object] = {
        "progressivo_accesso": accesso,
        "numero": campi.integer("CIVICO"),
        "esponente": _compact(campi.text("ESPONENTE")),
        "specificita": _compact(campi.text("SPECIFICITA")),
        "metrico": campi.integer("METRICO"),
        "snc": campi.integer("PROGRESSIVO_SNC"),
        "odonimo": chiave_strada(via),
    }
    _check_number(campi, valori, nome)
    _check_natural_key(campi, (via, *list(valori.values())[1:6]), checks)
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
    checks.oltre += not _within(DOCUMENTATI, x, y)
    return Point(float(x), float(y))


def _fault(x: Decimal, y: Decimal) -> tuple[str, str] | None:
    """Return why a pair cannot be a place in Italy."""
    if _within(ITALIA, x, y):
        return None
    if x == 0 or y == 0:
        return "anncsu.coordinate_zero", "le coordinate sono zero"
    if _within(ITALIA, y, x):
        return "anncsu.coordinate_scambiate", "latitudine e longitudine sono scambiate"
    if abs(x) > 180 or abs(y) > 90:
        return "anncsu.coordinate_metriche", "le coordinate sono in metri, non in gradi"
    return "anncsu.coordinate_fuori_italia", "le coordinate sono fuori dall'Italia"


def _within(box: tuple[float, float, float, float], x: Decimal, y: Decimal) -> bool:
    """Tell whether a longitude and a latitude are in a box."""
    west, south, east, north = box
    return west <= x <= east and south <= y <= north


def _streets(path: Path, ambito: Ambito) -> dict[int, int] | None:
    """Return the accesses each street declares in the table of streets beside.

    That of the same name, else the only one there that has streets of the municipality.
    """
    beside = path.with_name(path.name.replace("INDIR_", "STRAD_", 1))
    if beside == path or not beside.exists():
        others = [other for other in sorted(path.parent.iterdir()) if other.is_file()]
        found = [declared for o in others if is_stradario(o) and (declared := _declared(o, ambito))]
        return found[0] if len(found) == 1 else None
    return _declared(beside, ambito)


def _declared(beside: Path, ambito: Ambito) -> dict[int, int]:
    """Return the accesses each street declares in a table of streets."""
    columns = ("CODICE_COMUNE", "PROGRESSIVO_NAZIONALE", "TOTALE_ACCESSI")
    found: dict[int, int] = {}
    for item in of_comune(csv.records(beside, columns, ignore=csv.header(beside)), ambito):
        if isinstance(item, Record):
            numero, totale = item.text(columns[1]) or "", item.text(columns[2]) or "0"
            if numero.isdecimal() and totale.isdecimal():
                found[int(numero)] = int(totale)
    return found

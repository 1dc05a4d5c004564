"""Streets of the national archive of house numbers (ANNCSU, table STRADARIO).

Agenzia delle Entrate and ISTAT, CC BY 4.0, monthly, a region or a municipality a file
(``STRAD_<AREA>_<YYYYMMDD>.csv``). We take the national number, the municipality's own code,
the name in its languages and the locality; ``TOTALE_ACCESSI`` serves to check the table of
accesses. PROGRESSIVO_NAZIONALE is the only safe key: homonyms are frequent (fonti.md §2.1).
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from catasto import istat
from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record, Rifiuto
from ingest.formats import csv
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.nome_file import belfiore
from territorio.errors import Refused
from territorio.indirizzo import chiave_odonimo

FONTE = Fonte(
    title="ANNCSU: stradario",
    publisher="Agenzia delle Entrate e ISTAT",
    licence="CC BY 4.0",
    cadence="mensile",
    facts=("odonimo",),
)

COLONNE = (
    "CODICE_COMUNE",
    "CODICE_ISTAT",
    "PROGRESSIVO_NAZIONALE",
    "CODICE_COMUNALE",
    "ODONIMO",
    "LOCALITA'",
    "TOTALE_ACCESSI",
    "DIZIONE_LINGUA1",
    "DIZIONE_LINGUA2",
)


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the streets."""
    return {"PROGRESSIVO_NAZIONALE", "TOTALE_ACCESSI"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipalities of the file."""
    return anncsu_ambito(path)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each street of the municipality the file is read for."""
    rows = of_comune(csv.records(path, COLONNE), ambito)
    return said(rows, partial(_load, codici=Istat(ambito.data_riferimento)))


def _load(campi: Campi, codici: "Istat") -> Iterator[Detto]:
    """Say one street."""
    codici.check(campi)
    numero = progressivo(campi, "PROGRESSIVO_NAZIONALE")
    chiave = chiave_strada(numero)
    campi.chiavi = (("odonimo", chiave),)
    valori = strada(campi, numero)
    campi.integer("TOTALE_ACCESSI")
    yield from campi.avvisi(("odonimo", chiave))
    yield Asserzione("odonimo", chiave, valori, campi.riga)


def strada(campi: Campi, numero: int) -> dict[str, object]:
    """Return what both tables of the archive say of a street."""
    nome = campi.must("ODONIMO")
    return {
        "progressivo_nazionale": numero,
        "codice_comunale": campi.text("CODICE_COMUNALE"),
        "denominazione": nome,
        "localita": campi.text("LOCALITA'"),
        "lingua1": campi.text("DIZIONE_LINGUA1"),
        "lingua2": campi.text("DIZIONE_LINGUA2"),
        "chiave_odonimo": chiave_odonimo(nome),
    }


def chiave_strada(numero: int) -> str:
    """Return the key of a street of the national archive."""
    return f"ANNCSU|{numero}"


def progressivo(campi: Campi, nome: str) -> int:
    """Return a national number, without which a row cannot be placed."""
    testo = campi.must(nome)
    if not testo.isdecimal() or len(testo) > 15:
        raise Illeggibile(f"«{nome}» non è un numero", testo)
    return int(testo)


class Istat:
    """Checks the two codes of the municipality against each other (check belfiore_istat).

    They must be those of one municipality on the day of the delivery; where the official
    lists know nothing of it, those of the rows before.
    """

    def __init__(self, giorno: date | None) -> None:
        self._giorno = giorno
        self._right: str | None = None
        self._whose = ""

    def check(self, campi: Campi) -> None:
        """Report a row whose ISTAT code is not its municipality's."""
        comune = campi.must("CODICE_COMUNE")
        code = (campi.text("CODICE_ISTAT") or "").zfill(6)
        if self._right is None:
            listed = istat.istat_or_none(comune, self._giorno or date.max)
            self._right = listed or code
            self._whose = f"del comune {comune}" if listed else "delle altre righe del comune"
        if code != self._right:
            motivo = f"il codice ISTAT non è {self._right}, quello {self._whose}"
            campi.report("anncsu.belfiore_istat", motivo, "CODICE_ISTAT", code)


def anncsu_ambito(path: Path) -> Ambito:
    """Return the municipality in the file's name, else those named in the first column."""
    if codice := belfiore(path):
        return Ambito(codice, None)
    codes: dict[str, None] = {}
    for item in csv.records(path, ("CODICE_COMUNE",), ignore=csv.header(path)):
        if isinstance(item, Record) and (code := item.text("CODICE_COMUNE")):
            codes[code] = None
    if not codes:
        raise Refused(path.name, "il file non contiene nessuna riga leggibile")
    comuni = tuple(codes)
    return Ambito(
        comuni[0] if len(comuni) == 1 else "", None, comuni=comuni if len(comuni) > 1 else ()
    )


def of_comune(items: Iterator[Record | Detto], ambito: Ambito) -> Iterator[Record | Detto]:
    """Leave out the rows of the other municipalities that share the file."""
    for item in items:
        if isinstance(item, Record):
            code = item.peek("CODICE_COMUNE")
            if code == ambito.comune_catastale:
                yield item
            elif code not in ambito.comuni:
                yield Rifiuto(item.riga, "la riga non ha il codice del comune", str(code or ""))
        else:
            yield item

"""IMU rate sheets: one row a case and a year.

The structured sheet of DM 7/7/2023 as a table, delivered by the tax office or taken from
the national index; open. Each case holds for its year; a merged municipality may keep
rates for each former one (``ex_comune``, optional). Rates are per cent (fonti.md §4.2).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record
from ingest.formats import csv
from ingest.formats.campi import Campi, Illeggibile, said
from territorio.errors import Refused

FONTE = Fonte(
    title="Aliquote IMU",
    publisher="Comune, ufficio tributi",
    licence="CC BY 4.0",
    cadence="annuale",
    facts=("aliquota_imu",),
)

COLONNE = ("codice_catastale", "anno", "fattispecie", "aliquota", "delibera", "data_delibera")
EX = "ex_comune"
FATTISPECIE = {
    "abitazione_principale_lusso": "%",
    "assimilazione_anziani_disabili": "SI/NO",
    "fabbricati_rurali_strumentali": "%",
    "fabbricati_gruppo_d": "%",
    "terreni_agricoli": "%",
    "aree_fabbricabili": "%",
    "altri_fabbricati": "%",
}
"""The seven cases of the sheet, and whether each is a rate or a yes."""
_SI_NO = {
    form: value
    for word, value in (("sì", True), ("si", True), ("no", False))
    for form in (word, word.upper(), word.capitalize())
}
_ANNI = range(2012, 2101)
_MASSIMA = 5
"""Per cent: above this the number is per mille, or a slip."""
LIMITI = {
    "abitazione_principale_lusso": (Decimal(0), Decimal("0.6")),
    "fabbricati_rurali_strumentali": (Decimal(0), Decimal("0.1")),
    "fabbricati_gruppo_d": (Decimal("0.76"), Decimal("1.14")),
    "terreni_agricoli": (Decimal(0), Decimal("1.06")),
    "aree_fabbricabili": (Decimal(0), Decimal("1.14")),
    "altri_fabbricati": (Decimal(0), Decimal("1.14")),
}
"""What the law allows from 2020, per cent, the historic surcharge included (fonti.md §4.1)."""
_NUOVA_IMU = 2020


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the sheet."""
    return {"fattispecie", "aliquota"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipality and the years of the rows."""
    codes: dict[str, None] = {}
    years: set[str] = set()
    for item in _rows(path):
        if isinstance(item, Record):
            codes[item.text("codice_catastale") or ""] = None
            years.add(item.text("anno") or "")
    comuni = tuple(code for code in codes if code)
    if not comuni:
        raise Refused(path.name, "il file non contiene nessuna riga leggibile")
    return Ambito(
        comuni[0] if len(comuni) == 1 else "",
        None,
        parti={"aliquota_imu": tuple(sorted(years))},
        comuni=comuni if len(comuni) > 1 else (),
    )


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each rate of the municipality the file is read for."""
    mine = (
        item
        for item in _rows(path)
        if not isinstance(item, Record)
        or item.peek("codice_catastale") in (ambito.comune_catastale, "")
    )
    return said(mine, partial(_load, comune=ambito.comune))


def _load(campi: Campi, comune: str) -> Iterator[Detto]:
    """Say one rate, in force from the first to the last day of its year."""
    campi.must("codice_catastale")
    anno = campi.integer("anno")
    if anno is None or anno not in _ANNI:
        raise Illeggibile("l'anno manca o non è possibile")
    fattispecie = campi.must("fattispecie")
    if fattispecie not in FATTISPECIE:
        raise Illeggibile(f"fattispecie sconosciuta: «{fattispecie}»", fattispecie)
    ex = campi.text(EX) or ""
    chiave = f"{comune}|{ex}|{anno}|{fattispecie}"
    campi.chiavi = (("aliquota_imu", chiave),)
    valori: dict[str, object] = {
        "anno": anno,
        "fattispecie": fattispecie,
        "ex_comune": ex,
        **_rate(campi, fattispecie, anno),
        "delibera": campi.text("delibera"),
        "data_delibera": campi.day("data_delibera"),
    }
    yield from campi.avvisi(("aliquota_imu", chiave))
    yield Asserzione(
        "aliquota_imu",
        chiave,
        valori,
        campi.riga,
        dal=date(anno, 1, 1),
        al=date(anno + 1, 1, 1),
        parte=str(anno),
    )


def _rate(campi: Campi, fattispecie: str, anno: int) -> dict[str, object]:
    """Return the rate, or whether the case is admitted; report one the law does not allow."""
    if FATTISPECIE[fattispecie] == "SI/NO":
        return {"ammessa": campi.category("aliquota", _SI_NO)}
    aliquota = campi.decimal("aliquota")
    if aliquota is None or not 0 <= aliquota <= _MASSIMA:
        raise Illeggibile("l'aliquota manca o non è una percentuale", str(aliquota))
    least, most = LIMITI[fattispecie]
    if anno >= _NUOVA_IMU and not least <= aliquota <= most:
        motivo = f"la legge ammette per «{fattispecie}» da {least} a {most} per cento"
        campi.report("imu.aliquota_oltre_i_limiti", motivo, "aliquota", str(aliquota))
    return {"aliquota": aliquota}


def _rows(path: Path) -> Iterator[Record | Detto]:
    """Yield the rows; the column of the former municipality may be missing."""
    optional = (EX,) if EX in csv.header(path) else ()
    for item in csv.records(path, (*COLONNE, *optional)):
        yield item if optional or not isinstance(item, Record) else item.adding(EX, None)

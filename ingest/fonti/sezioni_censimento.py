"""Census sections, ISTAT's *basi territoriali* of 2021 (fonti.md §9).

Published with each census as a file a region (``Rnn_21``), CC BY 4.0. We take the code, the
kind of place and the counts of the census; of the other fields (special areas, levels of
mountain, subdivisions of large towns) the registry has no use. A file holds the sections of
many municipalities: it is read for those that are administered here, the others are told.
Sections that somebody cut out at a line come as slivers with the counts of the whole: what
is below a square metre is reported, and densities are for whole sections only.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyproj import CRS

from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Record
from ingest.formats import vector
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.vector import GEOMETRIA, Strato
from territorio.errors import Refused

FONTE = Fonte(
    title="Basi territoriali: sezioni di censimento 2021",
    publisher="ISTAT",
    licence="CC BY 4.0",
    cadence="a ogni censimento",
    facts=("sezione_censimento",),
)

COLONNE = {
    nome: nome
    for nome in (
        *("PRO_COM", "SEZ21", "SEZ21_ID", "TIPO_LOC", "LOC21_ID"),
        *("POP21", "FAM21", "ABI21", "EDI21"),
    )
}
FACOLTATIVE = ("LOC21_ID", "POP21", "FAM21", "ABI21", "EDI21")
# fmt: off
IGNORE = (
    "fid", "OBJECTID", "COD_RIP", "COD_REG", "COD_PROV", "COD_CM", "COD_UTS", "PRO_COM_T",
    "COMUNE", "COD_TIPO_S", "COD_ZIC", "COD_ISAM", "COD_ACQUE", "COD_ISOLE", "COD_MONT_D",
    "COD_AREA_S", "COM_ASC1", "COM_ASC2", "COM_ASC3", "SHAPE_Leng", "Shape_Leng", "SHAPE_Length",
    "SHAPE_Area", "Shape_Area",
)
# fmt: on
TIPI = {codice: codice for codice in "1234"}
"""Centre, nucleus, productive place, scattered houses."""
SCHEGGIA_MQ = 1


def recognise(path: Path) -> bool:
    """Tell whether the file has a layer of sections of 2021."""
    return _strato(path) is not None


def ambito(path: Path) -> Ambito:
    """Return the codes of the municipalities that share the file."""
    strato = _known(path)
    codici = sorted({_codice(v) for v in vector.values(path, strato, "PRO_COM")} - {""})
    if not codici:
        raise Refused(path.name, "il file non contiene nessuna sezione leggibile")
    return Ambito(
        codici[0] if len(codici) == 1 else "",
        None,
        crs=vector.crs(path, strato),
        comuni=tuple(codici) if len(codici) > 1 else (),
    )


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each section of the municipality the file is read for, and how many are of others."""
    strato = _known(path)
    metres = not CRS.from_user_input(vector.crs(path, strato)).is_geographic
    others: Counter[str] = Counter()

    def mine() -> Iterator[Record | Detto]:
        items = vector.features(path, strato, COLONNE, ignore=IGNORE, optional=FACOLTATIVE)
        for item in items:
            codice = _codice(item.peek("PRO_COM")) if isinstance(item, Record) else ""
            if codice in ("", ambito.comune_catastale):
                yield item
            else:
                others[codice] += 1

    yield from said(mine(), lambda campi: _load(campi, metres))
    for codice, quante in sorted(others.items()):
        quali = "una sezione è" if quante == 1 else f"{quante} sezioni sono"
        motivo = f"{quali} di un altro comune ({codice}): qui non si caricano"
        yield Avviso(None, "di un altro comune", motivo, campo="PRO_COM", valore=codice)


def _load(campi: Campi, metres: bool) -> Iterator[Detto]:
    """Say one section, keyed by the code that ISTAT gave it."""
    istat, sezione = _codice(campi.must("PRO_COM")), campi.must("SEZ21_ID").removesuffix(".0")
    numero = campi.integer("SEZ21")
    if numero is None:
        raise Illeggibile("manca «SEZ21»")
    # The number loses the zeros of the municipality's code.
    sezione = sezione.zfill(13)
    if sezione != f"{istat}{numero:07}":
        raise Illeggibile(
            "«SEZ21_ID» non è il codice del comune e il numero della sezione", sezione
        )
    campi.chiavi = (("sezione_censimento", sezione),)
    tipo = campi.category("TIPO_LOC", TIPI)
    if tipo is None:
        raise Illeggibile("manca «TIPO_LOC»")
    shape = campi.shape(GEOMETRIA)
    valori: dict[str, object] = {
        "sezione": sezione,
        "numero": numero,
        "istat": istat,
        "tipo_localita": tipo,
        "localita": campi.text("LOC21_ID"),
        "residenti": campi.integer("POP21"),
        "famiglie": campi.integer("FAM21"),
        "abitazioni": campi.integer("ABI21"),
        "edifici": campi.integer("EDI21"),
    }
    if metres and shape.area < SCHEGGIA_MQ:
        motivo = f"la sezione è disegnata su meno di {SCHEGGIA_MQ} m²: è un ritaglio"
        campi.report("scheggia", motivo, "geometria")
    yield from campi.avvisi(("sezione_censimento", sezione))
    yield Asserzione("sezione_censimento", sezione, valori, campi.riga, geometria=shape)


def _codice(scritto: object) -> str:
    """Return the code of a municipality with the zeros that a number loses.

    >>> _codice(22205), _codice("022205"), _codice(None)
    ('022205', '022205', '')
    """
    testo = "" if scritto is None else str(scritto).strip().removesuffix(".0")
    return testo.zfill(6) if testo.isdecimal() else testo


def _known(path: Path) -> Strato:
    """Return the layer of a recognised file."""
    found = _strato(path)
    assert found is not None  # noqa: S101 - recognised
    return found


def _strato(path: Path) -> Strato | None:
    """Return the layer of sections, None if there is none."""
    return next((s for s in vector.strati(path) if s.has("SEZ21_ID", "PRO_COM")), None)

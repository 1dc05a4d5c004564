"""House numbers kept by a town or a province in a layout of its own.

Six layouts (fonti.md §2.3): the province of Bolzano (shapefile, bilingual, the column
``HOUES_IT`` misspelt at the source), Alessandria (CSV of numbers and CSV of streets,
EPSG:3003), the civil protection of Friuli Venezia Giulia (``DE IACOMINI, via``), the KML
that a municipal GIS writes (``Toponimo``, ``Civico``), and the bare points that some
publish from ANNCSU (ISTAT code and day only). Each layout is a part of its own: one never
ends what another says. We take street, number, position and the day the number began,
where there is one; names of farms and houses, postal codes, quarters and census sections
are not used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from shapely import Point

from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record
from ingest.formats import csv, vector
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.vector import GEOMETRIA, PUNTI, Strato
from territorio.errors import Refused
from territorio.indirizzo import NumeroCivico, chiave_odonimo

FONTE = Fonte(
    title="Numeri civici dell'ente locale",
    publisher="Comune o provincia",
    licence="dell'ente (Alessandria CC BY 4.0, Bolzano CC0)",
    cadence="annuale",
    facts=("odonimo", "civico"),
    # Points are placed one by one, and so are their errors: 3 in 100 in a real town.
    fuori_confine=0.1,
)

BOLZANO: Final = {
    "id": "ID",
    "istat": "ISTAT_CODE",
    "via": "STREET_ID",
    "nome": "STREET_IT",
    "lingua": "STREET_DE",
    "numero": "HOUSE_NR",
}
# fmt: off
BOLZANO_IGNORE: Final = (
    "ASCOT_CODE", "FRAC_CODE", "FRAC_DE", "FRAC_IT", "LABEL_DE", "LABEL_IT", "HOUSE_DE",
    "HOUES_IT", "NOTE",
    "MUNIC_DE", "MUNIC_IT", "MUNIC_LLD", "ZIP_CODE", "COORD_X", "COORD_Y",
)
# fmt: on
NUMERI: Final = (
    "CodiceVia",
    "DUG",
    "DUF",
    "Civico",
    "Esponente",
    "InizioValidita",
    "CoordX",
    "CoordY",
)
NUMERI_IGNORE: Final = ("CAP", "QuartiereSobborgo", "SezCensimento")
VIARIO: Final = ("CodiceCatastale", "CodiceVia", "DUG", "DUF")
VIARIO_IGNORE: Final = ("CodiceIstat", "CAP", "QuartiereSobborgo")
FVG: Final = {
    "comune": "COMUNE",
    "localita": "FRAZIONE",
    "nome": "INDIRIZZO",
    "numero": "CIV",
    "via": "INDICE_VIA",
}
FVG_IGNORE: Final = ("NOME_VIA", "VIA_OSM", "SOLO_NUM", "SOLO_BARR", "CIV_OSM", "CAP")
KML: Final = {"nome": "Toponimo", "numero": "Civico"}
# fmt: off
KML_IGNORE: Final = (
    "id", "Name", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate",
    "extrude", "visibility", "drawOrder", "icon", "snippet", "lon", "lat",
)
# fmt: on
"""What every KML has beside its own fields."""
PUNTI_ANNCSU: Final = {"istat": "codice_istat", "giorno": "data_pubblicazione"}
VETTORIALI: Final[dict[str, tuple[dict[str, str], tuple[str, ...]]]] = {
    "bolzano": (BOLZANO, BOLZANO_IGNORE),
    "punti": (PUNTI_ANNCSU, ()),
    "fvg": (FVG, FVG_IGNORE),
    "kml": (KML, KML_IGNORE),
}
"""The layouts in vector files: where each value stands, what is left."""
_CON_ISTAT: Final = ("bolzano", "punti")
_PUNTUALI: Final = PUNTI | {"MultiPoint", "Unknown"}


@dataclass(slots=True)
class _Visti:
    """Streets already said, how often each number came, the municipality's first name."""

    vie: set[str] = field(default_factory=set)
    numeri: dict[str, int] = field(default_factory=dict)
    comune: str | None = None

    def key(self, campi: Campi, chiave: str) -> str:
        """Return the key of a number; the same number again gets a key of its own."""
        again = self.numeri[chiave] = self.numeri.get(chiave, 0) + 1
        if again == 1:
            return chiave
        campi.report("civico ripetuto", "lo stesso numero è già nel file")
        return f"{chiave}|{again}"


def recognise(path: Path) -> bool:
    """Tell whether the file has one of the layouts."""
    return _layout(path) is not None


def ambito(path: Path) -> Ambito:
    """Return the municipality, where the file says it, and the part it covers."""
    layout = _layout(path)
    assert layout is not None  # noqa: S101 - recognised
    parti = dict.fromkeys(FONTE.facts, (layout,))
    if layout == "viario":
        return Ambito(_cadastral_code(path), None, parti={**parti, "civico": ()})
    if layout == "alessandria":
        beside = path.with_name("viario.csv")
        comune = _cadastral_code(beside) if beside.exists() else ""
        return Ambito(comune, None, parti=parti, crs="EPSG:3003")
    system = vector.crs(path, _strati(path, layout)[0])
    for item in _points(path, layout):
        if isinstance(item, Record):
            campi = Campi(item)
            giorno = campi.day("giorno") if layout == "punti" else None
            comune = _istat(campi) if layout in _CON_ISTAT else ""
            return Ambito(comune, giorno, parti=parti, crs=system)
    raise Refused(path.name, "il file non contiene nessun punto leggibile")


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each street and each number of the file."""
    layout = _layout(path)
    visti = _Visti()
    if layout == "viario":
        rows = csv.records(path, VIARIO, ignore=VIARIO_IGNORE, quoting=True)
        return said(rows, partial(_viario, visti=visti))
    if layout == "alessandria":
        rows = csv.records(path, NUMERI, ignore=NUMERI_IGNORE, quoting=True)
        return said(rows, partial(_alessandria, visti=visti))
    features = _points(path, str(layout))
    load: Callable[..., Iterator[Detto]]
    if layout in _CON_ISTAT:
        load = _bolzano if layout == "bolzano" else _punto
        return said(features, partial(load, visti=visti, istat=ambito.comune_catastale))
    load = _fvg if layout == "fvg" else _kml
    return said(features, partial(load, visti=visti))


def _bolzano(campi: Campi, visti: _Visti, istat: str) -> Iterator[Detto]:
    """Say one number of the province of Bolzano, and its street the first time."""
    if _istat(campi) != istat:
        raise Illeggibile("il numero è di un altro comune")
    via = f"BZ|{istat}|{_code(campi, 'via')}"
    nome, lingua = campi.must("nome"), campi.text("lingua")
    yield from _street(campi, visti, "bolzano", via, nome, lingua)
    civico = NumeroCivico.parse(campi.must("numero"))
    if civico.residuo:
        campi.report("civico non compreso", "una parte del numero non si capisce", "HOUSE_NR")
    yield from _number(
        campi, "bolzano", f"BZ|{_code(campi, 'id')}", civico, via, campi.shape(GEOMETRIA)
    )


def _fvg(campi: Campi, visti: _Visti) -> Iterator[Detto]:
    """Say one number of Friuli Venezia Giulia: the kind of street stands after a comma."""
    comune = campi.must("comune").upper()
    visti.comune = visti.comune or comune
    if comune != visti.comune:
        raise Illeggibile("il numero è di un altro comune", comune)
    nome, _, dug = campi.must("nome").rpartition(",")
    intero = f"{dug.strip()} {nome.strip()}".strip()
    via = f"FVG|{campi.text('via') or chiave_odonimo(intero)}"
    yield from _street(campi, visti, "fvg", via, intero, None, campi.text("localita"))
    yield from _numbered(campi, visti, "fvg", via)


def _kml(campi: Campi, visti: _Visti) -> Iterator[Detto]:
    """Say one number of a municipal GIS: a street has no code but its name."""
    nome = campi.must("nome")
    via = f"KML|{chiave_odonimo(nome)}"
    yield from _street(campi, visti, "kml", via, nome, None)
    yield from _numbered(campi, visti, "kml", via)


def _numbered(campi: Campi, visti: _Visti, parte: str, via: str) -> Iterator[Detto]:
    """Say a number that nothing identifies but its street and itself."""
    testo = campi.must("numero").removesuffix(".0")
    civico = NumeroCivico.parse(testo)
    if civico.residuo:
        campi.report("civico non compreso", "una parte del numero non si capisce", None, testo)
    chiave = visti.key(campi, f"{via}|{civico}")
    yield from _number(campi, parte, chiave, civico, via, campi.shape(GEOMETRIA))


def _alessandria(campi: Campi, visti: _Visti) -> Iterator[Detto]:
    """Say one number of Alessandria, and its street the first time."""
    code = campi.must("CodiceVia")
    via = f"AL|{code}"
    nome = f"{campi.text('DUG') or ''} {campi.must('DUF')}".strip()
    yield from _street(campi, visti, "alessandria", via, nome, None)
    numero, esponente = campi.must("Civico"), campi.text("Esponente") or ""
    chiave = visti.key(campi, f"AL|{code}|{numero}|{esponente.upper()}")
    civico = NumeroCivico.parse(f"{numero}/{esponente}" if esponente else numero)
    x, y = campi.decimal("CoordX"), campi.decimal("CoordY")
    punto = Point(float(x), float(y)) if x and y else None
    for detto in _number(campi, "alessandria", chiave, civico, via, punto):
        if isinstance(detto, Asserzione):
            detto.dal = campi.day("InizioValidita")
        yield detto


def _viario(campi: Campi, visti: _Visti) -> Iterator[Detto]:
    """Say one street of Alessandria."""
    campi.must("CodiceCatastale")
    nome = f"{campi.text('DUG') or ''} {campi.must('DUF')}".strip()
    yield from _street(campi, visti, "viario", f"AL|{campi.must('CodiceVia')}", nome, None)


def _punto(campi: Campi, visti: _Visti, istat: str) -> Iterator[Detto]:
    """Say one bare point: a place where there is a number, we do not know which."""
    if _istat(campi) != istat:
        raise Illeggibile("il punto è di un altro comune")
    punto = campi.shape(GEOMETRIA)
    x, y = punto.coords[0]
    chiave = visti.key(campi, f"PUNTO|{x:.7f}|{y:.7f}")
    yield from _number(campi, "punti", chiave, None, None, punto)


def _street(
    campi: Campi,
    visti: _Visti,
    parte: str,
    chiave: str,
    nome: str,
    lingua: str | None,
    localita: str | None = None,
) -> Iterator[Asserzione]:
    """Say a street, once."""
    if chiave in visti.vie:
        return
    visti.vie.add(chiave)
    valori: dict[str, object] = {
        "codice_comunale": chiave.rpartition("|")[2],
        "denominazione": nome,
        "localita": localita,
        "lingua1": lingua,
        "chiave_odonimo": chiave_odonimo(nome),
    }
    yield Asserzione("odonimo", chiave, valori, campi.riga, parte=parte)


def _number(
    campi: Campi,
    parte: str,
    chiave: str,
    civico: NumeroCivico | None,
    via: str | None,
    punto: object,
) -> Iterator[Detto]:
    """Say a house number."""
    civico = civico or NumeroCivico()
    valori: dict[str, object] = {
        "numero": civico.numero,
        "esponente": civico.esponente,
        "specificita": civico.specificita,
        "metrico": civico.metrico,
        "odonimo": via,
    }
    yield from campi.avvisi(("civico", chiave))
    geometria = punto if isinstance(punto, Point) else None
    yield Asserzione("civico", chiave, valori, campi.riga, geometria=geometria, parte=parte)


def _layout(path: Path) -> str | None:
    """Return the name of the layout of a file, None if it has none of them."""
    if path.suffix.lower() in csv.SUFFIXES:
        names = set(csv.header(path))
        if set(NUMERI) <= names:
            return "alessandria"
        return "viario" if set(VIARIO) <= names and "Civico" not in names else None
    return next((name for name in VETTORIALI if _strati(path, name)), None)


def _strati(path: Path, layout: str) -> list[Strato]:
    """Return the layers that have the fields of a layout."""
    columns, _ = VETTORIALI[layout]
    return [s for s in vector.strati(path) if s.has(*columns.values()) and s.geometria in _PUNTUALI]


def _points(path: Path, layout: str) -> Iterator[Record | Detto]:
    """Yield the points of a vector layout; a KML has a layer a folder."""
    columns, ignore = VETTORIALI[layout]
    for strato in _strati(path, layout):
        yield from vector.features(path, strato, columns, ignore=ignore, geometrie=PUNTI)


def _istat(campi: Campi) -> str:
    """Return the ISTAT code; Bolzano writes it as a number, without the first zero."""
    return f"{_code(campi, 'istat'):0>6}"


def _code(campi: Campi, nome: str) -> str:
    """Return a code that the file holds as a number with decimals."""
    return campi.must(nome).removesuffix(".0")


def _cadastral_code(path: Path) -> str:
    """Return the municipality of the first street of Alessandria's table."""
    for item in csv.records(path, VIARIO, ignore=VIARIO_IGNORE, quoting=True):
        if isinstance(item, Record) and (code := item.text("CodiceCatastale")):
            return code
    return ""

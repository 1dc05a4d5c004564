"""Cadastral parcels that somebody keeps as a vector file: a certificate's project, a WFS copy.

Two layouts: ``NATIONALCADASTRALREFERENCE`` (the open data saved from a GIS), or ``foglio``
and ``mappale`` (``particella``, ``numero``) with or without ``sezione``, ``allegato``,
``sviluppo`` and the code of the municipality. We take the reference and the outline; areas
are measured anew. The licence is that of what was copied.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from catasto.errors import CatastoError
from catasto.riferimento import RiferimentoCatastale
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Record
from ingest.fonti.ade_particelle import valori
from ingest.formats import vector
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.vector import GEOMETRIA, POLIGONI, Strato
from territorio.errors import Refused

FONTE = Fonte(
    title="Particelle catastali in file vettoriale",
    publisher="Chi ha consegnato il file, da mappe dell'Agenzia delle Entrate",
    licence="della fonte consegnata",
    cadence="irregolare",
    facts=("particella",),
)

NOMI = {
    "riferimento": ("nationalcadastralreference",),
    "comune": ("belfiore", "codice_catastale", "cod_com", "administrativeunit"),
    "sezione": ("sezione", "sez"),
    "foglio": ("foglio", "fg"),
    "allegato": ("allegato",),
    "sviluppo": ("sviluppo",),
    "numero": ("mappale", "particella", "numero", "num"),
}
"""For each part of the reference the names its field may have."""
IGNORE = (
    "id",
    "fid",
    "gml_id",
    "inspireid_localid",
    "inspireid_namespace",
    "label",
    "supcat",
    "geom_duplicata",
    "gruppo_duplicato",
)


def recognise(path: Path) -> bool:
    """Tell whether the file has a layer of polygons with cadastral references."""
    return _known(path) is not None


def ambito(path: Path) -> Ambito:
    """Return the municipality of the first parcel, where the file says it."""
    strato, _ = _layer(path)
    system = vector.crs(path, strato)
    first = next((item for item in _features(path) if isinstance(item, Record)), None)
    if first is None:
        raise Refused(path.name, "il file non contiene nessuna particella leggibile")
    named = first.peek("riferimento") or first.peek("comune") or ""
    comune = str(named)[:4].upper()
    return Ambito(comune, None, parti={"particella": (comune,)} if comune else {}, crs=system)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each parcel of the file."""
    comune = ambito.comune_catastale or ambito.comune
    mine, _ = _layer(path)
    for strato in vector.strati(path):
        if strato != mine:
            motivo = f"lo strato «{strato.nome}» non ha particelle catastali: non è stato letto"
            yield Avviso(None, "strato sconosciuto", motivo, campo=strato.nome)
    yield from said(_features(path), partial(_load, comune=comune))


def _load(campi: Campi, comune: str) -> Iterator[Detto]:
    """Say one parcel."""
    whole = campi.text("riferimento")
    try:
        if whole is not None:
            riferimento = RiferimentoCatastale.parse(whole)
        else:
            numero, _, denominatore = campi.must("numero").partition("/")
            riferimento = RiferimentoCatastale.of(
                campi.text("comune") or comune,
                campi.text("sezione"),
                campi.must("foglio"),
                numero,
                denominatore,
                allegato=campi.text("allegato"),
                sviluppo=campi.text("sviluppo"),
            )
    except CatastoError as error:
        raise Illeggibile(str(error), whole or "") from None
    yield Asserzione(
        "particella",
        riferimento.chiave,
        valori(riferimento),
        campi.riga,
        geometria=campi.shape(GEOMETRIA),
        parte=riferimento.comune_catastale,
    )


def _features(path: Path) -> Iterator[Record | Detto]:
    """Yield the parcels of the file."""
    strato, columns = _layer(path)
    fields = {nome: columns.get(nome, nome) for nome in NOMI}
    return vector.features(path, strato, fields, ignore=IGNORE, optional=set(NOMI) - set(columns))


def _layer(path: Path) -> tuple[Strato, dict[str, str]]:
    """Return the layer of a recognised file and where its values stand."""
    found = _known(path)
    assert found is not None  # noqa: S101 - recognised
    return found


def _known(path: Path) -> tuple[Strato, dict[str, str]] | None:
    """Return the first layer with references, None if there is none."""
    for strato in vector.strati(path):
        actual = {name.lower() for name in strato.campi}
        fields = {
            nome: next((alias for alias in aliases if alias in actual), None)
            for nome, aliases in NOMI.items()
        }
        columns = {nome: alias for nome, alias in fields.items() if alias is not None}
        enough = "riferimento" in columns or {"foglio", "numero"} <= set(columns)
        if enough and strato.geometria in POLIGONI:
            return strato, columns
    return None

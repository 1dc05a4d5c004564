"""Vector files: what is in them (Fiona), and their features in batches (pyogrio, Arrow).

Coordinates stay in the file's own system: the stager brings them to the registry's.
Encodings are found out, never believed: a real ``.cpg`` says UTF-8 over Latin-1, and
files without one are UTF-8 (fonti.md §0.4).
"""

import json
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fiona
import fiona.errors
import numpy as np
import numpy.typing as npt
import shapely
from fiona.env import Env
from pyproj import CRS
from pyproj.exceptions import CRSError

from ingest.contract import Avviso, Detto, Manca, Record, Rifiuto
from ingest.formats.csv import unknown_columns
from territorio.errors import Refused, detail

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = frozenset({".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gdb", ".sqlite"})
"""Endings worth looking into; GML is the cadastre's and has readers of its own."""
BATCH = 5_000
_SALTANO = frozenset({".shp", ".gpkg", ".fgb"})
"""Formats that can be read without their geometries."""
GEOMETRIA = "geometria"
"""The field of a record that holds the geometry."""

POLIGONI = frozenset({"Polygon", "MultiPolygon"})
PUNTI = frozenset({"Point"})
LINEE = frozenset({"LineString", "MultiLineString"})


@dataclass(frozen=True, slots=True)
class Strato:
    """A layer as Fiona sees it; names of fields as delivered."""

    nome: str
    campi: tuple[str, ...]
    geometria: str
    crs: str | None
    oggetti: int

    def has(self, *campi: str) -> bool:
        """Tell whether the layer has all these fields, in any case."""
        return {c.lower() for c in campi} <= {c.lower() for c in self.campi}


def strati(path: Path) -> tuple[Strato, ...]:
    """Return the layers of a file; none if it is no vector file."""
    if path.suffix.lower() not in SUFFIXES:
        return ()
    stat = path.stat()
    return _strati(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _strati(path: Path, _changed: int, _size: int) -> tuple[Strato, ...]:
    """Look into a file once, however many sources ask about it."""
    if path.suffix.lower() == ".kml":
        return _strati_kml(path)
    with _quiet(), Env():
        try:
            return tuple(_strato(path, name) for name in fiona.listlayers(path))
        except (fiona.errors.FionaError, fiona.errors.FionaValueError, OSError):
            return ()


def _strati_kml(path: Path) -> tuple[Strato, ...]:
    """Return the layers of a KML, a folder each: Fiona's GDAL does not read their fields."""
    import pyogrio
    import pyogrio.errors

    try:
        with _quiet():
            names = [str(name) for name, _ in pyogrio.list_layers(path)]
            found = [(name, pyogrio.read_info(path, layer=name)) for name in names]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError):
        return ()
    return tuple(
        Strato(
            name,
            tuple(map(str, info["fields"])),
            str(info["geometry_type"]).removesuffix(" Z"),
            "EPSG:4326",  # the only one a KML may have
            int(info["features"]),
        )
        for name, info in found
    )


def _strato(path: Path, name: str) -> Strato:
    """Describe one layer."""
    with fiona.open(path, layer=name) as layer:
        crs = layer.crs
        code = crs.to_epsg(confidence_threshold=70) if crs else None
        kind = str(layer.schema["geometry"]).removeprefix("3D ").removeprefix("Measured ")
        return Strato(
            name,
            tuple(layer.schema["properties"]),
            kind,
            f"EPSG:{code}" if code else (crs.to_wkt() if crs else None),
            len(layer),
        )


def encoding(path: Path) -> str | None:
    """Return the encoding of a shapefile's texts; None where the format fixes it."""
    dbf = _sibling(path, ".dbf") if path.suffix.lower() == ".shp" else None
    if dbf is None:
        return None
    data = dbf.read_bytes()
    start = int.from_bytes(data[8:10], "little")
    try:
        data[start:].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


def _sibling(path: Path, suffix: str) -> Path | None:
    """Return the file beside it with another ending, in any case."""
    for candidate in (path.with_suffix(suffix), path.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return None


def features(
    path: Path,
    strato: Strato,
    columns: Mapping[str, str],
    *,
    ignore: Collection[str] = (),
    geometrie: Collection[str] = POLIGONI,
    optional: Collection[str] = (),
) -> Iterator[Record | Detto]:
    """Yield a record a feature, numbered from 1: declared fields and the geometry.

    ``columns`` leads from the names the source uses to the names in the file, compared in
    any case. Raises Manca if a field that is not optional is missing. Features without a
    geometry that can be read, or of another kind, are refused by name; where points are
    wanted, several that are one are a point.
    """
    actual = {name.lower(): name for name in strato.campi}
    wanted = {key: actual[name.lower()] for key, name in columns.items() if name.lower() in actual}
    for key, name in columns.items():
        if key not in wanted and key not in optional:
            raise Manca(name)
    known = {*wanted.values(), *(actual[n.lower()] for n in ignore if n.lower() in actual)}
    for avviso in unknown_columns(strato.campi, known, None):
        yield _of_layer(avviso, strato)
    riga = 0
    for batch, shapes in _batches(path, strato, sorted(set(wanted.values()))):
        values = {key: _column(batch.column(name)) for key, name in wanted.items()}
        if geometrie == PUNTI:
            shapes = _alone(shapes)
        faults = _faults(shapes, geometrie)
        for i, shape in enumerate(shapes):
            riga += 1
            if faults[i] is not None:
                yield Rifiuto(riga, faults[i] or "")
                continue
            fields: dict[str, object] = {key: column[i] for key, column in values.items()}
            fields.update((key, None) for key in columns if key not in wanted)
            fields[GEOMETRIA] = shape
            yield Record(riga, fields)


def values(path: Path, strato: Strato, column: str) -> list[object]:
    """Return one field of all features, without what reading geometries brings with it.

    Raises Refused where the layer breaks off.
    """
    found: list[object] = []
    name = next(campo for campo in strato.campi if campo.lower() == column.lower())
    # A driver that cannot leave geometries out says so by an error.
    skips = path.suffix.lower() in _SALTANO
    try:
        with (
            _quiet(),
            fiona.open(
                path, layer=strato.nome, encoding=encoding(path), ignore_geometry=skips
            ) as layer,
        ):
            found.extend(feature.properties[name] for feature in layer)
    except (fiona.errors.FionaError, fiona.errors.FionaValueError, OSError) as error:
        raise Refused(path.name, broken(strato.nome, len(found)) + detail(error)) from None
    except json.JSONDecodeError:  # a field with texts and numbers, see _column
        batches = _batches(path, strato, [name])
        return [value for batch, _ in batches for value in _column(batch.column(name))]
    return found


def _of_layer(avviso: Avviso, strato: Strato) -> Avviso:
    """Name the layer, as files have several."""
    motivo = f"strato «{strato.nome}»: {avviso.motivo}"
    return Avviso(None, avviso.tipo, motivo, campo=avviso.campo)


def _batches(
    path: Path, strato: Strato, columns: list[str]
) -> Iterator[tuple["pa.RecordBatch", npt.NDArray[np.object_]]]:
    """Yield the columns and the geometries of a layer, some thousand features at a time."""
    # Imported here: they bring pandas with them, a second that most commands can do without.
    import pyarrow as pa
    import pyogrio
    import pyogrio.errors

    source = pyogrio.open_arrow(
        path,
        layer=strato.nome,
        columns=columns,
        batch_size=BATCH,
        encoding=encoding(path),
        use_pyarrow=True,
    )
    read = 0
    with ExitStack() as stack:
        try:
            with _quiet():
                meta, reader = stack.enter_context(source)
            name = meta["geometry_name"] or "wkb_geometry"
            batches = iter(reader)
            while (found := _next(batches, name)) is not None:
                yield found
                read += found[0].num_rows
        # What GDAL cannot read arrives through Arrow as an error of the operating system.
        except (pyogrio.errors.DataSourceError, pa.ArrowException, OSError) as error:
            raise Refused(path.name, broken(strato.nome, read) + detail(error)) from None


def _next(
    batches: Iterator["pa.RecordBatch"], name: str
) -> tuple["pa.RecordBatch", npt.NDArray[np.object_]] | None:
    """Return the next features with their geometries, None after the last."""
    with _quiet():
        batch = next(batches, None)
        if batch is None:
            return None
        wkb = batch.column(name).to_numpy(zero_copy_only=False)
        return batch, shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))


def _column(column: "pa.Array") -> list[object]:
    """Return the values of a field; GDAL takes one with texts and numbers for JSON."""
    found: list[object] = getattr(column, "storage", column).to_pylist()
    return found


def broken(strato: str, read: int) -> str:
    """Return what is wrong with a layer that breaks off, and what to do about it.

    >>> broken("edifici", 0)
    'lo strato «edifici» non si legge: il file è incompleto o rovinato, fallo mandare di nuovo'
    """
    how_far = f"si legge solo fino all'oggetto {read}" if read else "non si legge"
    return (
        f"lo strato «{strato}» {how_far}: il file è incompleto o rovinato, fallo mandare di nuovo"
    )


_KINDS = {
    shapely.GeometryType.POINT: "Point",
    shapely.GeometryType.MULTIPOINT: "MultiPoint",
    shapely.GeometryType.LINESTRING: "LineString",
    shapely.GeometryType.LINEARRING: "LineString",
    shapely.GeometryType.MULTILINESTRING: "MultiLineString",
    shapely.GeometryType.POLYGON: "Polygon",
    shapely.GeometryType.MULTIPOLYGON: "MultiPolygon",
    shapely.GeometryType.GEOMETRYCOLLECTION: "GeometryCollection",
}


def _alone(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the geometries, the point itself in place of a collection that holds it alone."""
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    single = several & (shapely.get_num_geometries(shapes) == 1)
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _faults(shapes: npt.NDArray[np.object_], kinds: Collection[str]) -> list[str | None]:
    """Say, for each geometry, why it cannot be taken."""
    found: list[str | None] = [None] * len(shapes)
    types = shapely.get_type_id(shapes)
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    for i in np.flatnonzero(shapely.is_missing(shapes)):
        found[i] = "la geometria manca o non si legge"
    for i in np.flatnonzero(shapely.is_empty(shapes) | (~finite & ~shapely.is_missing(shapes))):
        found[i] = "la geometria è vuota o ha coordinate impossibili"
    good = [kind for kind, name in _KINDS.items() if name in kinds]
    for i in np.flatnonzero(~np.isin(types, good)):
        kind = _KINDS.get(types[i], "non prevista")
        found[i] = found[i] or f"la geometria è di un altro tipo: {kind}"
    return found


def crs(path: Path, strato: Strato) -> str:
    """Return the reference system of a layer; the mapping beside the file may state it."""
    found = stated_crs(path) or strato.crs
    if found is None:
        raise Refused(
            path.name,
            "il file non dice in quale sistema di riferimento sono le coordinate: aggiungi il "
            f"file «.prj», oppure scrivi «{path.name}.mappa.json» con la voce «crs», per "
            'esempio {"crs": "EPSG:3003"}',
        )
    return found


def stated_crs(path: Path) -> str | None:
    """Return the reference system that the mapping beside the file states, if it does."""
    stated = (sidecar(path) or {}).get("crs")
    if stated is None:
        return None
    try:
        CRS.from_user_input(stated)
    except CRSError:
        raise Refused(path.name, f"il sistema di riferimento «{stated}» non esiste") from None
    return str(stated)


def sidecar(path: Path) -> dict[str, Any] | None:
    """Return the mapping written for a file whose layout nobody knows (``FILE.mappa.json``)."""
    beside = path.with_name(f"{path.name}.mappa.json")
    if not beside.exists():
        return None
    try:
        found = json.loads(beside.read_text("utf-8"))
    except json.JSONDecodeError as error:
        where = f"riga {error.lineno}, colonna {error.colno}"
        raise Refused(beside.name, f"non è JSON valido ({where}): correggilo e riprova") from None
    except UnicodeDecodeError:
        raise Refused(beside.name, "non è scritto in UTF-8: salvalo così e riprova") from None
    if not isinstance(found, dict):
        raise Refused(beside.name, "deve contenere un oggetto JSON")
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what GDAL tells programmers; what is wrong with data is reported by us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

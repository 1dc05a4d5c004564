"""The formats: what each is called, who writes it, and how a file comes to its place.

A file is written beside its place, brought to the disk and only then given its name: a process
that is killed leaves nothing that anybody takes for the file.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from opendata import estrazione
from opendata.dataset import Dataset
from opendata.estrazione import Estrazione, Lettore
from opendata.formati import ponte, tessere, testo
from territorio import archivio

Writer = Callable[[Lettore, Path], int]
"""Writes what a reader reads into a file; returns the rows written."""


def _never(_lettore: Lettore) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Formato:
    """One format in which datasets leave."""

    nome: str
    titolo: str
    estensione: str
    media_type: str
    write: Writer
    quando: str
    """When it is the one to take, in a line."""
    solo_geografico: bool = False
    vuoto: Callable[[Lettore], bool] = _never
    """Tells whether there is nothing to write."""


# Arrow and GDAL are a hundred megabytes, which a server that only lists the formats need not hold.


def _geopackage(lettore: Lettore, file: Path) -> int:
    from opendata.formati import vettoriale

    return vettoriale.geopackage(lettore, file)


def _flatgeobuf(lettore: Lettore, file: Path) -> int:
    from opendata.formati import vettoriale

    return vettoriale.flatgeobuf(lettore, file)


def _geoparquet(lettore: Lettore, file: Path) -> int:
    from opendata.formati import parquet

    return parquet.geoparquet(lettore, file)


def _csvw(lettore: Lettore, file: Path) -> int:
    return testo.csvw(lettore.cosa, file)


FORMATI: dict[str, Formato] = {
    formato.nome: formato
    for formato in (
        Formato(
            "gpkg",
            "GeoPackage",
            ".gpkg",
            "application/geopackage+sqlite3",
            _geopackage,
            "Per QGIS e gli altri programmi GIS.",
        ),
        Formato(
            "parquet",
            "GeoParquet",
            ".parquet",
            "application/vnd.apache.parquet",
            _geoparquet,
            "Per le analisi (DuckDB, geopandas): si legge anche a pezzi, dalla rete.",
        ),
        Formato(
            "fgb",
            "FlatGeobuf",
            ".fgb",
            "application/flatgeobuf",
            _flatgeobuf,
            "Per leggerne un’area alla volta, dalla rete.",
            solo_geografico=True,
        ),
        Formato(
            "csv",
            "CSV",
            ".csv",
            "text/csv; charset=utf-8",
            testo.csv,
            "Per il foglio di calcolo: senza la geometria delle aree.",
        ),
        Formato(
            "csvw",
            "Descrizione del CSV",
            ".csv-metadata.json",
            "application/csvm+json",
            _csvw,
            "Per i programmi che leggono il CSV.",
        ),
        Formato(
            "geojson",
            "GeoJSON",
            ".geojson",
            "application/geo+json",
            testo.geojson,
            "Per le pagine web e per pochi oggetti.",
        ),
        Formato(
            "pmtiles",
            "PMTiles",
            ".pmtiles",
            "application/vnd.pmtiles",
            tessere.pmtiles,
            "Per disegnarlo su una mappa web, senza un servizio.",
            solo_geografico=True,
            vuoto=tessere.empty,
        ),
        Formato(
            "ponte",
            "Ponte",
            ".ponte.csv",
            "text/csv; charset=utf-8",
            ponte.csv,
            "Dagli oggetti cessati a quelli che ne hanno preso il posto.",
            vuoto=ponte.empty,
        ),
    )
}
"""The formats, in the order of the lists."""


def formats_of(dataset: Dataset) -> list[Formato]:
    """Return the formats in which a dataset can be written."""
    return [f for f in FORMATI.values() if dataset.geometria or not f.solo_geografico]


def export(url: str | URL, cosa: Estrazione, formato: str, file: Path) -> int:
    """Write a dataset as it is now into a file of a format; return the rows written.

    ``url`` is the address of the database for any role: it is read as the public one.
    """
    with estrazione.read(url, cosa) as lettore:
        return write(lettore, FORMATI[formato], file)


def write(lettore: Lettore, formato: Formato, file: Path) -> int:
    """Write what a reader reads into a file, whole or not at all; return the rows written."""
    with whole(file) as scratch:
        return formato.write(lettore, scratch)


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Give a place to write to; what stands there becomes the file if all goes well.

    The place is a folder of its own, since drivers look at the end of the name and write
    scratch files beside it.
    """
    folder = file.with_name(f".{file.name}.parziale")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed one left
    folder.mkdir(parents=True)
    try:
        scratch = folder / file.name
        yield scratch
        sync(scratch)
        scratch.replace(file)
        archivio.sync_folder(file.parent)
    finally:
        shutil.rmtree(folder)


def sync(file: Path) -> None:
    """Bring a file to the disk."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Metadata as they might be: a dataset for two invented municipalities, published and not."""

from datetime import UTC, date, datetime

from opendata.dataset import BY_NAME, DATASETS
from opendata.ente import Ente, of_comune
from opendata.metadati import CONTINUA, IRREGOLARE, Fonte, Metadati
from opendata.pubblicazione import FilePubblicato
from territorio.geometry import Riquadro

BASE = "http://127.0.0.1:8000"
ENTE = Ente("Unione di Prova", "u_prova", "dati@example.org", "https://www.example.org/")
RIQUADRO = Riquadro(11.25, 44.5, 11.5, 44.75)
QUANDO = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PRIMA = datetime(2025, 1, 1, tzinfo=UTC)

FILE = tuple(
    FilePubblicato(formato, f"edifici_X999.{suffix}", 1000 + n, f"{n:064x}", media_type)
    for n, (formato, suffix, media_type) in enumerate(
        (
            ("gpkg", "gpkg", "application/geopackage+sqlite3"),
            ("parquet", "parquet", "application/vnd.apache.parquet"),
            ("fgb", "fgb", "application/vnd.flatgeobuf"),
            ("csv", "csv", "text/csv; charset=utf-8"),
            ("geojson", "geojson", "application/geo+json"),
            ("pmtiles", "pmtiles", "application/vnd.pmtiles"),
            ("csvw", "csv-metadata.json", "application/csvm+json"),
        )
    )
)


def intero(nome: str = "edifici") -> Metadati:
    """Return the metadata of a dataset for all municipalities."""
    dataset = BY_NAME[nome]
    return Metadati(
        dataset,
        None,
        ENTE,
        ENTE,
        f"{dataset.titolo} - {ENTE.nome}",
        dataset.descrizione,
        QUANDO,
        None,
        None,
        None,
        RIQUADRO,
        CONTINUA,
    )


def edizione(nome: str = "edifici", comune: str = "X999") -> Metadati:
    """Return the metadata of what is published of a dataset for one municipality."""
    dataset = BY_NAME[nome]
    return Metadati(
        dataset,
        comune,
        ENTE,
        of_comune(comune, "Borgo Sereno"),
        f"{dataset.titolo} - Comune di Borgo Sereno",
        dataset.descrizione,
        QUANDO,
        PRIMA,
        3,
        date(2026, 3, 4),
        RIQUADRO,
        IRREGOLARE,
        FILE,
        12,
        (Fonte("Fonte di prova", "Ente inventato", "CC0"),),
    )


def tutti() -> list[Metadati]:
    """Return a whole catalogue: all datasets, each published for one municipality."""
    whole = [intero(dataset.nome) for dataset in DATASETS]
    return whole + [edizione(dataset.nome) for dataset in DATASETS]

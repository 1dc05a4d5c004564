"""Words of the vocabularies that catalogues agree on: EU codes, INSPIRE themes, ISO categories.

A test finds each of them in the files of the vocabularies (fonti.md §15.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from opendata.dataset import Tema

EU = "http://publications.europa.eu/resource/authority/"
TEMI = f"{EU}data-theme"
FREQUENZE = f"{EU}frequency/"
TIPI_FILE = f"{EU}file-type/"
ITALIANO = f"{EU}language/ITA"
PUBBLICO = f"{EU}access-right/PUBLIC"
EUROVOC = "http://eurovoc.europa.eu/"
INSPIRE = "http://inspire.ec.europa.eu/theme/"
TIPI_MEDIA = "https://www.iana.org/assignments/media-types/"
LICENZA = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40"
LICENZA_TESTO = "https://creativecommons.org/licenses/by/4.0/"
LICENZA_NOME = "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)"
VALORE_ELEVATO = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CATEGORIE_VALORE = "http://data.europa.eu/bna/"
EPSG_6706 = "http://www.opengis.net/def/crs/EPSG/0/6706"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

TITOLI_TEMI: Mapping[Tema, str] = {
    Tema.REGIONI: "Regioni e città",
    Tema.AMBIENTE: "Ambiente",
    Tema.SOCIETA: "Popolazione e società",
}

SOTTOTEMI: Mapping[str, tuple[str, str]] = {
    "aree_pericolosita": ("100244", "5216 degrado ambientale"),
    "sezioni_censimento": ("100210", "2816 demografia e popolazione"),
    "statistiche_sezioni": ("100210", "2816 demografia e popolazione"),
}
"""EuroVoc domains by dataset, where one of those the theme allows is meant."""


@dataclass(frozen=True, slots=True)
class TemaInspire:
    """A theme of INSPIRE: its code, the category of ISO 19115, the scale it is drawn at."""

    codice: str
    categoria: str
    scala: int = 2000
    """Denominator; the cadastral map's where nothing else is said."""


TEMI_INSPIRE: Mapping[str, TemaInspire] = {
    "Unità amministrative": TemaInspire("au", "boundaries", 10_000),
    "Parcelle catastali": TemaInspire("cp", "planningCadastre"),
    "Edifici": TemaInspire("bu", "structure"),
    "Indirizzi": TemaInspire("ad", "location"),
    "Utilizzo del territorio": TemaInspire("lu", "planningCadastre"),
    "Zone sottoposte a gestione/limitazioni/regolamentazione e unità con obbligo di comunicare"
    " dati": TemaInspire("am", "planningCadastre"),
    "Zone a rischio naturale": TemaInspire("nz", "geoscientificInformation", 10_000),
    "Unità statistiche": TemaInspire("su", "boundaries", 10_000),
    "Distribuzione della popolazione — demografia": TemaInspire("pd", "society", 10_000),
}

QUALSIASI = "OCTET"
"""What a file is of whose kind the vocabulary has no word."""

PER_SUFFISSO: Mapping[str, str] = {
    ".gpkg": "GPKG",
    ".geojson": "GEOJSON",
    ".csv": "CSV",
    ".json": "JSON",
    ".jsonld": "JSON_LD",
    ".gml": "GML",
    ".xml": "XML",
    ".zip": "ZIP",
    ".gz": "GZIP",
    ".txt": "TXT",
}
"""EU file types by the end of a name; GeoParquet, FlatGeobuf, PMTiles have none: QUALSIASI."""

NOMI_FORMATI: Mapping[str, str] = {
    "gpkg": "GeoPackage",
    "parquet": "GeoParquet",
    "fgb": "FlatGeobuf",
    "csv": "CSV",
    "geojson": "GeoJSON",
    "pmtiles": "PMTiles",
    "gml": "GML",
    "ponte": "Ponte dagli oggetti cessati (CSV)",
}

ACCOMPAGNANO = frozenset({"csvw", "metadati"})
"""Formats of files that tell of others: documents, no distributions."""


def tipo_file(nome: str) -> str:
    """Return the EU file type of a file by its name.

    >>> tipo_file("edifici.gpkg"), tipo_file("edifici.parquet")
    ('GPKG', 'OCTET')
    """
    return PER_SUFFISSO.get(PurePosixPath(nome).suffix.lower(), QUALSIASI)


def nome_formato(formato: str) -> str:
    """Return what people call a format.

    >>> nome_formato("fgb"), nome_formato("dxf")
    ('FlatGeobuf', 'DXF')
    """
    return NOMI_FORMATI.get(formato, formato.upper())

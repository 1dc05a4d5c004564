"""Why no source recognises a file: what whoever sent it can do about it."""

import codecs
import json
from pathlib import Path

from lxml import etree

from catasto.errors import FormatError, NotRecognised
from catasto.formati.gml import peek_gml
from ingest.formats import vector

_HEAD = 4096
_JSON = frozenset({".json", ".geojson"})
_XML = frozenset({".gml", ".xml", ".kml"})
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LARGEST = 200_000_000
"""Bytes up to which a file that nobody takes is read whole to say what is wrong."""
ELENCO = "l'elenco delle fonti è in «territorio ingest --help»"


def reason(path: Path) -> str:
    """Return in one sentence what is wrong with the file, as far as it can be told."""
    if path.is_dir():
        return f"nessuna fonte riconosce la cartella: {ELENCO}"
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return "il file è vuoto"
    if head.startswith(_UTF16) or (b"\0" in head and _text_in_utf16(head)):
        return "è scritto in UTF-16: salvalo in UTF-8 e ricaricalo"
    suffix = path.suffix.lower()
    if suffix in _JSON and (fault := _json_fault(path)):
        return fault
    if suffix in _XML and (fault := _xml_fault(path)):
        return fault
    if suffix == ".gml" and (fault := _gml_fault(path)):
        return fault
    if suffix in vector.SUFFIXES:
        layers = vector.strati(path)
        if not layers:
            return f"non si apre come «{suffix}»: è incompleto o rovinato"
        fields = ", ".join(sorted({name for layer in layers for name in layer.campi})) or "nessuno"
        return f"nessuna fonte conosce i suoi campi ({fields}): di' quali usare con «--mappa»"
    return f"nessuna fonte ne riconosce il contenuto: {ELENCO}"


def _text_in_utf16(head: bytes) -> bool:
    """Tell whether every other byte is zero, as in Latin text written two bytes a letter."""
    even, odd = head[::2], head[1::2]
    return max(even.count(0), odd.count(0)) > 0.9 * len(odd) > min(even.count(0), odd.count(0))


def _json_fault(path: Path) -> str | None:
    if path.stat().st_size > _LARGEST:
        return None
    try:
        json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        where = f"riga {error.lineno}, colonna {error.colno}"
        return f"non è JSON valido ({where}): è incompleto o rovinato"
    except UnicodeDecodeError:
        return "non è JSON valido: non è scritto in UTF-8"
    return None


def _gml_fault(path: Path) -> str | None:
    """Say why a collection of the Agenzia holds nothing to take."""
    try:
        head = peek_gml(path)
    except NotRecognised:
        return None
    except FormatError as error:
        return error.dentro
    return None if head.tipo else "non contiene nessuna particella e nessun foglio"


def _xml_fault(path: Path) -> str | None:
    try:
        for _, element in etree.iterparse(path, resolve_entities=False, no_network=True):
            element.clear()
    except etree.XMLSyntaxError as error:
        return f"non è XML valido (riga {error.lineno}): è incompleto o rovinato"
    return None

"""What kind of cadastral file a file is, from its name and its first kilobytes."""

from __future__ import annotations

import re
import zipfile
from codecs import BOM_UTF8
from enum import StrEnum
from pathlib import Path
from typing import Final

from catasto.errors import FormatError
from catasto.formati.censuario.archivio import find_files
from catasto.formati.cxf.classe import TipoMappa
from catasto.formati.gml.intestazione import INIZIO_OGGETTO, TipoGml, parse_head

_ASSAGGIO: Final = 1 << 16
_RIGA_CENSUARIA: Final = re.compile(
    rb"(?m)^[A-Z][0-9]{3}\|[A-Z ]?\|[0-9]{1,15}\|(?:"
    rb"(?P<fab>F\|[0-9]{1,3}\|[1-5]\|)|(?P<ter>T\|[0-9]{1,3}\|[1-4]\|)"
    rb"|(?P<tit>[PG]\|[0-9]{1,15}\|[FT]\|)|(?P<sog>[PG]\|))"
)
_PARAMETRI: Final = re.compile(rb"(?im)^\s*(?:comune\s+richiesto|tipologia\s+di\s+estrazione)\s*:")
_SUPERFICI: Final = re.compile(rb"[A-Z][0-9]{3}[A-Z_][0-9A-Z]{6}\s+[0-9]{8}\s*\r?\nN\.FABBRIC")


class TipoFile(StrEnum):
    """The formats this library reads."""

    GML_PARTICELLE = "particelle (GML)"
    GML_FOGLI = "fogli di mappa (GML)"
    CXF = "mappa vettoriale (CXF)"
    SUP = "superfici della mappa (SUP)"
    FAB = "fabbricati (FAB)"
    TER = "terreni (TER)"
    SOG = "soggetti (SOG)"
    TIT = "titolarità (TIT)"
    PRM = "parametri della richiesta (PRM)"
    FORNITURA = "fornitura censuaria (ZIP)"


def recognise(percorso: Path) -> TipoFile | None:
    """Tell the kind of a file, None when it is none of ours; reads 64 KB at most.

    Content decides; the name decides only where a file is empty of records, as the GML
    of a municipality without data.
    """
    with percorso.open("rb") as flusso:
        testa = flusso.read(_ASSAGGIO).removeprefix(BOM_UTF8)
    if testa.startswith(b"PK\3\4"):
        return _supply(percorso)
    return _xml(testa, percorso.name) if testa.lstrip().startswith(b"<") else _text(testa)


def _supply(percorso: Path) -> TipoFile | None:
    """Recognise a ZIP with census files in it."""
    try:
        return TipoFile.FORNITURA if find_files(percorso) else None
    except (FormatError, zipfile.BadZipFile, NotImplementedError):
        return None


def _xml(testa: bytes, nome: str) -> TipoFile | None:
    try:
        tipo = parse_head(testa, nome).tipo
    except FormatError:
        # A file of ours in a wrong system is still of ours: the reader will say why.
        trovato = INIZIO_OGGETTO.search(testa)
        if trovato is None:
            return None
        parcel = trovato[2].lower() == b"parcel"
        tipo = TipoGml.PARTICELLE if parcel else TipoGml.FOGLI
    if tipo is None:
        minuscolo = nome.lower()
        if minuscolo.endswith("_ple.gml"):
            return TipoFile.GML_PARTICELLE
        return TipoFile.GML_FOGLI if minuscolo.endswith("_map.gml") else None
    return TipoFile.GML_PARTICELLE if tipo is TipoGml.PARTICELLE else TipoFile.GML_FOGLI


def _text(testa: bytes) -> TipoFile | None:
    prima = testa.split(b"\n", 1)[0].strip()
    if prima.decode("ascii", "replace") in set(TipoMappa):
        return TipoFile.CXF
    if _SUPERFICI.match(testa):
        return TipoFile.SUP
    # The first line may be the damaged one.
    censuaria = _RIGA_CENSUARIA.search(testa)
    if censuaria is not None and censuaria.lastgroup is not None:
        return TipoFile[censuaria.lastgroup.upper()]
    return TipoFile.PRM if _PARAMETRI.search(testa) else None

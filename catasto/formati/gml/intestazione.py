"""What the first kilobytes of a GML file say about the whole of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import unescape
from pathlib import Path
from typing import BinaryIO, Final

from catasto.errors import FormatError, NotRecognised

#: One start tag of a feature, whatever the prefix and the case.
INIZIO_OGGETTO: Final = re.compile(
    rb"<((?:[\w.-]+:)?Cadastral(Parcel|Zoning))(?=[\s>])([^>]*)>", re.IGNORECASE
)
_ASSAGGIO: Final = 1 << 16
_RADICE: Final = re.compile(rb"<([\w.-]+:)?(\w+)([^>]*)>")
_ATTRIBUTO: Final = re.compile(rb"""([\w.:-]+)\s*=\s*["']([^"']*)["']""")
_CODIFICA: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_SISTEMA: Final = re.compile(
    rb"""srsName\s*=\s*["'][^"']*?(?:EPSG|epsg)[:/]+(?:[\d.]*[:/])?(\d+)"""
)
_PRIMO_NUMERO: Final = re.compile(rb"<(?:[\w.-]+:)?pos(?:List)?(?:\s[^>]*)?>\s*([\d.+\-eE]+)")
_TRE_DIMENSIONI: Final = re.compile(rb"""srsDimension\s*=\s*["']3["']""")
_ERRORE: Final = re.compile(rb"<(?:[\w.-]+:)?(?:ServiceException|ExceptionText)\b[^>]*>([^<]*)")
_CODIFICHE: Final = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
#: Geographic systems whose official axis order is latitude, longitude.
_SISTEMI: Final = {6706, 4258, 4326}
#: Over Italy longitudes go from 6 to 19.5, latitudes from 35 to 48.
_LONGITUDINI: Final = (6.0, 20.0)
_LATITUDINI: Final = (35.0, 48.0)


class TipoGml(StrEnum):
    """What a file of the open data holds."""

    PARTICELLE = "particelle"
    FOGLI = "fogli"


@dataclass(frozen=True, slots=True)
class IntestazioneGml:
    """Attributes of a whole file.

    ``tipo`` is None for a file without features. ``assi_scambiati`` says that the file
    writes longitude first, against its own declaration: the reader puts it right.
    """

    tipo: TipoGml | None
    data_ora: datetime | None
    epsg: int | None
    assi_scambiati: bool
    dichiarati: int | None
    codifica: str


def peek_gml(origine: Path | BinaryIO) -> IntestazioneGml:
    """Read the attributes of a file from its first 64 KB."""
    if isinstance(origine, Path):
        with origine.open("rb") as flusso:
            return parse_head(flusso.read(_ASSAGGIO), origine.name)
    return parse_head(origine.read(_ASSAGGIO), getattr(origine, "name", "") or "flusso GML")


def parse_head(testa: bytes, nome: str) -> IntestazioneGml:
    """Read the attributes from the first bytes; refuse what is not such a file."""
    attributi = _root_attributes(testa, nome)
    codifica = _CODIFICA.match(testa.removeprefix(b"\xef\xbb\xbf"))
    codifica_nome = codifica[1].decode("ascii").lower() if codifica else "utf-8"
    if codifica_nome not in _CODIFICHE:
        raise FormatError(nome, f"codifica {codifica_nome!r} non gestita", riga=1)
    oggetto = INIZIO_OGGETTO.search(testa)
    sistema = _SISTEMA.search(testa)
    epsg = int(sistema[1]) if sistema else None
    if epsg is not None and epsg not in _SISTEMI:
        raise FormatError(nome, f"sistema di riferimento EPSG:{epsg} non gestito: atteso 6706")
    if _TRE_DIMENSIONI.search(testa):
        raise FormatError(nome, "coordinate a tre dimensioni non gestite")
    numero = attributi.get("numberreturned", "")
    return IntestazioneGml(
        tipo=_kind(oggetto[2]) if oggetto else None,
        data_ora=_moment(attributi.get("timestamp", "")),
        epsg=epsg,
        assi_scambiati=_swapped(testa),
        dichiarati=int(numero) if numero.isdigit() else None,
        codifica=codifica_nome,
    )


def _root_attributes(testa: bytes, nome: str) -> dict[str, str]:
    """Return the attributes of the root, lower-case names; refuse another root."""
    radice = _RADICE.search(testa)
    if radice is None:
        raise NotRecognised(nome, "non è un documento XML")
    locale = radice[2].lower()
    if locale.endswith((b"exceptionreport", b"serviceexceptionreport")):
        # Errors of the WFS arrive with HTTP 200: never to be read as "no parcels".
        testo = _ERRORE.search(testa)
        motivo = unescape(testo[1].decode("utf-8", "replace")).strip() if testo else ""
        raise FormatError(nome, f"il servizio ha risposto con un errore: {motivo}")
    if locale != b"featurecollection":
        raise NotRecognised(nome, "non è una FeatureCollection di particelle o fogli")
    return {
        chiave.decode("ascii", "replace").lower(): valore.decode("utf-8", "replace")
        for chiave, valore in _ATTRIBUTO.findall(radice[3])
    }


def _kind(locale: bytes) -> TipoGml:
    return TipoGml.PARTICELLE if locale.lower() == b"parcel" else TipoGml.FOGLI


def _moment(testo: str) -> datetime | None:
    """Read a timeStamp; the Agenzia writes it without a zone, and so it stays."""
    try:
        return datetime.fromisoformat(testo)
    except ValueError:
        return None


def _swapped(testa: bytes) -> bool:
    """Say whether the first coordinate is a longitude; a damaged one says nothing."""
    for primo in _PRIMO_NUMERO.finditer(testa):
        try:
            numero = float(primo[1])
        except ValueError:
            continue
        if _LONGITUDINI[0] <= numero < _LONGITUDINI[1]:
            return True
        if _LATITUDINI[0] <= numero <= _LATITUDINI[1]:
            return False
    # No coordinate at all: trust the declaration.
    return False

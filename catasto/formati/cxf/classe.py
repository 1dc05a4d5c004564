"""What an area of the map is, told by its code."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

_ALTRA_MAPPA: Final = re.compile(r"[A-Z][0-9]{3}.[0-9]{4}..")
_FONDIARIO: Final = re.compile(r"([SA])[0-9]+")


class TipoMappa(StrEnum):
    """The first line of the file."""

    MAPPA = "MAPPA"
    FONDIARIO = "MAPPA FONDIARIO"
    QUADRO_UNIONE = "QUADRO D'UNIONE"


class ClasseBordo(StrEnum):
    """The kinds of area."""

    CONFINE = "confine"
    ALTRA_MAPPA = "confine di altra mappa"
    STRADA = "strada"
    ACQUA = "acqua"
    FABBRICATO = "fabbricato"
    PARTICELLA = "particella"


def classify_bordo(codice: str, nome_mappa: str, tipo: TipoMappa) -> ClasseBordo:
    """Tell the kind of an area, by equality in the order of the specification.

    >>> [str(classify_bordo(c, "H501_000100", TipoMappa.MAPPA))
    ...  for c in ("H501_000100", "STRADA", "12+", "A", "STRADA1")]
    ['confine', 'strada', 'fabbricato', 'particella', 'particella']
    >>> str(classify_bordo("S12", "L424_000100", TipoMappa.FONDIARIO))
    'strada'
    """
    if nome_mappa and codice == nome_mappa:
        return ClasseBordo.CONFINE
    if len(codice) == 11 and _ALTRA_MAPPA.fullmatch(codice):
        return ClasseBordo.ALTRA_MAPPA
    if codice in {"STRADA", "ACQUA"}:
        return ClasseBordo(codice.lower())
    fondiario = _FONDIARIO.fullmatch(codice) if tipo is TipoMappa.FONDIARIO else None
    if fondiario is not None:
        return ClasseBordo.STRADA if fondiario[1] == "S" else ClasseBordo.ACQUA
    if codice.endswith("+"):
        return ClasseBordo.FABBRICATO
    return ClasseBordo.PARTICELLA

"""Deeds and ledgers of the cadastre in words, as a visura writes them."""

import re
from collections.abc import Mapping
from typing import Any

from catasto.codici import TIPO_NOTA, Catasto, causali, partita_speciale
from territorio.documenti import campi, scrittura

_NOTA = re.compile(r"([A-Z]) (\S*\d\S*)(?: (.+))?")


def cadastre(voce: Mapping[str, Any]) -> Catasto:
    """Return the cadastre an entry is of: the same code means other things in the other."""
    land = voce.get("tipo") == "particella_censuaria" or voce.get("valori", {}).get("terreno")
    return Catasto.TERRENI if land else Catasto.FABBRICATI


def ledger(partita: str, catasto: Catasto) -> str:
    """Return a ledger; those that stand for no holder with what they mean.

    >>> ledger("0000001", Catasto.TERRENI), ledger("1034", Catasto.FABBRICATI)
    ('aree di enti urbani e promiscui (0000001)', '1034')
    """
    special = partita_speciale(catasto, partita)
    return f"{special} ({partita})" if special else partita


def deed(atto: Mapping[str, Any], catasto: Catasto) -> str:
    """Return the deed that made or ended an entry.

    >>> deed({"tipo_nota": "F", "numero_nota": "033", "anno_nota": 2000}, Catasto.TERRENI)
    'frazionamento n.\u00a033/2000'
    """
    text = _note(str(atto.get("tipo_nota") or ""), catasto)
    if number := _number(atto):
        text += f" n.{scrittura.NBSP}{number}"
    elif atto.get("anno_nota"):
        text += f" del {atto['anno_nota']}"
    if atto.get("causale"):
        text += f" ({_cause(str(atto['causale']))})"
    effect, filed = (campi.day(atto.get(k)) for k in ("data_efficacia", "data_registrazione"))
    if effect and effect == filed:
        return f"{text}, efficacia e registrazione {scrittura.giorno(effect)}"
    parts = [text]
    parts += [f"efficacia {scrittura.giorno(effect)}"] if effect else []
    parts += [f"registrazione {scrittura.giorno(filed)}"] if filed else []
    return ", ".join(parts)


def right_deed(atto: str, catasto: Catasto) -> str:
    """Return the deed of a right, kept in one line; words that are no note stay as they are.

    >>> right_deed("N 4567.1/2012 COMPRAVENDITA", Catasto.FABBRICATI)
    'voltura n.\u00a04567.1/2012, compravendita'
    """
    found = _NOTA.fullmatch(atto)
    if found is None:
        return atto
    kind, number, what = found.groups()
    text = f"{_note(kind, catasto)} n.{scrittura.NBSP}{number}"
    return f"{text}, {_cause(what)}" if what else text


def _note(tipo: str, catasto: Catasto) -> str:
    return TIPO_NOTA.get((catasto, tipo)) or (f"nota {tipo}" if tipo else "nota")


def _number(atto: Mapping[str, Any]) -> str:
    """Write the number of a note as it is quoted: ``114898.1/2003``."""
    number, part, year = (
        str(atto.get(k) or "").lstrip("0") for k in ("numero_nota", "progressivo_nota", "anno_nota")
    )
    if not number:
        return ""
    return number + (f".{part}" if part else "") + (f"/{year}" if year else "")


def _cause(causale: str) -> str:
    """Return a cause in words: by its code, or as described, in small letters."""
    known = causali().get(causale)
    if known is None:
        return causale.lower() if causale.isupper() and len(causale) > len("VTO") else causale
    return known or f"causale {causale}"

"""A selection of buildings on paper: the same rows as its page."""

from collections.abc import Sequence
from pathlib import Path

from territorio.documenti import stampa
from territorio.documenti.stampa import Intestazione


def selezione_pdf(
    descrizione: str,
    colonne: Sequence[str],
    righe: Sequence[Sequence[str]],
    intestazione: Intestazione,
    mappa: str | None,
    caratteri: Path | None = None,
) -> bytes:
    """Return the table of a selection, with its map, as a tagged PDF."""
    context = {
        "intestazione": intestazione,
        "descrizione": descrizione,
        "colonne": colonne,
        "righe": righe,
        "mappa": mappa,
    }
    return stampa.pdf("selezione.html", context, caratteri)

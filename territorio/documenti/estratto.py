"""The map extract on paper: one sheet, printed at 100 % it is true to scale."""

from pathlib import Path

from territorio.documenti import stampa
from territorio.documenti.stampa import Intestazione


def estratto_pdf(
    tavola: str, titolo: str, descrizione: str, intestazione: Intestazione, caratteri: Path | None
) -> bytes:
    """Return the sheet as a tagged PDF; ``tavola`` is an SVG of 180 x 250 mm."""
    context = {
        "intestazione": intestazione,
        "titolo": titolo,
        "descrizione": descrizione,
        "tavola": tavola,
    }
    return stampa.pdf("estratto.html", context, caratteri)

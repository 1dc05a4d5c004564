"""The dossier of a building on paper: the same sections, words and order as its page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from territorio.documenti import prospetto, stampa, testa
from territorio.documenti.prospetto import Titoli
from territorio.documenti.stampa import Intestazione


def fascicolo_pdf(
    fascicolo: Mapping[str, Any],
    titoli: Titoli,
    intestazione: Intestazione,
    mappa: str | None,
    caratteri: Path | None = None,
) -> bytes:
    """Return the dossier as a tagged PDF, always complete; ``mappa`` is an SVG."""
    edificio = fascicolo["edificio"]
    facts = testa.head(edificio["voci"], titoli)
    context = {
        "intestazione": intestazione,
        "edificio": edificio,
        "dati": facts,
        "una_fonte": testa.one_source(facts),
        "indirizzi": testa.addresses(edificio["indirizzi"], titoli),
        "sezioni": prospetto.compose(fascicolo, titoli),
        "mappa": mappa,
    }
    return stampa.pdf("fascicolo.html", context, caratteri)

"""What a reader wrote when they reported an error: for offices with a purpose, written down.

Their words may name somebody, so each reading of them is a reading of personal data.
"""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from territorio.accessi import lettura
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import MANCA_SCOPO, Visto, levels
from territorio.errors import Forbidden
from territorio.schema import segnalazione_valore
from territorio.segnalazione import ERRORE_SEGNALATO, Segnalazione

CAMPI = ("segnalazione.testo",)
TRIBUTI = "tributi"
"""Key of the figures that come from a tax position."""

RISERVATE = "Le segnalazioni sono dell’ufficio: occorre accedere con un ruolo che può consultarle."


@dataclass(frozen=True, slots=True)
class Testo:
    """The words of a report, and the number of the entry in the log of readings."""

    testo: str
    lettura: int


def redacted(letta: Segnalazione, visto: Visto) -> Segnalazione:
    """Return an issue without the figures that this office may not read."""
    if TRIBUTI in levels(visto.ruolo, "segnalazioni"):
        return letta
    return replace(letta, dati={key: said for key, said in letta.dati.items() if key != TRIBUTI})


def read_words_or_none(conn: sa.Connection, letta: Segnalazione, visto: Visto) -> Testo | None:
    """Return what the reader wrote, or None if nobody did or it was erased by law.

    Raises Forbidden for who is no office, or names no purpose.
    """
    if not levels(visto.ruolo, "segnalazioni"):
        raise Forbidden(RISERVATE)
    if not visto.scopo:
        raise Forbidden(MANCA_SCOPO)
    if letta.tipo != ERRORE_SEGNALATO:
        return None
    v = segnalazione_valore.c
    words: str | None = conn.execute(
        sa.select(v.valore).where(v.comune == letta.comune, v.segnalazione == letta.id)
    ).scalar()
    if words is None:
        return None
    entry = Lettura(letta.comune, letta.oggetto, CAMPI)
    return Testo(words, lettura.append(conn, visto, entry))

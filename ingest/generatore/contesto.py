"""What a sheet is while things happen in it: who lives where, what goes with what."""

from __future__ import annotations

import random
from datetime import date

from ingest.generatore.caso import Obblighi
from ingest.generatore.modello import MAI, Evento, Mondo, Residenza, Unita
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.storia import INIZIO
from ingest.generatore.titoli import Intestazione, Possidenti


class Contesto:
    """The sheet, and the registers kept while its story is told."""

    def __init__(
        self,
        mondo: Mondo,
        possidenti: Possidenti,
        numeri: Numeratore,
        caso: random.Random,
        obblighi: Obblighi,
    ) -> None:
        self.mondo = mondo
        self.possidenti = possidenti
        self.numeri = numeri
        self.caso = caso
        self.obblighi = obblighi
        self.atti = Intestazione(numeri, caso)
        self.famiglie: dict[int, list[Residenza]] = {}
        for residenza in mondo.residenze:
            self.famiglie.setdefault(residenza.famiglia, []).append(residenza)
        self.abitate: dict[int, list[int]] = {}
        for numero, membri in self.famiglie.items():
            self.abitate.setdefault(membri[0].unita.id, []).append(numero)
        self.vuote = [u for u in mondo.unita if u.id not in self.abitate and habitable(u)]
        self.pertinenze: dict[int, list[Unita]] = {}
        for unita in mondo.unita:
            if unita.principale is not None:
                self.pertinenze.setdefault(unita.principale.id, []).append(unita)

    def empty(self, unita: Unita) -> bool:
        """Tell whether a home is still empty, and still there."""
        return unita.id not in self.abitate and habitable(unita)

    def leave(self, numero: int, giorno: date, motivo: str) -> None:
        """Let a household go."""
        for residenza in self.famiglie.get(numero, ()):
            if residenza.al == MAI and residenza.dal < giorno:
                residenza.al, residenza.fine = giorno, motivo
            elif residenza.al == MAI:
                residenza.al = residenza.dal

    def record(
        self,
        giorno: date,
        tipo: str,
        oggetto: str,
        prima: tuple[str, ...],
        dopo: tuple[str, ...],
        noto: date,
        nota: str = "",
    ) -> None:
        """Write an event."""
        self.mondo.eventi.append(Evento(giorno, tipo, oggetto, prima, dopo, noto, nota))


def habitable(unita: Unita) -> bool:
    """Tell whether an empty unit could be lived in all these years."""
    primo, ultimo = unita.stati[0], unita.stati[-1]
    abitazione = ultimo.categoria[:1] == "A" and ultimo.categoria != "A10"
    return (
        abitazione
        and unita.civico is not None
        and unita.edificio.al == MAI
        and primo.dal < INIZIO
        and ultimo.al == MAI
    )

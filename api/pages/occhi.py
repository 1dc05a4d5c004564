"""With whose eyes a dossier is shown: in the demonstration an owner is one of its owners.

A reader who chooses "un proprietario" cannot name one: the server takes a person who held a
unit of the building on the day shown, names them by their code, and keeps them in the links.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request

from api import deps
from api.deps import VistoRichiesto, parse_id
from api.pages.tempo import Tempo, TempoRichiesto
from territorio import titolarita
from territorio.accessi.policy import Ruolo, Visto
from territorio.documenti import parole
from territorio.errors import InvalidInput
from territorio.identita import Codice

NESSUN_TITOLARE = (
    "in questa data non risulta nessun titolare delle sue unità, quindi si vede ciò che vede "
    "chiunque"
)


@dataclass(frozen=True, slots=True)
class Occhi:
    """Who looks, and the words that say so."""

    visto: Visto

    @property
    def parole(self) -> str:
        """Return whose eyes these are; empty for the public's."""
        if self.visto.ruolo is Ruolo.PUBBLICO:
            return ""
        who = parole.RUOLI[self.visto.ruolo.value]
        if self.visto.ruolo is not Ruolo.PROPRIETARIO:
            return who
        if self.visto.soggetto is None:
            return f"{who}: {NESSUN_TITOLARE}"
        return f"{who}: la persona {Codice(self.visto.soggetto)}, per ciò che la riguarda"


def occhi(request: Request, codice: str, visto: VistoRichiesto, tempo: TempoRichiesto) -> Occhi:
    """Return who looks at a building; for an owner not named, one it had on the day."""
    if visto.ruolo is not Ruolo.PROPRIETARIO or visto.soggetto is not None:
        return Occhi(visto)
    return Occhi(replace(visto, soggetto=_owner(request, codice, tempo)))


def _owner(request: Request, codice: str, tempo: Tempo) -> int | None:
    try:
        building = parse_id("edificio", codice)
    except InvalidInput:
        return None  # the page itself says that the code is none
    with deps.ufficio(request) as conn:
        return titolarita.holder_or_none(conn, building, tempo.momento.quando(conn))


OcchiRichiesti = Annotated[Occhi, Depends(occhi)]

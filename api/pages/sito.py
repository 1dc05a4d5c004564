"""Whose site this is: the municipalities it serves, for the frame of every page."""

from dataclasses import dataclass

from fastapi import Request

from api import deps
from territorio import comune
from territorio.documenti.parole import invented


@dataclass(frozen=True, slots=True)
class ComuneServito:
    """One municipality of the site, as the frame of a page needs it."""

    codice: str
    denominazione: str
    provincia: str | None = None
    inventato: bool = False


@dataclass(frozen=True, slots=True)
class Sito:
    """The municipalities a site serves.

    >>> Sito((ComuneServito("A000", "Borgo"),)).nome
    'Comune di Borgo'
    """

    comuni: tuple[ComuneServito, ...] = ()

    @property
    def nome(self) -> str:
        """Return the name in the header and at the end of every title."""
        if len(self.comuni) == 1:
            return f"Comune di {self.comuni[0].denominazione}"
        return "Anagrafe territoriale"

    @property
    def inventati(self) -> tuple[str, ...]:
        """Return the names of the municipalities whose data are invented."""
        return tuple(c.denominazione for c in self.comuni if c.inventato)

    @property
    def misto(self) -> bool:
        """Tell whether the data of some municipalities are real, of others invented."""
        return 0 < len(self.inventati) < len(self.comuni)

    @property
    def frase_inventati(self) -> str:
        """Return the sentence that says whose data are invented; empty for none.

        >>> Sito((ComuneServito("A000", "Borgo", inventato=True),)).frase_inventati
        'I dati di Borgo sono inventati.'
        """
        return invented(self.inventati)

    @property
    def di_chi(self) -> str:
        """Return of what the buildings and persons do not exist: never where data are real."""
        if not self.misto:
            return "di questo sito"
        return "di questo comune" if len(self.inventati) == 1 else "di questi comuni"

    def only(self, codice: str) -> "Sito":
        """Return the site as a document about one municipality speaks of it."""
        return Sito(tuple(c for c in self.comuni if c.codice == codice)) if codice else self

    def denominazione(self, codice: str) -> str:
        """Return the name of a municipality by its code, or the code itself."""
        names = {c.codice: c.denominazione for c in self.comuni}
        return names.get(codice, codice)


def sito(request: Request) -> Sito:
    """Ask whom the site serves; it is kept for the pages that must do without a database."""
    with deps.ufficio(request) as conn:
        served = tuple(
            ComuneServito(c.comune, c.denominazione, c.provincia, c.inventato)
            for c in comune.search(conn)
        )
    found = Sito(served)
    request.state.sito = request.app.state.sito = found
    return found


def require(request: Request) -> Sito:
    """Return the site as it was last asked for, or ask: for what a page asks for again and again.

    Each page asks anew, so that what its script asks for knows what the page knows.
    """
    known: Sito | None = request.app.state.sito
    return known if known is not None and known.comuni else sito(request)


UNKNOWN = Sito()
"""The site before the database has been asked."""

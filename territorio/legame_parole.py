"""Links in words: how two objects were joined, by what measure, and how sure it is."""

from functools import cache, lru_cache

from territorio.collegamento.scala import GIUDIZIO, SCALA
from territorio.documenti.scrittura import metri_quadri, percento

METRI = frozenset({"civico_particella", "civico_aggregato", "civico_edificio"})
"""Kinds whose measure is a distance: 0 inside."""


@cache
def _descriptions() -> dict[tuple[str, str], str]:
    return {(tipo, g.metodo): g.descrizione for tipo, scala in SCALA.items() for g in scala}


def description(tipo: str, metodo: str) -> str:
    """Return in words how a method joins; one that no scale knows is told by its own name.

    >>> description("unita_edificio", "civico"), description("nuovo", "a_mano")
    ('vi cade il suo civico, ma manca la particella', 'a mano')
    """
    if judged(metodo):
        return GIUDIZIO.descrizione
    return _descriptions().get((tipo, metodo), metodo.replace("_", " "))


def judged(metodo: str) -> bool:
    """Tell whether a person, not a method, says so."""
    return metodo == GIUDIZIO.metodo


def in_words(
    tipo: str,
    metodo: str,
    punteggio: float,
    misura: float | None,
    quota: float | None,
    stato: str,
) -> str:
    """Return a link in words.

    >>> in_words("edificio_particella", "area", 1.0, 120.4, 0.985, "confermato")
    'si sovrappongono per una parte che conta: 120\u00a0m² (98,5\u00a0%), certezza 100,0\u00a0%'
    >>> in_words("civico_edificio", "vicino e unità", 0.98, 4.2, None, "confermato")
    'entro 10 metri, e vi stanno le unità di quel civico: 4,2 m, certezza 98,0\u00a0%'
    >>> in_words("unita_edificio", "giudizio", 1.0, None, None, "confermato")
    'lo ha detto una persona'
    """
    before, after = _around_measure(tipo, metodo, punteggio, stato)
    if not misura or judged(metodo):
        return before + after
    if tipo in METRI:
        metres = f"{misura:.1f}".replace(".", ",")
        return f"{before}: {metres} m{after}"
    part = "" if quota is None else f" ({_percento(quota)})"
    return f"{before}: {metri_quadri(misura)}{part}{after}"


@lru_cache(maxsize=1_000)
def _around_measure(tipo: str, metodo: str, punteggio: float, stato: str) -> tuple[str, str]:
    """Return what is said before a measure and after it: the same for thousands of links."""
    if judged(metodo):
        return description(tipo, metodo), ""
    after = f", certezza {_percento(punteggio)}"
    return description(tipo, metodo), after + (", da confermare" if stato == "proposto" else "")


_percento = lru_cache(maxsize=1_000)(percento)
"""Most parts are wholes."""

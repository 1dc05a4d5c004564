"""Names of streets that no register has: the one they were meant to be, where only one can be.

The key of a street undoes spellings and never guesses (:mod:`territorio.indirizzo`). Here a
name that is nobody's is compared with those that are: one slip of the hand in a long name
leaves no doubt, two slips or an initial are a hint. Numbers in a name must be the same, or
4 novembre would be 24 maggio's neighbour.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from territorio.indirizzo import senza_dug

LUNGO = 8
"""From so many letters on, the kind of street aside, one slip cannot make another name."""

BREVE = 5
"""Below so many letters two names that differ by a letter are two names."""


@dataclass(frozen=True, slots=True)
class Simile:
    """The name meant by one that is nobody's; ``certa`` where one slip explains it."""

    scritta: str
    chiave: str
    certa: bool


def unknown(conn: sa.Connection) -> list[str]:
    """Return the keys that addresses use and no street has or had."""
    rows = conn.execute(
        sa.text(
            "SELECT chiave FROM pg_temp.vie UNION SELECT chiave FROM pg_temp.residenze"
            " EXCEPT SELECT chiave FROM pg_temp.nomi_vie"
        )
    )
    return sorted(chiave for chiave in rows.scalars() if chiave)


def search(scritte: Collection[str], note: Collection[str]) -> Iterator[Simile]:
    """Yield the known name each unknown one was meant to be, where just one is nearest.

    >>> note = ["VIA GARIBALDI", "VIA ROMA", "VIA GIUSEPPE MAZZINI", "VIA 4 NOVEMBRE"]
    >>> for x in search(["VIA GARIBADLI", "VIA ROSA", "VIA G MAZZINI", "VIA 24 NOVEMBRE"], note):
    ...     print(x.scritta, "=", x.chiave, x.certa)
    VIA G MAZZINI = VIA GIUSEPPE MAZZINI False
    VIA GARIBADLI = VIA GARIBALDI True
    """
    per_cifre: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for chiave in sorted(note):
        per_cifre[_digits(chiave)].append((chiave, _tight(chiave)))
    for scritta in sorted(scritte):
        trovata = _meant(scritta, per_cifre.get(_digits(scritta), []))
        if trovata is not None:
            yield trovata


def _meant(scritta: str, note: list[tuple[str, str]]) -> Simile | None:
    """Return the only name at the least distance, or the only one with those initials."""
    stretta = _tight(scritta)
    lunga = len(_tight(senza_dug(scritta)))
    entro = 2 if lunga >= LUNGO else 1
    vicine: defaultdict[int, list[str]] = defaultdict(list)
    for chiave, altra in note if lunga >= BREVE else ():
        distanza = OSA.distance(stretta, altra, score_cutoff=entro)
        if distanza <= entro:
            vicine[distanza].append(chiave)
    migliori = vicine[min(vicine)] if vicine else []
    if not migliori:
        migliori = [chiave for chiave, _ in note if _abbreviates(scritta, chiave)]
    if len(migliori) != 1:
        return None
    certa = lunga >= LUNGO and min(vicine, default=2) <= 1 and len(vicine) == 1
    return Simile(scritta, migliori[0], certa)


def _abbreviates(corta: str, intera: str) -> bool:
    """Tell whether two names differ only in words of which one has the initial."""
    parole, intere = corta.split(), intera.split()
    pairs = list(zip(parole, intere, strict=False))
    return len(parole) == len(intere) and all(
        a == b or (len(a) == 1 and b.startswith(a) and not a.isdigit()) for a, b in pairs
    )


def _tight(chiave: str) -> str:
    """Return a key without blanks: one too many or too few is the commonest slip."""
    return chiave.replace(" ", "")


def _digits(chiave: str) -> str:
    return " ".join(re.findall(r"\d+", chiave))

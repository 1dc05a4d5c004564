"""Names of streets that no register has: the one they were meant to be, where only one can be.

The key of a street undoes spellings and never guesses (:mod:`territorio.indirizzo`). Here a
name that is nobody's is compared with those that are: one slip of the hand in a long name
leaves no doubt, two slips or an initial are a hint. Numbers in a name must be the same, or
4 novembre would be 24 maggio's neighbour.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

import numpy as np
import sqlalchemy as sa
from rapidfuzz import process
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
    cifre: defaultdict[str, list[str]] = defaultdict(list)
    lunghe: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for chiave in sorted(note):
        cifre[_digits(chiave)].append(chiave)
        lunghe[_digits(chiave), len(_tight(chiave))].append(chiave)
    insieme: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for scritta in sorted(scritte):
        insieme[_digits(scritta), len(_tight(scritta))].append(scritta)
    for (numeri, lunga), gruppo in sorted(insieme.items()):
        # Two slips change the length by two at most.
        simili = [c for n in range(lunga - 2, lunga + 3) for c in lunghe.get((numeri, n), [])]
        for some in batched(gruppo, 1_000):
            for scritta, vicine in zip(some, _near(some, simili), strict=True):
                trovata = _meant(scritta, vicine, cifre.get(numeri, []))
                if trovata is not None:
                    yield trovata


def _near(scritte: Sequence[str], note: list[str]) -> Iterator[dict[int, list[str]]]:
    """Yield for each name the known ones by their distance, up to two slips.

    All at once: a city has ten thousand streets and as many misspelled names.
    """
    distanze = process.cdist(
        [_tight(x) for x in scritte],
        [_tight(x) for x in note],
        scorer=OSA.distance,
        score_cutoff=2,
        dtype=np.uint8,
    )
    for riga in distanze:
        vicine: dict[int, list[str]] = {}
        for n in np.flatnonzero(riga <= 2):
            vicine.setdefault(int(riga[n]), []).append(note[n])
        yield vicine


def _meant(scritta: str, vicine: dict[int, list[str]], note: list[str]) -> Simile | None:
    """Return the only name at the least distance, or the only one with those initials."""
    lunga = len(_tight(senza_dug(scritta)))
    entro = 2 if lunga >= LUNGO else 1 if lunga >= BREVE else 0
    ammesse = {distanza: nomi for distanza, nomi in vicine.items() if distanza <= entro}
    migliori = ammesse[min(ammesse)] if ammesse else []
    if not migliori and any(len(parola) == 1 for parola in scritta.split()):
        migliori = [chiave for chiave in note if _abbreviates(scritta, chiave)]
    if len(migliori) != 1:
        return None
    certa = lunga >= LUNGO and min(ammesse, default=2) <= 1 and len(ammesse) == 1
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

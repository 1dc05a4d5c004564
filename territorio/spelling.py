"""What a street's name was meant to be, where nothing is called as it was typed.

Trigrams tell long names apart, but a slip in a short one (``rma``) leaves hardly any of
them whole. Only what is not found comes here, so a name that is there costs nothing.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from rapidfuzz.distance import OSA

from territorio import db, indirizzo

SOGLIA = 0.2
"""Similarity from which a name is worth counting its slips."""
LUNGA = 9
"""Letters from which on two slips are borne instead of one."""
MINIMO = 3


def meant(conn: sa.Connection, parole: str, comuni: Sequence[str]) -> list[str]:
    """Return the names in the search that are a slip away, the nearest first.

    Leaves the threshold of similarity of the transaction changed.
    """
    words = without_kind(parole)
    if len(words) < MINIMO:
        return []
    borne = 1 if len(words) < LUNGA else 2
    conn.execute(
        sa.text("SELECT set_config('pg_trgm.word_similarity_threshold', :soglia, true)"),
        {"soglia": str(SOGLIA)},
    )
    names = conn.execute(
        db.sql("territorio/cerca_simili"),
        {"parole": words, "comuni": list(comuni), "meno": borne, "lunghezza": len(words)},
    ).scalars()
    slips = {name: OSA.distance(words, name, score_cutoff=borne) for name in names}
    near = [name for name, count in slips.items() if count <= borne]
    return sorted(near, key=lambda name: (slips[name], name))


def without_kind(words: str) -> str:
    """Leave out a first word that is a slip away from a kind of street.

    >>> without_kind("VIIA ROMMA"), without_kind("NUOVA ROMA"), without_kind("VIIA")
    ('ROMMA', 'NUOVA ROMA', 'VIIA')
    """
    first, _, rest = words.partition(" ")
    if not rest or len(first) < MINIMO:
        return words
    if any(OSA.distance(first, kind, score_cutoff=1) <= 1 for kind in indirizzo.dug()):
        return rest
    return words

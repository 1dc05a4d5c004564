"""Persons and bodies: which identities are the same person under several sources."""

import sqlalchemy as sa

from territorio import vigenza
from territorio.schema import legame
from territorio.vigenza import Quando

CANCELLATO = "cancellato per legge"
"""What stands where a personal value was erased (DESIGN §3.14)."""


def same(conn: sa.Connection, oggetto: int, quando: Quando) -> frozenset[int]:
    """Return a person's identities: the one given and those judged to be the same."""
    l = legame.c  # noqa: E741 - the columns of legame
    rows = conn.execute(
        sa.select(l.da, l.a).where(
            l.tipo == "stesso_soggetto",
            sa.or_(l.da == oggetto, l.a == oggetto),
            l.stato != "rifiutato",
            vigenza.in_force(l, quando),
        )
    )
    return frozenset({oggetto}.union(*((row.da, row.a) for row in rows)))

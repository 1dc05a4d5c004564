"""Persons and bodies: which identities are the same person under several sources."""

import sqlalchemy as sa

from territorio import vigenza
from territorio.cancellazione import PER_LEGGE
from territorio.schema import identita, legame
from territorio.sezione import Voce
from territorio.vigenza import Quando


def same(conn: sa.Connection, oggetto: int, quando: Quando) -> frozenset[int]:
    """Return a person's identities: the one given and those judged to be the same."""
    l, i = legame.c, identita.c  # noqa: E741 - the columns of legame
    # Its municipality first: without it no index leads to the few links of one person.
    home = sa.select(i.comune).where(i.id == oggetto).scalar_subquery()
    rows = conn.execute(
        sa.select(l.da, l.a).where(
            l.comune == home,
            l.tipo == "stesso_soggetto",
            sa.or_(l.da == oggetto, l.a == oggetto),
            l.stato != "rifiutato",
            vigenza.in_force(l, quando),
        )
    )
    return frozenset({oggetto}.union(*((row.da, row.a) for row in rows)))


def say_erased(righe: list[Voce]) -> None:
    """Write, where a value was erased by law, that it was (DESIGN §3.14)."""
    for riga in righe:
        person = riga.get("soggetto") or {}
        theirs, its = person.pop("cancellati", None), riga.pop("cancellati", None)
        if not theirs and not its:
            continue
        orders = [*(theirs or ()), *(its or ())]
        for name in {name for fields in orders for name in fields}:
            table, _, column = name.partition(".")
            # An order on all fields names those of persons too, also where it is on a document.
            said = {"soggetto": person.get("valori"), riga["tipo"]: riga["valori"]}.get(table)
            if said is not None and said.get(column) is None:
                said[column] = PER_LEGGE

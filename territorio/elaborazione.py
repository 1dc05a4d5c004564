"""What follows from the facts of a municipality, brought up to date in its right order.

After a delivery or an act: provisional buildings, links, anomalie, search. Each step is a
function of the facts alone and may run again; none is part of the load, so a load is not
undone by a mistake in what follows from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from territorio import provvisori, search
from territorio.anomalia import regole
from territorio.collegamento.esecuzione import collega


@dataclass(frozen=True, slots=True)
class Passo:
    """One step: its name for people, and what it does to a municipality."""

    titolo: str
    esegui: Callable[[sa.Connection, str], object]


PASSI = (
    Passo("edifici provvisori", lambda conn, comune: provvisori.refresh(conn, comune)),
    Passo("legami", lambda conn, comune: collega(conn, comune)),
    Passo("anomalie", regole.refresh),
    Passo("ricerca", search.refresh),
)


def refresh(
    conn: sa.Connection, comune: str, tell: Callable[[str], None] = lambda _title: None
) -> None:
    """Run every step for a municipality, telling the title of each before it starts."""
    for passo in PASSI:
        tell(passo.titolo)
        passo.esegui(conn, comune)

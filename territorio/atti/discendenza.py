"""Lineage written by acts: from which building comes which."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from territorio.atto import Corso
from territorio.prevalenza import stands
from territorio.schema import genealogia
from territorio.tables import FATTI
from territorio.vigenza import Quando

EVENTS = 1_000_000
"""Events of one registrazione are numbered after it, as the load does."""


def descend(
    conn: sa.Connection,
    corso: Corso,
    tipo: str,
    coppie: Sequence[tuple[int | None, int | None]],
    motivo: str,
) -> None:
    """Write one event: its pairs of ancestor and descendant."""
    conn.execute(
        sa.insert(genealogia),
        [
            {
                "comune": corso.comune,
                "evento": corso.numero * EVENTS + 1,
                "tipo": tipo,
                "oggetto": "edificio",
                "da": da,
                "a": a,
                "giorno": corso.giorno,
                "nota_da": corso.numero,
                "fornitura": corso.fornitura,
                "motivo": motivo,
            }
            for da, a in coppie
        ],
    )


def standing_children(conn: sa.Connection, comune: str, oggetto: int, giorno: date) -> list[int]:
    """Return the buildings that came out of this one and are there on a day."""
    edificio = FATTI["edificio"]
    g = genealogia.c
    rows = conn.execute(
        sa.select(edificio.c.id)
        .distinct()
        .join(genealogia, sa.and_(g.comune == edificio.c.comune, g.a == edificio.c.id))
        .where(
            g.comune == comune,
            g.da == oggetto,
            g.a != oggetto,
            g.nota_fino.is_(None),
            g.giorno <= giorno,
            stands(edificio, Quando(giorno)),
        )
        .order_by(edificio.c.id)
    )
    return list(rows.scalars())

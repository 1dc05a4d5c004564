"""Anomalie: what the sources, read together, do not agree about.

Each rule is one statement in ``territorio/sql/anomalia`` that gives ``oggetto``,
``fornitura``, ``tipo`` and ``motivo``. A finding is a segnalazione; it is opened once,
and closed by itself when the facts no longer show it. What a person closed stays closed.
"""

import sqlalchemy as sa

from territorio import db
from territorio.schema import segnalazione

REGOLE = (
    "ampliamento_non_dichiarato",
    "civico_senza_edificio",
    "posizione_senza_unita",
    "quote",
    "rendita_dichiarata",
    "residente_senza_civico",
    "unita_senza_particella",
)


def refresh(conn: sa.Connection, comune: str) -> dict[str, tuple[int, int]]:
    """Run every rule on a municipality; return how many were opened and closed by each."""
    return {rule: _apply(conn, comune, rule) for rule in REGOLE}


def _apply(conn: sa.Connection, comune: str, rule: str) -> tuple[int, int]:
    """Open what the rule finds anew, close what it no longer finds."""
    author = f"regola {rule}"
    found = {
        (row.tipo, row.oggetto): row
        for row in conn.execute(db.sql(f"territorio/anomalia/{rule}"), {"comune": comune})
    }
    known = {
        (row.tipo, row.oggetto): row
        for row in conn.execute(
            sa.select(segnalazione).where(
                segnalazione.c.comune == comune, segnalazione.c.autore == author
            )
        )
    }
    fresh = [
        {
            "comune": comune,
            "tipo": row.tipo,
            "oggetto": row.oggetto,
            "fornitura": row.fornitura,
            "motivo": row.motivo,
            "autore": author,
        }
        for key, row in found.items()
        if key not in known
    ]
    if fresh:
        conn.execute(sa.insert(segnalazione), fresh)
    gone = [row.id for key, row in known.items() if key not in found and row.stato != "chiusa"]
    if gone:
        conn.execute(
            sa.update(segnalazione)
            .where(segnalazione.c.comune == comune, segnalazione.c.id.in_(gone))
            .values(stato="chiusa")
        )
    return len(fresh), len(gone)

"""Anomalie: what the sources, read together, do not agree about.

Each rule is one statement in ``territorio/sql/anomalia`` that gives ``oggetto``,
``fornitura``, ``tipo``, ``motivo`` and its figures (``dati``). A finding is a segnalazione; it
is opened once, told anew when its figures change, and closed by itself when the facts no longer
show it; if they show it again another is opened. What a person closed stays closed.
"""

import sqlalchemy as sa

from territorio import db
from territorio.schema import segnalazione

CHIUSA = "chiusa"

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
    """Open what a rule finds anew, tell what it finds otherwise, close what it finds no more."""
    author = f"regola {rule}"
    found = {
        (row.tipo, row.oggetto): row
        for row in conn.execute(db.sql(f"territorio/anomalia/{rule}"), {"comune": comune})
    }
    known = {(row.tipo, row.oggetto): row for row in conn.execute(_known(comune, author))}
    fresh = [
        {
            "comune": comune,
            "tipo": row.tipo,
            "oggetto": row.oggetto,
            "fornitura": row.fornitura,
            "motivo": row.motivo,
            "dati": row.dati,
            "autore": author,
        }
        for key, row in found.items()
        if key not in known
    ]
    if fresh:
        conn.execute(sa.insert(segnalazione), fresh)
    for key, row in known.items():
        now = found.get(key)
        if now is not None and (now.motivo, now.dati) != (row.motivo, row.dati):
            said = {"fornitura": now.fornitura, "motivo": now.motivo, "dati": now.dati}
            conn.execute(_issues(comune, [row.id]).values(said))
    gone = [row.id for key, row in known.items() if key not in found and row.stato != CHIUSA]
    if gone:
        conn.execute(_issues(comune, gone).values(stato=CHIUSA, chiusa_da=author))
    return len(fresh), len(gone)


def _known(comune: str, author: str) -> sa.Select[tuple[object, ...]]:
    """Return the findings of a rule that stand, or that a person closed."""
    s = segnalazione.c
    by_itself = sa.and_(s.stato == CHIUSA, s.chiusa_da.is_not_distinct_from(author))
    return sa.select(segnalazione).where(s.comune == comune, s.autore == author, ~by_itself)


def _issues(comune: str, numbers: list[int]) -> sa.Update:
    """Return the beginning of a change to some issues."""
    s = segnalazione.c
    return sa.update(segnalazione).where(s.comune == comune, s.id.in_(numbers))

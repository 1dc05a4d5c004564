"""Provisional buildings: what stands in for an edificio where nobody drew its outline.

A fabbricato of the cadastral map, or an aggregato of the civil protection, is taken for a
building only on the days when no better footprint covers it; its identity then passes to
the real one (ADR 3). They are computed from the facts and may be computed again.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from territorio import db, registrazione


@dataclass(frozen=True, slots=True)
class Conteggio:
    """How many provisional buildings were closed and opened."""

    chiusi: int
    aperti: int


def refresh(conn: sa.Connection, comune: str, *, autore: str = "calcolo") -> Conteggio:
    """Bring the provisional buildings of a municipality to what its facts ask for.

    Opens one registrazione, and none if nothing changes.
    """
    where = {"comune": comune}
    db.execute_sql(conn, "territorio/provvisori/voluti", where)
    db.execute_sql(conn, "territorio/provvisori/identita", where)
    row = conn.execute(db.sql("territorio/provvisori/diversi"), where).one()
    changes = Conteggio(row.da_chiudere, row.da_aprire)
    if changes != Conteggio(0, 0):
        numero = registrazione.begin(conn, "calcolo", autore=autore, comune=comune)
        conn.execute(db.sql("territorio/provvisori/scrivi"), {**where, "numero": numero})
    return changes

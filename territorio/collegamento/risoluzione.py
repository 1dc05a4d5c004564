"""From candidates to links: the same steps for every kind."""

import sqlalchemy as sa

from territorio import db


def choose(conn: sa.Connection, tipo: str) -> None:
    """Choose among the candidates day by day, by the scale of the kind."""
    conn.execute(sa.text("ANALYZE pg_temp.candidati (da, a, scelta, metodo)"))
    db.execute_sql(conn, "territorio/collega/risolvi", {"tipo": tipo})


def settle(conn: sa.Connection, comune: str, tipo: str) -> None:
    """Choose, join the pieces, and compare with the links in knowledge."""
    choose(conn, tipo)
    conn.execute(sa.text("ANALYZE pg_temp.pezzi (da, a, metodo)"))
    db.execute_sql(conn, "territorio/collega/fondi", {"comune": comune, "tipo": tipo})

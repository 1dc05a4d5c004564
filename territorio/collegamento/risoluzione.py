"""From candidates to links: the same steps for every kind."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento import banco


def settle(conn: sa.Connection, comune: str, tipo: str) -> None:
    """Leave aside what people judged, choose, and compare with what is known."""
    judged = sa.text("SELECT EXISTS (SELECT FROM pg_temp.giudicati WHERE tipo = :tipo)")
    if conn.execute(judged, {"tipo": tipo}).scalar_one():
        db.execute_sql(conn, "territorio/collega/giudica", {"tipo": tipo})
    db.execute_sql(conn, "territorio/collega/decidi", {"comune": comune, "tipo": tipo})
    banco.analyse(conn, tipo)

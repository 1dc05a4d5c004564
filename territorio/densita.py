"""How many buildings stood in each square of the map on any day: what is drawn from afar."""

import sqlalchemy as sa

from territorio import db


def refresh(conn: sa.Connection, comune: str) -> None:
    """Write anew how many buildings of a municipality came and went, by square and day."""
    db.execute_sql(conn, "territorio/densita", {"comune": comune})

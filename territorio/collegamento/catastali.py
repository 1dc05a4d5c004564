"""Links by the cadastral key: urban units and land parcels to the parcels of the map."""

import sqlalchemy as sa

from territorio import db


def unita_particella(conn: sa.Connection, _comune: str) -> None:
    """Propose the parcels each urban unit stands on."""
    db.execute_sql(conn, "territorio/collega/unita_particella", {})


def terreno_particella(conn: sa.Connection, comune: str) -> None:
    """Propose the parcel of the map of each parcel of the land census."""
    db.execute_sql(conn, "territorio/collega/terreno_particella", {"comune": comune})


def unita_edificio(conn: sa.Connection, _comune: str) -> None:
    """Propose the building of each unit, through its parcels and its house number."""
    db.execute_sql(conn, "territorio/collega/unita_edificio", {})

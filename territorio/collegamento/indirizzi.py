"""Links of house numbers: where their point falls, and who writes them as an address."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento.scala import VICINO_M


def _inside(conn: sa.Connection, sotto: str, metri: int) -> None:
    db.execute_sql(conn, "territorio/collega/civico_dentro", {"sotto": sotto, "metri": metri})


def civico_particella(conn: sa.Connection, _comune: str) -> None:
    """Propose the parcel each house number stands in."""
    _inside(conn, "particella", 0)


def civico_aggregato(conn: sa.Connection, _comune: str) -> None:
    """Propose the aggregate each house number stands in or near."""
    _inside(conn, "aggregato", VICINO_M)


def civico_edificio(conn: sa.Connection, _comune: str) -> None:
    """Propose the building each house number stands in, near, or shares the parcel of."""
    _inside(conn, "edificio", VICINO_M)
    db.execute_sql(conn, "territorio/collega/civico_edificio_particella", {})


def unita_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house numbers of each unit by its addresses in the cadastre."""
    db.execute_sql(conn, "territorio/collega/unita_civico", {})


def residente_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house number of each resident."""
    db.execute_sql(conn, "territorio/collega/residente_civico", {})

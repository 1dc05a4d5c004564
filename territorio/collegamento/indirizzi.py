"""Links of house numbers: where their point falls, and who writes them as an address."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento import banco
from territorio.collegamento.scala import VICINO_M
from territorio.errors import NotFound
from territorio.schema import comune as tabella_comune


def _inside(conn: sa.Connection, comune: str, sotto: str, metri: int) -> None:
    """Propose what holds the point in a layer, or is nearest within so many metres."""
    utm = conn.execute(
        sa.select(tabella_comune.c.utm).where(tabella_comune.c.comune == comune)
    ).scalar_one_or_none()
    if utm is None:
        raise NotFound("comune", comune)
    where = {"sotto": sotto, "metri": metri, "utm": utm}
    with banco.planner(conn, enable_nestloop="on"):
        db.execute_sql(conn, "territorio/collega/civico_dentro", where)


def civico_particella(conn: sa.Connection, comune: str) -> None:
    """Propose the parcel each house number stands in."""
    _inside(conn, comune, "particella", 0)


def civico_aggregato(conn: sa.Connection, comune: str) -> None:
    """Propose the aggregate each house number stands in or near."""
    _inside(conn, comune, "aggregato", VICINO_M)


def civico_edificio(conn: sa.Connection, comune: str) -> None:
    """Propose the building each house number stands in, near, or shares the parcel of.

    Last, only as a proposal, the building of the units that have it as address.
    """
    _inside(conn, comune, "edificio", VICINO_M)
    db.execute_sql(conn, "territorio/collega/civico_edificio_particella", {})
    db.execute_sql(conn, "territorio/collega/civico_edificio_unita", {})


def unita_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house numbers of each unit by its addresses in the cadastre."""
    db.execute_sql(conn, "territorio/collega/unita_civico", {})


def residente_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house number of each resident."""
    db.execute_sql(conn, "territorio/collega/residente_civico", {})

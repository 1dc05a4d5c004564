"""Links of house numbers: where their point falls, and who writes them as an address."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento import banco
from territorio.collegamento.scala import LONTANO_M, MARGINE_M, VICINO_M
from territorio.errors import NotFound
from territorio.schema import comune as tabella_comune


def _plane(conn: sa.Connection, comune: str) -> int:
    """Return the zone the municipality measures in."""
    utm: int | None = conn.execute(
        sa.select(tabella_comune.c.utm).where(tabella_comune.c.comune == comune)
    ).scalar_one_or_none()
    if utm is None:
        raise NotFound("comune", comune)
    return utm


def _inside(conn: sa.Connection, comune: str, sotto: str, metri: int) -> None:
    """Propose what holds the point in a layer, or is nearest within so many metres."""
    utm = _plane(conn, comune)
    where = {"sotto": sotto, "metri": metri, "margine": MARGINE_M, "utm": utm}
    with banco.planner(conn, enable_nestloop="on"):
        db.execute_sql(conn, "territorio/collega/civico_dentro", where)


def civico_particella(conn: sa.Connection, comune: str) -> None:
    """Propose the parcel each house number stands in."""
    _inside(conn, comune, "particella", 0)


def civico_aggregato(conn: sa.Connection, comune: str) -> None:
    """Propose the aggregate each house number stands in or near."""
    _inside(conn, comune, "aggregato", VICINO_M)


def civico_edificio(conn: sa.Connection, comune: str) -> None:
    """Propose the building each house number leads into.

    By its point (inside, near, on the same parcel) and by the units that have it as address:
    a point on the road does not tell on which side the door is, and many have no point.
    """
    db.execute_sql(conn, "territorio/collega/unita_sul_lotto", {"comune": comune})
    _inside(conn, comune, "edificio", VICINO_M)
    db.execute_sql(conn, "territorio/collega/civico_edificio_particella", {})
    where = {"lontano": LONTANO_M, "utm": _plane(conn, comune)}
    db.execute_sql(conn, "territorio/collega/civico_edificio_unita", where)


def unita_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house numbers of each unit by its addresses in the cadastre."""
    db.execute_sql(conn, "territorio/collega/unita_civico", {})


def residente_civico(conn: sa.Connection, _comune: str) -> None:
    """Propose the house number of each resident."""
    db.execute_sql(conn, "territorio/collega/residente_civico", {})

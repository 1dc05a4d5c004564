"""What lies over what: buildings, parcels and aggregates, planning zones, constraints, hazards."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento import banco, scala

_OGGETTI = {"mq": scala.SOGLIA_MQ, "quota": scala.SOGLIA_QUOTA}
_STRATI = {"mq": scala.SOGLIA_MQ_STRATO, "quota": scala.SOGLIA_QUOTA_STRATO}


def _overlay(conn: sa.Connection, sopra: str, sotto: str, soglie: dict[str, float]) -> None:
    where = {"sopra": sopra, "sotto": sotto, **soglie}
    with banco.planner(conn, enable_nestloop="on"):
        db.execute_sql(conn, "territorio/collega/sovrapposizione", where)


def edificio_particella(conn: sa.Connection, _comune: str) -> None:
    """Propose the parcels a building stands on."""
    _overlay(conn, "edificio", "particella", _OGGETTI)


def aggregato_particella(conn: sa.Connection, _comune: str) -> None:
    """Propose the parcels a structural aggregate stands on."""
    _overlay(conn, "aggregato", "particella", _OGGETTI)


def edificio_aggregato(conn: sa.Connection, _comune: str) -> None:
    """Propose the structural aggregate a building belongs to."""
    _overlay(conn, "edificio", "aggregato", _OGGETTI)


def edificio_zona(conn: sa.Connection, _comune: str) -> None:
    """Propose the planning zones a building lies in."""
    _overlay(conn, "edificio", "zona", _STRATI)


def particella_zona(conn: sa.Connection, _comune: str) -> None:
    """Propose the planning zones a parcel lies in."""
    _overlay(conn, "particella", "zona", _STRATI)


def edificio_vincolo(conn: sa.Connection, _comune: str) -> None:
    """Propose the constraints a building lies in."""
    _overlay(conn, "edificio", "vincolo", _STRATI)


def particella_vincolo(conn: sa.Connection, _comune: str) -> None:
    """Propose the constraints a parcel lies in."""
    _overlay(conn, "particella", "vincolo", _STRATI)


def edificio_pericolosita(conn: sa.Connection, _comune: str) -> None:
    """Propose the hazard areas a building lies in."""
    _overlay(conn, "edificio", "pericolosita", _STRATI)


def particella_pericolosita(conn: sa.Connection, _comune: str) -> None:
    """Propose the hazard areas a parcel lies in."""
    _overlay(conn, "particella", "pericolosita", _STRATI)

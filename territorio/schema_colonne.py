"""The columns that tables have in common."""

import sqlalchemy as sa
from geoalchemy2 import Geometry

from territorio.geometry import SRID


def geometria(kind: str = "GEOMETRY") -> sa.Column[object]:
    """Return a geometry column in the one reference system of the registry."""
    return sa.Column("geometria", Geometry(kind, srid=SRID, spatial_index=False))


def area_mq() -> sa.Column[object]:
    """Return the area in m² on the ellipsoid, computed by the database from the geometry.

    EPSG:6933 is the cylindrical equal-area projection of the ellipsoid: its plane area is
    the true one, at a third of the cost of ``geography``.
    """
    expression = "round(public.ST_Area(public.ST_Transform(geometria, 6933))::numeric, 2)"
    return sa.Column("area_mq", sa.Numeric(14, 2), sa.Computed(expression, persisted=True))


def tempi() -> list[sa.Column[object]]:
    """Return the four columns of the two times."""
    return [
        sa.Column("valida_dal", sa.Date),
        sa.Column("valida_al", sa.Date),
        sa.Column("nota_da", sa.BigInteger, nullable=False),
        sa.Column("nota_fino", sa.BigInteger),
    ]


def versione() -> sa.Column[object]:
    """Return the number of a row, unique in its table."""
    return sa.Column("versione", sa.BigInteger, sa.Identity(always=True), nullable=False)


def comune_column() -> sa.Column[object]:
    """Return the municipality that administers the object: first in every key."""
    return sa.Column("comune", sa.CHAR(4), nullable=False)

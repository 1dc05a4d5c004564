"""Is what an operator draws in the municipality? A boundary is generalised, hence a margin."""

from collections.abc import Sequence

import numpy as np
import shapely
import sqlalchemy as sa
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from territorio.atti import linea
from territorio.errors import InvalidInput
from territorio.geometry import AMPIO_M, LONTANO_M, SRID
from territorio.schema import comune as comuni
from territorio.tables import FATTI

_CAMPIONE = 400
"""How many objects tell where a municipality without a boundary is."""


def require_near(
    conn: sa.Connection,
    comune: str,
    campo: str,
    drawn: BaseGeometry,
    held: Sequence[BaseGeometry | None] = (),
) -> None:
    """Raise InvalidInput if any of a drawing is far from the municipality.

    What the object already holds counts as its place: where sources put it outside, it may
    still be mended.
    """
    place, metres, words = _known(conn, comune)
    if place is None:
        return
    zone = conn.execute(sa.select(comuni.c.utm).where(comuni.c.comune == comune)).scalar_one()
    there = Transformer.from_crs(SRID, zone, always_xy=True)

    def metric(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: np.column_stack(there.transform(*xy.T)))

    points = shapely.points(shapely.get_coordinates(metric(drawn)))
    places = [metric(shape) for shape in (place, *held) if shape is not None]
    far = float(np.min([shapely.distance(points, one) for one in places], axis=0).max())
    if not far <= metres:  # what the projection cannot tell is not near either
        away = f"{far / 1000:.1f}".replace(".", ",")
        raise InvalidInput(
            campo,
            f"è fuori dal comune, a {away} km {words}: ricontrolla longitudine e latitudine",
        )


def _known(conn: sa.Connection, comune: str) -> tuple[BaseGeometry | None, int, str]:
    """Return where the municipality is, how far from there is too far, and from what that is."""
    c = FATTI["confine"].c
    boundary = conn.execute(
        sa.select(c.geometria)
        .where(c.comune == comune, c.nota_fino.is_(None), c.geometria.is_not(None))
        .order_by(c.nota_da.desc(), c.versione.desc())
        .limit(1)
    ).scalar()
    if (shape := linea.shape_of(boundary)) is not None:
        return shape, LONTANO_M, "dal suo confine"
    return _extent(conn, comune), AMPIO_M, "da ciò che il registro ne ha già"


def _extent(conn: sa.Connection, comune: str) -> BaseGeometry | None:
    """Return the box around some of what the registry holds of the municipality."""
    for nome in ("foglio", "particella", "aggregato", "edificio", "fabbricato", "civico"):
        c = FATTI[nome].c
        some = (
            sa.select(c.geometria)
            .where(c.comune == comune, c.nota_fino.is_(None), c.geometria.is_not(None))
            .limit(_CAMPIONE)
            .subquery()
        )
        extent = sa.func.ST_Extent(some.c.geometria)
        corners = (sa.func.ST_XMin, sa.func.ST_YMin, sa.func.ST_XMax, sa.func.ST_YMax)
        box = conn.execute(sa.select(*(corner(extent) for corner in corners))).one()
        if box[0] is not None:
            return shapely.box(*box)
    return None

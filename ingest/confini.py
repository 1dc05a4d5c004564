"""Where a municipality is, as the registry knows it: what deliveries are checked against."""

import numpy as np
import shapely
import sqlalchemy as sa
from geoalchemy2.shape import to_shape
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from ingest.posizione import CAMPIONE, OLTRE_M, Posizione
from territorio.geometry import AMPIO_M, LONTANO_M, SRID
from territorio.schema import comune
from territorio.tables import FATTI, STAGING


def boundary(conn: sa.Connection, codice: str) -> Posizione | None:
    """Return the check against the boundary last delivered; None if nothing is known yet.

    Without a boundary, what is loaded already tells where the municipality is: no Italian
    municipality is wider than 60 km.
    """
    s = STAGING["confine"].c
    shape = conn.execute(
        sa.select(s.geometria)
        .where(s.comune == codice, s.geometria.is_not(None))
        .order_by(s.n.desc())
        .limit(1)
    ).scalar()
    if shape is None:
        return _loaded(conn, codice)
    return _around(conn, codice, to_shape(shape), (OLTRE_M, LONTANO_M))


def _loaded(conn: sa.Connection, codice: str) -> Posizione | None:
    """Return the check against some of what is loaded."""
    for nome in ("foglio", "particella", "aggregato", "edificio", "fabbricato", "civico"):
        c = FATTI[nome].c
        some = (
            sa.select(c.geometria)
            .where(c.comune == codice, c.nota_fino.is_(None), c.geometria.is_not(None))
            .limit(CAMPIONE)
            .subquery()
        )
        extent = sa.func.ST_Extent(some.c.geometria)
        box = conn.execute(
            sa.select(
                *(f(extent) for f in (sa.func.ST_XMin, sa.func.ST_YMin)),
                *(f(extent) for f in (sa.func.ST_XMax, sa.func.ST_YMax)),
            )
        ).one()
        if box[0] is not None:
            found = _around(conn, codice, shapely.box(*box), (AMPIO_M, AMPIO_M))
            found.metri, found.da = AMPIO_M, "da ciò che del comune è già caricato"
            return found
    return None


def _around(
    conn: sa.Connection, codice: str, shape: BaseGeometry, metres: tuple[int, int]
) -> Posizione:
    """Return a check against what lies within so many metres of a shape."""
    zone: int = conn.execute(sa.select(comune.c.utm).where(comune.c.comune == codice)).scalar_one()
    there = Transformer.from_crs(SRID, zone, always_xy=True)
    back = Transformer.from_crs(zone, SRID, always_xy=True)
    metric = shapely.transform(shape, lambda xy: np.column_stack(there.transform(*xy.T)))
    near, far = (
        shapely.transform(
            shapely.buffer(metric, distance), lambda xy: np.column_stack(back.transform(*xy.T))
        )
        for distance in metres
    )
    shapely.prepare([near, far])
    return Posizione(near, far)

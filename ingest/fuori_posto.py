"""Is what was loaded before its boundary where the boundary is? What is not, is reported."""

from collections.abc import Iterator

import shapely
import sqlalchemy as sa

from ingest import fonti
from ingest.contract import Avviso
from ingest.posizione import Posizione
from territorio.geometry import SRID
from territorio.schema import fornitura
from territorio.tables import FATTI


def loaded(conn: sa.Connection, comune: str, place: Posizione | None) -> Iterator[Avviso]:
    """Yield a report for each delivery of which too much lies outside the boundary."""
    if place is None:
        return
    there = sa.func.ST_GeomFromWKB(shapely.to_wkb(place.lontano), SRID)
    for table in FATTI.values():
        if "geometria" not in table.c or table.name == "confine":
            continue
        c = table.c
        middle = sa.func.ST_Centroid(sa.func.ST_Envelope(c.geometria))
        outside = sa.func.count().filter(~sa.func.ST_Intersects(middle, there)).label("fuori")
        rows = conn.execute(
            sa.select(fornitura.c.nome, fornitura.c.fonte, sa.func.count().label("n"), outside)
            .join(fornitura, fornitura.c.id == c.fornitura)
            .where(c.comune == comune, c.nota_fino.is_(None), c.geometria.is_not(None))
            .group_by(fornitura.c.id)
            .having(outside > 0)
        )
        for row in rows:
            source = fonti.catalogue().get(row.fonte)  # acts have none: people drew them
            if source is not None and row.fuori > source.FONTE.fuori_confine * row.n:
                yield Avviso(
                    None,
                    "fornitura fuori dal confine",
                    f"{row.nome}: {row.fuori} oggetti su {row.n} sono a più di {place.metri} m "
                    f"{place.da}: forse è di un altro comune o in un altro sistema di riferimento",
                )

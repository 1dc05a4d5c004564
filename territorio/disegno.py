"""What the map draws from afar: of each object the outline that prevails, day by day.

A square of the map holds ten thousand parcels where a town is dense, each as several sources
draw it: to find which one counts, to turn it and to round it would be done again for every
visitor. It is done here once, after each change (ADR 11).

Outlines are in whole units of a grid of ``LATO`` to the side of the web map (EPSG:3857), x to
the east and y to the south: half a point of a screen at zoom 15, 0.4 m in Italy.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from territorio import bulk, db
from territorio.schema_ricerca import disegno, elaborazione

LATO = 2**26
"""Units to the side of the whole web map."""

LOCK = 7_304_217
"""Advisory lock, with the municipality: one object is not drawn twice at the same time."""


def refresh(conn: sa.Connection, comune: str) -> None:
    """Draw what changed in a municipality since what follows from its facts was last computed."""
    c, e = disegno.c, elaborazione.c
    drawn = conn.execute(sa.select(sa.exists().where(c.comune == comune))).scalar_one()
    seen = conn.execute(sa.select(e.registrazione).where(e.comune == comune)).scalar_one_or_none()
    if drawn and seen is not None:
        touched = conn.execute(
            db.sql("territorio/disegno_toccati"), {"comune": comune, "vista": seen}
        )
        redraw(conn, comune, touched.scalars())
        return
    with bulk.without_indexes(conn, disegno):
        _draw(conn, comune, None)
    bulk.refresh_figures(conn, disegno, bulk.BULK, ("tipo", "geometria"))


def redraw(conn: sa.Connection, comune: str, oggetti: Iterable[int]) -> None:
    """Draw these objects anew; those that are not drawn are passed over."""
    found = sorted(set(oggetti))
    if found:
        _draw(conn, comune, found)


def _draw(conn: sa.Connection, comune: str, oggetti: list[int] | None) -> None:
    conn.execute(
        sa.text("SELECT pg_advisory_xact_lock(:lock, hashtext(:comune))"),
        {"lock": LOCK, "comune": comune},
    )
    db.execute_sql(conn, "territorio/disegno", {"comune": comune, "oggetti": oggetti})

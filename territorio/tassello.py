"""Keep counts and kept squares in step with the published collections (ADR 17).

A square in the store is never older than what is published. Whoever publishes counts anew what
it writes, remembers where it lay and lies, and takes the squares of those places out of the
store at its end, behind a lock under which squares are drawn and put in: one that was drawn
before is seen and taken out, one that is drawn after sees what was published.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa

from territorio import db
from territorio.schema_tasselli import conteggio, tassello

CONTATE = ("particelle", "edifici", "civici")
"""The collections of which there are too many to be drawn one by one from afar."""

MASSIMO = 14
"""The last zoom of which squares are kept."""

LOCK = 7_304_222
"""Advisory lock: nobody publishes to the end while squares are drawn for the store."""

MOLTI = 20_000
"""From so many objects on their common box stands for them all."""

_FINE = 2**22


@dataclass(slots=True)
class Toccati:
    """Where something was published anew, as boxes in squares of zoom 22, by collection."""

    riquadri: set[tuple[str, int, int, int, int]] = field(default_factory=set)

    def note(
        self, conn: sa.Connection, table: sa.Table, comune: str, oggetti: set[int] | None
    ) -> bool:
        """Remember where some objects of a collection lie as of now; tell whether any does.

        Without objects, all those of the municipality.
        """
        c = table.c
        where = [c.comune == comune, c.geometria.is_not(None)]
        if oggetti is not None:
            where.append(c.id == sa.any_(sa.literal(sorted(oggetti), sa.ARRAY(sa.BigInteger))))
        sides = _sides(c.geometria)
        if oggetti is None or len(oggetti) > MOLTI:
            sides = [
                (sa.func.min if low else sa.func.max)(side)
                for side, low in zip(sides, (True, True, False, False), strict=True)
            ]
        rows = conn.execute(sa.select(*sides).where(*where).distinct())
        found = {(table.name, row[0], row[1], row[2], row[3]) for row in rows if row[0] is not None}
        self.riquadri |= found
        return bool(found)


def _sides(geometria: sa.ColumnElement[object]) -> list[sa.ColumnElement[int]]:
    """Return the first and last column and row of an outline's box, in squares of zoom 22."""
    f = sa.func
    parts = (
        f.pubblico.parte_est(f.ST_XMin(geometria)),
        f.pubblico.parte_sud(f.ST_YMax(geometria)),
        f.pubblico.parte_est(f.ST_XMax(geometria)),
        f.pubblico.parte_sud(f.ST_YMin(geometria)),
    )
    return [sa.cast(f.floor(part * _FINE), sa.Integer) for part in parts]


def count(
    conn: sa.Connection, table: sa.Table, comune: str, oggetti: set[int] | None, segno: int
) -> None:
    """Add what is published of some objects to the counts, or (-1) take it away."""
    if table.name not in CONTATE:
        return
    c = conteggio.c
    ours = sa.and_(c.comune == comune, c.collezione == table.name)
    if oggetti is None and segno < 0:
        conn.execute(sa.delete(conteggio).where(ours))
        return
    text = db.sql("territorio/conteggio").text.replace("/* tavola */", table.name)
    conn.execute(
        sa.text(text),
        {
            "collezione": table.name,
            "comune": comune,
            "oggetti": None if oggetti is None else sorted(oggetti),
            "segno": segno,
        },
    )
    if segno > 0:
        conn.execute(sa.delete(conteggio).where(ours, c.delta == 0))


def discard(conn: sa.Connection, toccati: Toccati) -> None:
    """Take the squares of these places out of the store; nothing is published after this."""
    if not toccati.riquadri:
        return
    lock(conn)
    columns = list(zip(*sorted(toccati.riquadri), strict=True))
    names = ("collezioni", "x0", "y0", "x1", "y1")
    values = {name: list(column) for name, column in zip(names, columns, strict=True)}
    conn.execute(db.sql("territorio/tasselli_toccati"), values)


def empty(conn: sa.Connection) -> None:
    """Take all squares out of the store: what is published was replaced by other means."""
    lock(conn)
    conn.execute(sa.delete(tassello))


def lock(conn: sa.Connection) -> None:
    """Wait until nobody else draws for the store or takes out of it, and hold others up."""
    conn.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})

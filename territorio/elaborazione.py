"""What follows from the facts of a municipality, brought up to date in its right order.

After a delivery or an act: provisional buildings, links, anomalie, search, what the map
draws from afar. Each step is a function of the facts alone and may run again; none is part of
the load, so a load is not undone by a mistake in what follows from it. The registry remembers up
to which change they stand: whoever comes next sees what a crash in between has left behind.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from territorio import db, densita, disegno, provvisori, pubblicato, search
from territorio.anomalia import regole
from territorio.collegamento.esecuzione import LOCK, collega
from territorio.schema import comune as comuni
from territorio.schema import registrazione
from territorio.schema_ricerca import elaborazione


@dataclass(frozen=True, slots=True)
class Passo:
    """One step: its name for people, and what it does to a municipality."""

    titolo: str
    esegui: Callable[[sa.Connection, str], object]


def _buildings(conn: sa.Connection, comune: str) -> None:
    """Bring the provisional buildings up to date, and with them how many there are where.

    In one step: a square of the map that counts them is kept until the next registrazione.
    """
    provvisori.refresh(conn, comune)
    densita.refresh(conn, comune)


PASSI = (
    Passo("edifici provvisori", _buildings),
    Passo("legami", lambda conn, comune: collega(conn, comune)),
    Passo("anomalie", regole.refresh),
    Passo("ricerca", search.refresh),
    Passo("mappa", disegno.refresh),
    Passo("pubblicazione", pubblicato.refresh),
)


def refresh(
    conn: sa.Connection,
    comune: str,
    around: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run every step for a municipality, each inside ``around`` of its title.

    All in the transaction of the caller, with the mark that says how far they stand: for a
    load that comes in whole with what follows. Whoever has facts that are committed calls
    :func:`run`, for which nobody waits.
    """
    _lock(conn, comune)
    # Read before the first step: what is registered meanwhile may not have been seen.
    seen = _last(conn, comune)
    for passo in PASSI:
        with around(passo.titolo):
            passo.esegui(conn, comune)
    _mark(conn, comune, seen)


def run(
    engine: sa.Engine,
    comune: str,
    around: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run every step for a municipality, each inside ``around`` of its title and committed.

    A step that registers a change holds up every other change until its commit; in one
    transaction the acts of all offices would wait for the links of a large town. Stopped in
    between, the mark is not written, and whoever comes next begins again.
    """
    with db.transaction(engine) as conn:
        seen = _last(conn, comune)
    for passo in PASSI:
        with around(passo.titolo), db.transaction(engine) as conn:
            _lock(conn, comune)
            passo.esegui(conn, comune)
    with db.transaction(engine) as conn:
        _mark(conn, comune, seen)


def _lock(conn: sa.Connection, comune: str) -> None:
    """Wait for another run on the municipality, and hold up the next, until the commit."""
    conn.execute(
        sa.text("SELECT pg_advisory_xact_lock(:lock, hashtext(:comune))"),
        {"lock": LOCK, "comune": comune},
    )


def _mark(conn: sa.Connection, comune: str, seen: int) -> None:
    """Write down up to which change everything stands."""
    row = insert(elaborazione).values(comune=comune, registrazione=seen)
    conn.execute(
        row.on_conflict_do_update(
            index_elements=["comune"], set_={"registrazione": row.excluded.registrazione}
        )
    )


def arretrati(conn: sa.Connection, among: Collection[str] | None = None) -> list[str]:
    """Return the municipalities of which something was registered since the last refresh."""
    r, e = registrazione.c, elaborazione.c
    mark = sa.select(e.registrazione).where(e.comune == comuni.c.comune)
    seen = mark.correlate(comuni).scalar_subquery()  # two levels out: not by itself
    later = sa.exists().where(
        r.comune == comuni.c.comune, r.causa != "calcolo", r.numero > sa.func.coalesce(seen, 0)
    )
    query = sa.select(comuni.c.comune).where(later).order_by(comuni.c.comune)
    if among is not None:
        query = query.where(comuni.c.comune.in_(among))
    return list(conn.execute(query).scalars())


def _last(conn: sa.Connection, comune: str) -> int:
    """Return the last change of a municipality that did not itself follow from the facts."""
    r = registrazione.c
    number: int | None = conn.execute(
        sa.select(sa.func.max(r.numero)).where(r.comune == comune, r.causa != "calcolo")
    ).scalar()
    return number or 0

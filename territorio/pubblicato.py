"""Keep the published collections in step with the facts (ADR 12).

Each collection is a view over the public views, which says of every object what prevails on
which days, and a table that holds what the view said after the last change.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from territorio import bulk, tassello
from territorio.schema import FATTI
from territorio.schema_pubblico import COLLEZIONI, TIPI
from territorio.schema_ricerca import elaborazione
from territorio.tassello import Toccati

LOCK = 7_304_218
"""Advisory lock, with the municipality: nothing is published twice at the same time."""


def refresh(conn: sa.Connection, comune: str) -> None:
    """Publish what changed in a municipality since what follows from its facts was computed."""
    e = elaborazione.c
    seen = conn.execute(sa.select(e.registrazione).where(e.comune == comune)).scalar_one_or_none()
    toccati = Toccati()
    for nome, table in COLLEZIONI.items():
        there = conn.execute(sa.select(sa.exists().where(table.c.comune == comune))).scalar_one()
        if there and seen is not None:
            _publish(conn, table, comune, _touched(conn, nome, comune, seen), toccati)
            continue
        with bulk.without_indexes(conn, table):
            _publish(conn, table, comune, None, toccati)
        bulk.refresh_figures(conn, table, bulk.BULK)
    tassello.discard(conn, toccati)


def republish(conn: sa.Connection, comune: str, oggetti: Iterable[int]) -> None:
    """Publish these objects anew, and what bears the name of one of them."""
    found = set(oggetti)
    if found:
        found |= _named_after(conn, comune, found)
        toccati = Toccati()
        for table in COLLEZIONI.values():
            _publish(conn, table, comune, found, toccati)
        tassello.discard(conn, toccati)


def _touched(conn: sa.Connection, collezione: str, comune: str, seen: int) -> set[int]:
    """Return the objects of a collection of which something was learnt or given up since."""
    found = _learnt(conn, TIPI[collezione], comune, seen)
    if TIPI[collezione] == "civico":
        found |= _named_after(conn, comune, _learnt(conn, "odonimo", comune, seen))
    return found


def _learnt(conn: sa.Connection, fatto: str, comune: str, seen: int) -> set[int]:
    c = FATTI[fatto].c
    query = sa.select(c.id).where(c.comune == comune, sa.or_(c.nota_da > seen, c.nota_fino > seen))
    return set(conn.execute(query).scalars())


def _named_after(conn: sa.Connection, comune: str, odonimi: set[int]) -> set[int]:
    """Return the house numbers of streets, whose names they bear."""
    c = FATTI["civico"].c
    query = sa.select(c.id).where(c.comune == comune, c.odonimo == sa.any_(_array(odonimi)))
    return set(conn.execute(query).scalars()) if odonimi else set()


def _publish(
    conn: sa.Connection,
    table: sa.Table,
    comune: str,
    oggetti: set[int] | None,
    toccati: Toccati,
) -> None:
    """Write a collection anew for a municipality, or for some objects of it."""
    if oggetti is not None and not oggetti:
        return
    conn.execute(
        sa.text("SELECT pg_advisory_xact_lock(:lock, hashtext(:comune))"),
        {"lock": LOCK, "comune": comune},
    )
    names = [column.name for column in table.columns]
    view = sa.table(f"vista_{table.name}", *map(sa.column, names), schema=table.schema)

    def ours(c: sa.ColumnCollection[str, sa.Column[object]]) -> sa.ColumnElement[bool]:
        among = sa.true() if oggetti is None else c.id == sa.any_(_array(oggetti))
        return sa.and_(c.comune == comune, among)

    if toccati.note(conn, table, comune, oggetti):
        tassello.count(conn, table, comune, oggetti, -1)
    conn.execute(sa.delete(table).where(ours(table.c)))
    # In the order of the ground: what is asked for together lies together.
    rows = sa.select(*(view.c[name] for name in names)).where(ours(view.c))  # type: ignore[arg-type]
    conn.execute(sa.insert(table).from_select(names, rows.order_by(view.c.geometria, view.c.id)))
    if toccati.note(conn, table, comune, oggetti):
        tassello.count(conn, table, comune, oggetti, 1)


def _array(numbers: Iterable[int]) -> sa.BindParameter[list[int]]:
    return sa.literal(sorted(numbers), sa.ARRAY(sa.BigInteger))

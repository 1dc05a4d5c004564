"""The store of squares: looked into first, and filled with what is missing after publication.

It holds, up to zoom 14, squares as they look today. Each says on which days it looks so: from the
one on which it was drawn to the next on which something in it begins or ends. Whoever publishes
takes out what has changed (:mod:`territorio.tassello`); here nothing is ever taken out but what is
over.
"""

import hashlib
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from opendata.ogc import tasselli
from opendata.ogc.tasselli import DISEGNATI, LONTANO, STRATI, Giorni, Strato, Tassello
from territorio import db, prepared, tassello, vigenza
from territorio.prepared import Computation, Statement
from territorio.schema_tasselli import tassello as deposito

POCO = 0.5
"""Seconds for which squares are drawn before others may publish again."""

_TENUTO = (
    "SELECT segno, dati FROM pubblico.tassello WHERE collezione = $1 AND z = $2 AND x = $3"
    " AND y = $4 AND dal <= CAST($5 AS date) AND al > CAST($5 AS date)"
)


class Tenuto(NamedTuple):
    """A square of the store: its tag, and its bytes as they are sent (none: it is empty)."""

    segno: str
    dati: bytes


def kept(nome: str, t: Tassello, giorni: Giorni) -> Computation[Tenuto | None]:
    """Look for a square in the store."""
    if t.z > tassello.MASSIMO or giorni.periodo or giorni.primo < vigenza.today().isoformat():
        return None
    row = yield Statement(_TENUTO, (nome, t.z, t.x, t.y, giorni.primo), last=True, binary=True)
    if row is None:
        return None
    assert row[0] is not None and row[1] is not None  # noqa: S101, PT018 -- not null
    return Tenuto(row[0].decode(), row[1])


def whole(nome: str, t: Tassello, giorni: Giorni) -> Computation[bytes]:
    """Return a square from the store, or drawn."""
    found = yield from kept(nome, t, giorni)
    if found is not None:
        return tasselli.unpack(found.dati)
    return (yield from tasselli.drawing(nome, t, giorni))


def tag(dati: bytes) -> str:
    """Return the tag of a square."""
    return f'W/"{hashlib.blake2b(dati, digest_size=12).hexdigest()}"'


def fill(engine: sa.Engine, tell: Callable[[str, int, int], object]) -> int:
    """Draw what is missing of the squares of today, a little at a time; return how many.

    ``tell`` is called with what is drawn, how many steps are done and how many there are.
    """
    with db.transaction(engine) as conn:
        conn.execute(sa.delete(deposito).where(deposito.c.al <= vigenza.today()))
    drawn, steps = 0, [(d.nome, z) for d in DISEGNATI for z in range(tassello.MASSIMO + 1)]
    for done, (nome, z) in enumerate(steps):
        tell(f"tasselli {nome}", done, len(steps))
        with db.transaction(engine) as conn:
            left = missing(conn, nome, z)
        while left:
            with db.transaction(engine) as conn:
                drawn += keep(conn, nome, left)
    return drawn


def missing(conn: sa.Connection, nome: str, z: int) -> list[Tassello]:
    """Return the squares of a zoom in which something lies today and which the store has not."""
    strato = STRATI[nome]
    name = "mancanti_contati" if strato.contato else "mancanti"
    text = db.sql(f"opendata/tasselli_{name}").text.replace("/* tavola */", nome)
    day = vigenza.today()
    rows = conn.execute(sa.text(text), {"collezione": nome, "z": z, "giorno": day})
    return [Tassello(z, row.x, row.y) for row in rows]


def keep(conn: sa.Connection, nome: str, left: list[Tassello]) -> int:
    """Draw squares from the end of a list and put them into the store, for a little while.

    Under the lock of the store: what is being published is either seen here, or will take out
    what was drawn without it.
    """
    began, rows = time.monotonic(), list[dict[str, object]]()
    tassello.lock(conn)
    day = vigenza.today().isoformat()
    giorni = Giorni(day, day)
    while left and (not rows or time.monotonic() - began < POCO):
        t = left.pop()
        dati = prepared.compute(conn, tasselli.drawing(nome, t, giorni))
        end = prepared.compute(conn, _end(STRATI[nome], t, day))
        row = {"collezione": nome, "z": t.z, "x": t.x, "y": t.y, "dal": day, "al": end}
        rows.append({**row, "segno": tag(dati), "dati": tasselli.pack(dati)})
    conn.execute(_KEEP, rows)
    return len(rows)


_KEEP = sa.text(
    "INSERT INTO pubblico.tassello (collezione, z, x, y, dal, al, segno, dati) VALUES"
    " (:collezione, :z, :x, :y, CAST(:dal AS date), CAST(:al AS date), :segno, :dati)"
    " ON CONFLICT DO NOTHING"
)


def _end(strato: Strato, t: Tassello, day: str) -> Computation[str]:
    """Return the day up to which a square looks as it does today; ``infinity`` if for good."""
    query, names = _end_text(strato, t.z)
    given = {**tasselli.values(strato, t), "ultimo": day}
    row = yield Statement(query, [given[name] for name in names])
    assert row is not None and row[0] is not None  # noqa: S101, PT018 -- coalesced
    return row[0].decode()


@cache
def _end_text(strato: Strato, z: int) -> tuple[str, tuple[str, ...]]:
    name = "tassello_fino_contati" if strato.contato and z < LONTANO else "tassello_fino"
    text = db.sql(f"opendata/{name}").text.replace("/* tavola */", strato.nome)
    return prepared.numbered(text, tasselli.NOMI)

"""The undo of an act: a new act that brings back what was known before it."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from territorio import atto
from territorio.atti.schema import atto as atti
from territorio.atti.schema import documento
from territorio.atto import Atto, Corso, Provvedimento
from territorio.errors import Conflict
from territorio.schema import genealogia, legame, registrazione
from territorio.tables import FATTI

SCRITTE = (FATTI["edificio"], FATTI["odonimo"], FATTI["civico"], documento, genealogia, legame)
"""The tables an act may write."""

_STAMPS = frozenset({"versione", "nota_da", "nota_fino"})


def undo(conn: sa.Connection, p: Provvedimento, numero: int) -> Atto:
    """Undo an act; raise Conflict if it was undone, or if a later act builds on it.

    Nothing is deleted: the rows of the act are closed in knowledge, those it had closed
    are written anew.
    """
    done = atto.find(conn, p.comune, numero)
    corso = atto.begin(conn, p, "annullamento", done.giorno, {"annulla": numero})
    done = atto.find(conn, p.comune, numero)  # what may have changed while waiting our turn
    if done.tipo == "annullamento":
        raise Conflict("Un annullamento non si annulla: ripeti l'atto che era stato annullato.")
    if done.annullato_da is not None:
        raise Conflict(f"L'atto {numero} è già stato annullato dall'atto {done.annullato_da}.")
    _require_last(conn, done)
    for table in SCRITTE:
        _bring_back(conn, corso, table, numero)
        _take_back(conn, corso, table, numero)
    _drop_links(conn, corso, done.nuovi)
    return atto.record(conn, corso, done.oggetti, annulla=numero)


def _require_last(conn: sa.Connection, done: Atto) -> None:
    """Raise Conflict if something later rests on what the act wrote."""
    later: set[int] = set()
    for table in SCRITTE:
        c = table.c
        later.update(
            conn.execute(
                sa.select(c.nota_fino).where(
                    c.comune == done.comune,
                    c.nota_da == done.registrazione,
                    c.nota_fino.is_not(None),
                )
            ).scalars()
        )
    later.update(_acts_on(conn, done))
    later.update(_judgements_on(conn, done))
    if later:
        raise Conflict(
            f"L'atto {done.registrazione} non si annulla: "
            f"su di esso si basa l'atto {max(later)}. Annulla prima quello."
        )


def _acts_on(conn: sa.Connection, done: Atto) -> Iterable[int]:
    """Return the later acts, still in force, about objects this one gave birth to."""
    undone = atti.alias()
    return conn.execute(
        sa.select(atti.c.registrazione).where(
            atti.c.comune == done.comune,
            atti.c.registrazione > done.registrazione,
            atti.c.oggetti.overlap(sa.literal(list(done.nuovi), ARRAY(sa.BigInteger))),
            atti.c.annulla.is_(None),
            ~sa.exists().where(
                undone.c.comune == done.comune, undone.c.annulla == atti.c.registrazione
            ),
        )
    ).scalars()


def _judgements_on(conn: sa.Connection, done: Atto) -> Iterable[int]:
    """Return the judgements of people on objects this act gave birth to."""
    return conn.execute(
        sa.select(legame.c.nota_da)
        .join(registrazione, registrazione.c.numero == legame.c.nota_da)
        .where(
            legame.c.comune == done.comune,
            legame.c.nota_fino.is_(None),
            sa.or_(legame.c.da.in_(done.nuovi), legame.c.a.in_(done.nuovi)),
            registrazione.c.causa == "giudizio",
        )
    ).scalars()


def _bring_back(conn: sa.Connection, corso: Corso, table: sa.Table, numero: int) -> None:
    """Write anew the rows that the act closed."""
    names = [c.name for c in table.columns if c.name not in _STAMPS and c.computed is None]
    conn.execute(
        sa.insert(table).from_select(
            [*names, "nota_da"],
            sa.select(
                *[table.c[name] for name in names], sa.literal(corso.numero, sa.BigInteger)
            ).where(table.c.comune == corso.comune, table.c.nota_fino == numero),
        )
    )


def _take_back(conn: sa.Connection, corso: Corso, table: sa.Table, numero: int) -> None:
    """Close the rows that the act wrote."""
    conn.execute(
        sa.update(table)
        .where(
            table.c.comune == corso.comune,
            table.c.nota_da == numero,
            table.c.nota_fino.is_(None),
        )
        .values(nota_fino=corso.numero)
    )


def _drop_links(conn: sa.Connection, corso: Corso, nuovi: Iterable[int]) -> None:
    """Close the computed links of objects that nobody knows any more."""
    edificio, civico = FATTI["edificio"], FATTI["civico"]
    known = sa.union_all(
        *[
            sa.select(t.c.id).where(t.c.comune == corso.comune, t.c.nota_fino.is_(None))
            for t in (edificio, civico)
        ]
    ).subquery()
    ids = [
        number
        for number in nuovi
        if not conn.execute(sa.select(sa.exists().where(known.c.id == number))).scalar_one()
    ]
    conn.execute(
        sa.update(legame)
        .where(
            legame.c.comune == corso.comune,
            legame.c.nota_fino.is_(None),
            legame.c.nota_da < corso.numero,
            sa.or_(legame.c.da.in_(ids), legame.c.a.in_(ids)),
        )
        .values(nota_fino=corso.numero)
    )

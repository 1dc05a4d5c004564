"""The undo of an act: a new act that brings back what was known before it.

Nothing is deleted: the rows the act wrote are closed in knowledge, those it had closed are
written anew. That is right only while what it wrote stands as it wrote it; so an act on
which a later one rests is undone after that one.
"""

from collections.abc import Iterable, Sequence

import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from territorio import atto, vigenza
from territorio.atti import linea
from territorio.atti.edificio import standing_there
from territorio.atti.schema import atto as atti
from territorio.atti.schema import documento
from territorio.atto import Atto, Corso, Provvedimento
from territorio.errors import Conflict
from territorio.prevalenza import CESSATO, UFFICIO, prevailing
from territorio.schema import genealogia, legame, registrazione
from territorio.tables import FATTI

FATTI_SCRITTI = (FATTI["edificio"], FATTI["odonimo"], FATTI["civico"], documento)
GIUDIZI_SCRITTI = (genealogia, legame)
"""The tables an act may write: facts of the office, and lineage and links."""

_STAMPS = frozenset({"versione", "nota_da", "nota_fino"})


def undo(conn: sa.Connection, p: Provvedimento, numero: int) -> Atto:
    """Undo an act; raise Conflict if it was undone, or if a later act rests on it."""
    done = atto.find(conn, p.comune, numero)
    corso = atto.begin(conn, p, "annullamento", done.giorno, {"annulla": numero})
    done = atto.find(conn, p.comune, numero)  # what may have changed while waiting our turn
    if done.tipo == "annullamento":
        raise Conflict("Un annullamento non si annulla: ripeti l'atto che era stato annullato.")
    if done.annullato_da is not None:
        raise Conflict(f"L'atto {numero} è già stato annullato dall'atto {done.annullato_da}.")
    _refuse_if(done, [*_acts_on(conn, done, done.nuovi), *_judgements_on(conn, done)])
    for table in (*FATTI_SCRITTI, *GIUDIZI_SCRITTI):
        if not _take_back(conn, corso, table, numero) or not _bring_back(
            conn, corso, table, numero
        ):
            _refuse_if(done, [numero, *_acts_on(conn, done, done.oggetti)])
    _refuse_if(done, [*_acts_on(conn, done, _in_the_place_of(conn, done))])
    _drop_links(conn, corso, done.nuovi)
    return atto.record(conn, corso, done.oggetti, annulla=numero)


def _refuse_if(done: Atto, later: Sequence[int]) -> None:
    """Raise Conflict if there is a later act in the way."""
    if later:
        raise Conflict(
            f"L'atto {done.registrazione} non si annulla: "
            f"su di esso si basa l'atto {max(later)}. Annulla prima quello."
        )


def _acts_on(conn: sa.Connection, done: Atto, oggetti: Iterable[int]) -> Iterable[int]:
    """Return the later acts in force about these objects."""
    undone = atti.alias()
    return conn.execute(
        sa.select(atti.c.registrazione).where(
            atti.c.comune == done.comune,
            atti.c.registrazione > done.registrazione,
            atti.c.oggetti.overlap(sa.literal(list(oggetti), ARRAY(sa.BigInteger))),
            atti.c.annulla.is_(None),
            ~sa.exists().where(
                undone.c.comune == done.comune, undone.c.annulla == atti.c.registrazione
            ),
        )
    ).scalars()


def _in_the_place_of(conn: sa.Connection, done: Atto) -> set[int]:
    """Return the other buildings that stand where those the act touched stand again."""
    found: set[int] = set()
    for oggetto in done.oggetti:
        row = prevailing(conn, FATTI["edificio"], done.comune, oggetto, done.giorno)
        shape = None if row is None or row.stato == CESSATO else linea.shape_of(row.geometria)
        if shape is not None:
            wkb = shapely.to_wkb(shape)
            for day in (done.giorno, vigenza.today()):
                found.update(standing_there(conn, done.comune, wkb, day))
    return found.difference(done.oggetti)


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


def _take_back(conn: sa.Connection, corso: Corso, table: sa.Table, numero: int) -> bool:
    """Close the rows that the act wrote; tell whether all of them still stood.

    A row stands too if a later act had closed it and the undo of that act wrote it anew.
    """
    c = table.c
    wrote = table.alias()
    of_act = sa.and_(wrote.c.comune == corso.comune, wrote.c.nota_da == numero)
    if table in FATTI_SCRITTI:
        same = sa.and_(
            c.fonte == UFFICIO,
            *[c[name] == wrote.c[name] for name in ("id", "fornitura", "impronta")],
            *[c[name].is_not_distinct_from(wrote.c[name]) for name in ("valida_dal", "valida_al")],
        )
    else:
        same = sa.and_(*[c[name].is_not_distinct_from(wrote.c[name]) for name in _said(table)])
    closed = conn.execute(
        sa.update(table)
        .where(c.comune == corso.comune, c.nota_fino.is_(None), sa.exists().where(of_act, same))
        .values(nota_fino=corso.numero)
    )
    expected = conn.execute(sa.select(sa.func.count()).select_from(wrote).where(of_act))
    return closed.rowcount == expected.scalar_one()


def _bring_back(conn: sa.Connection, corso: Corso, table: sa.Table, numero: int) -> bool:
    """Write anew the rows that the act closed; tell whether their days were free."""
    names = _said(table)
    before = sa.and_(table.c.comune == corso.comune, table.c.nota_fino == numero)
    if table in FATTI_SCRITTI and conn.execute(_occupied(table, before)).scalar_one():
        return False
    conn.execute(
        sa.insert(table).from_select(
            [*names, "nota_da"],
            sa.select(
                *[table.c[name] for name in names], sa.literal(corso.numero, sa.BigInteger)
            ).where(before),
        )
    )
    return True


def _said(table: sa.Table) -> list[str]:
    """Return the columns of a table that hold what is said, not when it was known."""
    return [c.name for c in table.columns if c.name not in _STAMPS and c.computed is None]


def _occupied(table: sa.Table, before: sa.ColumnElement[bool]) -> sa.Select[tuple[bool]]:
    """Ask whether the office now says something on the days of the rows to bring back."""
    now = table.alias()

    def days(dal: sa.ColumnElement[object], al: sa.ColumnElement[object]) -> sa.Function[object]:
        return sa.func.daterange(dal, al)

    overlap = days(now.c.valida_dal, now.c.valida_al).op("&&")(
        days(table.c.valida_dal, table.c.valida_al)
    )
    return sa.select(
        sa.exists()
        .select_from(table)
        .where(
            before,
            now.c.comune == table.c.comune,
            now.c.id == table.c.id,
            now.c.fonte == UFFICIO,
            now.c.nota_fino.is_(None),
            overlap,
        )
    )


def _drop_links(conn: sa.Connection, corso: Corso, nuovi: Iterable[int]) -> None:
    """Close the computed links of objects that nobody knows any more."""
    for number in nuovi:
        known = [
            sa.exists().where(t.c.comune == corso.comune, t.c.id == number, t.c.nota_fino.is_(None))
            for t in FATTI_SCRITTI
        ]
        conn.execute(
            sa.update(legame)
            .where(
                legame.c.comune == corso.comune,
                legame.c.nota_fino.is_(None),
                sa.or_(legame.c.da == number, legame.c.a == number),
                ~sa.or_(*known),
            )
            .values(nota_fino=corso.numero)
        )

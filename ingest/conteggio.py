"""What each delivery of a merge brought: objects that came in, changed, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from ingest.insieme import fill
from ingest.timeline import presenti
from territorio.schema import fornitura, fornitura_ambito
from territorio.tables import FATTI, STAGING

desiderata = sa.Table(
    "desiderata",
    sa.MetaData(),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("dal", sa.Date),
    sa.Column("al", sa.Date),
    sa.Column("impronta", sa.BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The timeline as it should stand: one row a piece, ``n`` is the staged assertion."""

nominati = sa.Table(
    "nominati",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("nota", sa.Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The objects each delivery names; ``nota`` if their source had spoken of them before."""

toccati = sa.Table(
    "toccati",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("fornitura", sa.BigInteger),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The objects of which a row was closed, or opened with the words of a delivery."""

_MAI = sa.text("'infinity'::date")


@dataclass(frozen=True, slots=True)
class Conteggio:
    """How many objects a delivery brought in, changed, left alone, and ended."""

    inseriti: int = 0
    cambiati: int = 0
    invariati: int = 0
    chiusi: int = 0

    def __add__(self, other: "Conteggio") -> "Conteggio":
        """Add up, kind by kind."""
        return Conteggio(
            self.inseriti + other.inseriti,
            self.cambiati + other.cambiati,
            self.invariati + other.invariati,
            self.chiusi + other.chiusi,
        )


def name(conn: sa.Connection, comune: str, fonte: str, fatto: str, consegne: Sequence[int]) -> None:
    """Note the objects the deliveries name, and whether the source knew them before.

    To be called before anything is written.
    """
    p, fact = presenti.c, FATTI[fatto].c
    named = sa.select(p.id, p.fornitura).where(p.fornitura.in_(consegne)).distinct().subquery()
    known = sa.exists().where(fact.comune == comune, fact.id == named.c.id, fact.fonte == fonte)
    fill(conn, nominati, sa.select(named.c.id, named.c.fornitura, known.label("nota")))
    conn.execute(sa.schema.DropTable(toccati, if_exists=True))
    conn.execute(sa.schema.CreateTable(toccati))


def count(
    conn: sa.Connection, fatto: str, consegne: Sequence[int], solo: sa.Table | None
) -> dict[int, Conteggio]:
    """Count what each delivery brought; ``solo`` tells the parts of the objects concerned."""
    conn.execute(sa.text("ANALYZE toccati"))
    found = {row.fornitura: Conteggio(*row[1:]) for row in conn.execute(_named())}
    ended = {row.fornitura: row.chiusi for row in conn.execute(_ended(fatto, consegne, solo))}
    return {
        number: found.get(number, Conteggio()) + Conteggio(chiusi=ended.get(number, 0))
        for number in consegne
    }


def _named() -> sa.Select[tuple[int, int, int, int]]:
    """Count the objects each delivery names: new, changed, untouched.

    The first that names a new object brought it in. One whose words were written changed it;
    where none of those that name it has words of its own among them, it was the first.
    """
    touched = sa.select(toccati.c.id).distinct().cte("oggetti")
    first = (
        sa.select(
            nominati.c.id,
            sa.func.min(nominati.c.fornitura).label("fornitura"),
            sa.func.bool_or(nominati.c.nota).label("nota"),
        )
        .join_from(touched, nominati, nominati.c.id == touched.c.id)
        .group_by(nominati.c.id)
        .cte("primi")
    )
    wrote = (
        sa.select(nominati.c.id, nominati.c.fornitura)
        .join_from(
            nominati,
            toccati,
            sa.and_(nominati.c.id == toccati.c.id, nominati.c.fornitura == toccati.c.fornitura),
        )
        .distinct()
        .cte("scritti")
    )
    silent = ~sa.exists().where(wrote.c.id == first.c.id)
    brought_in = sa.and_(~first.c.nota, first.c.fornitura == wrote.c.fornitura)
    told = sa.union_all(
        sa.select(first.c.fornitura, sa.literal(1).label("nuovo")).where(~first.c.nota),
        sa.select(first.c.fornitura, sa.literal(0)).where(first.c.nota, silent),
        sa.select(wrote.c.fornitura, sa.literal(0))
        .join_from(wrote, first, first.c.id == wrote.c.id)
        .where(~brought_in),
    ).cte("detti")
    tally = (
        sa.select(
            told.c.fornitura,
            sa.func.sum(told.c.nuovo).label("inseriti"),
            sa.func.sum(1 - told.c.nuovo).label("cambiati"),
        )
        .group_by(told.c.fornitura)
        .cte("conti")
    )
    inserted = sa.func.coalesce(tally.c.inseriti, 0)
    changed = sa.func.coalesce(tally.c.cambiati, 0)
    return (
        sa.select(nominati.c.fornitura, inserted, changed, sa.func.count() - inserted - changed)
        .join_from(nominati, tally, tally.c.fornitura == nominati.c.fornitura, isouter=True)
        .group_by(nominati.c.fornitura, tally.c.inseriti, tally.c.cambiati)
    )


def _ended(
    fatto: str, consegne: Sequence[int], solo: sa.Table | None
) -> sa.Select[tuple[int, int]]:
    """Count the objects that ended by not being named, for the delivery that left them out.

    It is the first after the last that names them, of those that speak for their part.
    """
    goes_on = sa.exists().where(desiderata.c.id == toccati.c.id, desiderata.c.al.is_(None))
    # Most are named and go on: nobody left them out.
    touched = (
        sa.select(toccati.c.id)
        .where(~sa.and_(goes_on, sa.exists().where(nominati.c.id == toccati.c.id)))
        .distinct()
        .cte("oggetti")
    )
    last = (
        sa.select(nominati.c.id, sa.func.max(nominati.c.fornitura).label("ultima"))
        .join_from(touched, nominati, nominati.c.id == touched.c.id)
        .group_by(nominati.c.id)
        .cte("nominate")
    )
    staging = STAGING[fatto].c
    until = sa.func.coalesce(desiderata.c.al, _MAI)
    end = (
        sa.select(
            desiderata.c.id,
            until.label("al"),
            # A right that its own source says to have ended was not left out.
            (staging.al.is_not_distinct_from(desiderata.c.al)).label("detto"),
        )
        .join_from(touched, desiderata, desiderata.c.id == touched.c.id)
        .join(STAGING[fatto], staging.n == desiderata.c.n)
        .ext(distinct_on(desiderata.c.id))
        .order_by(desiderata.c.id, until.desc())
        .cte("fini")
    )
    part = sa.literal("*") if solo is None else solo.c.ambito
    columns = touched.c.id, part.label("ambito"), last.c.ultima, end.c.al, end.c.detto
    objects = sa.select(*columns).distinct()
    origin = sa.outerjoin(touched, last, last.c.id == touched.c.id)
    origin = origin.outerjoin(end, end.c.id == touched.c.id)
    if solo is not None:
        origin = origin.join(solo, solo.c.id == touched.c.id)
    gone = objects.select_from(origin).cte("finiti")
    by_then = sa.and_(gone.c.al <= fornitura.c.data_riferimento, ~gone.c.detto)
    left_out = (
        sa.select(
            gone.c.id,
            sa.func.coalesce(
                sa.func.min(fornitura.c.id).filter(by_then),
                # An object no delivery names was ended by one of them, whatever came after.
                sa.func.min(fornitura.c.id).filter(gone.c.ultima.is_(None)),
            ).label("fornitura"),
        )
        .join_from(
            gone,
            fornitura_ambito,
            sa.and_(fornitura_ambito.c.ambito == gone.c.ambito, fornitura_ambito.c.fatto == fatto),
        )
        .join(
            fornitura,
            sa.and_(
                fornitura.c.comune == fornitura_ambito.c.comune,
                fornitura.c.id == fornitura_ambito.c.fornitura,
            ),
        )
        .where(fornitura.c.id.in_(consegne), fornitura.c.id > sa.func.coalesce(gone.c.ultima, 0))
        .group_by(gone.c.id)
        .subquery()
    )
    return (
        sa.select(left_out.c.fornitura, sa.func.count().label("chiusi"))
        .where(left_out.c.fornitura.is_not(None))
        .group_by(left_out.c.fornitura)
    )

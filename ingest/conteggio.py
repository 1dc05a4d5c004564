"""What each delivery of a merge brought: objects that came in, changed, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from ingest.chiavi import chiavi_of
from ingest.insieme import fill
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
    fact, staging, keys = FATTI[fatto], STAGING[fatto], chiavi_of(fatto)
    identity = sa.and_(
        keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == staging.c.chiave
    )
    named = (
        sa.select(keys.c.id, staging.c.fornitura)
        .join_from(staging, keys, identity)
        .where(
            staging.c.comune == comune,
            staging.c.fonte == fonte,
            staging.c.fornitura.in_(consegne),
        )
        .distinct()
        .subquery()
    )
    known = sa.exists().where(
        fact.c.comune == comune, fact.c.id == named.c.id, fact.c.fonte == fonte
    )
    fill(conn, nominati, sa.select(named.c.id, named.c.fornitura, known.label("nota")), "id")
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
    touched = (
        sa.select(toccati.c.id, sa.func.array_agg(toccati.c.fornitura).label("parole"))
        .group_by(toccati.c.id)
        .cte("oggetti")
    )
    wrote = sa.func.coalesce(nominati.c.fornitura == sa.any_(touched.c.parole), sa.false())
    pairs = (
        sa.select(
            nominati.c.fornitura,
            nominati.c.nota,
            touched.c.id.is_not(None).label("toccato"),
            wrote.label("scritto"),
            sa.func.bool_or(wrote).over(partition_by=nominati.c.id).label("qualcuno"),
            (
                sa.func.row_number().over(partition_by=nominati.c.id, order_by=nominati.c.fornitura)
                == 1
            ).label("primo"),
        )
        .select_from(sa.join(nominati, touched, nominati.c.id == touched.c.id, isouter=True))
        .cte("coppie")
    )
    c = pairs.c
    new = sa.and_(c.toccato, ~c.nota, c.primo)
    changed = sa.and_(c.toccato, sa.or_(c.scritto, sa.and_(c.primo, ~c.qualcuno)), ~new)
    return sa.select(
        c.fornitura,
        sa.func.count().filter(new),
        sa.func.count().filter(changed),
        sa.func.count().filter(~new, ~changed),
    ).group_by(c.fornitura)


def _ended(
    fatto: str, consegne: Sequence[int], solo: sa.Table | None
) -> sa.Select[tuple[int, int]]:
    """Count the objects that ended by not being named, for the delivery that left them out.

    It is the first after the last that names them, of those that speak for their part.
    """
    last = (
        sa.select(nominati.c.id, sa.func.max(nominati.c.fornitura).label("ultima"))
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
        .join_from(desiderata, STAGING[fatto], staging.n == desiderata.c.n)
        .ext(distinct_on(desiderata.c.id))
        .order_by(desiderata.c.id, until.desc())
        .cte("fini")
    )
    part = sa.literal("*") if solo is None else solo.c.ambito
    columns = toccati.c.id, part.label("ambito"), last.c.ultima, end.c.al, end.c.detto
    objects = sa.select(*columns).distinct()
    origin = sa.outerjoin(toccati, last, last.c.id == toccati.c.id)
    origin = origin.outerjoin(end, end.c.id == toccati.c.id)
    if solo is not None:
        origin = origin.join(solo, solo.c.id == toccati.c.id)
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
        .join(fornitura, fornitura.c.id == fornitura_ambito.c.fornitura)
        .where(fornitura.c.id.in_(consegne), fornitura.c.id > sa.func.coalesce(gone.c.ultima, 0))
        .group_by(gone.c.id)
        .subquery()
    )
    return (
        sa.select(left_out.c.fornitura, sa.func.count().label("chiusi"))
        .where(left_out.c.fornitura.is_not(None))
        .group_by(left_out.c.fornitura)
    )

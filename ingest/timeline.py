"""What a source says over time, as a pure function of all its deliveries (ADR 2).

Each assertion paints the days from its own start on, a later one paints over it, and
absence from a delivery that covers the object's part paints nothing from that day on.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from ingest.chiavi import chiavi_of
from ingest.insieme import fill
from territorio.schema import fornitura, fornitura_ambito, illeggibile
from territorio.tables import STAGING

_MAI = sa.text("'infinity'::date")
_SEMPRE = sa.text("'-infinity'::date")

presenti = sa.Table(
    "presenti",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("ambito", sa.Text, nullable=False),
    sa.Column("gruppo", sa.Text),
    sa.Column("rango", sa.BigInteger, nullable=False),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("ordine", sa.Integer, nullable=False),
    sa.Column("dal", sa.Date, nullable=False),
    sa.Column("al", sa.Date),
    sa.Column("impronta", sa.BigInteger, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""What the source said, once for each object, delivery and order."""

gruppi = sa.Table(
    "gruppi",
    sa.MetaData(),
    sa.Column("gruppo", sa.Text, nullable=False),
    sa.Column("rango", sa.BigInteger, nullable=False),
    sa.Column("dal", sa.Date, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The groups (the rights on one unit) that changed on a day since the delivery before."""


def _forniture(comune: str, fonte: str, fatto: str, consegne: Sequence[int]) -> sa.CTE:
    """Return the deliveries of a source that speak of a kind of fact, in their order.

    Those merged before and those being merged: of what one command loads, the later
    deliveries stand in staging already, but are not known yet.
    """
    order = [
        fornitura.c.data_riferimento,
        fornitura.c.data_elaborazione.asc().nulls_first(),
        fornitura.c.sha256,
    ]
    day = fornitura.c.data_riferimento
    return (
        sa.select(
            fornitura.c.id,
            day,
            sa.func.lag(day).over(order_by=order).label("precedente"),
            sa.func.row_number().over(order_by=order).label("rango"),
        )
        .where(
            fornitura.c.comune == comune,
            fornitura.c.fonte == fonte,
            sa.or_(fornitura.c.registrazione.is_not(None), fornitura.c.id.in_(consegne)),
            sa.exists().where(
                fornitura_ambito.c.comune == comune,
                fornitura_ambito.c.fornitura == fornitura.c.id,
                fornitura_ambito.c.fatto == fatto,
            ),
        )
        .cte("forniture")
    )


def collect(
    conn: sa.Connection,
    comune: str,
    fonte: str,
    fatto: str,
    consegne: Sequence[int],
    *,
    solo: sa.Table | None = None,
    dal_debole: bool = False,
) -> None:
    """Fill the temporary table of what was said, of all objects or of those in ``solo``.

    And that of the groups. They are tables and not parts of the query below because the
    planner must know how large they are: without their figures it joins row by row. With
    ``dal_debole`` an assertion that says something else than the one before, but since the
    same day, holds from the day of its delivery: that start was not about what changed.
    """
    staging, keys = STAGING[fatto], chiavi_of(fatto)
    s, forniture = staging.c, _forniture(comune, fonte, fatto, consegne)
    day = forniture.c.data_riferimento
    order = [forniture.c.rango, s.ordine, s.riga, s.n]
    start: sa.ColumnElement[object] = sa.func.coalesce(s.dal, day)
    if dal_debole:
        same_start = sa.func.lag(s.dal).over(partition_by=keys.c.id, order_by=order) == s.dal
        said_before = sa.func.lag(s.impronta).over(partition_by=keys.c.id, order_by=order)
        other = said_before != s.impronta
        start = sa.case((sa.and_(same_start, other), day), else_=start)
    identity = sa.and_(keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == s.chiave)
    said = (
        sa.select(
            keys.c.id,
            s.ambito,
            s.gruppo,
            forniture.c.rango,
            s.fornitura,
            s.ordine,
            start.label("dal"),
            s.al,
            s.impronta,
            s.n,
        )
        .join_from(staging, forniture, s.fornitura == forniture.c.id)
        .join(keys, identity)
        .where(s.comune == comune, s.fonte == fonte)
        .ext(distinct_on(keys.c.id, forniture.c.rango, s.ordine))
        .order_by(keys.c.id, *order)
    )
    if solo is not None:
        said = said.where(keys.c.id.in_(sa.select(solo.c.id)))
    fill(conn, presenti, said)
    p, forniture = presenti.c, _forniture(comune, fonte, fatto, consegne)
    changed = (
        sa.select(p.gruppo, p.rango, sa.func.max(p.dal))
        .join_from(presenti, forniture, p.rango == forniture.c.rango)
        .where(
            p.gruppo.is_not(None),
            p.dal <= forniture.c.data_riferimento,
            p.dal > forniture.c.precedente,
        )
        .group_by(p.gruppo, p.rango)
    )
    fill(conn, gruppi, changed, "gruppo", "rango")


def _marks(forniture: sa.CTE, comune: str, fatto: str) -> sa.CTE:
    """Return, for each object, the deliveries that named it, legibly or not.

    With the part it was in by then: of a record nobody could read, that of the one before.
    """
    p, keys = presenti.c, chiavi_of(fatto).c
    named = sa.select(p.id, p.ambito, p.gruppo, p.rango).distinct()
    unread = (
        sa.select(p.id, p.ambito, p.gruppo, forniture.c.rango)
        .join_from(presenti, chiavi_of(fatto), keys.id == p.id)
        .join(
            illeggibile,
            sa.and_(
                illeggibile.c.comune == comune,
                illeggibile.c.fatto == fatto,
                illeggibile.c.chiave_md5 == sa.func.md5(keys.chiave),
            ),
        )
        .join(forniture, forniture.c.id == illeggibile.c.fornitura)
        .where(keys.comune == comune, keys.tipo == fatto, forniture.c.rango >= p.rango)
        .ext(distinct_on(p.id, forniture.c.rango))
        .order_by(p.id, forniture.c.rango, p.rango.desc())
        .subquery()
    )
    return sa.union(named, sa.select(unread)).cte("segni")


def _next_word(forniture: sa.CTE, marks: sa.CTE, comune: str, fatto: str) -> sa.CTE:
    """Return, for each part and delivery, the next delivery that speaks for the part."""
    places = sa.select(marks.c.ambito, marks.c.rango).distinct().cte("luoghi")
    spoken = (
        sa.select(fornitura_ambito.c.ambito, forniture.c.rango)
        .join_from(fornitura_ambito, forniture, forniture.c.id == fornitura_ambito.c.fornitura)
        .where(fornitura_ambito.c.comune == comune, fornitura_ambito.c.fatto == fatto)
        .cte("coperti")
    )
    # Two equalities instead of an IN: with many deliveries of one part each, a join that
    # tries every part with every delivery does not end.
    later = [
        sa.select(places.c.ambito, places.c.rango, spoken.c.rango.label("poi")).join_from(
            places, spoken, sa.and_(spoken.c.ambito == of, spoken.c.rango > places.c.rango)
        )
        for of in (places.c.ambito, "*")
    ]
    either = sa.union_all(*later).subquery()
    return (
        sa.select(either.c.ambito, either.c.rango, sa.func.min(either.c.poi).label("poi"))
        .group_by(either.c.ambito, either.c.rango)
        .cte("prossime")
    )


def _absent(forniture: sa.CTE, comune: str, fatto: str) -> sa.Select[tuple[object, ...]]:
    """Return, after each delivery that names an object, the one that leaves it out.

    It is the next that speaks for the part the object is in, unless that names it too. The
    object is gone from the day of that delivery, or, when its group (the rights on one unit)
    changed on a day between the two deliveries, from that day.
    """
    marks = _marks(forniture, comune, fatto)
    coming = _next_word(forniture, marks, comune, fatto)
    named = sa.select(
        marks,
        sa.func.min(marks.c.rango)
        .over(partition_by=marks.c.id, order_by=marks.c.rango, groups=(1, 1))
        .label("ancora"),
    ).cte("nominati")
    told = sa.and_(coming.c.ambito == named.c.ambito, coming.c.rango == named.c.rango)
    group = sa.and_(gruppi.c.gruppo == named.c.gruppo, gruppi.c.rango == coming.c.poi)
    return (
        sa.select(
            named.c.id,
            coming.c.poi.label("rango"),
            sa.literal(0).label("ordine"),
            sa.func.coalesce(gruppi.c.dal, forniture.c.data_riferimento).label("dal"),
            sa.null().cast(sa.Date).label("al"),
            sa.null().cast(sa.BigInteger).label("impronta"),
            sa.null().cast(sa.BigInteger).label("n"),
        )
        .join_from(named, coming, told)
        .join(forniture, forniture.c.rango == coming.c.poi)
        .outerjoin(gruppi, group)
        .where(sa.or_(named.c.ancora.is_(None), named.c.ancora > coming.c.poi))
    )


def timeline(
    comune: str, fonte: str, fatto: str, consegne: Sequence[int]
) -> sa.Select[tuple[object, ...]]:
    """Return the pieces (n, id, dal, al, impronta) that the painting leaves visible."""
    p = presenti.c
    said = sa.union_all(
        sa.select(p.id, p.rango, p.ordine, p.dal, p.al, p.impronta, p.n),
        _absent(_forniture(comune, fonte, fatto, consegne), comune, fatto),
    ).cte("detti")
    order = [said.c.rango, said.c.ordine]
    before = sa.func.lag(said.c.impronta).over(partition_by=said.c.id, order_by=order)
    steps = sa.select(said, before.label("prima")).cte("passi")
    changes = (
        sa.select(
            steps,
            sa.func.min(steps.c.dal)
            .over(
                partition_by=steps.c.id,
                order_by=[steps.c.rango, steps.c.ordine],
                rows=(1, None),
            )
            .label("ripreso"),
        )
        .where(steps.c.impronta.is_distinct_from(steps.c.prima))
        .cte("cambi")
    )
    end = sa.func.least(changes.c.ripreso, changes.c.al)
    return sa.select(
        changes.c.n,
        changes.c.id,
        sa.func.nullif(changes.c.dal, _SEMPRE).label("dal"),
        sa.func.nullif(end, _MAI).label("al"),
        changes.c.impronta,
    ).where(
        changes.c.impronta.is_not(None),
        changes.c.dal < sa.func.coalesce(end, _MAI),
    )

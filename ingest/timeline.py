"""What a source says over time, as a pure function of all its deliveries (ADR 2).

Each assertion paints the days from its own start on, a later one paints over it, and
absence from a delivery that covers the object's part paints nothing from that day on.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from ingest.insieme import fill
from territorio.schema import fornitura, fornitura_ambito, illeggibile
from territorio.tables import STAGING

_MAI = sa.text("'infinity'::date")
_SEMPRE = sa.text("'-infinity'::date")

presenti = sa.Table(
    "presenti",
    sa.MetaData(),
    sa.Column("chiave", sa.Text, nullable=False),
    sa.Column("ambito", sa.Text, nullable=False),
    sa.Column("gruppo", sa.Text),
    sa.Column("rango", sa.BigInteger, nullable=False),
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
                fornitura_ambito.c.fornitura == fornitura.c.id, fornitura_ambito.c.fatto == fatto
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
    staging = STAGING[fatto]
    s, forniture = staging.c, _forniture(comune, fonte, fatto, consegne)
    day = forniture.c.data_riferimento
    order = [forniture.c.rango, s.ordine, s.riga, s.n]
    start: sa.ColumnElement[object] = sa.func.coalesce(s.dal, day)
    if dal_debole:
        same_start = sa.func.lag(s.dal).over(partition_by=s.chiave, order_by=order) == s.dal
        said_before = sa.func.lag(s.impronta).over(partition_by=s.chiave, order_by=order)
        other = said_before != s.impronta
        start = sa.case((sa.and_(same_start, other), day), else_=start)
    said = (
        sa.select(
            s.chiave,
            s.ambito,
            s.gruppo,
            forniture.c.rango,
            s.ordine,
            start.label("dal"),
            s.al,
            s.impronta,
            s.n,
        )
        .join_from(staging, forniture, s.fornitura == forniture.c.id)
        .where(s.comune == comune, s.fonte == fonte)
        .ext(distinct_on(s.chiave, forniture.c.rango, s.ordine))
        .order_by(s.chiave, *order)
    )
    if solo is not None:
        said = said.where(s.chiave.in_(sa.select(solo.c.chiave)))
    fill(conn, presenti, said, "chiave", "rango")
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


def _absent(forniture: sa.CTE, comune: str, fatto: str) -> sa.Select[tuple[object, ...]]:
    """Return, for each object, the deliveries that cover its part and do not name it.

    One that named it in a record nobody could read does not count.

    It is gone from the day of that delivery, or, when its group (the rights on one unit)
    changed on a day between the two deliveries, from that day.
    """
    threads = (
        sa.select(
            presenti.c.chiave,
            presenti.c.ambito,
            sa.func.max(presenti.c.gruppo).label("gruppo"),
            sa.func.min(presenti.c.rango).label("primo"),
        )
        .group_by(presenti.c.chiave, presenti.c.ambito)
        .cte("fili")
    )
    seen = presenti.alias("visto")
    # Two equalities instead of an IN: with many deliveries of one part each, a join that
    # tries every thread with every delivery does not end.
    whole = sa.select(threads.c.chiave, sa.literal("*"), threads.c.gruppo, threads.c.primo)
    spoken = sa.union_all(
        sa.select(threads.c.chiave, threads.c.ambito, threads.c.gruppo, threads.c.primo),
        whole.where(threads.c.ambito != "*"),
    ).cte("coperti")
    named = sa.exists().where(seen.c.chiave == spoken.c.chiave, seen.c.rango == forniture.c.rango)
    unread = sa.exists().where(
        illeggibile.c.comune == comune,
        illeggibile.c.fornitura == forniture.c.id,
        illeggibile.c.fatto == fatto,
        illeggibile.c.chiave_md5 == sa.func.md5(spoken.c.chiave),
    )
    pairs = (
        sa.join(
            spoken,
            fornitura_ambito,
            sa.and_(
                fornitura_ambito.c.ambito == spoken.c.ambito, fornitura_ambito.c.fatto == fatto
            ),
        )
        .join(
            forniture,
            sa.and_(
                forniture.c.id == fornitura_ambito.c.fornitura, forniture.c.rango > spoken.c.primo
            ),
        )
        .outerjoin(
            gruppi,
            sa.and_(gruppi.c.gruppo == spoken.c.gruppo, gruppi.c.rango == forniture.c.rango),
        )
    )
    return (
        sa.select(
            spoken.c.chiave,
            forniture.c.rango,
            sa.literal(0).label("ordine"),
            sa.func.coalesce(gruppi.c.dal, forniture.c.data_riferimento).label("dal"),
            sa.null().cast(sa.Date).label("al"),
            sa.null().cast(sa.BigInteger).label("impronta"),
            sa.null().cast(sa.BigInteger).label("n"),
        )
        .select_from(pairs)
        .where(~named, ~unread)
    )


def timeline(
    comune: str, fonte: str, fatto: str, consegne: Sequence[int]
) -> sa.Select[tuple[object, ...]]:
    """Return the pieces (chiave, n, dal, al, impronta) that the painting leaves visible."""
    p = presenti.c
    said = sa.union_all(
        sa.select(p.chiave, p.rango, p.ordine, p.dal, p.al, p.impronta, p.n),
        _absent(_forniture(comune, fonte, fatto, consegne), comune, fatto),
    ).cte("detti")
    order = [said.c.rango, said.c.ordine]
    before = sa.func.lag(said.c.impronta).over(partition_by=said.c.chiave, order_by=order)
    steps = sa.select(said, before.label("prima")).cte("passi")
    changes = (
        sa.select(
            steps,
            sa.func.min(steps.c.dal)
            .over(
                partition_by=steps.c.chiave,
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
        changes.c.chiave,
        changes.c.n,
        sa.func.nullif(changes.c.dal, _SEMPRE).label("dal"),
        sa.func.nullif(end, _MAI).label("al"),
        changes.c.impronta,
    ).where(
        changes.c.impronta.is_not(None),
        changes.c.dal < sa.func.coalesce(end, _MAI),
    )

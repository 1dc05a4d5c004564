"""Turn what the deliveries said into facts with two times.

The timeline of an object as one source tells it is a pure function of all that the
source ever said about it, in the order of the days the deliveries speak for: each
assertion paints the days from its own start on, a later one paints over it, and absence
from a delivery that covers the object's part paints nothing from that day on. So the
order in which deliveries arrive does not matter, and loading one twice changes nothing.
The merge compares that timeline with the facts now in knowledge, closes those that no
longer stand and writes the others anew; it never updates a validity (DESIGN §3.4).
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.expression import FromClause

from territorio.schema import chiave, chiave_persona, fornitura, fornitura_ambito, identita
from territorio.tables import FATTI, RIFERIMENTI, STAGING

BULK = 1_000
"""From so many rows on a write changes how a table should be joined."""

PERSONALI = frozenset({"soggetto", "famiglia"})
"""Kinds whose keys could lead to a person: they stand apart from the others."""

_MAI = sa.text("'infinity'::date")
_SEMPRE = sa.text("'-infinity'::date")

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
    sa.Column("nota", sa.Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The objects a delivery names; ``nota`` if its source had spoken of them before."""

toccati = sa.Table(
    "toccati",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The objects of which a row was closed or opened, as often as that happened."""


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


def chiavi_of(tipo: str) -> sa.Table:
    """Return the table that holds the keys of a kind of object."""
    return chiave_persona if tipo in PERSONALI else chiave


def issue_identities(
    conn: sa.Connection, comune: str, tipo: str, keys: sa.Select[tuple[str]]
) -> None:
    """Give an identity to each key of a kind that has none yet."""
    table = chiavi_of(tipo)
    wanted = keys.subquery()
    key = wanted.c[0]
    known = sa.exists().where(table.c.comune == comune, table.c.tipo == tipo, table.c.chiave == key)
    fresh = sa.select(key.label("chiave")).where(key.is_not(None), ~known).distinct().cte("nuove")
    numbered = sa.select(
        fresh.c.chiave, sa.func.registro.nuovo_id(type_=sa.BigInteger).label("id")
    ).cte("numerate")
    numbered = numbered.prefix_with("MATERIALIZED", dialect="postgresql")
    written = (
        sa.insert(identita)
        .from_select(
            ["id", "tipo", "comune"],
            sa.select(numbered.c.id, sa.literal(tipo), sa.literal(comune, sa.CHAR(4))),
        )
        .cte("scritte")
    )
    result = conn.execute(
        sa.insert(table)
        .from_select(
            ["comune", "tipo", "chiave", "id"],
            sa.select(
                sa.literal(comune, sa.CHAR(4)), sa.literal(tipo), numbered.c.chiave, numbered.c.id
            ),
        )
        .add_cte(written),
        execution_options={"preserve_rowcount": True},
    )
    _refresh_figures(conn, table, result.rowcount)


def _refresh_figures(conn: sa.Connection, table: sa.Table, rows: int) -> None:
    """Tell the planner about rows written in bulk in this transaction.

    Autovacuum cannot see them yet, and joins planned for an empty table take hours.
    """
    if rows >= BULK:
        conn.execute(sa.text(f"ANALYZE {table.fullname}"))


def _forniture(comune: str, fonte: str, fatto: str) -> sa.CTE:
    """Return the deliveries of a source that speak of a kind of fact, in their order."""
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
            sa.exists().where(
                fornitura_ambito.c.fornitura == fornitura.c.id, fornitura_ambito.c.fatto == fatto
            ),
        )
        .cte("forniture")
    )


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


def _collect(conn: sa.Connection, comune: str, fonte: str, fatto: str) -> None:
    """Fill the temporary table of what was said.

    It is a table and not a part of the query below because the planner must know how
    large it is: without its figures it joins row by row.
    """
    staging = STAGING[fatto]
    s, forniture = staging.c, _forniture(comune, fonte, fatto)
    said = (
        sa.select(
            s.chiave,
            s.ambito,
            s.gruppo,
            forniture.c.rango,
            s.ordine,
            sa.func.coalesce(s.dal, forniture.c.data_riferimento).label("dal"),
            s.al,
            s.impronta,
            s.n,
        )
        .join_from(staging, forniture, s.fornitura == forniture.c.id)
        .where(s.comune == comune, s.fonte == fonte)
        .ext(distinct_on(s.chiave, forniture.c.rango, s.ordine))
        .order_by(s.chiave, forniture.c.rango, s.ordine, s.riga, s.n)
    )
    _fill(conn, presenti, said)


def _fill(conn: sa.Connection, table: sa.Table, rows: sa.Select[tuple[object, ...]]) -> None:
    """Make a temporary table of the rows and take its figures."""
    conn.execute(sa.schema.DropTable(table, if_exists=True))
    conn.execute(sa.schema.CreateTable(table))
    conn.execute(sa.insert(table).from_select([c.name for c in table.columns], rows))
    conn.execute(sa.text(f"ANALYZE {table.name}"))


def _absent(forniture: sa.CTE, fatto: str) -> sa.Select[tuple[object, ...]]:
    """Return, for each object, the deliveries that cover its part and do not name it.

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
    changed = (
        sa.select(seen.c.gruppo, seen.c.rango, sa.func.max(seen.c.dal).label("dal"))
        .join_from(seen, forniture, seen.c.rango == forniture.c.rango)
        .where(
            seen.c.gruppo.is_not(None),
            seen.c.dal <= forniture.c.data_riferimento,
            seen.c.dal > forniture.c.precedente,
        )
        .group_by(seen.c.gruppo, seen.c.rango)
        .cte("gruppi_cambiati")
    )
    covers = sa.exists().where(
        fornitura_ambito.c.fornitura == forniture.c.id,
        fornitura_ambito.c.fatto == fatto,
        fornitura_ambito.c.ambito.in_([sa.literal("*"), threads.c.ambito]),
    )
    named = sa.exists().where(seen.c.chiave == threads.c.chiave, seen.c.rango == forniture.c.rango)
    pairs = sa.join(threads, forniture, forniture.c.rango > threads.c.primo).outerjoin(
        changed,
        sa.and_(changed.c.gruppo == threads.c.gruppo, changed.c.rango == forniture.c.rango),
    )
    return (
        sa.select(
            threads.c.chiave,
            forniture.c.rango,
            sa.literal(0).label("ordine"),
            sa.func.coalesce(changed.c.dal, forniture.c.data_riferimento).label("dal"),
            sa.null().cast(sa.Date).label("al"),
            sa.null().cast(sa.BigInteger).label("impronta"),
            sa.null().cast(sa.BigInteger).label("n"),
        )
        .select_from(pairs)
        .where(covers, ~named)
    )


def timeline(comune: str, fonte: str, fatto: str) -> sa.Select[tuple[object, ...]]:
    """Return the pieces (chiave, n, dal, al, impronta) that the painting leaves visible."""
    p = presenti.c
    said = sa.union_all(
        sa.select(p.chiave, p.rango, p.ordine, p.dal, p.al, p.impronta, p.n),
        _absent(_forniture(comune, fonte, fatto), fatto),
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


def merge(
    conn: sa.Connection, comune: str, fonte: str, fatto: str, consegna: int, numero: int
) -> Conteggio:
    """Bring the facts of one kind to what the deliveries of a source now say.

    ``consegna`` is the fornitura just staged, ``numero`` the registrazione of the change.
    """
    staging = STAGING[fatto]
    conn.execute(sa.text(f"ANALYZE {staging.fullname} (comune, fonte, fornitura, chiave, n)"))
    mine = sa.and_(staging.c.fornitura == consegna, staging.c.comune == comune)
    issue_identities(conn, comune, fatto, sa.select(staging.c.chiave).where(mine))
    for column, tipo in RIFERIMENTI[fatto].items():
        issue_identities(conn, comune, tipo, sa.select(staging.c[column]).where(mine))
    _desire(conn, comune, fonte, fatto)
    return _apply(conn, comune, fonte, fatto, consegna, numero)


def _desire(conn: sa.Connection, comune: str, fonte: str, fatto: str) -> None:
    """Fill the temporary table with the timeline, keys turned into identities."""
    _collect(conn, comune, fonte, fatto)
    pieces = timeline(comune, fonte, fatto).subquery()
    keys = chiavi_of(fatto)
    identity = sa.and_(
        keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == pieces.c.chiave
    )
    _fill(
        conn,
        desiderata,
        sa.select(pieces.c.n, keys.c.id, pieces.c.dal, pieces.c.al, pieces.c.impronta).join_from(
            pieces, keys, identity
        ),
    )


def _same(fact: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition "this fact is the piece that is wanted"."""
    return sa.and_(
        desiderata.c.id == fact.c.id,
        desiderata.c.impronta == fact.c.impronta,
        desiderata.c.dal.is_not_distinct_from(fact.c.valida_dal),
        desiderata.c.al.is_not_distinct_from(fact.c.valida_al),
    )


def _wanted(
    comune: str, fonte: str, fatto: str, numero: int
) -> tuple[list[str], sa.Select[tuple[object, ...]]]:
    """Return the columns and the rows to write anew, references turned into identities."""
    fact, staging, references = FATTI[fatto], STAGING[fatto], RIFERIMENTI[fatto]
    names = [
        c.name
        for c in staging.columns
        if c.name in fact.c and c.name not in {"comune", "fonte", *references}
    ]
    origin: FromClause = sa.join(desiderata, staging, desiderata.c.n == staging.c.n)
    columns: list[sa.ColumnElement[object]] = [staging.c[name] for name in names]
    for column, tipo in references.items():
        keys = chiavi_of(tipo).alias(f"chiave_{column}")
        columns.append(keys.c.id)
        origin = origin.outerjoin(
            keys,
            sa.and_(
                keys.c.comune == comune,
                keys.c.tipo == tipo,
                keys.c.chiave == staging.c[column],
            ),
        )
    rows = (
        sa.select(
            sa.literal(comune, sa.CHAR(4)),
            sa.literal(fonte),
            desiderata.c.id,
            desiderata.c.dal,
            desiderata.c.al,
            sa.literal(numero, sa.BigInteger),
            *columns,
        )
        .select_from(origin)
        .where(~sa.exists().where(_current(fact, comune, fonte), _same(fact)))
    )
    base = ["comune", "fonte", "id", "valida_dal", "valida_al", "nota_da"]
    return [*base, *names, *references], rows


def _current(fact: sa.Table, comune: str, fonte: str) -> sa.ColumnElement[bool]:
    """Return the condition "this source's word on it, in knowledge now"."""
    return sa.and_(fact.c.comune == comune, fact.c.fonte == fonte, fact.c.nota_fino.is_(None))


def _apply(
    conn: sa.Connection, comune: str, fonte: str, fatto: str, consegna: int, numero: int
) -> Conteggio:
    """Close what no longer stands, write what is new, and count the objects."""
    fact = FATTI[fatto]
    _name(conn, comune, fonte, fatto, consegna)
    conn.execute(sa.schema.DropTable(toccati, if_exists=True))
    conn.execute(sa.schema.CreateTable(toccati))
    closed = (
        sa.update(fact)
        .values(nota_fino=numero)
        .where(_current(fact, comune, fonte), ~sa.exists().where(_same(fact)))
        .returning(fact.c.id)
        .cte("chiusi")
    )
    conn.execute(sa.insert(toccati).from_select(["id"], sa.select(closed.c.id)))
    names, rows = _wanted(comune, fonte, fatto, numero)
    opened = sa.insert(fact).from_select(names, rows).returning(fact.c.id).cte("aperti")
    result = conn.execute(
        sa.insert(toccati).from_select(["id"], sa.select(opened.c.id)),
        execution_options={"preserve_rowcount": True},
    )
    _refresh_figures(conn, fact, result.rowcount)
    conn.execute(sa.text("ANALYZE toccati"))
    return _count(conn)


def _name(conn: sa.Connection, comune: str, fonte: str, fatto: str, consegna: int) -> None:
    """Note the objects the delivery names, and whether the source knew them before."""
    fact, staging, keys = FATTI[fatto], STAGING[fatto], chiavi_of(fatto)
    identity = sa.and_(
        keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == staging.c.chiave
    )
    named = (
        sa.select(keys.c.id)
        .join_from(staging, keys, identity)
        .where(staging.c.fornitura == consegna, staging.c.comune == comune)
        .distinct()
        .subquery()
    )
    known = (
        sa.select(fact.c.id)
        .where(fact.c.comune == comune, fact.c.fonte == fonte)
        .distinct()
        .subquery()
    )
    rows = sa.select(named.c.id, known.c.id.is_not(None).label("nota")).join_from(
        named, known, named.c.id == known.c.id, isouter=True
    )
    _fill(conn, nominati, rows)


def _count(conn: sa.Connection) -> Conteggio:
    """Count the objects: new, changed, untouched, and ended without being named."""
    touched = sa.select(toccati.c.id).distinct().subquery()
    pairs = sa.join(nominati, touched, nominati.c.id == touched.c.id, isouter=True, full=True)
    is_named, is_touched = nominati.c.id.is_not(None), touched.c.id.is_not(None)
    row = conn.execute(
        sa.select(
            sa.func.count().filter(is_named, is_touched, ~nominati.c.nota),
            sa.func.count().filter(is_named, is_touched, nominati.c.nota),
            sa.func.count().filter(is_named, ~is_touched),
            sa.func.count().filter(~is_named),
        ).select_from(pairs)
    ).one()
    return Conteggio(*row)

"""Turn what the deliveries said into facts with two times.

The timeline of an object as one source tells it is a pure function of all that the
source ever said about it, in the order of the days the deliveries speak for: each
assertion paints the days from its own start on, a later one paints over it, and absence
from a delivery that covers the object's part paints nothing from that day on. So the
order in which deliveries arrive does not matter, and loading one twice changes nothing.
The merge compares that timeline with the facts now in knowledge, closes those that no
longer stand and writes the others anew; it never updates a validity (DESIGN §3.4).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.sql.expression import FromClause

from ingest import conteggio
from ingest.chiavi import chiavi_of, issue_identities
from ingest.conteggio import Conteggio, desiderata, toccati
from ingest.insieme import fill
from ingest.prima import is_first, only_pieces
from ingest.timeline import collect, timeline
from territorio.bulk import refresh_figures, without_indexes
from territorio.schema import fornitura_ambito
from territorio.tables import FATTI, RIFERIMENTI, STAGING

interessati = sa.Table(
    "interessati",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("ambito", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""The objects on which deliveries of a part have a say: those named, and those of the part."""


def merge(
    conn: sa.Connection,
    comune: str,
    fonte: str,
    fatto: str,
    consegne: Sequence[int],
    numero: int,
    *,
    dal_debole: bool = False,
    ripetuti: bool = True,
) -> dict[int, Conteggio]:
    """Bring the facts of one kind to what the deliveries of a source now say.

    ``consegne`` are the forniture just staged, of one day or of many (the sheets of a map come
    a file each, and a merge costs the same for one and for a hundred); ``numero`` is the
    registrazione of the change; ``ripetuti`` is false where they are known to name no object
    twice. Returns what each of them brought.
    """
    staging = STAGING[fatto]
    mine = sa.and_(staging.c.fornitura.in_(consegne), staging.c.comune == comune)
    issue_identities(conn, comune, fatto, sa.select(staging.c.chiave).where(mine))
    for column, tipo in RIFERIMENTI[fatto].items():
        issue_identities(conn, comune, tipo, sa.select(staging.c[column]).where(mine))
    once = len(consegne) == 1 and not ripetuti
    if once and is_first(conn, comune, fonte, fatto, consegne[0]):
        return {consegne[0]: _open_all(conn, comune, fonte, fatto, consegne[0], numero)}
    solo = _concerned(conn, comune, fonte, fatto, consegne)
    collect(conn, comune, fonte, fatto, consegne, solo=solo, dal_debole=dal_debole)
    fill(conn, desiderata, timeline(comune, fonte, fatto, consegne), "id")
    return _apply(conn, comune, fonte, fatto, consegne, numero, solo)


def _concerned(
    conn: sa.Connection, comune: str, fonte: str, fatto: str, consegne: Sequence[int]
) -> sa.Table | None:
    """Return the table of the objects deliveries of a part have a say on; None for all.

    So a map sheet costs what is on it, however many sheets there are.
    """
    covered = sa.select(fornitura_ambito.c.ambito).where(
        fornitura_ambito.c.comune == comune,
        fornitura_ambito.c.fornitura.in_(consegne),
        fornitura_ambito.c.fatto == fatto,
    )
    parts = conn.execute(covered).scalars().all()
    if "*" in parts:
        return None
    staging, keys = STAGING[fatto], chiavi_of(fatto)
    identity = sa.and_(
        keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == staging.c.chiave
    )
    named = (
        sa.select(keys.c.id, staging.c.ambito)
        .join_from(staging, keys, identity)
        .where(
            staging.c.comune == comune,
            staging.c.fonte == fonte,
            sa.or_(staging.c.fornitura.in_(consegne), staging.c.ambito.in_(parts)),
        )
        .distinct()
    )
    fill(conn, interessati, named)
    return interessati


def _open_all(
    conn: sa.Connection, comune: str, fonte: str, fatto: str, consegna: int, numero: int
) -> Conteggio:
    """Write all that the first delivery of a source says; there is nothing to compare with."""
    fill(conn, desiderata, only_pieces(comune, fatto, consegna))
    names, rows = _wanted(comune, fonte, fatto, numero)
    with without_indexes(conn, FATTI[fatto]):
        written = conn.execute(
            sa.insert(FATTI[fatto]).from_select(names, rows),
            execution_options={"preserve_rowcount": True},
        ).rowcount
    refresh_figures(conn, FATTI[fatto], written)
    return Conteggio(inseriti=written)


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
    """Return the columns and rows of what is wanted, references turned into identities."""
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
    rows = sa.select(
        sa.literal(comune, sa.CHAR(4)),
        sa.literal(fonte),
        desiderata.c.id,
        desiderata.c.dal,
        desiderata.c.al,
        sa.literal(numero, sa.BigInteger),
        *columns,
    ).select_from(origin)
    base = ["comune", "fonte", "id", "valida_dal", "valida_al", "nota_da"]
    return [*base, *names, *references], rows


def _current(fact: sa.Table, comune: str, fonte: str) -> sa.ColumnElement[bool]:
    """Return the condition "this source's word on it, in knowledge now"."""
    return sa.and_(fact.c.comune == comune, fact.c.fonte == fonte, fact.c.nota_fino.is_(None))


def _apply(
    conn: sa.Connection,
    comune: str,
    fonte: str,
    fatto: str,
    consegne: Sequence[int],
    numero: int,
    solo: sa.Table | None,
) -> dict[int, Conteggio]:
    """Close what no longer stands, write what is new, and count the objects."""
    fact = FATTI[fatto]
    concerned = sa.true() if solo is None else fact.c.id.in_(sa.select(solo.c.id))
    conteggio.name(conn, comune, fonte, fatto, consegne)
    closed = (
        sa.update(fact)
        .values(nota_fino=numero)
        .where(_current(fact, comune, fonte), concerned, ~sa.exists().where(_same(fact)))
        .returning(fact.c.id)
        .cte("chiusi")
    )
    conn.execute(sa.insert(toccati).from_select(["id"], sa.select(closed.c.id)))
    names, rows = _wanted(comune, fonte, fatto, numero)
    rows = rows.where(~sa.exists().where(_current(fact, comune, fonte), _same(fact)))
    opened = sa.insert(fact).from_select(names, rows).returning(fact.c.id, fact.c.fornitura)
    written = opened.cte("aperti")
    told = sa.insert(toccati).from_select(
        ["id", "fornitura"], sa.select(written.c.id, written.c.fornitura)
    )
    with without_indexes(conn, fact):
        result = conn.execute(told, execution_options={"preserve_rowcount": True})
    refresh_figures(conn, fact, result.rowcount)
    return conteggio.count(conn, fatto, consegne, solo)

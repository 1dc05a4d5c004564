"""What a version changes with respect to those before it."""

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import distinct_on

from opendata.estrazione import Estrazione, Lettore
from opendata.formati.testo import GREZZO
from opendata.variazioni import CAMBIATO, CESSATO, NUOVO, Stato, digest
from territorio.schema_pubblicazione import variazione

_SHA256 = sql.SQL("encode(sha256(convert_to(testo, 'UTF8')), 'hex')")


def read_state(lettore: Lettore) -> Stato:
    """Return the state that a reader reads."""
    what = sql.SQL("id::text || ' ' || {}").format(_SHA256)
    return digest(lettore.copy(lettore.cosa.select(what, order="id"), sql.SQL(GREZZO)))


def record(conn: sa.Connection, cosa: Estrazione, numero: int) -> dict[str, int]:
    """Write what a version changes with respect to those before; return how many of each kind."""
    ora, prima = _now(cosa), _before(cosa)
    evento = sa.case(
        (prima.c.id.is_(None), NUOVO), (ora.c.id.is_(None), CESSATO), else_=CAMBIATO
    ).label("evento")
    changed = (
        sa.select(
            sa.literal(cosa.comune, sa.CHAR(4)),
            sa.literal(cosa.dataset.nome),
            sa.literal(numero),
            sa.func.coalesce(ora.c.id, prima.c.id),
            evento,
            ora.c.impronta,
            ora.c.testo,
        )
        .select_from(ora.join(prima, ora.c.id == prima.c.id, full=True))
        .where(ora.c.impronta.is_distinct_from(prima.c.impronta))
    )
    names = ["comune", "dataset", "numero", "id", "evento", "impronta", "testo"]
    conn.execute(sa.insert(variazione).from_select(names, changed))
    v = variazione.c
    counts = (
        sa.select(v.evento, sa.func.count())
        .where(v.comune == cosa.comune, v.dataset == cosa.dataset.nome, v.numero == numero)
        .group_by(v.evento)
    )
    return {row[0]: row[1] for row in conn.execute(counts)}


def _now(cosa: Estrazione) -> sa.Subquery:
    """Return the objects that are to be published, with the hash of each."""
    t = cosa.dataset.tavola.c
    sha256 = sa.func.sha256(sa.func.convert_to(t.testo, "UTF8"))
    return (
        sa.select(t.id, t.testo, sa.func.encode(sha256, "hex").label("impronta"))
        .where(t.comune == cosa.comune, t.dal <= cosa.giorno, t.al > cosa.giorno)
        .where(t.fonte.not_in(sorted(cosa.senza)))
        .subquery("ora")
    )


def _before(cosa: Estrazione) -> sa.Subquery:
    """Return the objects of the last version, as the changes up to it leave them."""
    v = variazione.c
    last = (
        sa.select(v.id, v.evento, v.impronta)
        .where(v.comune == cosa.comune, v.dataset == cosa.dataset.nome)
        .ext(distinct_on(v.id))
        .order_by(v.id, v.numero.desc())
        .subquery("ultime")
    )
    return sa.select(last.c.id, last.c.impronta).where(last.c.evento != CESSATO).subquery("prima")

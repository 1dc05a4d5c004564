"""Keys of the sources turned into identities of the registry."""

import sqlalchemy as sa

from territorio.bulk import refresh_figures, without_indexes
from territorio.schema import chiave, chiave_persona, identita
from territorio.tables import FATTI

PERSONALI = frozenset({"famiglia", *(n for n, table in FATTI.items() if table.schema == "persone")})
"""Kinds whose keys may hold a fiscal code or lead to a person: they stand apart."""


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
    # In order: an index takes what comes in its own order twice as fast.
    numbered = (
        sa.select(fresh.c.chiave, sa.func.registro.nuovo_id(type_=sa.BigInteger).label("id"))
        .order_by(fresh.c.chiave)
        .cte("numerate")
    )
    numbered = numbered.prefix_with("MATERIALIZED", dialect="postgresql")
    written = (
        sa.insert(identita)
        .from_select(
            ["id", "tipo", "comune"],
            sa.select(numbered.c.id, sa.literal(tipo), sa.literal(comune, sa.CHAR(4))).order_by(
                numbered.c.id
            ),
        )
        .cte("scritte")
    )
    keyed = (
        sa.insert(table)
        .from_select(
            ["comune", "tipo", "chiave", "id"],
            sa.select(
                sa.literal(comune, sa.CHAR(4)), sa.literal(tipo), numbered.c.chiave, numbered.c.id
            ),
        )
        .add_cte(written)
    )
    with without_indexes(conn, table):
        result = conn.execute(keyed, execution_options={"preserve_rowcount": True})
    refresh_figures(conn, table, result.rowcount)

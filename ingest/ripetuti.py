"""Records that say again what another line of the same file has said."""

from collections.abc import Iterator

import sqlalchemy as sa

from ingest.contract import Avviso
from territorio.tables import STAGING


def repeated(conn: sa.Connection, comune: str, fatto: str, consegna: int) -> Iterator[Avviso]:
    """Report the lines whose key an earlier line has: the merge takes the first."""
    s = STAGING[fatto].c
    mine = sa.and_(s.comune == comune, s.fornitura == consegna)
    twice = (
        sa.select(s.chiave, s.ordine)
        .where(mine)
        .group_by(s.chiave, s.ordine)
        .having(sa.func.count() > 1)
        .subquery()
    )
    keys, order = [s.chiave, s.ordine], [s.riga, s.n]
    lines = (
        sa.select(
            s.chiave,
            s.riga,
            sa.func.first_value(s.riga).over(partition_by=keys, order_by=order).label("prima"),
            s.impronta,
            sa.func.first_value(s.impronta).over(partition_by=keys, order_by=order).label("detto"),
            sa.func.row_number().over(partition_by=keys, order_by=order).label("volta"),
        )
        .join_from(
            STAGING[fatto],
            twice,
            sa.and_(twice.c.chiave == s.chiave, twice.c.ordine == s.ordine),
        )
        .where(mine)
        .subquery()
    )
    c = lines.c
    rows = conn.execute(
        sa.select(c.chiave, c.riga, c.prima, (c.impronta == c.detto).label("uguale")).where(
            c.volta > 1
        )
    )
    for row in rows:
        how = "uguale" if row.uguale else "con altri valori: vale il primo"
        yield Avviso(
            row.riga,
            "record ripetuto",
            f"la stessa chiave è già alla riga {row.prima}, {how}",
            chiave=(fatto, row.chiave),
        )

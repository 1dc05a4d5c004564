"""Records that say again what another line of the same file has said."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from ingest.contract import Avviso
from territorio.tables import STAGING


def any_repeated(conn: sa.Connection, comune: str, fatto: str, consegne: Sequence[int]) -> bool:
    """Tell whether the deliveries name any object more than once."""
    s = STAGING[fatto].c
    twice = (
        sa.select(s.chiave)
        .where(s.comune == comune, s.fornitura.in_(consegne))
        .group_by(s.fornitura, s.chiave)
        .having(sa.func.count() > 1)
    )
    return bool(conn.execute(sa.select(twice.exists())).scalar_one())


def repeated(
    conn: sa.Connection, comune: str, fatto: str, consegne: Sequence[int]
) -> Iterator[tuple[int, Avviso]]:
    """Report, by delivery, the lines whose key an earlier line has: the first is taken."""
    s = STAGING[fatto].c
    mine = sa.and_(s.comune == comune, s.fornitura.in_(consegne))
    twice = (
        sa.select(s.fornitura, s.chiave, s.ordine)
        .where(mine)
        .group_by(s.fornitura, s.chiave, s.ordine)
        .having(sa.func.count() > 1)
        .subquery()
    )
    keys, order = [s.fornitura, s.chiave, s.ordine], [s.riga, s.n]
    lines = (
        sa.select(
            s.fornitura,
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
            sa.and_(
                twice.c.fornitura == s.fornitura,
                twice.c.chiave == s.chiave,
                twice.c.ordine == s.ordine,
            ),
        )
        .where(mine)
        .subquery()
    )
    c = lines.c
    equal = (c.impronta == c.detto).label("uguale")
    rows = conn.execute(sa.select(c.fornitura, c.chiave, c.riga, c.prima, equal).where(c.volta > 1))
    for row in rows:
        how = "uguale" if row.uguale else "con altri valori: vale il primo"
        motivo = f"la stessa chiave è già alla riga {row.prima}, {how}"
        chiave = (fatto, row.chiave)
        yield row.fornitura, Avviso(row.riga, "record ripetuto", motivo, chiave=chiave)

"""Records that say again what another line of the same file has said."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from ingest.contract import Avviso
from ingest.insieme import fill
from territorio.tables import STAGING

ripetuti = sa.Table(
    "ripetuti",
    sa.MetaData(),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("chiave", sa.Text, nullable=False),
    sa.Column("ordine", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""What the deliveries of a merge name more than once."""


def find_repeated(conn: sa.Connection, comune: str, fatto: str, consegne: Sequence[int]) -> bool:
    """Note the objects that a delivery names more than once; tell whether there are any."""
    s = STAGING[fatto].c
    twice = (
        sa.select(s.fornitura, s.chiave, s.ordine)
        .where(s.comune == comune, s.fornitura.in_(consegne))
        .group_by(s.fornitura, s.chiave, s.ordine)
        .having(sa.func.count() > 1)
    )
    fill(conn, ripetuti, twice)
    return bool(conn.execute(sa.select(sa.exists(sa.select(ripetuti)))).scalar_one())


def repeated(conn: sa.Connection, comune: str, fatto: str) -> Iterator[tuple[int, Avviso]]:
    """Report, by delivery, the lines whose key an earlier line has: the first is taken."""
    s = STAGING[fatto].c
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
            ripetuti,
            sa.and_(
                ripetuti.c.fornitura == s.fornitura,
                ripetuti.c.chiave == s.chiave,
                ripetuti.c.ordine == s.ordine,
            ),
        )
        .where(s.comune == comune)
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

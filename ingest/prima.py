"""The first delivery of a source: what it says is what is known, there is nothing to compare.

The timeline would come to the same (``ingest.timeline``; a test compares them), at three
times the cost: most rows of a registry come in this way.
"""

import sqlalchemy as sa

from ingest.chiavi import chiavi_of
from territorio.schema import fornitura, fornitura_ambito
from territorio.tables import STAGING

_SEMPRE = sa.text("'-infinity'::date")
_MAI = sa.text("'infinity'::date")


def is_first(conn: sa.Connection, comune: str, fonte: str, fatto: str, consegna: int) -> bool:
    """Tell whether the source never spoke of the kind before."""
    before = sa.exists().where(
        fornitura.c.comune == comune,
        fornitura.c.fonte == fonte,
        fornitura.c.registrazione.is_not(None),
        fornitura.c.id != consegna,
        fornitura_ambito.c.comune == comune,
        fornitura_ambito.c.fornitura == fornitura.c.id,
        fornitura_ambito.c.fatto == fatto,
    )
    return bool(conn.execute(sa.select(~before)).scalar_one())


def only_pieces(comune: str, fatto: str, consegna: int) -> sa.Select[tuple[object, ...]]:
    """Return the pieces (n, id, dal, al, impronta) the delivery paints on an empty line."""
    s, keys = STAGING[fatto].c, chiavi_of(fatto)
    identity = sa.and_(keys.c.comune == comune, keys.c.tipo == fatto, keys.c.chiave == s.chiave)
    start = sa.func.coalesce(s.dal, fornitura.c.data_riferimento)
    return (
        sa.select(
            s.n,
            keys.c.id,
            sa.func.nullif(start, _SEMPRE),
            sa.func.nullif(s.al, _MAI),
            s.impronta,
        )
        .join_from(STAGING[fatto], keys, identity)
        .join(fornitura, fornitura.c.id == s.fornitura)
        .where(s.comune == comune, s.fornitura == consegna, start < sa.func.coalesce(s.al, _MAI))
    )

"""Where a delivery contradicts an act of the office: on record, and nothing overwritten."""

import sqlalchemy as sa

from territorio import db
from territorio.atti.schema import atto
from territorio.schema import fornitura


def report(conn: sa.Connection, comune: str, consegna: int) -> int:
    """Open a segnalazione for each contradiction of a merged delivery; return how many.

    Those of the same source that no longer hold are closed. For the load to call, in its
    own transaction, after the merge. A delivery older than another of its source is passed
    over: the later one has said what is so now.
    """
    acts = sa.exists().where(atto.c.comune == comune)
    mine, later = fornitura.alias(), fornitura.alias()
    newer = sa.exists().where(
        mine.c.id == consegna,
        later.c.comune == mine.c.comune,
        later.c.fonte == mine.c.fonte,
        later.c.data_riferimento > mine.c.data_riferimento,
        later.c.registrazione.is_not(None),
    )
    if not conn.execute(sa.select(sa.and_(acts, ~newer))).scalar_one():
        return 0
    done = conn.execute(db.sql("territorio/dissensi"), {"comune": comune, "fornitura": consegna})
    return done.rowcount

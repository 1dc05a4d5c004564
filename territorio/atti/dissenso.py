"""Where a delivery contradicts an act of the office: on record, and nothing overwritten."""

import sqlalchemy as sa

from territorio import db


def report(conn: sa.Connection, comune: str, fornitura: int) -> int:
    """Open a segnalazione for each contradiction of a merged delivery; return how many.

    Those of the same source that no longer hold are closed. For the load to call, in its
    own transaction, after the merge.
    """
    done = conn.execute(db.sql("territorio/dissensi"), {"comune": comune, "fornitura": fornitura})
    return done.rowcount

"""What was known before a correction is not for the public (DESIGN §3.14).

One object is refused, a list leaves out what was corrected since, and what is found by its
words or its place is refused as a whole: that it was found would tell.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from territorio import atto
from territorio.accessi.policy import Ruolo, Visto
from territorio.atti.schema import atto as atti
from territorio.errors import Rectified
from territorio.vigenza import Quando


def asks_before(quando: Quando, visto: Visto) -> bool:
    """Tell whether the public asks what was known at a moment; all else costs no statement."""
    return quando.noto_al is not None and visto.ruolo is Ruolo.PUBBLICO


def require(conn: sa.Connection, oggetti: Iterable[int], quando: Quando, visto: Visto) -> None:
    """Raise Rectified where the public asks what was known of objects before their correction."""
    if asks_before(quando, visto) and atto.rectified(conn, oggetti, quando.noto_al or 0):
        raise Rectified


def require_none(
    conn: sa.Connection, comuni: Collection[str], quando: Quando, visto: Visto
) -> None:
    """Raise Rectified where anything was corrected since, in these municipalities or at all."""
    if not asks_before(quando, visto):
        return
    corrected = sa.exists().where(atto.corrects_after(quando.noto_al or 0))
    if comuni:
        corrected = corrected.where(atti.c.comune.in_(comuni))
    if conn.execute(sa.select(corrected)).scalar_one():
        raise Rectified


def untouched(
    oggetto: sa.ColumnElement[int], quando: Quando, visto: Visto
) -> sa.ColumnElement[bool]:
    """Return the condition that leaves out of a list what was corrected since."""
    if not asks_before(quando, visto):
        return sa.true()
    corrected = sa.select(sa.func.unnest(atti.c.oggetti)).where(
        atto.corrects_after(quando.noto_al or 0)
    )
    return oggetto.not_in(corrected)

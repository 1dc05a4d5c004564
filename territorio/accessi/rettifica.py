"""What was known before a correction is not for the public (DESIGN §3.14)."""

from collections.abc import Iterable

import sqlalchemy as sa

from territorio import atto
from territorio.accessi.policy import Ruolo, Visto
from territorio.errors import Rectified
from territorio.vigenza import Quando


def require(conn: sa.Connection, oggetti: Iterable[int], quando: Quando, visto: Visto) -> None:
    """Raise Rectified where the public asks what was known of objects before their correction.

    Who asks what is known now, or looks as an office, costs no statement.
    """
    if quando.noto_al is None or visto.ruolo is not Ruolo.PUBBLICO:
        return
    if atto.rectified(conn, oggetti, quando.noto_al):
        raise Rectified

"""The two times of every fact: when it held, and when the registry knew it.

A fact holds in the world on the days ``[valida_dal, valida_al)`` and is known to the
registry from one ``registrazione`` to another, ``[nota_da, nota_fino)``. Both intervals
are half-open; an empty start means "always before we looked", an empty end "until now".
A fact that ended is closed in knowledge and written anew with its end: ``nota_fino`` is
the only column that is ever updated (DESIGN §3.4).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

ROMA = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Quando:
    """The day asked about, and the knowledge with which it is answered.

    ``noto_al`` is the number of a registrazione; None stands for all that is known now.

    >>> Quando(date(2024, 5, 1)).adesso
    True
    """

    alla_data: date
    noto_al: int | None = None

    @property
    def adesso(self) -> bool:
        """Tell whether the answer uses the latest knowledge."""
        return self.noto_al is None


def today() -> date:
    """Return the civil day in Italy."""
    return datetime.now(ROMA).date()


def known(
    columns: sa.ColumnCollection[str, sa.Column[object]], quando: Quando
) -> sa.ColumnElement[bool]:
    """Return the condition "the registry knew this row at ``quando.noto_al``"."""
    if quando.noto_al is None:
        return columns.nota_fino.is_(None)
    return sa.and_(
        columns.nota_da <= quando.noto_al,
        sa.or_(columns.nota_fino.is_(None), columns.nota_fino > quando.noto_al),
    )


def in_force(
    columns: sa.ColumnCollection[str, sa.Column[object]], quando: Quando
) -> sa.ColumnElement[bool]:
    """Return the condition "this row held on the day, as known then"."""
    return sa.and_(
        sa.or_(columns.valida_dal.is_(None), columns.valida_dal <= quando.alla_data),
        sa.or_(columns.valida_al.is_(None), columns.valida_al > quando.alla_data),
        known(columns, quando),
    )


def instant(text: str) -> datetime:
    """Read a moment of knowledge: a day (its last instant) or a date and time.

    >>> instant("2025-03-01").isoformat()
    '2025-03-01T22:59:59.999999+00:00'
    """
    if "T" not in text and " " not in text:
        local = datetime.combine(date.fromisoformat(text), time.max, tzinfo=ROMA)
        return local.astimezone(UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ROMA)
    return moment.astimezone(UTC)

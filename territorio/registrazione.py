"""Registrazioni: the numbered, timed changes of the registry that knowledge points to."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from territorio import vigenza
from territorio.errors import InvalidInput
from territorio.schema import registrazione

Causa = Literal["fornitura", "giudizio", "atto", "calcolo"]
LOCK = 7_304_212
"""Advisory lock: changes are committed one after the other, so numbers and times agree."""


def begin(
    conn: sa.Connection,
    causa: Causa,
    *,
    autore: str,
    comune: str | None = None,
    fornitura: int | None = None,
    atto: str | None = None,
    motivo: str | None = None,
) -> int:
    """Open the next registrazione in the running transaction and return its number.

    Call it late: from here to the commit no other change can be registered.
    """
    conn.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
    # A function of the owner: an office sees only the changes of its own municipality.
    last = sa.func.registro.ultima_registrazione().table_valued("numero", "quando")
    # The clock may stand still or go back; knowledge may not.
    moment = sa.func.greatest(
        sa.func.clock_timestamp(), last.c.quando + sa.text("interval '1 microsecond'")
    )
    source = sa.select(
        last.c.numero + 1,
        moment,
        sa.literal(comune, sa.CHAR(4)),
        sa.literal(causa),
        sa.literal(fornitura, sa.BigInteger),
        sa.literal(autore),
        sa.literal(atto, sa.Text),
        sa.literal(motivo, sa.Text),
    )
    names = ["numero", "quando", "comune", "causa", "fornitura", "autore", "atto", "motivo"]
    number: int = conn.execute(
        sa.insert(registrazione).from_select(names, source).returning(registrazione.c.numero)
    ).scalar_one()
    return number


def at(conn: sa.Connection, moment: datetime) -> int:
    """Return the number of the last registrazione known at a moment (0: none yet)."""
    number: int | None = conn.execute(
        sa.select(sa.func.max(registrazione.c.numero)).where(registrazione.c.quando <= moment)
    ).scalar()
    return number or 0


def parse_noto_al(conn: sa.Connection, text: str | None) -> int | None:
    """Read ``noto_al`` as people write it: empty, a day, a moment, or ``n`` + a number.

    Raises InvalidInput if it is none of these.
    """
    if not text:
        return None
    if text.startswith("n") and text[1:].isdecimal():
        return min(int(text[1:]), 2**62)
    try:
        return at(conn, vigenza.instant(text))
    except (ValueError, OverflowError):
        raise InvalidInput(
            "noto_al", f"«{text}» non è una data (2025-03-01) né un istante (2025-03-01T10:30)"
        ) from None

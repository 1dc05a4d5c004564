"""The log of readings: who looked at whose data, why, and which fields; chained by hash."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from territorio import prepared
from territorio.accessi.policy import Visto
from territorio.prepared import Computation, Statement

_APPEND = "SELECT persone.annota_lettura($1, $2, $3, $4, $5, $6)"
_BROKEN = sa.text(
    "SELECT l.numero FROM ("
    " SELECT r AS riga, r.numero, r.precedente, r.sigillo,"
    " lag(r.sigillo, 1, ''::bytea) OVER (ORDER BY r.numero) AS attesa"
    " FROM persone.lettura r WHERE r.comune = CAST(:comune AS character(4))) l"
    " WHERE l.precedente <> l.attesa"
    " OR l.sigillo <> sha256(l.precedente || convert_to(persone.testo_lettura(l.riga), 'UTF8'))"
    " ORDER BY l.numero LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Lettura:
    """One access to personal data, as it is written down."""

    comune: str
    oggetto: int | None
    campi: tuple[str, ...]


def append(conn: sa.Connection, visto: Visto, lettura: Lettura) -> int:
    """Write down an access in the running transaction and return its number."""
    return prepared.compute(conn, appending(visto, lettura))


def appending(
    visto: Visto, lettura: Lettura, meanwhile: Callable[[], None] | None = None
) -> Computation[int]:
    """Write down an access, as a part of what is computed.

    Call it last: other readings of the municipality wait from here to the commit, which goes in
    the same message. ``meanwhile`` is done while the server writes and makes it durable.
    """
    fields = ",".join(lettura.campi)
    values = (lettura.comune, visto.chi, visto.ruolo.value, visto.scopo, lettura.oggetto, fields)
    row = yield Statement(_APPEND, values, last=True, meanwhile=meanwhile)
    assert row is not None and row[0] is not None  # noqa: S101, PT018 -- a function's one row
    return int(row[0])


def broken_or_none(conn: sa.Connection, comune: str) -> int | None:
    """Return the first reading whose seal does not fit, or None if the chain is whole."""
    number: int | None = conn.execute(_BROKEN, {"comune": comune}).scalar()
    return number

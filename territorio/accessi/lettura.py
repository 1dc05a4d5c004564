"""The log of readings: who looked at whose data, why, and which fields; chained by hash."""

from dataclasses import dataclass

import sqlalchemy as sa

from territorio.accessi.policy import Visto

_APPEND = sa.text("SELECT persone.annota_lettura(:comune, :chi, :ruolo, :scopo, :oggetto, :campi)")
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
    """Write down an access in the running transaction and return its number.

    Call it last: other readings of the municipality wait from here to the commit.
    """
    values = {
        "comune": lettura.comune,
        "chi": visto.chi,
        "ruolo": visto.ruolo.value,
        "scopo": visto.scopo,
        "oggetto": lettura.oggetto,
        "campi": list(lettura.campi),
    }
    number: int = conn.execute(_APPEND, values).scalar_one()
    return number


def broken_or_none(conn: sa.Connection, comune: str) -> int | None:
    """Return the first reading whose seal does not fit, or None if the chain is whole."""
    number: int | None = conn.execute(_BROKEN, {"comune": comune}).scalar()
    return number

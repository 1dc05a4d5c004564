"""Deliveries: what came in, when, from whom, and what became of its records."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from territorio.errors import NotFound
from territorio.schema import fonte, fornitura


@dataclass(frozen=True, slots=True)
class Fornitura:
    """A delivered file that was taken."""

    id: int
    comune: str
    fonte: str
    titolo: str | None
    nome: str
    sha256: str
    byte: int
    data_riferimento: date
    data_elaborazione: date | None
    ricevuta: datetime
    registrazione: int | None
    letti: int
    inseriti: int
    cambiati: int
    invariati: int
    chiusi: int
    rifiutati: int


_COLUMNS = [fornitura.c[name] for name in Fornitura.__slots__ if name != "titolo"]


def find(conn: sa.Connection, numero: int) -> Fornitura:
    """Return a delivery; raise NotFound if there is none of that number."""
    row = conn.execute(_query().where(fornitura.c.id == numero)).one_or_none()
    if row is None:
        raise NotFound("fornitura", numero)
    return Fornitura(**row._mapping)


def search(
    conn: sa.Connection, *, comune: str | None = None, dopo: int | None = None, limite: int = 20
) -> list[Fornitura]:
    """Return deliveries, the newest first, below the number ``dopo``."""
    query = _query().order_by(fornitura.c.id.desc()).limit(limite)
    if comune is not None:
        query = query.where(fornitura.c.comune == comune)
    if dopo is not None:
        query = query.where(fornitura.c.id < dopo)
    return [Fornitura(**row._mapping) for row in conn.execute(query)]


def count(conn: sa.Connection, comune: str | None = None) -> int:
    """Return how many deliveries were taken."""
    query = sa.select(sa.func.count()).select_from(fornitura)
    if comune is not None:
        query = query.where(fornitura.c.comune == comune)
    number: int = conn.execute(query).scalar_one()
    return number


def latest_day(conn: sa.Connection) -> date | None:
    """Return the last day that any delivery speaks for, whatever came in last; or None."""
    day: date | None = conn.execute(sa.select(sa.func.max(fornitura.c.data_riferimento))).scalar()
    return day


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(*_COLUMNS, fonte.c.titolo).select_from(
        sa.outerjoin(fornitura, fonte, fonte.c.codice == fornitura.c.fonte)
    )

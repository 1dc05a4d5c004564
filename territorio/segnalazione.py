"""Issues with the data: what does not fit, or was said and could not be placed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from territorio.errors import InvalidInput, NotFound
from territorio.schema import identita, segnalazione, segnalazione_valore
from territorio.sezione import Sezione, Voce

STATI = ("aperta", "presa in carico", "chiusa")
ERRORE_SEGNALATO = "errore segnalato"
"""Kind of an issue that a reader reported."""

TESTO_MASSIMO = 2_000


@dataclass(frozen=True, slots=True)
class Segnalazione:
    """One issue. What the file or the reader said in their own words is kept apart."""

    id: int
    comune: str
    tipo: str
    oggetto: int | None
    fornitura: int | None
    riga: int | None
    campo: str | None
    motivo: str
    dati: dict[str, Any]
    stato: str
    autore: str
    aperta: datetime


@dataclass(frozen=True, slots=True)
class Filtro:
    """What a list of issues is narrowed to; empty means all."""

    comune: str | None = None
    stato: str | None = None
    tipo: str | None = None
    oggetto: int | None = None


_COLUMNS = [segnalazione.c[name] for name in Segnalazione.__slots__]


def find(conn: sa.Connection, numero: int) -> Segnalazione:
    """Return an issue; raise NotFound if there is none of that number."""
    row = conn.execute(sa.select(*_COLUMNS).where(segnalazione.c.id == numero)).one_or_none()
    if row is None:
        raise NotFound("segnalazione", numero)
    return Segnalazione(**row._mapping)


def search(
    conn: sa.Connection, filtro: Filtro, *, dopo: int | None = None, limite: int = 20
) -> list[Segnalazione]:
    """Return issues, the newest first, below the number ``dopo``."""
    query = sa.select(*_COLUMNS).where(*_conditions(filtro)).order_by(segnalazione.c.id.desc())
    if dopo is not None:
        query = query.where(segnalazione.c.id < dopo)
    return [Segnalazione(**row._mapping) for row in conn.execute(query.limit(limite))]


def count(conn: sa.Connection, filtro: Filtro) -> int:
    """Return how many issues there are."""
    query = sa.select(sa.func.count()).select_from(segnalazione).where(*_conditions(filtro))
    number: int = conn.execute(query).scalar_one()
    return number


def report(conn: sa.Connection, oggetto: int, testo: str, campo: str | None = None) -> Segnalazione:
    """Write down that a reader says something is wrong with an object, and return the issue.

    Their words may name somebody: they stand in ``persone``, not in the issue.
    """
    words = testo.strip()
    if not 3 <= len(words) <= TESTO_MASSIMO:
        raise InvalidInput("testo", f"scrivi che cosa non va, in 3-{TESTO_MASSIMO} caratteri")
    comune = conn.execute(sa.select(identita.c.comune).where(identita.c.id == oggetto)).scalar()
    if comune is None:
        raise NotFound("oggetto", oggetto)
    row = conn.execute(
        sa.insert(segnalazione)
        .values(
            comune=comune,
            tipo=ERRORE_SEGNALATO,
            oggetto=oggetto,
            campo=campo,
            motivo="Chi ha letto la scheda dice che un dato è sbagliato.",
            autore="pubblico",
        )
        .returning(*_COLUMNS)
    ).one()
    conn.execute(
        sa.insert(segnalazione_valore).values(comune=comune, segnalazione=row.id, valore=words)
    )
    return Segnalazione(**row._mapping)


def _conditions(filtro: Filtro) -> list[sa.ColumnElement[bool]]:
    s = segnalazione.c
    pairs = ((s.comune, filtro.comune), (s.stato, filtro.stato), (s.tipo, filtro.tipo),
             (s.oggetto, filtro.oggetto))  # fmt: skip
    return [column == value for column, value in pairs if value is not None]


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the open ones."""
    return {"aperte": sum(1 for riga in righe if riga["valori"].get("stato") != "chiusa")}


SEZIONE = Sezione("segnalazioni", "segnalazioni", conta=conta)

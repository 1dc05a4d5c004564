"""Links: what is kept about "this belongs to that", and what a person decides about it.

A computed link has the author ``calcolo``; any other author is a person, whose judgement
no computation undoes or proposes again (DESIGN §3.6). What follows from a judgement on
other kinds of link appears with the next run of :func:`territorio.collegamento.collega`.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa

from territorio import registrazione, vigenza
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.schema import legame
from territorio.vigenza import Quando

CALCOLO = "calcolo"
"""The author of computed links."""

Stato = Literal["proposto", "confermato", "rifiutato"]
Giudizio = Literal["confermato", "rifiutato"]


@dataclass(frozen=True, slots=True)
class Coppia:
    """What a link is about: two objects of a municipality and the kind of link."""

    comune: str
    tipo: str
    da: int
    a: int

    def __post_init__(self) -> None:
        """Refuse a thing that belongs to itself."""
        if self.da == self.a:
            raise InvalidInput("a", "un oggetto non si collega a se stesso")

    def __str__(self) -> str:
        """Name the pair in a message."""
        return f"{self.tipo} {self.da} → {self.a}"


@dataclass(frozen=True, slots=True)
class Legame:
    """One judgement: from ``da`` to ``a``, how it was found and how sure it is.

    ``misura`` is in m² for areas, in metres where the evidence holds a distance; ``quota``
    is the part of ``da`` that is covered.
    """

    comune: str
    versione: int
    tipo: str
    da: int
    a: int
    valida_dal: date | None
    valida_al: date | None
    nota_da: int
    nota_fino: int | None
    metodo: str
    punteggio: Decimal
    misura: Decimal | None
    quota: Decimal | None
    evidenza: dict[str, object]
    autore: str
    stato: str

    @property
    def giudicato(self) -> bool:
        """Tell whether a person decided."""
        return self.autore != CALCOLO


def search(
    conn: sa.Connection,
    comune: str,
    tipo: str,
    quando: Quando,
    *,
    da: int | None = None,
    a: int | None = None,
    stato: Stato | None = None,
) -> list[Legame]:
    """Return the links of a kind in force, the surest first.

    Rejected ones come only if asked for by ``stato``.
    """
    c = legame.c
    query = sa.select(legame).where(c.comune == comune, c.tipo == tipo, vigenza.in_force(c, quando))
    if da is not None:
        query = query.where(c.da == da)
    if a is not None:
        query = query.where(c.a == a)
    query = query.where(c.stato != "rifiutato" if stato is None else c.stato == stato)
    query = query.order_by(c.punteggio.desc(), c.misura.desc().nulls_last(), c.da, c.a, c.versione)
    return [Legame(**row._mapping) for row in conn.execute(query)]


def judge(
    conn: sa.Connection,
    coppia: Coppia,
    *,
    stato: Giudizio,
    autore: str,
    motivo: str,
    giorni: tuple[date | None, date | None] = (None, None),
) -> int:
    """Write what a person decided about a pair, in place of what stood there.

    Without ``giorni`` the judgement holds for as long as both objects exist; with a first
    day and a day of end, the next run computes the pair before and after them. Returns the
    number of the registrazione.
    """
    _require_person(autore, motivo)
    numero = _register(conn, coppia, autore, motivo)
    found = _standing(conn, coppia)
    _close(conn, coppia.comune, found, numero)
    measured = found[-1] if found else None
    conn.execute(
        sa.insert(legame).values(
            comune=coppia.comune,
            tipo=coppia.tipo,
            da=coppia.da,
            a=coppia.a,
            valida_dal=giorni[0],
            valida_al=giorni[1],
            nota_da=numero,
            metodo="giudizio",
            punteggio=Decimal(1),
            misura=measured and measured.misura,
            quota=measured and measured.quota,
            evidenza={"prima": [_summary(row) for row in found]},
            autore=autore,
            stato=stato,
        )
    )
    return numero


def withdraw(conn: sa.Connection, coppia: Coppia, *, autore: str, motivo: str) -> int:
    """Take back the judgements of people on a pair: the next run computes it again.

    Returns the number of the registrazione; raises NotFound if nobody judged the pair.
    """
    _require_person(autore, motivo)
    numero = _register(conn, coppia, autore, motivo)
    found = [row for row in _standing(conn, coppia) if row.giudicato]
    if not found:
        raise NotFound("giudizio", coppia)
    _close(conn, coppia.comune, found, numero)
    return numero


def _require_person(autore: str, motivo: str) -> None:
    if autore == CALCOLO:
        raise Conflict("Un giudizio è di una persona: «calcolo» non può darne.")
    if not motivo.strip():
        raise InvalidInput("motivo", "un giudizio va motivato")


def _register(conn: sa.Connection, coppia: Coppia, autore: str, motivo: str) -> int:
    """Begin a judgement; what stands is read only after it, so that no other comes between."""
    return registrazione.begin(conn, "giudizio", autore=autore, comune=coppia.comune, motivo=motivo)


def _standing(conn: sa.Connection, coppia: Coppia) -> list[Legame]:
    """Return the rows on a pair in latest knowledge, by their first day."""
    c = legame.c
    query = (
        sa.select(legame)
        .where(
            c.comune == coppia.comune,
            c.tipo == coppia.tipo,
            c.da == coppia.da,
            c.a == coppia.a,
            c.nota_fino.is_(None),
        )
        .order_by(c.valida_dal.asc().nulls_first())
    )
    return [Legame(**row._mapping) for row in conn.execute(query)]


def _close(conn: sa.Connection, comune: str, rows: list[Legame], numero: int) -> None:
    conn.execute(
        sa.update(legame)
        .where(legame.c.comune == comune, legame.c.versione.in_([row.versione for row in rows]))
        .values(nota_fino=numero)
    )


def _summary(row: Legame) -> dict[str, object]:
    """Return what the person had before the eyes."""
    return {
        "metodo": row.metodo,
        "punteggio": float(row.punteggio),
        "stato": row.stato,
        "autore": row.autore,
    }

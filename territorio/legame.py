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
    comune: str,
    tipo: str,
    da: int,
    a: int,
    *,
    stato: Giudizio,
    autore: str,
    motivo: str,
    valida_dal: date | None = None,
    valida_al: date | None = None,
) -> int:
    """Write what a person decided about a pair, in place of what stood there; return the
    number of the registrazione.

    Without days the judgement holds for as long as both objects exist; with days, the
    computed link goes on before and after them at the next run.
    """
    _require_person(autore, motivo)
    if da == a:
        raise InvalidInput("a", "un oggetto non si collega a se stesso")
    found = _standing(conn, comune, tipo, da, a)
    numero = registrazione.begin(conn, "giudizio", autore=autore, comune=comune, motivo=motivo)
    _close(conn, comune, [row.versione for row in found], numero)
    measured = found[-1] if found else None
    conn.execute(
        sa.insert(legame).values(
            comune=comune,
            tipo=tipo,
            da=da,
            a=a,
            valida_dal=valida_dal,
            valida_al=valida_al,
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


def withdraw(
    conn: sa.Connection, comune: str, tipo: str, da: int, a: int, *, autore: str, motivo: str
) -> int:
    """Take back the judgements of people on a pair; return the number of the registrazione.

    The next run computes the pair again. Raises NotFound if nobody judged it.
    """
    _require_person(autore, motivo)
    found = [row for row in _standing(conn, comune, tipo, da, a) if row.giudicato]
    if not found:
        raise NotFound("giudizio", f"{tipo} {da} → {a}")
    numero = registrazione.begin(conn, "giudizio", autore=autore, comune=comune, motivo=motivo)
    _close(conn, comune, [row.versione for row in found], numero)
    return numero


def _require_person(autore: str, motivo: str) -> None:
    if autore == CALCOLO:
        raise Conflict("Un giudizio è di una persona: «calcolo» non può darne.")
    if not motivo.strip():
        raise InvalidInput("motivo", "un giudizio va motivato")


def _standing(conn: sa.Connection, comune: str, tipo: str, da: int, a: int) -> list[Legame]:
    """Return the rows on a pair in latest knowledge, by their first day."""
    c = legame.c
    query = (
        sa.select(legame)
        .where(c.comune == comune, c.tipo == tipo, c.da == da, c.a == a, c.nota_fino.is_(None))
        .order_by(c.valida_dal.asc().nulls_first())
    )
    return [Legame(**row._mapping) for row in conn.execute(query)]


def _close(conn: sa.Connection, comune: str, versioni: list[int], numero: int) -> None:
    conn.execute(
        sa.update(legame)
        .where(legame.c.comune == comune, legame.c.versione.in_(versioni))
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

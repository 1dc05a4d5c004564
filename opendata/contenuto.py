"""What a dataset holds today: how many objects, by whose word, and what they look like.

For the pages of the datasets, as the public reads them. To count all is slow in a large
registry: who asks keeps it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from opendata.dataset import DATASETS, Dataset
from opendata.licenze import Provenienza, binding
from territorio.schema import identita, segnalazione
from territorio.schema_pubblicazione import variazione
from territorio.schema_pubblico import TIPI

RIGHE = 10
"""So many rows show what the others are like."""

_TIPI: tuple[tuple[type[object], str], ...] = (
    (bool, "sì o no"),
    (int, "numero intero"),
    (Decimal, "numero decimale"),
    (date, "data"),
    (str, "testo"),
)


@dataclass(frozen=True, slots=True)
class Contenuto:
    """What a dataset holds on a day: objects by municipality, and the sources they are from."""

    dataset: Dataset
    per_comune: dict[str, int]
    fonti: tuple[Provenienza, ...]

    @property
    def righe(self) -> int:
        """Return how many objects there are."""
        return sum(self.per_comune.values())

    @property
    def al(self) -> date | None:
        """Return the latest day that a source speaks of, or None."""
        days = [one.data_riferimento for one in self.fonti if one.data_riferimento]
        return max(days, default=None)

    @property
    def uscenti(self) -> tuple[Provenienza, ...]:
        """Return the sources whose rows are in the files."""
        return tuple(one for one in self.fonti if not binding(one.licenza))

    @property
    def escluse(self) -> tuple[Provenienza, ...]:
        """Return the sources whose rows stay out of the files."""
        return tuple(one for one in self.fonti if binding(one.licenza))


def search(conn: sa.Connection, giorno: date) -> dict[str, Contenuto]:
    """Return what each dataset holds, by name."""
    f = sa.table(
        "fonte", *map(sa.column, ("codice", "titolo", "editore", "licenza")), schema="pubblico"
    )
    known = {row.codice: row for row in conn.execute(sa.select(f))}
    return {dataset.nome: _read(conn, dataset, giorno, known) for dataset in DATASETS}


def _read(
    conn: sa.Connection, dataset: Dataset, giorno: date, known: dict[str, sa.Row[Any]]
) -> Contenuto:
    t = dataset.tavola.c
    query = (
        sa.select(t.comune, t.fonte, sa.func.count().label("n"), sa.func.max(t.data_riferimento))
        .where(t.dal <= giorno, t.al > giorno)
        .group_by(t.comune, t.fonte)
        .order_by(t.fonte, t.comune)
    )
    per_comune: dict[str, int] = {}
    per_fonte: dict[str, tuple[int, date | None]] = {}
    for comune, fonte, number, day in conn.execute(query):
        per_comune[comune] = per_comune.get(comune, 0) + number
        before, last = per_fonte.get(fonte, (0, None))
        days = [one for one in (last, day) if one is not None]
        per_fonte[fonte] = before + number, max(days, default=None)
    fonti = tuple(_source(code, known.get(code), *of) for code, of in per_fonte.items())
    return Contenuto(dataset, per_comune, fonti)


def _source(code: str, row: sa.Row[Any] | None, number: int, day: date | None) -> Provenienza:
    if row is None:
        # The office's own word is no delivery of anybody.
        return Provenienza(code, "Atti dell’ufficio", "Il comune", "CC BY 4.0", number, day)
    return Provenienza(code, row.titolo, row.editore, row.licenza, number, day)


def preview(
    conn: sa.Connection, dataset: Dataset, giorno: date, comune: str | None = None
) -> list[dict[str, Any]]:
    """Return the first rows of a dataset, by identity."""
    t = dataset.tavola.c
    query = (
        sa.select(t.id, *(t[campo.nome] for campo in dataset.campi))
        .where(t.dal <= giorno, t.al > giorno)
        .order_by(t.id)
        .limit(RIGHE)
    )
    if comune is not None:
        query = query.where(t.comune == comune)
    return [dict(row._mapping) for row in conn.execute(query)]


def kind_of(dataset: Dataset, campo: str) -> str:
    """Return what the values of a field are, in words."""
    column = dataset.tavola.c[campo].type
    return next(words for kind, words in _TIPI if issubclass(column.python_type, kind))


def changes(
    conn: sa.Connection, dataset: str, comune: str, numeri: Iterable[int]
) -> dict[int, dict[str, int]]:
    """Return how many objects each of these versions brought, changed and took away."""
    v = variazione.c
    query = (
        sa.select(v.numero, v.evento, sa.func.count())
        .where(v.dataset == dataset, v.comune == comune, v.numero.in_(list(numeri)))
        .group_by(v.numero, v.evento)
    )
    found: dict[int, dict[str, int]] = {}
    for numero, evento, number in conn.execute(query):
        found.setdefault(numero, {})[evento] = number
    return found


def open_reports(conn: sa.Connection, dataset: Dataset) -> int:
    """Return how many reports about objects of this kind are open; asked as an office."""
    s, i = segnalazione.c, identita.c
    query = (
        sa.select(sa.func.count())
        .select_from(segnalazione.join(identita, i.id == s.oggetto))
        .where(s.stato == "aperta", i.tipo == TIPI[dataset.nome])
    )
    number: int = conn.execute(query).scalar_one()
    return number

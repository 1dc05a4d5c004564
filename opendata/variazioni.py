"""What changed between versions, read as a feed (:mod:`opendata.differenza` writes it).

The feed of a dataset can be replayed: from the first change to the last, put in place what is
new or changed and take out what went, and you hold the published state. Its hash is that of
the version (:func:`state_hash`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from territorio.schema_pubblicazione import pubblicazione, variazione

NUOVO, CAMBIATO, CESSATO = "nuovo", "cambiato", "cessato"


@dataclass(frozen=True, slots=True)
class Stato:
    """How many objects there are, and the hash by which the whole is recognised."""

    righe: int
    impronta: str


@dataclass(frozen=True, slots=True)
class Variazione:
    """What a version changed of one object; ``testo`` is its feature, unless it went."""

    comune: str
    numero: int
    id: int
    evento: str
    impronta: str | None
    testo: str | None

    @property
    def chiave(self) -> str:
        """Return its place in the feed."""
        return f"{self.comune}.{self.numero}.{self.id}"


def state_hash(objects: Iterable[tuple[int, str]]) -> Stato:
    """Return the hash of a state: SHA-256 of the lines «id impronta», by id.

    >>> state_hash([(2, "b"), (1, "a")]) == state_hash([(1, "a"), (2, "b")])
    True
    >>> state_hash([]).impronta[:8]
    'e3b0c442'
    """
    return digest(f"{number} {impronta}\n".encode() for number, impronta in sorted(objects))


def digest(lines: Iterable[bytes]) -> Stato:
    """Return the state that these lines are."""
    found, count = hashlib.sha256(), 0
    for line in lines:
        found.update(line)
        count += 1
    return Stato(count, found.hexdigest())


@dataclass(frozen=True, slots=True)
class Da:
    """Where a reading of the feed begins: after a version, or with those of a day."""

    numero: int = 0
    giorno: date | None = None
    dopo: tuple[str, int, int] | None = None
    """After this change: municipality, number of the version, object."""


def search(
    conn: sa.Connection, dataset: str, comune: str | None, da: Da, limite: int
) -> list[Variazione]:
    """Return changes in the order of the feed: by municipality, version and object.

    A page is read from where the last one ended: first what is left of its municipality, then
    the others. As one condition the two would have all pages before it read again.
    """
    query = _since(dataset, da)
    v = variazione.c
    if da.dopo is None:
        return _read(conn, query if comune is None else query.where(v.comune == comune), limite)
    here, numero, oggetto = da.dopo
    found: list[Variazione] = []
    if comune in {None, here}:
        rest = sa.tuple_(v.numero, v.id) > sa.tuple_(numero, oggetto)
        found = _read(conn, query.where(v.comune == here, rest), limite)
    if comune is None and len(found) < limite:
        found += _read(conn, query.where(v.comune > here), limite - len(found))
    return found


def _since(dataset: str, da: Da) -> sa.Select[Any]:
    """Return the statement that reads the changes from a version or a day on."""
    v, p = variazione.c, pubblicazione.c
    query = sa.select(v.comune, v.numero, v.id, v.evento, v.impronta, v.testo)
    query = query.where(v.dataset == dataset)
    if da.numero:
        query = query.where(v.numero > da.numero)
    if da.giorno is not None:
        of_day = sa.select(p.comune, p.numero).where(p.dataset == dataset, p.giorno >= da.giorno)
        query = query.where(sa.tuple_(v.comune, v.numero).in_(of_day))
    return query


def _read(conn: sa.Connection, query: sa.Select[Any], limite: int) -> list[Variazione]:
    v = variazione.c
    page = query.order_by(v.comune, v.numero, v.id).limit(limite)
    return [Variazione(**row._mapping) for row in conn.execute(page)]


def lines(found: Iterable[Variazione]) -> Iterator[str]:
    """Yield the changes as JSON, one a line; the feature stands in it letter for letter."""
    for one in found:
        said = "null" if one.impronta is None else f'"{one.impronta}"'
        yield (
            f'{{"comune":"{one.comune}","numero":{one.numero},"id":{one.id},'
            f'"evento":"{one.evento}","impronta":{said},"oggetto":{one.testo or "null"}}}'
        )

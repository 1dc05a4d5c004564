"""What changed between versions: written with each version, read as a feed.

The feed of a dataset can be replayed: from the first change to the last, put in place what is
new or changed and take out what went, and you hold the published state. Its hash is that of
the version (:func:`state_hash`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import distinct_on

from opendata.estrazione import Estrazione, Lettore
from opendata.formati.testo import GREZZO
from territorio.schema_pubblicazione import pubblicazione, variazione

NUOVO, CAMBIATO, CESSATO = "nuovo", "cambiato", "cessato"

_SHA256 = sql.SQL("encode(sha256(convert_to(testo, 'UTF8')), 'hex')")


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
    return _digest(f"{number} {impronta}\n".encode() for number, impronta in sorted(objects))


def read_state(lettore: Lettore) -> Stato:
    """Return the state that a reader reads."""
    what = sql.SQL("id::text || ' ' || {}").format(_SHA256)
    return _digest(lettore.copy(lettore.cosa.select(what, order="id"), sql.SQL(GREZZO)))


def _digest(lines: Iterable[bytes]) -> Stato:
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
    return Stato(count, digest.hexdigest())


def record(conn: sa.Connection, cosa: Estrazione, numero: int) -> dict[str, int]:
    """Write what a version changes with respect to those before; return how many of each kind."""
    ora, prima = _now(cosa), _before(cosa)
    evento = sa.case(
        (prima.c.id.is_(None), NUOVO), (ora.c.id.is_(None), CESSATO), else_=CAMBIATO
    ).label("evento")
    changed = (
        sa.select(
            sa.literal(cosa.comune, sa.CHAR(4)),
            sa.literal(cosa.dataset.nome),
            sa.literal(numero),
            sa.func.coalesce(ora.c.id, prima.c.id),
            evento,
            ora.c.impronta,
            ora.c.testo,
        )
        .select_from(ora.join(prima, ora.c.id == prima.c.id, full=True))
        .where(ora.c.impronta.is_distinct_from(prima.c.impronta))
    )
    names = ["comune", "dataset", "numero", "id", "evento", "impronta", "testo"]
    conn.execute(sa.insert(variazione).from_select(names, changed))
    v = variazione.c
    counts = (
        sa.select(v.evento, sa.func.count())
        .where(v.comune == cosa.comune, v.dataset == cosa.dataset.nome, v.numero == numero)
        .group_by(v.evento)
    )
    return {row[0]: row[1] for row in conn.execute(counts)}


def _now(cosa: Estrazione) -> sa.Subquery:
    """Return the objects that are to be published, with the hash of each."""
    t = cosa.dataset.tavola.c
    sha256 = sa.func.sha256(sa.func.convert_to(t.testo, "UTF8"))
    return (
        sa.select(t.id, t.testo, sa.func.encode(sha256, "hex").label("impronta"))
        .where(t.comune == cosa.comune, t.dal <= cosa.giorno, t.al > cosa.giorno)
        .where(t.fonte.not_in(sorted(cosa.senza)))
        .subquery("ora")
    )


def _before(cosa: Estrazione) -> sa.Subquery:
    """Return the objects of the last version, as the changes up to it leave them."""
    v = variazione.c
    last = (
        sa.select(v.id, v.evento, v.impronta)
        .where(v.comune == cosa.comune, v.dataset == cosa.dataset.nome)
        .ext(distinct_on(v.id))
        .order_by(v.id, v.numero.desc())
        .subquery("ultime")
    )
    return sa.select(last.c.id, last.c.impronta).where(last.c.evento != CESSATO).subquery("prima")


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
    """Return changes in the order of the feed: by municipality, version and object."""
    v, p = variazione.c, pubblicazione.c
    query = (
        sa.select(v.comune, v.numero, v.id, v.evento, v.impronta, v.testo)
        .where(v.dataset == dataset)
        .order_by(v.comune, v.numero, v.id)
        .limit(limite)
    )
    if comune is not None:
        query = query.where(v.comune == comune)
    if da.numero:
        query = query.where(v.numero > da.numero)
    if da.giorno is not None:
        of_day = sa.select(p.comune, p.numero).where(p.dataset == dataset, p.giorno >= da.giorno)
        query = query.where(sa.tuple_(v.comune, v.numero).in_(of_day))
    if da.dopo is not None:
        query = query.where(sa.tuple_(v.comune, v.numero, v.id) > sa.tuple_(*da.dopo))
    return [Variazione(**row._mapping) for row in conn.execute(query)]


def lines(found: Iterable[Variazione]) -> Iterator[str]:
    """Yield the changes as JSON, one a line; the feature stands in it letter for letter."""
    for one in found:
        said = "null" if one.impronta is None else f'"{one.impronta}"'
        yield (
            f'{{"comune":"{one.comune}","numero":{one.numero},"id":{one.id},'
            f'"evento":"{one.evento}","impronta":{said},"oggetto":{one.testo or "null"}}}'
        )

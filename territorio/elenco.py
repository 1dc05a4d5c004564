"""Lists of objects: a page by key and the exact number, and one object by its identity.

An object in a list is what every source says of it, side by side, the word that counts first
(:mod:`territorio.prevalenza`). Pages follow the identity, never an offset: the next one costs
what the first did.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any

import sqlalchemy as sa

from territorio import vigenza
from territorio.accessi import rettifica
from territorio.accessi.policy import Visto
from territorio.accessi.redact import redact_section
from territorio.errors import NotFound
from territorio.geometry import SRID, Riquadro
from territorio.identita import Codice
from territorio.prevalenza import UFFICIO, stands
from territorio.schema import fornitura, identita, registrazione
from territorio.sezione import Contenuto, Stato, Voce
from territorio.vigenza import Quando

Oggetto = dict[str, Any]
Columns = sa.ColumnCollection[str, sa.Column[Any]]


@dataclass(frozen=True, slots=True)
class Tipo:
    """A kind of object that can be listed: its table, what is said of it, what it must be."""

    nome: str
    tabella: sa.Table
    campi: tuple[str, ...]
    regole: str
    """The name of its rules in the table of :mod:`territorio.accessi.policy`."""

    componi: Callable[[list[Voce]], list[Voce]]
    solo: Callable[[Columns], sa.ColumnElement[bool]] | None = None


@dataclass(frozen=True, slots=True)
class Filtro:
    """What a list is narrowed to; empty means all."""

    comuni: tuple[str, ...] = ()
    riquadro: Riquadro | None = None
    valori: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elenco:
    """A page of a list: how many there are in all, some of them, and where to go on."""

    numero: int
    elementi: list[Oggetto]
    dopo: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the page as the doors write it."""
        body: dict[str, Any] = {"numero": self.numero, "elementi": self.elementi}
        if self.dopo is not None:
            body["dopo"] = str(Codice(self.dopo))
        return body


@dataclass(frozen=True, slots=True)
class Sguardo:
    """When a list is asked about, and for whom it is written."""

    quando: Quando
    visto: Visto


def page(
    conn: sa.Connection,
    tipo: Tipo,
    filtro: Filtro,
    sguardo: Sguardo,
    *,
    dopo: int | None = None,
    limite: int = 20,
) -> Elenco:
    """Return a page of the objects of a kind that hold on a day."""
    t = tipo.tabella.c
    wanted = sa.and_(*_conditions(tipo, filtro, sguardo))
    query = sa.select(t.comune, t.id).where(wanted).distinct().order_by(t.comune, t.id)
    if dopo is not None:
        query = query.where(sa.tuple_(t.comune, t.id) > sa.tuple_(*_place(conn, tipo, dopo)))
    keys = [(row.comune, row.id) for row in conn.execute(query.limit(limite + 1))]
    elements = objects(conn, tipo, keys[:limite], sguardo)
    following = keys[limite - 1][1] if len(keys) > limite else None
    return Elenco(count(conn, tipo, filtro, sguardo), elements, following)


def one(conn: sa.Connection, tipo: Tipo, oggetto: int, sguardo: Sguardo) -> Oggetto:
    """Return one object with its outline; raise NotFound if it was never issued.

    An object that is not there on the day has no entries. Raises Rectified where the public asks
    what was known before a correction.
    """
    rettifica.require(conn, [oggetto], sguardo.quando, sguardo.visto)
    comune = home(conn, tipo.tabella.name, oggetto)
    found = objects(conn, tipo, [(comune, oggetto)], sguardo, geometry=True)
    return found[0] if found else _object(tipo, oggetto, comune, [])


def home(conn: sa.Connection, tipo: str, oggetto: int) -> str:
    """Return the municipality an object lives in, retired or not; raise NotFound if none does."""
    known = identita.c.id == oggetto, identita.c.tipo == tipo
    comune: str | None = conn.execute(sa.select(identita.c.comune).where(*known)).scalar()
    if comune is None:
        raise NotFound(tipo, oggetto)
    return comune


def kinds(conn: sa.Connection, oggetti: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return of what kind objects are and in which municipality; the unknown are left out."""
    rows = conn.execute(
        sa.select(identita.c.id, identita.c.tipo, identita.c.comune).where(
            identita.c.id.in_(oggetti)
        )
    )
    return {row.id: (row.tipo, row.comune) for row in rows}


def objects(
    conn: sa.Connection,
    tipo: Tipo,
    keys: list[tuple[str, int]],
    sguardo: Sguardo,
    *,
    geometry: bool = False,
) -> list[Oggetto]:
    """Return these objects, in this order, as every source describes them on the day."""
    if not keys:
        return []
    rows = conn.execute(_rows_of(tipo, keys, sguardo.quando, geometry=geometry)).mappings()
    by_id: dict[int, list[Voce]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(_entry(tipo, row, geometry))
    return [
        _object(tipo, number, comune, _redacted(tipo, by_id[number], sguardo.visto))
        for comune, number in keys
        if number in by_id
    ]


def _rows_of(
    tipo: Tipo, keys: list[tuple[str, int]], quando: Quando, *, geometry: bool
) -> sa.Select[tuple[Any, ...]]:
    t = tipo.tabella.c
    columns: list[Any] = [t.id, t.fonte, t.fornitura, t.riga]
    columns += [fornitura.c.data_riferimento.label("data"), t.valida_dal, t.valida_al]
    columns += [t[campo] for campo in tipo.campi]
    if geometry and "geometria" in t:
        columns.append(sa.func.ST_AsGeoJSON(t.geometria, 7, 0).label("geometria"))
    order: list[Any] = [(t.fonte == UFFICIO).desc()]
    if "provvisorio" in t:
        order.append(t.provvisorio)
    origin = sa.outerjoin(tipo.tabella, fornitura, fornitura.c.id == tipo.tabella.c.fornitura)
    return (
        sa.select(*columns)
        .select_from(origin)
        .where(
            t.comune.in_({comune for comune, _ in keys}),
            t.id.in_([number for _, number in keys]),
            vigenza.in_force(t, quando),
        )
        .order_by(*order, t.fonte, t.versione)
    )


_COUNTS: dict[tuple[object, ...], int] = {}
_COUNTS_LOCK = Lock()
_COUNTS_KEPT = 500


def count(conn: sa.Connection, tipo: Tipo, filtro: Filtro, sguardo: Sguardo) -> int:
    """Return how many objects of a kind there are for who looks.

    The answer stays the same until the next registrazione, and is remembered until then.
    """
    last = conn.execute(
        sa.select(registrazione.c.numero, registrazione.c.quando)
        .order_by(registrazione.c.numero.desc())
        .limit(1)
    ).one_or_none()
    box = filtro.riquadro
    which = (tipo.nome, filtro.comuni, box, tuple(sorted(filtro.valori.items())))
    look = sguardo.quando, rettifica.asks_before(sguardo.quando, sguardo.visto)
    key = (*which, *look, None if last is None else tuple(last), str(conn.engine.url))
    number = _COUNTS.get(key)  # in one step: another thread may empty it in between
    if number is None:
        t = tipo.tabella.c
        number = conn.execute(
            sa.select(sa.func.count(t.id.distinct())).where(*_conditions(tipo, filtro, sguardo))
        ).scalar_one()
        with _COUNTS_LOCK:
            if len(_COUNTS) >= _COUNTS_KEPT:
                _COUNTS.clear()
            _COUNTS[key] = number
    return number


def _conditions(tipo: Tipo, filtro: Filtro, sguardo: Sguardo) -> list[sa.ColumnElement[bool]]:
    t = tipo.tabella.c
    found: list[sa.ColumnElement[bool]] = [
        stands(tipo.tabella, sguardo.quando),
        rettifica.untouched(t.id, sguardo.quando, sguardo.visto),
    ]
    if filtro.comuni:
        found.append(t.comune.in_(filtro.comuni))
    if filtro.riquadro is not None:
        box = filtro.riquadro
        corners = (box.ovest, box.sud, box.est, box.nord, SRID)
        found.append(t.geometria.intersects(sa.func.ST_MakeEnvelope(*corners)))
    found += [t[campo] == valore for campo, valore in filtro.valori.items()]
    if tipo.solo is not None:
        found.append(tipo.solo(t))
    return found


def _place(conn: sa.Connection, tipo: Tipo, dopo: int) -> tuple[Any, Any]:
    """Return where the last object of the page before stands in the order."""
    comune = conn.execute(sa.select(identita.c.comune).where(identita.c.id == dopo)).scalar()
    if comune is None:
        raise NotFound(tipo.nome, dopo)
    return sa.literal(comune, sa.CHAR(4)), sa.literal(dopo, sa.BigInteger)


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _entry(tipo: Tipo, row: sa.RowMapping, geometry: bool) -> Voce:
    valori = {campo: _plain(row[campo]) for campo in tipo.campi}
    if geometry and "geometria" in row:
        valori["geometria"] = json.loads(row["geometria"]) if row["geometria"] else None
    return {
        "tipo": tipo.nome,
        "id": row["id"],
        "fonte": row["fonte"],
        "fornitura": row["fornitura"],
        "riga": row["riga"],
        "data": row["data"],
        "dal": row["valida_dal"],
        "al": row["valida_al"],
        "valori": valori,
    }


def _redacted(tipo: Tipo, voci: list[Voce], visto: Visto) -> list[Voce]:
    content = Contenuto(Stato.PRESENTE, tipo.componi(voci))
    return [*redact_section(tipo.regole, content, visto).voci]


def _object(tipo: Tipo, number: int, comune: str, voci: list[Voce]) -> Oggetto:
    codice = str(Codice(number))
    return {
        "id": number,
        "codice": codice,
        "uri": f"/id/{tipo.nome.replace('_', '-')}/{codice}",
        "comune": comune,
        "voci": voci,
    }

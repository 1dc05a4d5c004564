"""The statements behind the items of a collection: one page, or one item, as finished text.

What is in a box is looked for by its box first and fenced (a materialised CTE): left free,
PostgreSQL walks the primary key until enough rows fall into it. The rows found are then taken by
their place in the table, those of the page alone. Where a box holds most of a collection the
walk is right: more than FITTO found, and the other statement is asked instead.

Statements are made by SQLAlchemy and remembered by the shape of a request; what varies are values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by

from opendata.dataset import BY_NAME
from opendata.ogc import crs
from opendata.ogc.cql2 import Forma
from opendata.ogc.cql2_sql import DATE, NUMBER, TEXT, Traduttore, kind_of
from opendata.ogc.fixed import fixed
from opendata.ogc.interrogazione import Interrogazione
from territorio.geometry import SRID
from territorio.prepared import Value, numbered
from territorio.schema_pubblico import properties

FITTO = 50_000
"""Found in a box, so many are no longer sorted: the whole collection is walked instead."""

_DIALECT = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
_VERSIONE = sa.table(
    "versione", sa.column("numero"), sa.column("quando"), sa.column("elaborato"), schema="pubblico"
)
_RIGA: sa.ColumnElement[Any] = sa.literal_column("ctid")

type Espressione = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Modello:
    """All of a request that decides its statement; its values come as parameters."""

    dataset: str
    riquadro: bool
    periodo: bool
    valori: tuple[str, ...]
    filtro: Forma | None
    filtro_crs: str
    ordine: tuple[tuple[str, bool], ...]
    campi: tuple[str, ...] | None
    senza_geometria: bool
    crs: str
    vuoti: tuple[bool, ...] | None
    """Which values of ``dopo`` are null; None without ``dopo``."""
    offset: bool
    conta: bool
    solo_conta: bool
    fg: bool
    elemento: bool
    rado: bool
    """Whether the box is looked for by its index, not by a walk."""


def modello(q: Interrogazione, *, rado: bool = True) -> Modello:
    """Return what decides the statement of a request."""
    return Modello(
        q.dataset.nome,
        q.riquadro is not None,
        q.periodo,
        tuple(name for name, _ in q.valori),
        None if q.filtro is None else q.filtro.forma,
        q.filtro_crs.uri,
        q.ordine,
        q.campi,
        q.senza_geometria,
        q.crs.uri,
        None if q.dopo is None else tuple(value is None for value in q.dopo),
        bool(q.offset),
        q.conta,
        q.solo_conta,
        q.formato == "jsonfg",
        q.elemento is not None,
        rado,
    )


def values(q: Interrogazione) -> dict[str, Value]:
    """Return the parameters of a request."""
    found: dict[str, Value] = {"primo": q.primo, "ultimo": q.ultimo, "limite": q.limite}
    found["offset"] = q.offset
    if q.elemento is not None:
        found["elemento"] = str(q.elemento)
    if q.riquadro is not None:
        found.update(zip(("ovest", "sud", "est", "nord"), q.riquadro, strict=True))
    found.update({f"p{n}": value for n, (_, value) in enumerate(q.valori)})
    if q.filtro is not None:
        found.update({f"v{n}": _written(value) for n, value in enumerate(q.filtro.valori)})
    if q.dopo is not None:
        found.update({f"k{n}": _written(value) for n, value in enumerate(q.dopo)})
    return found


def _written(value: str | float | bool | None) -> str | None:
    """Write a value as the statement reads it: as text, whatever it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@lru_cache(maxsize=500)
def text(m: Modello) -> tuple[str, tuple[str, ...]]:
    """Return the statement with ``$1``, ``$2``… and the names of its parameters in order."""
    made = str(_Pagina(m).select().compile(dialect=_DIALECT))
    names = sorted(set(_names(m)))
    return numbered(made, tuple(names))


def prepared_values(names: tuple[str, ...], given: Mapping[str, Value]) -> list[Value]:
    """Return values in the order of the names."""
    return [given[name] for name in names]


def _names(m: Modello) -> list[str]:
    found = ["primo", "ultimo", "limite", "offset", "elemento", "ovest", "sud", "est", "nord"]
    found += [f"p{n}" for n in range(len(m.valori))]
    found += [f"k{n}" for n in range(len(m.vuoti or ()))]
    return found + [f"v{n}" for n in range(_count(m.filtro))]


def _count(forma: Forma | None) -> int:
    """Return how many values a shape stands for."""
    if forma is None:
        return 0
    if len(forma) == 2 and isinstance(forma[1], int):
        return forma[1] + 1
    return max((_count(part) for part in forma if isinstance(part, tuple)), default=0)


class _Pagina:
    """Puts the statement of a model together."""

    def __init__(self, m: Modello) -> None:
        self.m = m
        self.t = BY_NAME[m.dataset].tavola
        self.crs = crs.SUPPORTED[m.crs]
        # The properties, where the finished text will not do.
        self.campi = m.campi
        if m.campi is None and (m.fg or m.senza_geometria or self.crs is not crs.CRS84):
            self.campi = tuple(properties(self.t))

    def select(self) -> sa.Select[Any]:
        """Return: features as one text, how many, how many there are, the last's key, state."""
        if self.m.solo_conta:
            return sa.select(sa.null(), fixed(0), self._total(), sa.null(), state())
        if self.m.elemento:
            return self._one()
        found = self._box_cte() if self.m.riquadro and self.m.rado else None
        page, by = self._page(found)
        features = sa.func.string_agg(page.c.testo, fixed(","))
        if not self.m.conta:
            total: Espressione = sa.null()
        elif found is None:
            total = self._total()
        else:
            total = sa.select(sa.func.count()).select_from(found).scalar_subquery()
        last = self._last(page, by)
        return sa.select(features, sa.func.count(), total, last, state()).select_from(page)

    def _one(self) -> sa.Select[Any]:
        """Return the same of one item; no row at all if there is none."""
        joined: Any = self.t
        if self.campi:
            joined = self.t.join(self._chosen_fields(self.t), sa.true())
        told = self._feature(self.t).label("testo")
        found = sa.select(told, fixed(1), sa.null(), self.t.c.id, state()).select_from(joined)
        return found.where(*self._conditions()).limit(fixed(1))

    def _chosen_fields(self, t: sa.FromClause) -> sa.FromClause:
        fields = sa.select(*(t.c[name] for name in self.campi or ())).correlate(t)
        return fields.lateral("p")

    def _last(self, page: sa.Subquery, by: list[Espressione]) -> Espressione:
        """Return the key of the last row: its id, or the values sorted by with it as JSON."""
        if not self.m.ordine:
            return sa.func.max(page.c.k0)
        keys = sa.func.json_build_array(*(page.c[f"k{n}"] for n in range(len(by))))
        return sa.func.json_agg(aggregate_order_by(keys, *by)).op("->")(fixed(-1))

    def _box_cte(self) -> sa.CTE:
        """Return the rows in the box, up to one more than FITTO."""
        t = self.t
        found = sa.select(_RIGA.label("riga"), t.c.id, *self._sorted_columns())
        found = found.select_from(t).where(*self._conditions()).limit(fixed(FITTO + 1))
        return found.cte("trovati").prefix_with("MATERIALIZED")

    def _sorted_columns(self) -> list[Espressione]:
        return [self.t.c[name] for name, _ in self.m.ordine if name != "id"]

    def _page(self, found: sa.CTE | None) -> tuple[sa.Subquery, list[Espressione]]:
        """Return the rows of the page with their text, and what they are to be ordered by."""
        t = self.t
        source: Any = t.c if found is None else found.c
        order = [(source[name], down) for name, down in self.m.ordine] + [(source.id, False)]
        keys = [column.label(f"k{n}") for n, (column, _) in enumerate(order)]
        # What is skipped is counted in the index alone, which knows no place in the table.
        skipped = found is None and self.m.offset and not self.m.ordine
        where = t.c.dal if skipped else _RIGA if found is None else found.c.riga
        chosen = sa.select(where.label("riga"), *keys)
        if found is None:
            chosen = chosen.select_from(t).where(*self._conditions())
        if self.m.vuoti is not None:
            chosen = chosen.where(self._after(order))
        chosen = chosen.order_by(*(_sorted(column, down=down) for column, down in order))
        chosen = chosen.limit(sa.bindparam("limite", type_=sa.BigInteger))
        if self.m.offset:
            chosen = chosen.offset(sa.bindparam("offset", type_=sa.BigInteger))
        rows = chosen.subquery("scelti")
        whole = t.alias("intero")
        place: Espressione = sa.literal_column("intero.ctid") == rows.c.riga
        if skipped:
            place = sa.and_(whole.c.id == rows.c.k0, whole.c.dal == rows.c.riga)
        joined: Any = rows.join(whole, place)
        if self.campi:
            joined = joined.join(self._chosen_fields(whole), sa.true())
        told = sa.select(*rows.c, self._feature(whole).label("testo")).select_from(joined)
        # The rows come in this order already: said again, it costs nothing and is certain.
        by = [_sorted(rows.c[f"k{n}"], down=down) for n, (_, down) in enumerate(order)]
        page = told.order_by(*by).subquery("pagina")
        return page, [_sorted(page.c[f"k{n}"], down=down) for n, (_, down) in enumerate(order)]

    def _after(self, order: list[tuple[Espressione, bool]]) -> Espressione:
        """Return the condition "comes after the last of the page before" (nulls come last)."""
        assert self.m.vuoti is not None  # noqa: S101 -- asked by the caller
        alternatives, same = list[Espressione](), list[Espressione]()
        for n, (column, down) in enumerate(order):
            value = _cast(sa.bindparam(f"k{n}", type_=sa.Text), column)
            if self.m.vuoti[n]:
                same.append(column.is_(None))
                continue
            beyond = column < value if down else column > value
            if n < len(order) - 1:  # the last is the id, which everything has
                beyond = sa.or_(beyond, column.is_(None))
            alternatives.append(sa.and_(*same, beyond))
            same.append(column == value)
        return sa.or_(*alternatives)

    def _total(self) -> Espressione:
        found = sa.select(sa.func.count()).select_from(self.t).where(*self._conditions())
        return found.scalar_subquery()

    def _conditions(self) -> list[Espressione]:
        m, t = self.m, self.t
        first = sa.cast(sa.bindparam("primo", type_=sa.Text), sa.Date)
        last = sa.cast(sa.bindparam("ultimo", type_=sa.Text), sa.Date)
        found: list[Espressione] = [t.c.dal <= last, t.c.al > first]
        if m.periodo:
            later = t.alias("poi")
            found.append(
                ~sa.exists().where(later.c.id == t.c.id, later.c.dal > t.c.dal, later.c.dal <= last)
            )
        if m.elemento:
            number = sa.cast(sa.bindparam("elemento", type_=sa.Text), sa.BigInteger)
            found.append(t.c.id == number)
        if m.riquadro:
            found += self._in_box()
        for n, name in enumerate(m.valori):
            value = sa.bindparam(f"p{n}", type_=sa.Text)
            found.append(t.c[name] == _cast(value, t.c[name]))
        if m.filtro is not None:
            found.append(Traduttore(t, crs.SUPPORTED[m.filtro_crs]).condition(m.filtro))
        return found

    def _in_box(self) -> list[Espressione]:
        """Return the conditions "its outline meets the box"; what is inside needs no look."""
        geometry = self.t.c.geometria
        sides = [sa.bindparam(side, type_=sa.Float) for side in ("ovest", "sud", "est", "nord")]
        # As a statement of its own, which is asked once and not at every row.
        box = sa.select(
            sa.func.ST_MakeEnvelope(*sides, fixed(SRID), type_=Geometry)
        ).scalar_subquery()
        # As a case, which no index can answer: else it would be looked for twice, and together.
        meets = sa.case(
            (geometry.op("@")(box), sa.true()), else_=sa.func.ST_Intersects(geometry, box)
        )
        return [geometry.op("&&")(box), meets] if self.m.rado else [meets]

    def _feature(self, t: sa.FromClause) -> Espressione:
        """Return the text of a feature."""
        if self.campi is None:
            return t.c.testo
        m = self.m
        told = sa.func.row_to_json(sa.literal_column("p")) if self.campi else fixed("{}")
        geometry = self._geometry(t)
        parts: list[Any] = ['{"type":"Feature","id":', t.c.id]
        if m.fg:
            parts += [*_fg(t), ',"place":', geometry if self.crs is not crs.CRS84 else "null"]
            geometry = geometry if self.crs is crs.CRS84 else fixed("null")
        parts += [',"geometry":', geometry, ',"properties":', told, "}"]
        return sa.func.concat(*(fixed(one) if isinstance(one, str) else one for one in parts))

    def _geometry(self, t: sa.FromClause) -> Espressione:
        if self.m.senza_geometria:
            return fixed("null")
        turned = self.crs.of(t.c.geometria)
        made = sa.func.ST_AsGeoJSON(turned, fixed(self.crs.decimali), fixed(0))
        return sa.func.coalesce(made, fixed("null"))


def _sorted(column: Espressione, *, down: bool) -> Espressione:
    """Return the order of a column: what is not known comes last either way."""
    return column.desc().nulls_last() if down else column.asc().nulls_last()


def _fg(t: sa.FromClause) -> list[Any]:
    """Return the parts of a JSON-FG feature that tell its days."""
    first = sa.func.coalesce(sa.cast(t.c.valida_dal, sa.Text), fixed(".."))
    last = sa.func.coalesce(sa.cast(t.c.valida_al - fixed(1), sa.Text), fixed(".."))
    return [',"time":{"interval":["', first, '","', last, '"]}']


def _cast(value: Espressione, column: Espressione) -> Espressione:
    """Return a value that came as text as what the column holds."""
    kind = kind_of(column)  # type: ignore[arg-type]
    types: dict[str, Any] = {NUMBER: sa.Numeric, DATE: sa.Date, TEXT: sa.Text}
    if isinstance(column.type, sa.BigInteger) or column.type.python_type is int:
        return sa.cast(value, sa.BigInteger)
    return sa.cast(value, types.get(kind, sa.Boolean))


STATE = "SELECT concat_ws(' ', numero, elaborato, quando) FROM pubblico.versione"
"""Asks for the state of the data alone."""


def state() -> Espressione:
    """Return the expression of the state of the data: it changes with all that is published."""
    v = _VERSIONE.c
    written = sa.func.concat_ws(fixed(" "), v.numero, v.elaborato, v.quando)
    return sa.select(written).select_from(_VERSIONE).scalar_subquery()

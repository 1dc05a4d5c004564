"""CQL2 as SQL: the shape of a filter becomes one condition with parameters ``v0``, ``v1``…

Property names are looked up among the columns of the collection, operators and functions in the
tables here, values are parameters: no word of a filter ever stands in a statement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from opendata.ogc.cql2 import NOME, Forma
from opendata.ogc.crs import Crs
from opendata.ogc.fixed import fixed
from territorio.errors import InvalidParameter
from territorio.schema_pubblico import properties

GEOMETRIA = "geometry"
"""The name of the geometry among the queryables."""

type Espressione = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Termine:
    """An expression and what kind of value it is; ``fine`` is the end of an interval."""

    tipo: str
    sql: Espressione
    fine: Espressione | None = None


NUMBER, TEXT, BOOL, DATE, GEOMETRY, LIST = "number", "text", "bool", "date", "geometry", "list"
INTERVAL = "interval"
_IN_WORDS = {
    NUMBER: "un numero",
    TEXT: "un testo",
    BOOL: "una condizione",
    DATE: "una data",
    GEOMETRY: "una geometria",
    LIST: "un elenco",
    INTERVAL: "un intervallo",
}

_COMPARISONS: dict[str, Callable[[Espressione, Espressione], Espressione]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ARITHMETIC: dict[str, Callable[[Espressione, Espressione], Espressione]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / sa.func.nullif(b, fixed(0)),
    "div": lambda a, b: sa.func.div(a, sa.func.nullif(b, fixed(0))),
    "%": lambda a, b: sa.func.mod(a, sa.func.nullif(b, fixed(0))),
    "^": sa.func.power,
}
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_contains": "ST_Contains",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
}
_S, _E = 0, 1
_TEMPORAL: dict[str, tuple[tuple[int, str, int], ...]] = {
    # which end of the first, how compared, which end of the second (CQL2 table 8)
    "t_after": ((_S, ">", _E),),
    "t_before": ((_E, "<", _S),),
    "t_contains": ((_S, "<", _S), (_E, ">", _E)),
    "t_during": ((_S, ">", _S), (_E, "<", _E)),
    "t_equals": ((_S, "=", _S), (_E, "=", _E)),
    "t_finishedby": ((_S, "<", _S), (_E, "=", _E)),
    "t_finishes": ((_S, ">", _S), (_E, "=", _E)),
    "t_intersects": ((_S, "<=", _E), (_E, ">=", _S)),
    "t_meets": ((_E, "=", _S),),
    "t_metby": ((_S, "=", _E),),
    "t_overlappedby": ((_S, ">", _S), (_S, "<", _E), (_E, ">", _E)),
    "t_overlaps": ((_S, "<", _S), (_E, ">", _S), (_E, "<", _E)),
    "t_startedby": ((_S, "=", _S), (_E, ">", _E)),
    "t_starts": ((_S, "=", _S), (_E, "<", _E)),
}
FUNCTIONS: dict[str, tuple[str, str, Callable[[Espressione], Espressione], str]] = {
    # name: what it takes, what it gives, how, what it is
    "casei": (TEXT, TEXT, sa.func.lower, "Il testo senza distinzione fra maiuscole e minuscole"),
    "accenti": (
        TEXT,
        TEXT,
        lambda a: sa.func.public.unaccent(a),
        "Il testo senza gli accenti",
    ),
    "lower": (TEXT, TEXT, sa.func.lower, "Il testo in minuscole"),
    "upper": (TEXT, TEXT, sa.func.upper, "Il testo in maiuscole"),
    "length": (TEXT, NUMBER, sa.func.char_length, "Quanti caratteri ha il testo"),
    "abs": (NUMBER, NUMBER, sa.func.abs, "Il valore assoluto"),
    "ceil": (NUMBER, NUMBER, sa.func.ceil, "L’intero non minore"),
    "floor": (NUMBER, NUMBER, sa.func.floor, "L’intero non maggiore"),
    "round": (NUMBER, NUMBER, sa.func.round, "L’intero più vicino"),
    "year": (DATE, NUMBER, lambda a: sa.extract("year", a), "L’anno della data"),
    "area": (
        GEOMETRY,
        NUMBER,
        lambda a: sa.func.ST_Area(sa.func.ST_Transform(a, fixed(6933))),
        "L’area sull’ellissoide, in metri quadrati",
    ),
}
"""Functions that filters may use; the page ``/ogc/functions`` reads this table."""


class Traduttore:
    """Turns the shapes of filters on one collection into conditions."""

    def __init__(self, tavola: sa.Table, crs: Crs) -> None:
        """Look properties up in ``tavola``; geometries of filters are in ``crs``."""
        self.tavola, self.crs = tavola, crs
        self.proprieta = frozenset(properties(tavola))

    def condition(self, forma: Forma) -> Espressione:
        """Return the condition; raise InvalidParameter where the filter makes no sense."""
        return self._as(self.term(forma), BOOL, "il filtro")

    def term(self, forma: Forma) -> Termine:
        """Return the term of a shape."""
        kind = forma[0]
        if kind == "op":
            return self._op(forma[1], forma[2:])
        if kind == "property":
            return self._property(forma[1])
        if kind == "interval":
            return self._interval(forma[1], forma[2])
        if kind == "list":
            return Termine(LIST, sa.tuple_(*(self.term(one).sql for one in forma[1:])))
        return self._value(kind, forma[1])

    def _property(self, name: str) -> Termine:
        if name in {GEOMETRIA, "geometria", "geom"}:
            return Termine(GEOMETRY, self.tavola.c.geometria)
        if name == "id":
            return Termine(NUMBER, self.tavola.c.id)
        if name not in self.proprieta:
            raise InvalidParameter(
                NOME, f"«{name}» non è un campo di {self.tavola.name}: vedi queryables"
            )
        column = self.tavola.c[name]
        return Termine(kind_of(column), column)

    def _value(self, kind: str, place: int) -> Termine:
        name = f"v{place}"
        if kind == "geometry":
            made = sa.func.ST_GeomFromGeoJSON(sa.bindparam(name, type_=sa.Text))
            return Termine(GEOMETRY, self.crs.kept(sa.func.ST_MakeValid(sa.func.ST_Force2D(made))))
        types: dict[str, tuple[str, Any]] = {
            "text": (TEXT, sa.Text),
            "number": (NUMBER, sa.Numeric),
            "bool": (BOOL, sa.Boolean),
            "date": (DATE, sa.Date),
            "timestamp": (DATE, sa.DateTime(timezone=False)),
        }
        tipo, column = types[kind]
        return Termine(tipo, sa.cast(sa.bindparam(name, type_=sa.Text), column))

    def _interval(self, first: Forma, last: Forma) -> Termine:
        return Termine(INTERVAL, self._end(first, "-infinity"), self._end(last, "infinity"))

    def _end(self, forma: Forma, without: str) -> Espressione:
        """Return an end of an interval: what is open, or not known to end, has none."""
        if forma[0] == "text":
            bound = sa.bindparam(f"v{forma[1]}", type_=sa.Text)
            plain = sa.func.coalesce(sa.func.nullif(bound, fixed("..")), fixed(without))
            # A moment in UTC: a column of days stands for their beginnings.
            return sa.cast(
                sa.func.replace(plain, fixed("Z"), fixed("")), sa.DateTime(timezone=False)
            )
        found = self._as(self.term(forma), DATE, "un estremo dell’intervallo")
        return sa.func.coalesce(found, sa.cast(fixed(without), sa.Date))

    def _op(self, name: str, args: tuple[Forma, ...]) -> Termine:
        if name in {"and", "or", "not"}:
            return self._logical(name, args)
        if name in _COMPARISONS:
            return self._comparison(name, args)
        if name in _ARITHMETIC:
            a, b = self._numbers(name, args)
            return Termine(NUMBER, _ARITHMETIC[name](a, b))
        if name in _SPATIAL or name == "s_disjoint":
            return self._spatial(name, args)
        if name in _TEMPORAL or name == "t_disjoint":
            return self._temporal(name, args)
        if name in FUNCTIONS:
            takes, gives, make, _ = FUNCTIONS[name]
            (arg,) = self._args(name, args, 1)
            return Termine(gives, make(self._as(arg, takes, name)))
        found = getattr(self, f"_{name}", None) if name in {"like", "between", "in"} else None
        if found is not None:
            term: Termine = found(args)
            return term
        if name == "isnull":
            (arg,) = self._args(name, args, 1)
            return Termine(BOOL, arg.sql.is_(None))
        raise InvalidParameter(NOME, f"«{name}» non è fra gli operatori e le funzioni serviti")

    def _logical(self, name: str, args: tuple[Forma, ...]) -> Termine:
        parts = [self._as(self.term(one), BOOL, name.upper()) for one in args]
        if name == "not":
            (part,) = parts if len(parts) == 1 else (sa.null(),)
            return Termine(BOOL, sa.not_(part))
        return Termine(BOOL, sa.and_(*parts) if name == "and" else sa.or_(*parts))

    def _comparison(self, name: str, args: tuple[Forma, ...]) -> Termine:
        a, b = self._alike(name, *self._args(name, args, 2))
        return Termine(BOOL, _COMPARISONS[name](a.sql, b.sql))

    def _like(self, args: tuple[Forma, ...]) -> Termine:
        text, pattern = (self._as(one, TEXT, "LIKE") for one in self._args("LIKE", args, 2))
        return Termine(BOOL, text.like(pattern))

    def _between(self, args: tuple[Forma, ...]) -> Termine:
        value, low, high = self._args("BETWEEN", args, 3)
        first, least = self._alike("BETWEEN", value, low)
        _, most = self._alike("BETWEEN", value, high)
        return Termine(BOOL, first.sql.between(least.sql, most.sql))

    def _in(self, args: tuple[Forma, ...]) -> Termine:
        if len(args) != 2 or args[1][0] != "list" or len(args[1]) == 1:
            raise InvalidParameter(NOME, "IN vuole un campo e un elenco di valori")
        value = self.term(args[0])
        among = [self._alike("IN", value, self.term(one)) for one in args[1][1:]]
        return Termine(BOOL, sa.or_(*(a.sql == b.sql for a, b in among)))

    def _spatial(self, name: str, args: tuple[Forma, ...]) -> Termine:
        a, b = (self._as(one, GEOMETRY, name.upper()) for one in self._args(name, args, 2))
        if name == "s_disjoint":
            return Termine(BOOL, sa.not_(sa.func.ST_Intersects(a, b)))
        return Termine(BOOL, getattr(sa.func, _SPATIAL[name])(a, b, type_=sa.Boolean))

    def _temporal(self, name: str, args: tuple[Forma, ...]) -> Termine:
        if name == "t_disjoint":
            return Termine(BOOL, sa.not_(self._temporal("t_intersects", args).sql))
        first, second = (self._ends(name, one) for one in self._args(name, args, 2))
        found = [_COMPARISONS[how](first[i], second[j]) for i, how, j in _TEMPORAL[name]]
        return Termine(BOOL, sa.and_(*found))

    def _ends(self, name: str, term: Termine) -> tuple[Espressione, Espressione]:
        """Return both ends of what happens in time: of an instant they are the same."""
        if term.tipo == INTERVAL and term.fine is not None:
            return term.sql, term.fine
        instant = self._as(term, DATE, name.upper())
        return instant, instant

    def _args(self, name: str, args: tuple[Forma, ...], count: int) -> list[Termine]:
        if len(args) != count:
            raise InvalidParameter(NOME, f"{name.upper()} vuole {count} argomenti, non {len(args)}")
        return [self.term(one) for one in args]

    def _numbers(self, name: str, args: tuple[Forma, ...]) -> tuple[Espressione, Espressione]:
        a, b = (self._as(one, NUMBER, name) for one in self._args(name, args, 2))
        return a, b

    def _alike(self, name: str, a: Termine, b: Termine) -> tuple[Termine, Termine]:
        """Return two terms that may be compared; a text beside a date is the date it spells."""
        if {a.tipo, b.tipo} == {TEXT, DATE}:
            a, b = (
                Termine(DATE, sa.cast(one.sql, sa.Date)) if one.tipo == TEXT else one
                for one in (a, b)
            )
        if a.tipo != b.tipo or a.tipo in {GEOMETRY, LIST, INTERVAL}:
            raise InvalidParameter(
                NOME,
                f"{name} confronta {_IN_WORDS[a.tipo]} con {_IN_WORDS[b.tipo]}",
            )
        return a, b

    def _as(self, term: Termine, tipo: str, where: str) -> Espressione:
        if term.tipo != tipo:
            raise InvalidParameter(
                NOME, f"{where} vuole {_IN_WORDS[tipo]}, non {_IN_WORDS[term.tipo]}"
            )
        return term.sql


def kind_of(column: sa.Column[Any]) -> str:
    """Return what kind of value a column holds."""
    if isinstance(column.type, sa.Boolean):
        return BOOL
    if isinstance(column.type, sa.Integer | sa.Numeric):
        return NUMBER
    return DATE if isinstance(column.type, sa.Date) else TEXT

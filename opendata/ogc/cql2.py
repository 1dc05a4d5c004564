"""CQL2 (OGC 21-065r2): filters as text or JSON, read into one tree and taken apart.

A filter comes from anybody: it is refused before it is read where it is too long or too deep (the
parser's time doubles with each open parenthesis it cannot close). What is read is taken
apart into its shape, which decides the statement and is remembered, and its values, which go
to the database as parameters.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import cql2
import orjson

from territorio.errors import InvalidParameter

NOME = "filter"
LUNGO = 60_000
"""Characters of a filter."""
PROFONDO = 12
"""How deep its parentheses may stand in each other."""
NODI = 2_000
"""Operators and values of a filter."""

TEXT, JSON = "cql2-text", "cql2-json"
LANGUAGES = (TEXT, JSON)

type Node = dict[str, Any] | list[Any] | str | float | bool | None
"""CQL2 JSON."""

type Forma = tuple[Any, ...]
"""A filter without its values: ``("op", name, *shapes)``, ``("property", name)``,
``("text" | "number" | "bool" | "date" | "timestamp" | "geometry", place of the value)``,
``("interval", shape, shape)``, ``("list", *shapes)``."""


@dataclass(slots=True)
class Filtro:
    """A filter taken apart."""

    forma: Forma
    valori: list[str | float | bool] = field(default_factory=list)


def read(text: str, language: str) -> Filtro:
    """Read a filter; raise InvalidParameter if it is none, or too much of one."""
    if len(text) > LUNGO:
        raise InvalidParameter(NOME, f"ha {len(text)} caratteri, al massimo {LUNGO}")
    if not text.strip():
        raise InvalidParameter(NOME, "è vuoto")
    if "\0" in text:
        raise InvalidParameter(NOME, "contiene un carattere che non può stare in un testo")
    node = _of_json(text) if language == JSON else _of_text(text)
    parts = _Parti()
    return Filtro(parts.take(node, 0), parts.valori)


def _of_json(text: str) -> Node:
    if text.count("{") + text.count("[") > 20 * NODI:
        raise InvalidParameter(NOME, "ha troppe parti")
    try:
        found: Node = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(NOME, f"non è CQL2 JSON: non è JSON ({error})") from None
    return found


def _of_text(text: str) -> Node:
    _require_shallow(text)
    try:
        found: Node = cql2.parse_text(text).to_json()
    except cql2.ParseError as error:
        raise InvalidParameter(NOME, f"non è CQL2 text: {_where(str(error))}") from None
    except (cql2.ValidationError, ValueError):
        raise InvalidParameter(NOME, "non è CQL2 text") from None
    return found


def _where(said: str) -> str:
    """Return where the parser stopped, in our words."""
    place = said.partition("-->")[2].split("\n")[0].strip()
    return f"non si capisce da riga e colonna {place}" if place else "non si capisce"


def _require_shallow(text: str) -> None:  # noqa: C901 -- one step a sign
    depth, quoted = 0, ""
    for char in text:
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "'\"":
            quoted = char
        elif char == "(":
            depth += 1
            if depth > PROFONDO:
                raise InvalidParameter(NOME, f"ha più di {PROFONDO} parentesi una nell’altra")
        elif char == ")":
            depth -= 1
            if depth < 0:
                raise InvalidParameter(NOME, "chiude una parentesi che non ha aperto")
    if quoted:
        raise InvalidParameter(NOME, "apre un apice che non chiude")
    if depth:
        raise InvalidParameter(NOME, "apre una parentesi che non chiude")
    # The parser goes as deep as signs and negations are many, whose depth no one sees above.
    if text.lower().count("not") + text.count("-") > NODI:
        raise InvalidParameter(NOME, "ha troppe parti")


class _Parti:
    """Takes a tree apart."""

    def __init__(self) -> None:
        self.valori: list[str | float | bool] = []
        self.nodi = 0

    def take(self, node: Node, depth: int) -> Forma:
        """Return the shape of a node; its values are put aside."""
        self.nodi += 1
        if self.nodi > NODI or depth > 4 * PROFONDO:
            raise InvalidParameter(NOME, "ha troppe parti")
        if isinstance(node, bool):
            return self._value("bool", node)
        if isinstance(node, int | float):
            return self._value("number", _number(node))
        if isinstance(node, str):
            return self._value("text", node)
        if isinstance(node, list):
            return ("list", *(self.take(one, depth + 1) for one in node))
        if not isinstance(node, dict):
            raise InvalidParameter(NOME, "contiene un nullo: si scrive IS NULL")
        if "op" in node:
            args = node.get("args")
            if not isinstance(node["op"], str) or not isinstance(args, list):
                raise InvalidParameter(NOME, "ha un operatore senza nome o senza argomenti")
            return ("op", node["op"].lower(), *(self.take(one, depth + 1) for one in args))
        return self._special(node, depth)

    def _special(self, node: dict[str, Any], depth: int) -> Forma:
        if isinstance(node.get("property"), str):
            return ("property", node["property"])
        if isinstance(node.get("date"), str):
            return self._value("date", _moment(node["date"]).date().isoformat())
        if isinstance(node.get("timestamp"), str):
            return self._value("timestamp", _moment(node["timestamp"]).isoformat())
        if isinstance(node.get("interval"), list) and len(node["interval"]) == 2:
            return ("interval", *(self.take(_end(one), depth + 1) for one in node["interval"]))
        if isinstance(node.get("bbox"), list):
            return self._value("geometry", _json(_polygon(node["bbox"])))
        if isinstance(node.get("type"), str):
            require_geometry(node)
            return self._value("geometry", _json(node))
        raise InvalidParameter(NOME, f"contiene «{', '.join(node)}», che CQL2 non conosce")

    def _value(self, kind: str, value: str | float | bool) -> Forma:
        self.valori.append(value)
        return (kind, len(self.valori) - 1)


def _end(node: Node) -> Node:
    """Return an end of an interval, a written one as the moment it is."""
    if isinstance(node, str) and node not in {"", ".."}:
        return _moment(node).isoformat()
    return node


def _moment(text: str) -> datetime:
    """Read a date or a moment; return it in UTC, without saying so."""
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        raise InvalidParameter(NOME, f"«{text[:40]}» non è una data né un istante") from None
    if not 1 < found.year < 9999:
        raise InvalidParameter(NOME, f"«{text[:40]}» è fuori dal calendario")
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _number(value: float) -> float:
    if not math.isfinite(value) or abs(value) > 1e15:
        raise InvalidParameter(NOME, f"{value} è troppo grande")
    return int(value) if value == int(value) else value


def _json(node: object) -> str:
    return json.dumps(node)


def _polygon(numbers: list[Any]) -> dict[str, Any]:
    """Return a box, of four numbers or six, as the polygon it is."""
    if len(numbers) not in {4, 6} or not all(_is_number(one) for one in numbers):
        raise InvalidParameter(NOME, "ha un riquadro che non è di quattro numeri")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if south > north or west > east:
        raise InvalidParameter(NOME, "ha un riquadro con gli angoli scambiati")
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


_DEEP = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}


def require_geometry(node: dict[str, Any]) -> None:
    """Raise InvalidParameter if this is no GeoJSON geometry that PostGIS could work with."""
    kind = node["type"]
    if kind == "GeometryCollection":
        parts = node.get("geometries")
        if not isinstance(parts, list) or not parts:
            raise InvalidParameter(NOME, "ha una raccolta di geometrie senza geometrie")
        for part in parts:
            if not isinstance(part, dict) or part.get("type") not in _DEEP:
                raise InvalidParameter(NOME, "ha una raccolta con ciò che non è una geometria")
            require_geometry(part)
        return
    if kind not in _DEEP:
        raise InvalidParameter(NOME, f"ha una geometria di tipo «{kind}»")
    for line in _lines(node.get("coordinates"), _DEEP[kind]):
        if len(line) < _LEAST.get(kind, 1):
            raise InvalidParameter(NOME, f"ha un {kind} con troppo pochi punti")
        if kind.endswith("Polygon") and line[0] != line[-1]:
            raise InvalidParameter(NOME, f"ha un {kind} che non si chiude")


def _lines(coordinates: object, deep: int) -> Iterator[list[Any]]:
    """Yield the lines of positions, each position seen to be one."""
    if deep == 0:
        coordinates = [coordinates]
    if not isinstance(coordinates, list) or not coordinates:
        raise InvalidParameter(NOME, "ha una geometria senza coordinate")
    if deep > 1:
        for part in coordinates:
            yield from _lines(part, deep - 1)
        return
    for position in coordinates:
        if not isinstance(position, list) or not 2 <= len(position) <= 4:
            raise InvalidParameter(NOME, "ha una posizione che non è di due numeri")
        if not all(_is_number(one) for one in position):
            raise InvalidParameter(NOME, "ha una posizione che non è di numeri")
    yield coordinates


def _is_number(one: object) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e9

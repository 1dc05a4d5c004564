"""The statements of the floor, one function for each work: what PostGIS can give.

``tuned`` is the product's own statement, so that floor and product do the same work, unless a
better one is known (of boxes, of pages by offset). ``simple`` is what is written without further
thought, from a plain table: rows made into JSON and outlines turned as they are asked for. Both
answer the same; where the simple form is the faster one, the bar is on it.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from opendata.dataset import BY_NAME
from opendata.ogc import interrogazione, statement, tasselli
from territorio.prepared import Value

type Domanda = tuple[str, list[object]]
"""A statement, and what stands for its ``$1``, ``$2``…"""

FILTRO = "uso='0801' AND altezza_m>10"
"""The condition of the work «CQL2»: one building of forty."""

GIORNO = "2024-02-29"
"""A day of which the store of squares holds none, and on which every building stands."""


@cache
def _frase(**asked: str) -> tuple[str, tuple[str, ...], dict[str, Value]]:
    """Return the product's statement for a request like this, and the values it has in it."""
    q = interrogazione.read(
        BY_NAME["edifici"], [(k.replace("_", "-"), v) for k, v in asked.items()]
    )
    query, names = statement.text(statement.modello(q))
    return _RIQUADRO.sub(r"(SELECT \g<0>)", query), names, statement.values(q)


# As a parameter of a function the box would be made again for each row that is looked at.
_RIQUADRO = re.compile(r"(?<!SELECT )ST_MakeEnvelope\([^)]*\)")


def _said(asked: dict[str, str], **changed: object) -> Domanda:
    query, names, values = _frase(**asked)
    return query, [changed.get(name, values[name]) for name in names]


def _box(text: str) -> dict[str, object]:
    return dict(zip(("ovest", "sud", "est", "nord"), map(float, text.split(",")), strict=True))


def items(limit: str, count: str, box: str) -> Domanda:
    """Return the page of items in a box, with the number of all of them or without."""
    asked = {"bbox": "0,0,1,1", "skipCount": "false" if count == "1" else "true"}
    return _said(asked, limite=int(limit), **_box(box))


def cql2(box: str) -> Domanda:
    """Return ten items in a box that fulfil a condition, and how many there are."""
    return _said({"bbox": "0,0,1,1", "filter": FILTRO}, **_box(box))


def hits(box: str) -> Domanda:
    """Return how many items are in a box."""
    return _said({"bbox": "0,0,1,1", "resulttype": "hits"}, **_box(box))


def page(limit: str) -> Domanda:
    """Return the first page of all."""
    return _said({"skipCount": "true"}, limite=int(limit))


def after(limit: str, key: str) -> Domanda:
    """Return the page of all that begins after an item."""
    return _said({"skipCount": "true", "dopo": "1"}, limite=int(limit), k0=key)


def offset(limit: str, many: str) -> Domanda:
    """Return the page of all that begins after so many, chosen by an index that holds it all."""
    return _OFFSET, [int(limit), int(many), date.today().isoformat()]  # noqa: DTZ011 -- as here


_OFFSET = """
  SELECT string_agg(e.testo, ','), count(*) FROM (
    SELECT e.id, e.testo FROM pubblico.edifici AS e
    WHERE e.dal <= $3::date AND e.al > $3::date AND e.id = ANY (ARRAY(
      SELECT id FROM pubblico.edifici WHERE dal <= $3::date AND al > $3::date
      ORDER BY id LIMIT $1::bigint OFFSET $2::bigint
    ))
    ORDER BY e.id
  ) AS e"""


def item(number: str) -> Domanda:
    """Return one item."""
    query, names, values = _uno()
    return query, [{**values, "elemento": number}[name] for name in names]


@cache
def _uno() -> tuple[str, tuple[str, ...], dict[str, Value]]:
    q = interrogazione.read(BY_NAME["edifici"], [], elemento=1)
    return *statement.text(statement.modello(q)), statement.values(q)


def tile(z: str, x: str, y: str) -> Domanda:
    """Return a square of the map, as it was on a day that the store does not hold."""
    strato, t = tasselli.STRATI["edifici"], tasselli.Tassello(int(z), int(x), int(y))
    query, names = tasselli.text(strato, t.z, periodo=False, rado=False)
    given = {**tasselli.values(strato, t), "primo": GIORNO, "ultimo": GIORNO}
    return query, [given[name] for name in names]


_SIMPLE = {
    "items": """
      SELECT json_agg(pari.feature(e))::text, count(*) FROM (
        SELECT * FROM (
          SELECT * FROM pari.edifici
          WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326)) OFFSET 0
        ) AS e ORDER BY e.id LIMIT $5
      ) AS e""",
    "items counted": """
      SELECT json_agg(pari.feature(e))::text, count(*), (
        SELECT count(*) FROM pari.edifici
        WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326))
      ) FROM (
        SELECT * FROM (
          SELECT * FROM pari.edifici
          WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326)) OFFSET 0
        ) AS e ORDER BY e.id LIMIT $5
      ) AS e""",
    "cql2": """
      SELECT json_agg(pari.feature(e))::text, count(*), (
        SELECT count(*) FROM pari.edifici
        WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326))
          AND uso = '0801' AND altezza_m > 10
      ) FROM (
        SELECT * FROM (
          SELECT * FROM pari.edifici
          WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326))
            AND uso = '0801' AND altezza_m > 10 OFFSET 0
        ) AS e ORDER BY e.id LIMIT 10
      ) AS e""",
    "hits": """
      SELECT NULL, 0, count(*) FROM pari.edifici
      WHERE ST_Intersects(geometria, ST_MakeEnvelope($1, $2, $3, $4, 4326))""",
    "page": """
      SELECT json_agg(pari.feature(e))::text, count(*) FROM (
        SELECT * FROM pari.edifici ORDER BY id LIMIT $1 OFFSET $2
      ) AS e""",
    "item": "SELECT pari.feature(e)::text, 1 FROM pari.edifici AS e WHERE id = $1",
}


def _numbers(box: str) -> list[object]:
    return [float(one) for one in box.split(",")]


def simple_items(limit: str, count: str, box: str) -> Domanda:
    """Return the page of items in a box, with the number of all of them or without."""
    query = _SIMPLE["items counted" if count == "1" else "items"]
    return query, [*_numbers(box), int(limit)]


def simple_cql2(box: str) -> Domanda:
    """Return ten items in a box that fulfil a condition, and how many there are."""
    return _SIMPLE["cql2"], _numbers(box)


def simple_hits(box: str) -> Domanda:
    """Return how many items are in a box."""
    return _SIMPLE["hits"], _numbers(box)


def simple_offset(limit: str, many: str) -> Domanda:
    """Return the page of all that begins after so many."""
    return _SIMPLE["page"], [int(limit), int(many)]


def simple_page(limit: str) -> Domanda:
    """Return the first page of all."""
    return simple_offset(limit, "0")


def simple_item(number: str) -> Domanda:
    """Return one item."""
    return _SIMPLE["item"], [int(number)]


def simple_tile(z: str, x: str, y: str) -> Domanda:
    """Return a square of the map, with all attributes."""
    return (
        "SELECT ST_AsMVT(t, 'edifici', 4096, 'geometria', 'id'), 1 FROM ("
        " SELECT e.id, e.comune, e.codice, e.classe, e.provvisorio, e.uso, e.tipo, e.stato,"
        "  e.piani, e.altezza_m, e.anno, e.area_mq, e.fonte,"
        "  e.data_riferimento::text AS data_riferimento, e.valida_dal::text AS valida_dal,"
        "  ST_AsMVTGeom(ST_Transform(e.geometria, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64)"
        "   AS geometria"
        " FROM pari.edifici AS e"
        " WHERE e.geometria && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096),"
        "  4326)"
        ") AS t",
        [int(z), int(x), int(y)],
    )


LAVORI: dict[str, Callable[..., Domanda]] = {
    "tuned/items": items,
    "tuned/item": item,
    "tuned/cql2": cql2,
    "tuned/hits": hits,
    "tuned/page": page,
    "tuned/after": after,
    "tuned/offset": offset,
    "tuned/tile": tile,
    "simple/items": simple_items,
    "simple/item": simple_item,
    "simple/cql2": simple_cql2,
    "simple/hits": simple_hits,
    "simple/page": simple_page,
    "simple/offset": simple_offset,
    "simple/tile": simple_tile,
}
"""The statement of each work, by the first two parts of its address."""

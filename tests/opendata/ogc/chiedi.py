"""Ask a collection as a client does, without a server."""

from typing import Any

import orjson
import sqlalchemy as sa

from opendata.dataset import BY_NAME
from opendata.ogc import interrogazione, pagina
from opendata.ogc.pagina import Conteggi, Pagina
from territorio import prepared


def page(conn: sa.Connection, nome: str, conteggi: Conteggi | None = None, **asked: Any) -> Pagina:
    """Return a page of items; a parameter with a hyphen is given with ``_``."""
    names = {"bbox_crs": "bbox-crs", "filter_lang": "filter-lang", "filter_crs": "filter-crs"}
    parameters = [(names.get(name, name), str(value)) for name, value in asked.items()]
    q = interrogazione.read(BY_NAME[nome], parameters)
    return prepared.compute(conn, pagina.read(q, conteggi or Conteggi()))


def items(conn: sa.Connection, nome: str, **asked: Any) -> list[dict[str, Any]]:
    """Return the features of a page."""
    found: list[dict[str, Any]] = orjson.loads(b"[" + page(conn, nome, **asked).features + b"]")
    return found


def numbers(conn: sa.Connection, nome: str, **asked: Any) -> list[int]:
    """Return the ids of the features of a page."""
    return [feature["id"] for feature in items(conn, nome, **asked)]

"""pygeoapi's way to our collections: a provider that answers with what the fast doors answer.

pygeoapi makes a provider for each request and hands it parameters that it has read in its own way
(a bbox it turned with PROJ, a filter it parsed with another grammar). The request was read
before by :mod:`opendata.ogc.interrogazione`; the provider is told what it found, and on which
connection to ask, by a context variable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError

from opendata.dataset import BY_NAME
from opendata.ogc import pagina
from opendata.ogc.interrogazione import Interrogazione
from opendata.ogc.pagina import Conteggi
from opendata.ogc.schema import schema_of
from territorio import prepared


@dataclass(frozen=True, slots=True)
class Contesto:
    """What a provider needs of the request it serves."""

    conn: sa.Connection
    conteggi: Conteggi
    interrogazione: Interrogazione | None = None


_CONTESTO: ContextVar[Contesto | None] = ContextVar("contesto", default=None)


@contextmanager
def serving(contesto: Contesto) -> Iterator[None]:
    """Serve a request of this context."""
    token = _CONTESTO.set(contesto)
    try:
        yield
    finally:
        _CONTESTO.reset(token)


class Elementi(BaseProvider):  # type: ignore[misc] # pygeoapi has no types
    """The items of a collection."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        """Begin with the definition that the configuration gives."""
        super().__init__(provider_def)
        self.dataset = BY_NAME[provider_def["data"]]
        self._fields = schema_of(provider_def["data"])

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Return the properties with their JSON types."""
        fields: dict[str, dict[str, Any]] = self._fields
        return fields

    def query(self, **_: Any) -> dict[str, Any]:
        """Return the page that was asked for, as pygeoapi wants it."""
        contesto, q = _asked()
        found = prepared.compute(contesto.conn, pagina.read(q, contesto.conteggi))
        body: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": orjson.loads(b"[" + found.features + b"]"),
            "numberReturned": found.numero,
        }
        if found.trovati is not None:
            body["numberMatched"] = found.trovati
        return body

    def get(self, identifier: str, **_: Any) -> dict[str, Any]:
        """Return one item; raise what pygeoapi answers 404 to."""
        contesto, q = _asked()
        found = prepared.compute(contesto.conn, pagina.read(q, contesto.conteggi))
        if found.vuota:
            raise ProviderItemNotFoundError(user_msg=f"«{identifier}» non c’è")
        feature: dict[str, Any] = orjson.loads(found.features)
        return feature


def _asked() -> tuple[Contesto, Interrogazione]:
    contesto = _CONTESTO.get()
    assert contesto is not None  # noqa: S101 -- servizio.py sets both before it calls
    assert contesto.interrogazione is not None  # noqa: S101
    return contesto, contesto.interrogazione

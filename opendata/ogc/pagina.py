"""A page of items: asked of the database in one message, put together without a look at it.

The features come as one text. What stands around them is written here: how many there are, the
links, the moment.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import orjson

from opendata.ogc import statement
from opendata.ogc.interrogazione import Interrogazione
from territorio.prepared import Computation, Statement, Value

RICORDATI = 2_000
"""Counts that are remembered, as long as the data are the same."""

_EMPTY = b""


@dataclass(frozen=True, slots=True)
class Pagina:
    """What the database says of a page; ``trovati`` None where nobody wanted it."""

    features: bytes
    numero: int
    trovati: int | None
    ultimo: tuple[Any, ...] | None
    stato: str

    @property
    def vuota(self) -> bool:
        """Tell whether nothing is on it."""
        return self.numero == 0


@dataclass(slots=True)
class Conteggi:
    """How many items requests had in one state of the data, whatever page was asked for."""

    _stato: str = ""
    _noti: OrderedDict[tuple[Any, ...], int] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: tuple[Any, ...]) -> tuple[str, int | None]:
        """Return the state of which something is known, and the count in it, or None."""
        with self._lock:
            found = self._noti.get(key)
            if found is not None:
                self._noti.move_to_end(key)
            return self._stato, found

    def keep(self, stato: str, key: tuple[Any, ...], count: int) -> None:
        """Remember a count; those of another state are of no more use."""
        with self._lock:
            if stato != self._stato:
                self._stato = stato
                self._noti.clear()
            self._noti[key] = count
            if len(self._noti) > RICORDATI:
                self._noti.popitem(last=False)


def read(q: Interrogazione, conteggi: Conteggi) -> Computation[Pagina]:
    """Ask for a page; how many items there are is asked only where it is not remembered."""
    key = _key(q)
    stato, known = conteggi.find(key)
    wide = known is not None and known > statement.FITTO
    counted = not q.conta or (known is not None and not q.solo_conta)
    # A box's count comes with its page: it is found on the way.
    leave = q.conta and counted and (wide or q.riquadro is None)
    asked = replace(q, conta=False) if leave else q
    found = yield from _ask(asked, rado=not wide)
    if found.trovati is not None and found.trovati > statement.FITTO and not q.solo_conta:
        if q.riquadro is not None and not wide:
            # A box that holds most of the collection: walk through it, and count apart.
            found = yield from _ask(replace(q, conta=False), rado=False)
            if q.conta:
                count = yield from _ask(replace(q, solo_conta=True, dopo=None, offset=0))
                found = replace(found, trovati=count.trovati)
    elif found.trovati is None and q.conta:
        if found.stato != stato or known is None:
            count = yield from _ask(replace(q, solo_conta=True, dopo=None, offset=0))
            known = count.trovati
        found = replace(found, trovati=known)
    if found.trovati is not None and (q.riquadro is None or found.trovati > statement.FITTO):
        conteggi.keep(found.stato, key, found.trovati)
    return found if q.conta or q.solo_conta else replace(found, trovati=None)


def _key(q: Interrogazione) -> tuple[Any, ...]:
    """Return what decides how many items there are."""
    filtro = None if q.filtro is None else (q.filtro.forma, tuple(q.filtro.valori))
    return (
        q.dataset.nome,
        q.primo,
        q.ultimo,
        q.riquadro,
        q.valori,
        filtro,
        q.filtro_crs.uri,
    )


def _ask(q: Interrogazione, *, rado: bool = True) -> Computation[Pagina]:
    m = statement.modello(q, rado=rado)
    query, names = statement.text(m)
    given: Mapping[str, Value] = statement.values(q)
    usual = m.filtro is None and not m.ordine and m.campi is None
    row = yield Statement(query, statement.prepared_values(names, given), last=True, kept=usual)
    if row is None:  # of one item, which is not there; aggregates always have a row
        return Pagina(_EMPTY, 0, None, None, "")
    features, number, total, last, stato = row
    return Pagina(
        features or _EMPTY,
        int(number or 0),
        None if total is None else int(total),
        _last(q, last),
        (stato or _EMPTY).decode(),
    )


def _last(q: Interrogazione, written: bytes | None) -> tuple[Any, ...] | None:
    """Return the key of the last item of a page."""
    if written is None:
        return None
    return tuple(orjson.loads(written)) if q.ordine else (int(written),)


def collection(
    page: Pagina, links: Iterable[Mapping[str, str]], moment: str, more: bytes = b""
) -> bytes:
    """Return the feature collection as GeoJSON; ``more`` are members of other standards."""
    matched = b"" if page.trovati is None else b'"numberMatched":%d,' % page.trovati
    return b"".join(
        (
            b'{"type":"FeatureCollection",',
            more,
            b'"features":[',
            page.features,
            b"],",
            matched,
            b'"numberReturned":%d,"links":' % page.numero,
            orjson.dumps(list(links)),
            b',"timeStamp":"',
            moment.encode(),
            b'"}',
        )
    )

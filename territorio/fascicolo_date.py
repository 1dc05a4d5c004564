"""The day a delivery speaks for, on each thing of a dossier that it said.

The statement of the dossier names deliveries by number alone: to join them at each of twenty
places was a tenth of its cost, and hundreds of entries come from a handful of deliveries. What
a connection has learnt of them it remembers until the registry changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from territorio.prepared import Computation, Statement
from territorio.sezione import Voce

_KNOWN = "deliveries of the last dossiers"

# Reads registro.fornitura. Parameter: their numbers, as an array.
_ASK = (
    "SELECT json_agg(json_build_array(f.id, f.data_riferimento, f.fonte))::text"
    " FROM registro.fornitura f WHERE f.id = ANY(CAST($1 AS bigint[]))"
)

VICINE = 256
"""So many numbers are asked for together: a map comes sheet by sheet, and each of its thousand
deliveries is named by a few dossiers."""

_MOST = 50_000
"""So many and it begins anew: an association of municipalities has more than are worth keeping."""

_HEAD = frozenset({"stato", "caricati"})
"""Parts of the head of a dossier that no delivery said."""

_UNNAMED = frozenset({"cronologia", "segnalazioni"})
"""Sections whose statement leaves the source to be told with the day."""

_NONE = (None, None)

type _Days = dict[int | None, tuple[str | None, str | None]]
"""Day and source of each delivery by its number."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of deliveries, and the change of the registry it is of."""

    noto_al: str | None
    forniture: _Days


def dating(ricordi: dict[Any, Any], parti: dict[str, list[Voce]], last: bool) -> Computation[None]:
    """Write on each entry, and on what it holds of others, the day its delivery speaks for.

    Where an entry names no source, that of its delivery is written too. ``ricordi`` is what is
    remembered with a connection, always held to the same municipalities; ``last`` says that the
    transaction asks nothing after this.
    """
    noto_al = parti["stato"][0]["noto_al"]
    known: _Known | None = ricordi.get(_KNOWN)
    if known is None or known.noto_al != noto_al or len(known.forniture) > _MOST:
        # After a restore a number may be another delivery's: that is a change too.
        known = ricordi[_KNOWN] = _Known(noto_al, {None: _NONE})
    try:
        _write(parti, known.forniture)
    except KeyError:
        lacking = {one["fornitura"] for one in _said(parti)} - known.forniture.keys()
        starts = {number - number % VICINE for number in lacking}
        around = (number for start in starts for number in range(start, start + VICINE))
        row = yield Statement(_ASK, (f"{{{','.join(map(str, around))}}}",), last)
        found = orjson.loads(row[0]) if row and row[0] else []
        said = {(giorno, fonte): (giorno, fonte) for _, giorno, fonte in found}  # each kept once
        known.forniture.update({number: said[giorno, fonte] for number, giorno, fonte in found})
        # What is not there is asked for again.
        _write(parti, {**dict.fromkeys(lacking, _NONE), **known.forniture})


def _write(parti: dict[str, list[Voce]], days: _Days) -> None:
    """Write days and sources; raise KeyError, and leave it half done, where one is not known."""
    for nome, righe in parti.items():
        if nome in _HEAD:
            continue
        for riga in righe:
            riga["data"], fonte = days[riga["fornitura"]]
            if nome in _UNNAMED and riga["fonte"] is None:
                riga["fonte"] = fonte
            person = riga.get("soggetto")
            if person is not None:
                person["data"] = days[person["fornitura"]][0]
        if nome == "posizioni_tributarie":
            for riga in righe:
                for one in _beside(riga):
                    one["data"] = days[one["fornitura"]][0]


def _beside(riga: Voce) -> Iterator[Voce]:
    """Return what others say of a tax position."""
    yield from riga.get("catasto") or ()
    yield from riga.get("possesso") or ()


def _said(parti: dict[str, list[Voce]]) -> Iterator[Voce]:
    """Return all that a delivery said: entries, their persons, and what others say of them."""
    for nome, righe in parti.items():
        for riga in righe if nome not in _HEAD else ():
            yield riga
            if riga.get("soggetto"):
                yield riga["soggetto"]
            yield from _beside(riga)

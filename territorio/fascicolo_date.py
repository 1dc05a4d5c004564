"""The day a delivery speaks for, on each thing of a dossier that it said.

The statement of the dossier names deliveries by number alone: to join them at each of twenty
places was a fifth of its cost, and hundreds of entries come from a handful of deliveries. What
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

_OTHERS = ("catasto", "possesso")
"""Keys of an entry under which others say something else."""

_NONE = (None, None)


@dataclass(frozen=True, slots=True)
class _Known:
    """Day and source of each delivery by its number, and the change of the registry they are of."""

    noto_al: str | None
    forniture: dict[int | None, tuple[str | None, str | None]]


def dating(ricordi: dict[Any, Any], parti: dict[str, list[Voce]], last: bool) -> Computation[None]:
    """Write on each entry, and on what it holds of others, the day its delivery speaks for.

    Where an entry names no source, that of its delivery is written too. ``ricordi`` is what is
    remembered with a connection; ``last`` says that the transaction asks nothing after this.
    """
    noto_al = parti["stato"][0]["noto_al"]
    known: _Known | None = ricordi.get(_KNOWN)
    if known is None or known.noto_al != noto_al:
        # After a restore a number may be another delivery's: that is a change too.
        known = ricordi[_KNOWN] = _Known(noto_al, {None: _NONE})
    said = [*_said(parti)]
    lacking = {voce["fornitura"] for voce in said} - known.forniture.keys()
    if lacking:
        numbers = ",".join(str(number) for number in lacking)
        row = yield Statement(_ASK, (f"{{{numbers}}}",), last)
        # What this transaction may not see is not remembered: the next may.
        found = orjson.loads(row[0]) if row and row[0] else []
        known.forniture.update({number: (giorno, fonte) for number, giorno, fonte in found})
    for voce in said:
        voce["data"], fonte = known.forniture.get(voce["fornitura"], _NONE)
        if voce["fonte"] is None:
            voce["fonte"] = fonte


def _said(parti: dict[str, list[Voce]]) -> Iterator[Voce]:
    """Return all that a delivery said: entries, their persons, and what others say of them."""
    for righe in parti.values():
        for riga in righe:
            if "fornitura" not in riga:
                break  # of none of this kind: what the head of the dossier asks
            yield riga
            person = riga.get("soggetto")
            if person is not None:
                yield person
            for name in _OTHERS:
                yield from riga.get(name) or ()

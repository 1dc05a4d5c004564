"""Selections: many buildings at once, by a list as people paste it, an area, or a distance."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry

from territorio import db, edificio, elenco, prevalenza, search
from territorio.accessi.policy import Visto
from territorio.elenco import Sguardo
from territorio.errors import InvalidInput
from territorio.geometry import SRID
from territorio.schema import identita
from territorio.schema_fatti import edificio as tabella
from territorio.schema_ricerca import ricerca
from territorio.search import Domanda
from territorio.vigenza import Quando

LIMITE = 500
"""Buildings beyond which a selection is an export, not something to look at."""

RAGGIO_MASSIMO = 1_000
_SEPARATORI = re.compile(r"[\n\r;|\t]+")
_VIRGOLE = re.compile(
    r",(?=\s*[a-z]{6}-)|,(?=\s*(?:foglio|fgl?|fog|f)\b)"
    # After the name of a street ``12/4`` is a house number.
    r"|(?:(?<=\d)|(?<=-[a-z]))\s*,(?=\s*(?:[a-z]\d{3}/)?\d+/\d+)"
    r"|(?<=-[a-z0-9])\s+(?=[a-z]{6}-[a-z]{6}-)",
    re.IGNORECASE,
)
_INDIRIZZI = re.compile(r",(?=\s*[^\W\d])")
"""A comma after which something begins with a letter: perhaps another address."""


@dataclass(frozen=True, slots=True)
class Scelta:
    """What a list of words stands for."""

    edifici: list[int] = field(default_factory=list)
    non_trovati: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scelto:
    """One building of a selection: its entries, source by source, and its addresses."""

    id: int
    codice: str
    comune: str
    indirizzi: tuple[str, ...]
    voci: list[dict[str, Any]]


def split(testo: str) -> list[str]:
    """Return the pieces of a pasted list; commas part codes and references, not addresses.

    >>> split("1/100, 1/101; via Roma, 12")
    ['1/100', '1/101', 'via Roma, 12']
    """
    lines = [part for line in _SEPARATORI.split(testo) for part in _VIRGOLE.split(line)]
    return list(dict.fromkeys(part.strip() for part in lines if part.strip()))


def resolve(conn: sa.Connection, testo: str, sguardo: Sguardo) -> Scelta:
    """Return the buildings that codes, references or addresses name, in their order."""
    pieces = split(testo)
    if len(pieces) > LIMITE:
        raise InvalidInput("elenco", f"al massimo {LIMITE} voci: dividi l’elenco")
    found: dict[int, None] = {}
    missing = []
    for piece in pieces:
        for part in _parts(conn, piece, sguardo):
            buildings = _named(conn, part, sguardo)
            if not buildings:
                missing.append(part)
            found |= dict.fromkeys(buildings)
    return Scelta(list(found), missing)


def _parts(conn: sa.Connection, piece: str, sguardo: Sguardo) -> list[str]:
    """Return the addresses in a piece: more than one only where it is none as a whole."""
    parts = [part.strip() for part in _INDIRIZZI.split(piece) if part.strip()]
    if len(parts) < 2 or _named(conn, piece, sguardo):
        return [piece]
    return parts if any(_named(conn, part, sguardo) for part in parts) else [piece]


def _named(conn: sa.Connection, piece: str, sguardo: Sguardo) -> list[int]:
    """Return the buildings that a code, a reference or an address names."""
    results = search.search(conn, Domanda(piece, sguardo.quando, limite=8, visto=sguardo.visto))
    named = [r for r in results if r.esatto] or [r for r in results if r.punteggio >= 1]
    if any(r.tipo == "particella" for r in named):
        # A parcel stands for the buildings on it.
        named = [r for r in results if r.tipo == "edificio"]
    return [n for r in named for n in (r.edificio, *r.edifici) if n is not None]


def in_area(conn: sa.Connection, area: BaseGeometry, quando: Quando) -> list[int]:
    """Return the buildings that an area touches; raise InvalidInput if they are too many."""
    t = tabella.c
    shape = from_shape(area, srid=SRID)
    query = (
        sa.select(t.id)
        .where(sa.func.ST_Intersects(t.geometria, shape), prevalenza.stands(tabella, quando))
        .distinct()
        .order_by(t.id)
        .limit(LIMITE + 1)
    )
    return _few([row.id for row in conn.execute(query)])


def near(conn: sa.Connection, oggetto: int, metri: float, quando: Quando) -> list[int]:
    """Return the buildings within some metres of one, the nearest first."""
    if not 0 < metri <= RAGGIO_MASSIMO:
        raise InvalidInput("raggio", f"scegli da 1 a {RAGGIO_MASSIMO} metri")
    values: dict[str, object] = {
        "comune": elenco.home(conn, "edificio", oggetto),
        "edificio": oggetto,
        "metri": metri,
        "giorno": quando.alla_data,
        "nota": search.ULTIMO if quando.noto_al is None else quando.noto_al,
        "limite": LIMITE + 1,
    }
    return _few([row.id for row in conn.execute(db.sql("territorio/vicini"), values)])


def rows(conn: sa.Connection, ids: Sequence[int], quando: Quando) -> list[Scelto]:
    """Return what the public may read of these buildings, in this order, with their outlines."""
    i = identita.c
    homes = {
        row.id: row.comune
        for row in conn.execute(
            sa.select(i.id, i.comune).where(i.id.in_(ids), i.tipo == "edificio")
        )
    }
    keys = [(homes[number], number) for number in ids if number in homes]
    things = elenco.objects(conn, edificio.TIPO, keys, Sguardo(quando, Visto()), geometry=True)
    addresses = _addresses(conn, keys)
    return [
        Scelto(
            thing["id"],
            thing["codice"],
            thing["comune"],
            tuple(addresses.get(thing["id"], ())),
            thing["voci"],
        )
        for thing in things
    ]


def _addresses(conn: sa.Connection, keys: Sequence[tuple[str, int]]) -> dict[int, list[str]]:
    """Return the addresses of buildings, as search has them today."""
    r = ricerca.c
    found: dict[int, list[str]] = {}
    query = sa.select(r.edificio, r.testo).where(
        r.comune.in_({comune for comune, _ in keys}),
        r.tipo == "civico",
        r.edificio.in_([number for _, number in keys]),
    )
    for row in conn.execute(query.order_by(r.testo)):
        found.setdefault(row.edificio, []).append(row.testo)
    return found


def _few(ids: list[int]) -> list[int]:
    if len(ids) > LIMITE:
        raise InvalidInput("area", f"contiene più di {LIMITE} edifici: sceglila più piccola")
    return ids

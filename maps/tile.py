"""Vector tiles, made by PostGIS from the public views: what the map draws and picks.

Below zoom 14 there are no single buildings or parcels but sheets, zones and counts. A feature
carries its id, the identity of the object, and at most its ``classe`` and ``testo``
(:mod:`maps.layer` says how they are drawn): attributes are what a square weighs. Labels are
points, so that what a square cuts is labelled once.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from maps.layer import BY_NAME
from territorio import disegno, prepared
from territorio.errors import InvalidInput
from territorio.geometry import tile_box
from territorio.prepared import Computation, Statement, Value
from territorio.vigenza import Quando

SQL = Path(__file__).parent / "sql"
MASSIMO = 22
LONTANO = {14: 1024, 15: 2048}
"""How finely a square is drawn from afar, in units to its side; elsewhere 4096.

A side is 512 points of a screen: there is nothing to see below half a point.
"""

MARGINE = 64 / 4096
"""Part of a square drawn beyond its edge, so that outlines do not end there."""

_STATE = "SELECT concat_ws(' ', numero, elaborato, quando) FROM pubblico.versione"

CELLE = 3
"""Counts are shown for parts of a square this many zooms finer."""


@dataclass(frozen=True, slots=True)
class Strato:
    """One layer, and the zooms at which it is there."""

    nome: str
    da: int
    a: int = MASSIMO
    disegnato: range = range(0)
    """Zooms at which it is read as :mod:`territorio.disegno` keeps it."""

    tipo: str = ""
    """The kind of object under which it is kept there."""

    def statement(self, z: int) -> str:
        """Return the statement that draws it at a zoom."""
        kept = "da_piu_lontano" if z < min(LONTANO) else "da_lontano"
        text = (SQL / f"{kept if z in self.disegnato else self.nome}.sql").read_text()
        return text.replace("/* strato */", self.nome).replace("/* tipo */", self.tipo)


STRATI: tuple[Strato, ...] = (
    Strato("zone_urbanistiche", 10, disegnato=range(14), tipo="zona_urbanistica"),
    Strato("particelle", 14, disegnato=range(14, 16), tipo="particella"),
    Strato("edifici", 14, disegnato=range(14, 16), tipo="edificio"),
    Strato("vincoli", 10, disegnato=range(14), tipo="vincolo"),
    Strato("aree_pericolosita", 10, disegnato=range(14), tipo="area_pericolosita"),
    Strato("fogli", 8, disegnato=range(14), tipo="foglio"),
    Strato("comuni", 0),
    Strato("conteggi", 6, 13),
    Strato("fogli_punti", 12, 15),
    Strato("particelle_punti", 16),
    Strato("civici", 16),
)
"""The layers, in the order in which a square holds them."""

NOMI = frozenset(strato.nome for strato in STRATI) | frozenset(BY_NAME)
"""What may be asked for: a layer that nothing fills yet is empty, not wrong."""


def tile(
    conn: sa.Connection, strati: tuple[str, ...], z: int, x: int, y: int, quando: Quando
) -> bytes:
    """Return a square of the map with these layers; empty if there is nothing in it.

    Asked of a connection of the public role, it can show nothing but the public views. Raises
    InvalidInput for a layer or a square that does not exist.
    """
    return prepared.compute(conn, drawing(strati, z, x, y, quando))


def drawing(strati: tuple[str, ...], z: int, x: int, y: int, quando: Quando) -> Computation[bytes]:
    """Draw a square, as :func:`tile` does, for who waits without a thread."""
    unknown = [nome for nome in strati if nome not in NOMI]
    if unknown or not strati:
        known = ", ".join(sorted(NOMI))
        raise InvalidInput("strati", f"«{', '.join(unknown)}» non è uno fra {known}")
    if not (0 <= z <= MASSIMO and 0 <= x < 2**z and 0 <= y < 2**z):
        raise InvalidInput("quadrato", f"{z}/{x}/{y} non è un quadrato della mappa")
    there = tuple(s for s in STRATI if s.nome in strati and s.da <= z <= s.a)
    if not there:
        return b""
    values = _values(z, x, y, quando)
    query, names = prepared.numbered(_statement(there, z), tuple(values))
    row = yield Statement(query, [values[name] for name in names], last=True, binary=True)
    assert row is not None and row[0] is not None  # noqa: S101, PT018 -- coalesced
    return row[0]


def version(conn: sa.Connection) -> str:
    """Return what changes with every change of the data and of what is drawn of them."""
    row = conn.execute(sa.text("SELECT numero, elaborato FROM pubblico.versione")).one()
    return f"{row.numero}.{row.elaborato}"


def shares(strati: tuple[str, ...], z: int) -> list[tuple[str, ...]]:
    """Return the layers in parts of like work, which may be drawn at once and put together.

    >>> shares(("particelle", "edifici", "fogli"), 14), shares(("particelle", "edifici"), 17)
    ([('particelle',), ('edifici', 'fogli')], [('particelle', 'edifici')])
    """
    others = tuple(nome for nome in strati if nome != "particelle")
    if z not in LONTANO or "edifici" not in others or "particelle" not in strati:
        return [strati]
    return [("particelle",), others]


def state() -> Computation[str]:
    """Tell in which state the data are: a square drawn in the same state is the same."""
    row = yield Statement(_STATE, last=True)
    assert row is not None and row[0] is not None  # noqa: S101, PT018 -- the view has one row
    return row[0].decode()


@cache
def _statement(strati: tuple[Strato, ...], z: int) -> str:
    """Put the layers of a square together: the bytes of each, one after the other."""
    parts = [f"coalesce((\n{strato.statement(z)}), '')" for strato in strati]
    return "\n".join(("SELECT", "\n|| ".join(parts)))


def _values(z: int, x: int, y: int, quando: Quando) -> dict[str, Value]:
    box = tile_box(z, x, y)
    wide, high = (box.est - box.ovest) * MARGINE, (box.nord - box.sud) * MARGINE
    step = max(16 - z - CELLE, 0)
    units = LONTANO.get(z, 4096)
    squares = 2 ** max(16 - z, 0)
    return {
        "z": z,
        "x": x,
        "y": y,
        "giorno": quando.alla_data,
        "ovest": box.ovest - wide,
        "est": box.est + wide,
        "sud": box.sud - high,
        "nord": box.nord + high,
        "ovest0": box.ovest,
        "est0": box.est,
        "sud0": box.sud,
        "nord0": box.nord,
        "scala_x": units / (box.est - box.ovest),
        "scala_y": units / (box.nord - box.sud),
        "passo": step,
        "x0": x * squares,
        "x1": (x + 1) * squares - 1,
        "y0": y * squares,
        "y1": (y + 1) * squares - 1,
        **_on_grid(z, x, y),
    }


def _on_grid(z: int, x: int, y: int) -> dict[str, Value]:
    """Return the place of a square in the grid of what is drawn beforehand."""
    side, units = disegno.LATO / 2**z, LONTANO.get(z, 4096)
    # AsMVT cuts off what is below a unit: with half a one it rounds.
    margin, half = side * MARGINE, side / units / 2 if z in LONTANO and units < side else 0.0
    return {
        "unita": units,
        "g_x": x * side - half,
        "g_y": y * side - half,
        "g_ovest": x * side - margin,
        "g_est": (x + 1) * side + margin,
        "g_nord": y * side - margin,
        "g_sud": (y + 1) * side + margin,
        "g_scala": units / side,
        "g_unita": side / units,
    }

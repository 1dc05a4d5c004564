"""Squares of the published collections (OGC API – Tiles): what is drawn of each, and how.

Of buildings, parcels and house numbers there are counts below zoom 14, in a layer of their own
(``edifici_conteggi``); areas are outlines at every zoom, of the smallest one for many. Properties
are few from afar: they are what a square weighs. What would still weigh more than MASSIMO_BYTE is
left out, the smallest first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import pi
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from opendata.dataset import BY_NAME, DATASETS, Geometria
from territorio import prepared
from territorio.geometry import tile_box
from territorio.prepared import Computation, Statement, Value
from territorio.tassello import CONTATE

SQL = Path(__file__).parent.parent / "sql"

MASSIMO = 22
"""The last zoom that is drawn; beyond VICINO nothing is added."""

VICINO, LONTANO, CURVO = 16, 14, 12
"""From VICINO on all properties are there; below LONTANO are counts; up to CURVO degrees are
turned into the map's metres: there Mercator's curve can be seen (at 13, a quarter of a unit)."""

UNITA = {14: 1024, 15: 2048}
"""How finely a square is drawn from afar, in units to its side; elsewhere 4096."""

MARGINE = 64 / 4096
"""Part of a square drawn beyond its edge, so that outlines do not end there."""

MASSIMO_BYTE = 300_000
"""What a square may weigh, compressed."""

VOLTE = 6
"""How often a square of several collections is drawn with less."""

MINUTO, CELLA = 4, 16
"""From afar, of areas narrower than MINUTO units one is drawn in each CELLA units."""

LATO = 2 * pi * 6_378_137
"""Metres to the side of the web map."""


class Tassello(NamedTuple):
    """A square of the web map."""

    z: int
    x: int
    y: int

    @property
    def esiste(self) -> bool:
        """Tell whether it is one, at a zoom that is drawn."""
        return 0 <= self.z <= MASSIMO and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z


@dataclass(frozen=True, slots=True)
class Strato:
    """What a collection shows: its properties, all of them from VICINO on."""

    nome: str
    campi: tuple[str, ...]
    lontani: tuple[str, ...] = ()
    """Those that are there at every zoom at which its objects are."""

    @property
    def contato(self) -> bool:
        """Tell whether there are counts from afar."""
        return self.nome in CONTATE

    @property
    def conteggi(self) -> str:
        """Return the name of the layer of counts."""
        return f"{self.nome}_conteggi"

    @property
    def punti(self) -> bool:
        """Tell whether its objects are points."""
        return BY_NAME[self.nome].geometria is Geometria.PUNTO

    def at(self, z: int) -> tuple[str, ...]:
        """Return the properties at a zoom."""
        return self.campi if z >= VICINO else self.lontani


STRATI: dict[str, Strato] = {
    strato.nome: strato
    for strato in (
        Strato("comuni", ("codice", "istat", "denominazione", "provincia"), ("denominazione",)),
        Strato("fogli", ("codice", "sezione", "foglio", "allegato", "sviluppo"), ("foglio",)),
        Strato("particelle", ("codice", "foglio", "numero", "classe"), ("classe",)),
        Strato(
            "edifici",
            ("codice", "classe", "uso", "piani", "altezza_m"),
            ("classe", "piani", "altezza_m"),
        ),
        Strato("civici", ("codice", "indirizzo", "numero", "esponente")),
        Strato(
            "zone_urbanistiche",
            ("codice", "sigla", "classe", "strumento", "destinazione"),
            ("sigla", "classe"),
        ),
        Strato("vincoli", ("codice", "tipo", "classe", "denominazione"), ("classe",)),
        Strato(
            "aree_pericolosita",
            ("codice", "fenomeno", "classe", "denominazione"),
            ("fenomeno", "classe"),
        ),
        Strato("sezioni_censimento", ("codice", "sezione", "abitazioni", "edifici"), ("sezione",)),
        Strato(
            "statistiche_sezioni",
            ("codice", "sezione", "edifici", "residenti", "famiglie"),
            ("residenti",),
        ),
    )
}
"""What is drawn of the collections that lie on the ground."""

DISEGNATI = tuple(d for d in DATASETS if d.geometria is not Geometria.NESSUNA)
"""The collections that have squares, in the order in which a square holds them."""


@dataclass(frozen=True, slots=True)
class Giorni:
    """The days asked about, as ISO text; of several, each object as it last was."""

    primo: str
    ultimo: str

    @property
    def periodo(self) -> bool:
        """Tell whether there are several."""
        return self.primo != self.ultimo


class Disegnato(NamedTuple):
    """A square as it was drawn, and how many features it holds."""

    dati: bytes
    quanti: int


def pack(dati: bytes) -> bytes:
    """Compress a square; one that is empty stays so."""
    return isal_zlib.compress(dati, 1, 16 + isal_zlib.MAX_WBITS) if dati else b""


def weigh(dati: bytes) -> int:
    """Return how many bytes of a square are sent where it is compressed in haste."""
    return len(isal_zlib.compress(dati, 0, 16 + isal_zlib.MAX_WBITS))


def unpack(dati: bytes) -> bytes:
    """Return a square as it was drawn."""
    return isal_zlib.decompress(dati, 16 + isal_zlib.MAX_WBITS) if dati else b""


def drawing(
    nome: str, t: Tassello, giorni: Giorni, massimo: int = MASSIMO_BYTE
) -> Computation[bytes]:
    """Draw a square of a collection, so that it does not weigh more than it may."""
    strato = STRATI[nome]
    found = yield from _draw(strato, t, giorni, None)
    while len(found.dati) > massimo and (size := weigh(found.dati)) > massimo:
        fewer = min(int(found.quanti * massimo / size * 0.95), found.quanti - 1)
        if fewer < 1:
            return found.dati
        found = yield from _draw(strato, t, giorni, fewer)
    return found.dati


def together(nomi: tuple[str, ...], t: Tassello, giorni: Giorni) -> Computation[bytes]:
    """Draw a square of several collections: all of it does not weigh more than one may."""
    parts = []
    for nome in nomi:
        part = yield from drawing(nome, t, giorni)
        parts.append(part)
    return (yield from joined(nomi, parts, t, giorni))


def joined(
    nomi: tuple[str, ...], parts: list[bytes], t: Tassello, giorni: Giorni
) -> Computation[bytes]:
    """Put the squares of several collections together, drawn anew where they weigh too much."""
    whole, share = b"".join(parts), 1.0
    for _ in range(VOLTE):
        size = len(whole) if len(whole) <= MASSIMO_BYTE else weigh(whole)
        if size <= MASSIMO_BYTE:
            break
        share *= 0.97 * MASSIMO_BYTE / size
        drawn = []
        for nome, part in zip(nomi, parts, strict=True):
            less = yield from drawing(nome, t, giorni, int(weigh(part) * share))
            drawn.append(less)
        whole = b"".join(drawn)
    return whole


def _draw(
    strato: Strato, t: Tassello, giorni: Giorni, quanti: int | None
) -> Computation[Disegnato]:
    query, names = text(strato, t.z, giorni.periodo, quanti is not None)
    given = {**values(strato, t), "primo": giorni.primo, "ultimo": giorni.ultimo, "quanti": quanti}
    row = yield Statement(query, [given[name] for name in names], last=True, binary=True)
    return read(row)


def read(row: prepared.Row | None) -> Disegnato:
    """Return what a statement of :func:`text` answered, in binary."""
    assert row is not None  # noqa: S101 -- an aggregate has one row
    dati, quanti = row
    assert dati is not None and quanti is not None  # noqa: S101, PT018 -- and never null
    return Disegnato(dati, int.from_bytes(quanti, "big"))


@cache
def text(strato: Strato, z: int, periodo: bool, rado: bool) -> tuple[str, tuple[str, ...]]:
    """Return the statement of a collection at a zoom, with ``$1``… and its names in order."""
    return prepared.numbered(template(strato, z, periodo=periodo, rado=rado), NOMI)


@cache
def template(
    strato: Strato, z: int, *, periodo: bool = False, rado: bool = False, solo: str = ""
) -> str:
    """Return the statement of a collection at a zoom with ``:names``.

    ``periodo``: of several days; ``rado``: at most ``:quanti`` features; ``solo``: a condition.
    """
    if strato.contato and z < LONTANO:
        return _file("tassello_conteggi").replace("/* strato */", strato.conteggi)
    far = not strato.punti and z <= CURVO
    fields = strato.at(z)
    latest = _ULTIMA.replace("/* tavola */", strato.nome) if periodo else ""
    puts = {
        "/* strato */": strato.nome,
        "/* tavola */": strato.nome,
        "/* campi */": "".join(f", {_field(strato, name)} AS {name}" for name in fields),
        "/* nomi */": "".join(f", d.{name}" for name in fields),
        "/* girata */": _GIRATA_LONTANO if far else _GIRATA,
        "/* condizioni */": latest + solo,
        "/* primi */": f" DISTINCT ON ({_CELLA})" if far else "",
        "/* ordine */": _order(far=far, rado=rado, punti=strato.punti),
    }
    found = _file("tassello_punto" if strato.punti else "tassello_area")
    for mark, put in puts.items():
        found = found.replace(mark, put)
    return found


@cache
def _file(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


def _field(strato: Strato, name: str) -> str:
    """Return a property as tiles hold it: figures as such, an empty text not at all."""
    kind = BY_NAME[strato.nome].tavola.c[name].type.python_type
    if kind is str:
        return f"nullif(t.{name}, '')"
    return f"t.{name}" if kind in (int, bool) else f"CAST(t.{name} AS float8)"


def _order(*, far: bool, rado: bool, punti: bool) -> str:
    """Return which come first: one of each cell from afar, the largest where not all may."""
    if far:
        # Of the cells themselves those with the largest come first by their number alone.
        return f"ORDER BY {_CELLA}, {_GRANDE} DESC, t.id" + (" LIMIT :quanti" if rado else "")
    if not rado:
        return ""
    return (
        "ORDER BY t.id LIMIT :quanti" if punti else f"ORDER BY {_GRANDE} DESC, t.id LIMIT :quanti"
    )


_GRANDE = (
    "greatest(ST_XMax(t.geometria) - ST_XMin(t.geometria),"
    " ST_YMax(t.geometria) - ST_YMin(t.geometria))"
)
# What is wide stands for itself (nothing is below zero), what is not for its cell.
_CELLA = (
    f"CASE WHEN {_GRANDE} >= {MINUTO} * CAST(:passo AS float) THEN -t.id"
    f" ELSE CAST(floor((ST_XMin(t.geometria) + 180) / ({CELLA} * CAST(:passo AS float)))"
    f" * 4194304 + floor((ST_YMin(t.geometria) + 90) / ({CELLA} * CAST(:passo AS float)))"
    " AS bigint) END"
)
_GIRATA = (
    "ST_TransScale(ST_ForcePolygonCW(b.dentro),"
    " -CAST(:ovest0 AS float), -CAST(:nord0 AS float), :scala_x, -CAST(:scala_y AS float))"
)
# EPSG:6706 is read as 4326 (the null transformation): from there to 3857 costs a fifth.
_GIRATA_LONTANO = (
    "ST_TransScale(ST_ForcePolygonCW(ST_Transform(ST_SetSRID("
    "ST_Simplify(b.dentro, :passo, true), 4326), 3857)),"
    " -CAST(:x0 AS float), -CAST(:y0 AS float), :scala, -CAST(:scala AS float))"
)
_ULTIMA = (
    "AND NOT EXISTS (SELECT FROM pubblico./* tavola */ poi"
    " WHERE poi.id = t.id AND poi.dal > t.dal AND poi.dal <= CAST(:ultimo AS date))"
)

NOMI = (
    *("ovest", "sud", "est", "nord", "primo", "ultimo", "unita", "ovest0", "nord0"),
    *("scala_x", "scala_y", "x0", "y0", "scala", "passo", "quanti"),
    *("collezione", "x", "y", "c0", "c1", "r0", "r1"),
)
"""The parameters of the statements."""


def values(strato: Strato, t: Tassello) -> Mapping[str, Value]:
    """Return what a statement has to know of a square."""
    z, x, y = t
    if strato.contato and z < LONTANO:
        parts = 2 ** (16 - z)
        return {
            "collezione": strato.nome,
            "x": x,
            "y": y,
            "passo": 13 - z,
            "c0": x * parts,
            "c1": (x + 1) * parts - 1,
            "r0": y * parts,
            "r1": (y + 1) * parts - 1,
        }
    box = tile_box(z, x, y)
    wide, high = box.est - box.ovest, box.nord - box.sud
    units, side = UNITA.get(z, 4096), LATO / 2**z
    return {
        "ovest": box.ovest - wide * MARGINE,
        "est": box.est + wide * MARGINE,
        "sud": box.sud - high * MARGINE,
        "nord": box.nord + high * MARGINE,
        "unita": units,
        "ovest0": box.ovest,
        "nord0": box.nord,
        "scala_x": units / wide,
        "scala_y": units / high,
        "x0": x * side - LATO / 2,
        "y0": LATO / 2 - y * side,
        "scala": units / side,
        "passo": wide / units,
    }

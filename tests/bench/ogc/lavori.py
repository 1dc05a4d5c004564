"""The works that are measured, and how each server is asked to do them."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from territorio import tassello
from tests.bench.ogc.floor_sql import FILTRO, GIORNO
from tests.bench.ogc.richieste import PER_PAGINA, Richieste

type Server = Literal["pygeoapi", "tipg", "semplice", "floor", "nostro"]

SERVER: tuple[Server, ...] = ("pygeoapi", "tipg", "semplice", "floor", "nostro")
"""Two peers, the floor in its two forms, ours: in the order of the columns."""

NOSTRA, PYGEOAPI, TIPG = (
    "/ogc/collections/edifici",
    "/collections/edifici",
    "/collections/pari.edifici",
)


@dataclass(frozen=True, slots=True)
class Lavoro:
    """One work: the addresses by which it is asked for, and the bar.

    The bar is on the ratio to the floor; where there is ``pari``, to what the same server did
    of another work; where it is ``assoluto``, on the requests a second.
    """

    nome: str
    limite: float
    indirizzi: dict[Server, list[str]]
    pari: str | None = None
    assoluto: bool = False
    gzip: bool = False
    tassello: bool = False
    """Whether answers are squares: each server puts something else into them."""


def works(r: Richieste) -> list[Lavoro]:
    """Return all works, in the order of the table."""
    return [
        *_items(r),
        Lavoro(
            "one item by id",
            0.7,
            {
                "pygeoapi": [f"{PYGEOAPI}/items/{n}?f=json" for n in r.numeri],
                "tipg": [f"{TIPG}/items/{n}?f=geojson" for n in r.numeri],
                "semplice": [f"/simple/item/{n}" for n in r.numeri],
                "floor": [f"/tuned/item/{n}" for n in r.numeri],
                "nostro": [f"{NOSTRA}/items/{n}?f=json" for n in r.numeri],
            },
        ),
        _cql2(r),
        Lavoro(
            "count with box",
            0.5,
            {
                "pygeoapi": [
                    f"{PYGEOAPI}/items?f=json&bbox={b}&resulttype=hits" for b in r.riquadri
                ],
                "semplice": [f"/simple/hits/{b}" for b in r.riquadri],
                "floor": [f"/tuned/hits/{b}" for b in r.riquadri],
                "nostro": [f"{NOSTRA}/items?f=json&bbox={b}&resulttype=hits" for b in r.riquadri],
            },
        ),
        *_pages(r),
        *_tiles(r),
    ]


def _items(r: Richieste) -> list[Lavoro]:
    found = []
    for limit, bar in ((10, 0.7), (100, 0.8), (1_000, 0.9)):
        ours = [f"{NOSTRA}/items?f=json&bbox={b}&limit={limit}" for b in r.riquadri]
        counted: dict[Server, list[str]] = {
            "pygeoapi": [f"{PYGEOAPI}/items?f=json&bbox={b}&limit={limit}" for b in r.riquadri],
            "tipg": [f"{TIPG}/items?f=geojson&bbox={b}&limit={limit}" for b in r.riquadri],
            "semplice": [f"/simple/items/{limit}/1/{b}" for b in r.riquadri],
            "floor": [f"/tuned/items/{limit}/1/{b}" for b in r.riquadri],
            "nostro": ours,
        }
        bare: dict[Server, list[str]] = {
            "semplice": [f"/simple/items/{limit}/0/{b}" for b in r.riquadri],
            "floor": [f"/tuned/items/{limit}/0/{b}" for b in r.riquadri],
            "nostro": [f"{one}&skipCount=true" for one in ours],
        }
        packed: dict[Server, list[str]] = {"floor": bare["floor"], "nostro": bare["nostro"]}
        found += [
            Lavoro(f"{limit:,} items in a box, counted", bar, counted),
            Lavoro(f"{limit:,} items in a box", bar, bare),
            Lavoro(f"{limit:,} items in a box, gzip", bar, packed, gzip=True),
        ]
    return found


def _cql2(r: Richieste) -> Lavoro:
    asked = f"filter={quote(FILTRO)}&filter-lang=cql2-text"
    return Lavoro(
        "CQL2 filter and box",
        0.5,
        {
            "pygeoapi": [f"{PYGEOAPI}/items?f=json&bbox={b}&{asked}" for b in r.riquadri],
            "tipg": [f"{TIPG}/items?f=geojson&bbox={b}&{asked}" for b in r.riquadri],
            "semplice": [f"/simple/cql2/{b}" for b in r.riquadri],
            "floor": [f"/tuned/cql2/{b}" for b in r.riquadri],
            "nostro": [f"{NOSTRA}/items?f=json&bbox={b}&{asked}" for b in r.riquadri],
        },
    )


def _pages(r: Richieste) -> list[Lavoro]:
    n = PER_PAGINA
    first: dict[Server, list[str]] = {
        "pygeoapi": [f"{PYGEOAPI}/items?f=json&limit={n}"],
        "tipg": [f"{TIPG}/items?f=geojson&limit={n}"],
        "semplice": [f"/simple/page/{n}"],
        "floor": [f"/tuned/page/{n}"],
        "nostro": [f"{NOSTRA}/items?f=json&limit={n}"],
    }
    by_key: dict[Server, list[str]] = {
        "floor": [f"/tuned/after/{n}/{key}" for _, key in r.pagine],
        "nostro": [f"{NOSTRA}/items?f=json&limit={n}&dopo={key}" for _, key in r.pagine],
    }
    by_offset: dict[Server, list[str]] = {
        "pygeoapi": [f"{PYGEOAPI}/items?f=json&limit={n}&offset={many}" for many, _ in r.pagine],
        "tipg": [f"{TIPG}/items?f=geojson&limit={n}&offset={many}" for many, _ in r.pagine],
        "semplice": [f"/simple/offset/{n}/{many}" for many, _ in r.pagine],
        "floor": [f"/tuned/offset/{n}/{many}" for many, _ in r.pagine],
        "nostro": [f"{NOSTRA}/items?f=json&limit={n}&offset={many}" for many, _ in r.pagine],
    }
    deep = f"page {r.pagine[len(r.pagine) // 2][0] // n + 1:,}"
    return [
        Lavoro("page 1", 0.7, first),
        Lavoro(f"{deep} by key", 0.9, by_key, pari="page 1"),
        Lavoro(f"{deep} by offset", 0.5, by_offset),
    ]


def _tiles(r: Richieste) -> list[Lavoro]:
    found = []
    for z, squares in r.tessere.items():
        ours = [f"{NOSTRA}/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt" for _, x, y in squares]
        made: dict[Server, list[str]] = {
            "tipg": [f"{TIPG}/tiles/WebMercatorQuad/{z}/{x}/{y}" for _, x, y in squares],
            "semplice": [f"/simple/tile/{z}/{x}/{y}" for _, x, y in squares],
            "floor": [f"/tuned/tile/{z}/{x}/{y}" for _, x, y in squares],
            "nostro": [f"{one}&datetime={GIORNO}" for one in ours],
        }
        found.append(Lavoro(f"tile z{z}, made", 0.8, made, tassello=True))
        if z <= tassello.MASSIMO:
            # Packed, as they lie in the store and as maps ask for them.
            kept: dict[Server, list[str]] = {"nostro": ours}
            found.append(Lavoro(f"tile z{z}, kept", 3_000, kept, assoluto=True, gzip=True))
    return found

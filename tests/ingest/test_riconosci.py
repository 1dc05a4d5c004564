"""A building keeps its identity from one delivery to the next, and its descent is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import load
from territorio.schema import genealogia
from territorio.tables import FATTI
from tests.factories import new_comune
from tests.ingest.consegne import edifici

type Outline = tuple[float, float, float, float]

DAYS = ("20230101", "20240101", "20250101")
CASA, VICINA = (0, 0, 20, 10), (40, 0, 20, 10)
SPORGENTE = (12, 2, 10, 7)
"""A small building drawn for the most part over the house beside it."""


def deliver(
    conn: sa.Connection, folder: Path, deliveries: list[Mapping[str, Outline]]
) -> list[dict[str, int]]:
    """Load deliveries, one a year; return who stands under each code, delivery by delivery."""
    found = []
    e = FATTI["edificio"].c
    for day, outlines in zip(DAYS, deliveries, strict=False):
        load(conn, [edifici(folder / f"edifici_X999_{day}.geojson", [*outlines.items()])])
        rows = conn.execute(
            sa.select(e.codice_fonte, e.id).where(
                e.nota_fino.is_(None), e.valida_al.is_(None), e.comune == "X999"
            )
        )
        found.append({row.codice_fonte: row.id for row in rows})
    return found


def told(conn: sa.Connection) -> list[tuple[str, int | None, int | None]]:
    """Return what happened, and to whom."""
    g = genealogia.c
    rows = conn.execute(sa.select(g.tipo, g.da, g.a).order_by(g.giorno, g.tipo, g.da, g.a))
    return [(row.tipo, row.da, row.a) for row in rows]


@pytest.fixture(autouse=True)
def comune(conn: sa.Connection) -> str:
    return new_comune(conn)


@pytest.mark.parametrize(
    "then",
    [
        CASA,
        (2, 1, 20, 10),  # moved
        (0, 0, 30, 10),  # enlarged
        (0, 0, 12, 10),  # partly pulled down
    ],
)
def test_an_outline_that_changed_is_the_same_building(
    conn: sa.Connection, tmp_path: Path, then: Outline
) -> None:
    first, second = deliver(conn, tmp_path, [{"a": CASA, "b": VICINA}, {"x": then, "y": VICINA}])
    assert (second["x"], second["y"]) == (first["a"], first["b"])
    assert told(conn) == []


def test_a_building_split_in_two_gives_two_others(conn: sa.Connection, tmp_path: Path) -> None:
    halves = {"x": (0, 0, 10, 10), "y": (10, 0, 10, 10)}
    first, second = deliver(conn, tmp_path, [{"a": CASA}, halves])
    assert first["a"] not in second.values()
    assert told(conn) == [
        ("divisione", first["a"], new) for new in sorted((second["x"], second["y"]))
    ]


def test_two_buildings_made_one_give_another(conn: sa.Connection, tmp_path: Path) -> None:
    first, second = deliver(
        conn, tmp_path, [{"a": (0, 0, 10, 10), "b": (10, 0, 10, 10)}, {"x": CASA}]
    )
    assert second["x"] not in first.values()
    assert told(conn) == [("fusione", old, second["x"]) for old in sorted((first["a"], first["b"]))]


def test_what_comes_and_goes_is_born_and_ends(conn: sa.Connection, tmp_path: Path) -> None:
    first, second = deliver(conn, tmp_path, [{"a": CASA}, {"b": VICINA}])
    assert told(conn) == [("cessazione", first["a"], None), ("nascita", None, second["b"])]


def test_a_house_that_takes_in_its_annex_stays_itself(conn: sa.Connection, tmp_path: Path) -> None:
    first, second = deliver(
        conn, tmp_path, [{"a": CASA, "b": (20, 0, 3, 10)}, {"x": (0, 0, 23, 10)}]
    )
    assert second == {"x": first["a"]}
    assert told(conn) == [("fusione", first["b"], first["a"])]


def test_neighbours_drawn_one_over_the_other_live_on(conn: sa.Connection, tmp_path: Path) -> None:
    both = {"a": CASA, "b": SPORGENTE}
    first, second, third = deliver(conn, tmp_path, [both, both, {**both, "c": VICINA}])
    assert first == second
    assert {code: third[code] for code in both} == first
    assert told(conn) == [("nascita", None, third["c"])]

"""CQL2 on a small town: every operator finds what it should, in both languages."""

import json
from datetime import date
from typing import Any

import cql2
import pytest
import sqlalchemy as sa

from territorio import pubblicato
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.opendata.ogc.chiedi import items

E2019, E2022 = date(2019, 1, 1), date(2022, 1, 1)


@pytest.fixture
def town(conn: sa.Connection) -> None:
    """Publish six buildings, told apart by their floors (1 to 6), and two streets."""
    f.new_comune(conn)
    for n in range(1, 7):
        f.new_edificio(
            conn,
            piani=n,
            uso="0101" if n < 5 else None,
            altezza_m=3 * n,
            anno=1900 + n,
            provvisorio=n == 6,
            geometria=rettangolo(100 * n, 0, 10, 10),
            valida_dal={1: E2019, 2: E2022}.get(n),
            valida_al=None,
        )
    for name in ("Via Nicolò Paganini", "VIA ROMA", "Vicolo 100% d'Oro"):
        f.new_odonimo(conn, denominazione=name)
    pubblicato.refresh(conn, COMUNE)


def floors(conn: sa.Connection, filtro: str, **more: Any) -> list[int]:
    found = items(conn, "edifici", filter=filtro, limit=100, sortby="piani", **more)
    return [one["properties"]["piani"] for one in found]


def box(conn: sa.Connection, n: int, grow: float = 0) -> list[float]:
    """Return the box of a building, wider by degrees."""
    row = conn.execute(
        sa.text(
            "SELECT ST_XMin(geometria), ST_YMin(geometria), ST_XMax(geometria), ST_YMax(geometria)"
            " FROM pubblico.edifici WHERE piani = :n"
        ),
        {"n": n},
    ).one()
    return [row[0] - grow, row[1] - grow, row[2] + grow, row[3] + grow]


CASES = [
    ("piani = 3", [3]),
    ("piani <> 3", [1, 2, 4, 5, 6]),
    ("piani < 3", [1, 2]),
    ("piani >= 5", [5, 6]),
    ("3 >= piani", [1, 2, 3]),
    ("altezza_m > 9.5 AND piani < 6", [4, 5]),
    ("piani = 1 OR piani = 2 AND piani = 3", [1]),
    ("(piani = 1 OR piani = 2) AND piani = 2", [2]),
    ("NOT piani > 2", [1, 2]),
    ("NOT (piani > 2) AND piani > 1", [2]),
    ("piani BETWEEN 2 AND 4", [2, 3, 4]),
    ("piani NOT BETWEEN 2 AND 4", [1, 5, 6]),
    ("piani IN (1, 6, 9)", [1, 6]),
    ("piani NOT IN (1, 6, 9)", [2, 3, 4, 5]),
    ("uso IS NULL", [5, 6]),
    ("uso IS NOT NULL", [1, 2, 3, 4]),
    ("uso = '0101'", [1, 2, 3, 4]),
    ("uso LIKE '01%'", [1, 2, 3, 4]),
    ("uso LIKE '_1_1'", [1, 2, 3, 4]),
    ("uso NOT LIKE '01%'", []),
    ("provvisorio = TRUE", [6]),
    ("provvisorio", [6]),
    ("NOT provvisorio AND piani > 4", [5]),
    ("piani * 3 = altezza_m", [1, 2, 3, 4, 5, 6]),
    ("piani + 1 > 6", [6]),
    ("-piani < -5", [6]),
    ("piani % 2 = 0", [2, 4, 6]),
    ("piani div 2 = 1", [2, 3]),
    ("piani ^ 2 > 30", [6]),
    ("piani / 0 = 1", []),
    ("anno - 1900 = piani", [1, 2, 3, 4, 5, 6]),
    ("valida_dal = DATE('2019-01-01')", [1]),
    ("valida_dal > '2020-06-30'", [2]),
    ("T_AFTER(valida_dal, DATE('2020-01-01'))", [2]),
    ("T_BEFORE(valida_dal, TIMESTAMP('2020-01-01T00:00:00Z'))", [1]),
    ("T_DURING(valida_dal, INTERVAL('2018-01-01', '2020-01-01'))", [1]),
    ("T_DURING(valida_dal, INTERVAL('2020-01-01', '..'))", [2]),
    (
        "T_INTERSECTS(INTERVAL(valida_dal, valida_al), INTERVAL('..', '2021-01-01'))",
        [1, 3, 4, 5, 6],
    ),
    ("T_DISJOINT(INTERVAL(valida_dal, valida_al), INTERVAL('..', '2021-01-01'))", [2]),
    ("T_EQUALS(valida_dal, DATE('2022-01-01'))", [2]),
    ("T_STARTS(INTERVAL('2019-01-01', '2020-01-01'), INTERVAL(valida_dal, valida_al))", [1]),
    ("year(valida_dal) = 2022", [2]),
    ("length(uso) = 4", [1, 2, 3, 4]),
    ("round(altezza_m) = 9", [3]),
    ("area(geometry) > 0", [1, 2, 3, 4, 5, 6]),
    ("CASEI(classe) = CASEI('PROVVISORIO')", [6]),
]


@pytest.mark.parametrize(("filtro", "found"), CASES)
def test_a_filter_finds_what_it_should(
    conn: sa.Connection, town: None, filtro: str, found: list[int]
) -> None:
    assert floors(conn, filtro) == found
    as_json = json.dumps(cql2.parse_text(filtro).to_json())
    assert floors(conn, as_json, filter_lang="cql2-json") == found


@pytest.mark.parametrize(
    ("filtro", "names"),
    [
        ("denominazione LIKE 'Vi%'", 2),
        ("CASEI(denominazione) LIKE CASEI('vi%')", 3),
        ("CASEI(ACCENTI(denominazione)) LIKE '%nicolo pag%'", 1),
        ("ACCENTI(denominazione) = ACCENTI('Via Nicolo Paganini')", 1),
        ("denominazione = 'Vicolo 100% d''Oro'", 1),
        ("denominazione LIKE '%100\\%%'", 1),
        ("denominazione LIKE '%\\_%'", 0),
    ],
)
def test_words_are_found(conn: sa.Connection, town: None, filtro: str, names: int) -> None:
    assert len(items(conn, "odonimi", filter=filtro)) == names


def test_places_are_found(conn: sa.Connection, town: None) -> None:
    west, south, east, north = box(conn, 3)
    inside = f"BBOX({west},{south},{east},{north})"
    wide = "BBOX({},{},{},{})".format(*box(conn, 3, 1e-5))
    point = f"POINT({(west + east) / 2} {(south + north) / 2})"
    line = f"LINESTRING({west - 1e-5} {south - 1e-5}, {east + 1e-5} {north + 1e-5})"
    others = [1, 2, 4, 5, 6]
    for said, found in (
        (f"S_INTERSECTS(geometry, {inside})", [3]),
        (f"S_DISJOINT(geometry, {inside})", others),
        (f"S_EQUALS(geometry, {inside})", [3]),
        (f"S_WITHIN(geometry, {wide})", [3]),
        (f"S_CONTAINS(geometry, {point})", [3]),
        (f"S_INTERSECTS({point}, geometry)", [3]),
        (f"S_TOUCHES(geometry, BBOX({east},{south},{east + 1e-5},{north}))", [3]),
        (f"S_OVERLAPS(geometry, BBOX({west},{south},{east + 1e-5},{north - 1e-6}))", [3]),
        (f"S_CROSSES({line}, geometry)", [3]),
        (f"S_INTERSECTS(geometry, {inside}) OR piani = 1", [1, 3]),
        (f"NOT S_INTERSECTS(geometry, {inside})", others),
    ):
        assert floors(conn, said) == found, said


def test_a_place_may_be_told_in_another_system(conn: sa.Connection, town: None) -> None:
    west, south, east, north = box(conn, 4)
    row = conn.execute(
        sa.text(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y),"
            " 6706), 7791) AS p) q"
        ),
        {"x": (west + east) / 2, "y": (south + north) / 2},
    ).one()
    point = f"S_INTERSECTS(geometry, POINT({row[0]} {row[1]}))"
    crs = "http://www.opengis.net/def/crs/EPSG/0/7791"
    assert floors(conn, point, filter_crs=crs) == [4]
    turned = f"S_INTERSECTS(geometry, POINT({(south + north) / 2} {(west + east) / 2}))"
    assert floors(conn, turned, filter_crs="http://www.opengis.net/def/crs/EPSG/0/6706") == [4]
    assert floors(conn, turned) == []

"""Pages of items: the same objects by every way of asking."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.dataset import BY_NAME
from opendata.ogc import interrogazione, statement
from opendata.ogc.pagina import Conteggi
from territorio import pubblicato
from territorio.errors import InvalidParameter
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.opendata.ogc.chiedi import items, numbers, page

E2022 = date(2022, 1, 1)


@pytest.fixture
def town(conn: sa.Connection) -> list[int]:
    """Publish twelve buildings, 20 m from each other; the odd ones since 2022."""
    f.new_comune(conn)
    found = [
        f.new_edificio(
            conn,
            uso="0101" if n % 3 else None,
            piani=n if n < 10 else None,
            altezza_m=n * 1.5,
            geometria=rettangolo(20 * n, 0),
            valida_dal=E2022 if n % 2 else None,
        )
        for n in range(12)
    ]
    pubblicato.refresh(conn, COMUNE)
    return sorted(found)


def box_of(conn: sa.Connection, grow: float = 0) -> str:
    """Return the box of everything, wider by degrees."""
    query = (
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
        " FROM (SELECT ST_Extent(geometria) AS b FROM pubblico.edifici) e"
    )
    west, south, east, north = conn.execute(sa.text(query)).one()
    return f"{west - grow},{south - grow},{east + grow},{north + grow}"


def test_everything_is_there_in_the_order_of_its_id(conn: sa.Connection, town: list[int]) -> None:
    found = page(conn, "edifici", limit=100)
    assert (found.numero, found.trovati, found.ultimo) == (12, 12, (town[-1],))
    assert numbers(conn, "edifici", limit=100) == town


@pytest.mark.parametrize("box", [False, True])
@pytest.mark.parametrize("sortby", [None, "-piani", "uso,-altezza_m", "-id"])
def test_page_by_page_nothing_is_lost_and_nothing_comes_twice(
    conn: sa.Connection, town: list[int], box: bool, sortby: str | None
) -> None:
    asked: dict[str, Any] = {"limit": 5}
    if box:
        asked["bbox"] = box_of(conn)
    if sortby:
        asked["sortby"] = sortby
    whole = numbers(conn, "edifici", **{**asked, "limit": 100})
    found, key = list[int](), None
    for _ in range(5):
        more: dict[str, Any] = {} if key is None else {"dopo": interrogazione.cursor(key)}
        answer = page(conn, "edifici", **asked, **more)
        found += numbers(conn, "edifici", **asked, **more)
        assert answer.trovati == 12
        key = answer.ultimo
        if key is None:
            break
    assert sorted(found) == town
    assert found == whole
    assert found[5:10] == numbers(conn, "edifici", **{**asked, "offset": 5})


def test_a_box_takes_what_meets_it_and_not_what_its_box_meets(conn: sa.Connection) -> None:
    f.new_comune(conn)
    inside = f.new_edificio(conn, geometria=rettangolo(0, 0))
    f.new_edificio(conn, geometria=rettangolo(500, 500))
    pubblicato.refresh(conn, COMUNE)
    west, south, *_ = box_of(conn).split(",")
    tiny = f"{west},{south},{float(west) + 1e-6},{float(south) + 1e-6}"
    assert numbers(conn, "edifici", bbox=tiny) == [inside]


def test_a_triangle_whose_box_alone_meets_the_box_is_left_out(conn: sa.Connection) -> None:
    f.new_comune(conn)
    f.new_edificio(conn)
    pubblicato.refresh(conn, COMUNE)
    conn.execute(
        sa.text(
            "UPDATE pubblico.edifici SET geometria ="
            " ST_GeomFromText('POLYGON((12 42, 12.01 42, 12.01 42.01, 12 42))', 6706)"
        )
    )
    assert len(numbers(conn, "edifici", bbox="12.008,42,12.009,42.001")) == 1
    assert numbers(conn, "edifici", bbox="12,42.008,12.001,42.009") == []


def test_a_wide_box_is_walked_and_says_the_same(
    conn: sa.Connection, town: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, conteggi = box_of(conn), Conteggi()
    usual = page(conn, "edifici", bbox=box, limit=4)
    monkeypatch.setattr(statement, "FITTO", 3)
    statement.text.cache_clear()
    try:
        walked = page(conn, "edifici", conteggi, bbox=box, limit=4)
        again = page(conn, "edifici", conteggi, bbox=box, limit=4)
    finally:
        statement.text.cache_clear()
    assert walked == again == usual
    assert usual.trovati == len(town)


def test_a_count_is_remembered_as_long_as_the_data_are_the_same(
    conn: sa.Connection, town: list[int]
) -> None:
    conteggi = Conteggi()
    assert page(conn, "edifici", conteggi).trovati == 12
    assert page(conn, "edifici", conteggi, limit=3).trovati == 12
    f.new_edificio(conn, geometria=rettangolo(900, 0), nota_da=f.new_registrazione(conn))
    pubblicato.refresh(conn, COMUNE)
    assert page(conn, "edifici", conteggi).trovati == 13


def test_a_day_is_answered_as_it_was(conn: sa.Connection, town: list[int]) -> None:
    assert page(conn, "edifici", datetime="2021-05-01").trovati == 6
    assert page(conn, "edifici", datetime="2022-01-01T00:00:00Z").trovati == 12
    assert page(conn, "edifici", datetime="../2021-12-31").trovati == 6
    assert page(conn, "edifici", datetime="2021-05-01/..").trovati == 12


def test_in_a_period_an_object_comes_once_as_it_last_was(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_edificio(conn, uso="0101", valida_al=E2022)
    f.new_edificio(conn, id=number, uso="0801", valida_dal=E2022)
    pubblicato.refresh(conn, COMUNE)
    for when, uso in (
        ("../..", "0801"),
        ("../2021-06-01", "0101"),
        ("2021-01-01/2023-01-01", "0801"),
    ):
        found = items(conn, "edifici", datetime=when)
        assert [(one["id"], one["properties"]["uso"]) for one in found] == [(number, uso)]


def test_properties_are_filtered_chosen_and_left_out(conn: sa.Connection, town: list[int]) -> None:
    assert page(conn, "edifici", uso="0101").trovati == 8
    assert page(conn, "edifici", uso="0101", piani=4).trovati == 1
    found = items(conn, "edifici", properties="uso,piani", limit=1)[0]
    assert set(found["properties"]) == {"uso", "piani"}
    assert found["geometry"]["type"] == "Polygon"
    whole = {one["id"]: one for one in items(conn, "edifici", limit=100)}
    for one in items(conn, "edifici", properties="uso,piani", limit=100):
        said = whole.pop(one["id"])
        assert one["geometry"] == said["geometry"]
        assert one["properties"] == {k: said["properties"][k] for k in ("uso", "piani")}
    assert whole == {}
    bare = items(conn, "edifici", skipGeometry="true", limit=1)[0]
    assert bare["geometry"] is None
    assert len(bare["properties"]) > 10


def test_who_wants_no_count_gets_none(conn: sa.Connection, town: list[int]) -> None:
    assert page(conn, "edifici", skipCount="true").trovati is None
    hits = page(conn, "edifici", resulttype="hits", bbox=box_of(conn))
    assert (hits.numero, hits.trovati, hits.features) == (0, 12, b"")


def test_json_fg_tells_the_days_and_the_place(conn: sa.Connection, town: list[int]) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/7792"
    found = items(conn, "edifici", f="jsonfg", crs=crs, datetime="2023-01-01", limit=12)
    assert {tuple(one["time"]["interval"]) for one in found} == {("..", ".."), ("2022-01-01", "..")}
    assert all(one["geometry"] is None and one["place"]["type"] == "Polygon" for one in found)


@pytest.mark.parametrize(
    ("asked", "campo"),
    [
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "a,b,c,d"}, "bbox"),
        ({"bbox": "1,2,3,nan"}, "bbox"),
        ({"bbox": "1,5,3,4"}, "bbox"),
        ({"bbox": "1,2,3,4", "bbox_crs": "EPSG:9999"}, "bbox-crs"),
        ({"bbox_crs": "EPSG:3857"}, "bbox-crs"),
        ({"crs": "http://www.opengis.net/def/crs/EPSG/0/23032"}, "crs"),
        ({"datetime": "ieri"}, "datetime"),
        ({"datetime": "2023-02-30"}, "datetime"),
        ({"datetime": "2023-01-01/2022-01-01"}, "datetime"),
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "molti"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"dopo": "x"}, "dopo"),
        ({"sortby": "boh"}, "sortby"),
        ({"properties": "boh"}, "properties"),
        ({"boh": "1"}, "boh"),
        ({"skipCount": "forse"}, "skipCount"),
        ({"f": "shp"}, "f"),
        ({"filter_lang": "ecql"}, "filter-lang"),
        ({"filter": ""}, "filter"),
        ({"filter": "uso ="}, "filter"),
        ({"filter": "boh = 1"}, "filter"),
        ({"filter": "uso = 1"}, "filter"),
        ({"filter": "uso"}, "filter"),
        ({"filter": "(" * 30 + "uso='1'" + ")" * 30}, "filter"),
        ({"filter": "(" * 500}, "filter"),
        ({"filter": "s_intersects(geometry, POLYGON((0 0, 1 1)))"}, "filter"),
        ({"filter": "piani = 1; DROP TABLE pubblico.edifici"}, "filter"),
        ({"filter": "pg_sleep(5) = 1"}, "filter"),
    ],
)
def test_what_has_no_meaning_is_refused_by_its_name(
    conn: sa.Connection, asked: dict[str, Any], campo: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        page(conn, "edifici", **asked)
    assert refused.value.campo == campo


@given(text=st.text(max_size=60))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_more_than_refused(text: str) -> None:
    for name in ("filter", "bbox", "datetime", "sortby", "dopo", "crs", "limit"):
        with suppress(InvalidParameter):
            interrogazione.read(BY_NAME["edifici"], [(name, text)])

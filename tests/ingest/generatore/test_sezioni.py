"""Census sections and hazards of the invented town: what they say is true of it."""

import json
from collections import Counter
from datetime import date

import geopandas
import shapely

from tests.ingest.generatore.conftest import Comune, within

GIORNO = date(2021, 12, 31)


def sections(comune: Comune) -> geopandas.GeoDataFrame:
    ((giorno, file),) = comune.supplies("sezioni_censimento_*.geojson")
    assert giorno == date(2023, 1, 1)
    return geopandas.read_file(file, engine="pyogrio")


def test_who_lived_there_on_the_day_of_the_census_is_counted_once(comune: Comune) -> None:
    found = sections(comune)
    lived = [r for r in comune.table("residenze") if within(r["dal"], r["al"], GIORNO)]
    assert len(lived) > 300
    assert found.POP21.sum() == len(lived)
    assert found.FAM21.sum() >= len({r["famiglia"] for r in lived})
    sezione = {r["edificio"]: int(r["sezione"]) for r in comune.table("edificio_sezione")}
    counted = Counter(sezione[r["edificio"]] for r in lived if r["edificio"] in sezione)
    said = dict(zip(found.SEZ21_ID, found.POP21, strict=True))
    same = sum(counted[code] == said[code] for code in said)
    assert same >= 0.9 * len(said)  # a building that was split or joined has two names


def test_sections_cover_the_town_without_a_gap_and_hold_their_buildings(comune: Comune) -> None:
    found = sections(comune)
    assert len(found) > 10
    assert found.SEZ21_ID.is_unique
    assert set(found.TIPO_LOC) >= {1, 4}
    assert found.geometry.is_valid.all()
    union = shapely.union_all(found.geometry.to_numpy(), grid_size=0.001)
    assert abs(found.area.sum() - union.area) < 1e-6 * union.area
    _, file = comune.supplies("confine_*.geojson")[0]
    boundary = geopandas.read_file(file, engine="pyogrio").to_crs(str(found.crs))
    assert abs(boundary.area.sum() - union.area) < 1e-3 * union.area
    shapes = found.set_index("SEZ21_ID").geometry
    outlines = {}
    for _, file in comune.supplies("edifici_*.gpkg"):
        frame = geopandas.read_file(file, engine="pyogrio").to_crs(str(found.crs))
        outlines[file.parent.name] = frame
    truth = {r["edificio"]: int(r["sezione"]) for r in comune.table("edificio_sezione")}
    last = max(outlines)
    shape = outlines[last].geometry.to_numpy()
    rows = [
        r for r in comune.table("impronte") if r["fornitura"] == last and r["edificio"] in truth
    ]
    assert len(rows) > 200
    inside = [
        shapes[truth[r["edificio"]]].buffer(1).contains(shape[int(r["objectid"]) - 1].centroid)
        for r in rows
    ]
    assert sum(inside) > 0.98 * len(inside)


def test_what_comes_often_lies_inside_what_comes_rarely(comune: Comune) -> None:
    files = comune.supplies("pericolosita_*.gpkg")
    assert [giorno.year for giorno, _ in files] == [2021, 2023, 2025]
    first, last = (geopandas.read_file(f, engine="pyogrio") for _, f in (files[0], files[-1]))
    floods = {
        c: g.union_all() for c, g in first[first.FENOMENO == "Alluvione"].groupby("CLASSE").geometry
    }
    assert set(floods) == {"P1", "P2", "P3"}
    assert floods["P1"].buffer(0.01).contains(floods["P2"])
    assert floods["P2"].buffer(0.01).contains(floods["P3"])
    assert "AA" in set(first.CLASSE)
    assert "AA" not in set(last.CLASSE)


def test_the_file_of_sections_is_one_collection(comune: Comune) -> None:
    ((_, file),) = comune.supplies("sezioni_censimento_*.geojson")
    body = json.loads(file.read_text())
    assert body["crs"]["properties"]["name"].startswith("urn:ogc:def:crs:EPSG::")
    assert list(body["features"][0]["properties"])[1:5] == [
        "COD_UTS",
        "PRO_COM",
        "SEZ21",
        "SEZ21_ID",
    ]

"""Whose is a delivery: the municipality it names, and where its objects lie."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import Options, load
from territorio import comune_aggiungi
from territorio.errors import Refused
from territorio.schema import comune as comuni
from territorio.schema import segnalazione
from tests.factories import new_comune
from tests.factory_defaults import punto, rettangolo
from tests.ingest.consegne import Footprints, confine, edifici, strade


@pytest.fixture
def comune(conn: sa.Connection) -> str:
    return new_comune(conn)


def test_a_file_of_several_municipalities_is_read_for_those_that_are_here(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = strade(tmp_path / "STRAD_EMIL_20230101.csv", {1: "VIA ROMA"})
    path.write_text(path.read_text() + "X998;999998;2;;VIA ALTROVE;;0;;;\n")
    (only,) = load(conn, [path])
    assert (only.comune, only.letti, len(only.rifiutati)) == ("X999", 1, 0)
    new_comune(conn, "X998", istat="999998")
    assert [e.comune for e in load(conn, [path])] == ["X999", "X998"]


def test_a_file_that_names_no_municipality_follows_the_others(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    new_comune(conn, "X998", istat="999998")
    footprints = edifici(tmp_path / "edifici_20230101.geojson", [("a", (0, 0, 10, 10))])
    with pytest.raises(Refused, match="--comune"):
        load(conn, [footprints])
    streets = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    assert {e.comune for e in load(conn, [footprints, streets])} == {"X999"}


def test_a_file_of_another_municipality_is_not_forced_into_this_one(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    new_comune(conn, "X998", istat="999998")
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    with pytest.raises(Refused, match="è del comune X999"):
        load(conn, [path], Options(comune="X998"))
    with pytest.raises(Refused, match="territorio comune aggiungi X997"):
        load(conn, [strade(tmp_path / "STRAD_X997_20230101.csv", {1: "VIA ROMA"}, "X997")])


def aggregati(path: Path, istat: str, where: tuple[float, float, float, float]) -> Path:
    """Write one aggregate of the civil protection."""
    feature = {
        "type": "Feature",
        "properties": {"IDAG": f"06{istat}000000000100", "Label": 1, "Comune": "Altrove"},
        "geometry": json.loads(json.dumps(rettangolo(*where).__geo_interface__)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_a_file_that_names_another_municipality_is_refused_though_nobody_knows_it(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = aggregati(tmp_path / "aggregati_20230101.geojson", "086020", (0, 0, 10, 10))
    with pytest.raises(Refused, match=r"è del comune 086020 \(Villarosa\), non di X999"):
        load(conn, [path], Options(comune="X999"))
    with pytest.raises(Refused, match="territorio comune aggiungi M011"):
        load(conn, [path])


def test_a_file_is_placed_by_the_istat_code_of_today_or_of_an_older_province(
    conn: sa.Connection, tmp_path: Path
) -> None:
    comune_aggiungi.add(conn, "G015")
    for code in ("090047", "104017"):
        path = aggregati(tmp_path / f"aggregati_{code}_20230101.geojson", code, (0, 0, 10, 10))
        (esito,) = load(conn, [path])
        assert esito.comune == "G015"


def test_a_boundary_tells_the_istat_code_nobody_knew(conn: sa.Connection, tmp_path: Path) -> None:
    new_comune(conn, istat=None)
    load(conn, [confine(tmp_path / "confine_20230101.geojson")])
    known = conn.execute(sa.select(comuni.c.istat).where(comuni.c.comune == "X999")).scalar_one()
    assert known == "999999"


def test_without_a_boundary_what_is_loaded_tells_where_the_municipality_is(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    load(conn, [edifici(tmp_path / "edifici_20230101.geojson", [("a", (0, 0, 10, 10))])])
    near = edifici(tmp_path / "edifici_20230201.geojson", [("b", (30_000, 0, 10, 10))])
    load(conn, [near])
    far = edifici(tmp_path / "edifici_20230301.geojson", [("c", (600_000, 0, 10, 10))])
    with pytest.raises(Refused, match="da ciò che del comune è già caricato"):
        load(conn, [far], Options(comune="X999"))


def test_a_boundary_that_comes_late_reports_what_lies_outside(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    load(conn, [edifici(tmp_path / "edifici_20230101.geojson", [("a", (30_000, 0, 10, 10))])])
    load(conn, [confine(tmp_path / "confine_20230201.geojson")])
    reports = conn.execute(
        sa.select(segnalazione.c.motivo).where(segnalazione.c.tipo == "fornitura fuori dal confine")
    ).scalars()
    assert ["1 oggetti su 1" in motivo for motivo in reports] == [True]


def test_coordinates_outside_the_municipality_are_refused_with_a_guess(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    load(conn, [confine(tmp_path / "confine_20230101.geojson")])
    footprints: Footprints = [(str(n), (30.0 * n, 0, 10, 10)) for n in range(20)]
    path = edifici(tmp_path / "edifici_20230101.geojson", footprints)
    swapped = json.loads(path.read_text())
    for feature in swapped["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [[y, x] for x, y in ring]
    wrong = tmp_path / "edifici_20230102.geojson"
    wrong.write_text(json.dumps(swapped))
    with pytest.raises(Refused, match=r"20 oggetti su 20 .* scambiate"):
        load(conn, [wrong])
    assert load(conn, [path])[0].inseriti == 20


def test_a_wrong_zone_is_guessed(conn: sa.Connection, comune: str, tmp_path: Path) -> None:
    load(conn, [confine(tmp_path / "confine_20230101.geojson")])
    x, y = 660_400, 4_873_900
    square = [[x, y], [x + 9, y], [x + 9, y + 9], [x, y + 9], [x, y]]
    path = edifici(tmp_path / "edifici_20230101.geojson", [("a", (0, 0, 10, 10))], crs=7792)
    wrong = json.loads(path.read_text())
    wrong["features"][0]["geometry"]["coordinates"] = [square]
    path.write_text(json.dumps(wrong))
    with pytest.raises(Refused, match="sembrano in EPSG:7791, non in EPSG:7792"):
        load(conn, [path])


def test_the_boundary_loaded_with_the_others_checks_them(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    far: Footprints = [("a", (900_000, 0, 10, 10))]
    paths = [
        edifici(tmp_path / "edifici_20230101.geojson", far),
        confine(tmp_path / "confine_20230101.geojson"),
    ]
    with pytest.raises(Refused, match="1 oggetti su 1"):
        load(conn, paths)


def test_house_numbers_far_away_are_told_one_by_one(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    load(conn, [confine(tmp_path / "confine_20230101.geojson")])
    places = [punto(10 * n, 0) for n in range(20)] + [punto(5200, 0), punto(6000, 0)]
    features = [
        {
            "type": "Feature",
            "properties": {"codice_istat": "999999", "data_pubblicazione": "2023-01-01"},
            "geometry": json.loads(json.dumps(place.__geo_interface__)),
        }
        for place in places
    ]
    path = tmp_path / "punti.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    load(conn, [path])
    rows = conn.execute(
        sa.select(segnalazione.c.tipo, segnalazione.c.riga, segnalazione.c.oggetto)
        .where(segnalazione.c.campo == "geometria")
        .order_by(segnalazione.c.riga)
    ).all()
    assert [(r.tipo, r.riga) for r in rows] == [
        ("posizione oltre 110 m", 21),
        ("posizione oltre 500 m", 22),
    ]
    assert all(r.oggetto for r in rows)

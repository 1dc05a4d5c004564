"""Loading whole deliveries: municipalities, order, refusals, repeats, what is kept."""

import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import Options, load
from territorio import comune_aggiungi, vigenza
from territorio.archivio import Archivio
from territorio.errors import InvalidInput, Refused
from territorio.schema import comune as comuni
from territorio.schema import fornitura, segnalazione, segnalazione_valore
from territorio.tables import FATTI, STAGING
from territorio.vigenza import Quando
from tests.factories import new_comune, new_parte
from tests.factory_defaults import punto, rettangolo

type Footprints = list[tuple[str, tuple[float, float, float, float]]]


@pytest.fixture
def comune(conn: sa.Connection) -> str:
    return new_comune(conn)


def edifici(path: Path, footprints: Footprints, crs: int = 4326) -> Path:
    """Write footprints by code and (east, north, width, height) in metres."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": code},
            "geometry": json.loads(json.dumps(rettangolo(*where).__geo_interface__)),
        }
        for code, where in footprints
    ]
    system = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    collection = {"type": "FeatureCollection", "name": "edifici", "crs": system}
    path.write_text(json.dumps({**collection, "features": features}))
    return path


def strade(path: Path, names: dict[int, str], comune: str = "X999") -> Path:
    """Write streets of the national archive."""
    head = (
        "CODICE_COMUNE;CODICE_ISTAT;PROGRESSIVO_NAZIONALE;CODICE_COMUNALE;ODONIMO;LOCALITA';"
        "TOTALE_ACCESSI;DIZIONE_LINGUA1;DIZIONE_LINGUA2;\n"
    )
    rows = [f"{comune};999999;{n};;{name};;0;;;\n" for n, name in names.items()]
    path.write_text(head + "".join(rows))
    return path


def confine(path: Path) -> Path:
    """Write the boundary of the invented municipality: a square of ten kilometres."""
    square = rettangolo(-5000, -5000, 10_000, 10_000)
    properties = {"istat": "999999", "belfiore": "X999", "denominazione": "Borgo Sereno"}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(json.dumps(square.__geo_interface__)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def on(giorno: str, **options: object) -> Options:
    """Return options for a day."""
    return Options(giorno=date.fromisoformat(giorno), **options)  # type: ignore[arg-type] # by name


def names_on(conn: sa.Connection, quando: Quando) -> set[str]:
    """Return the streets as known and in force then."""
    c = FATTI["odonimo"].c
    rows = conn.execute(sa.select(c.denominazione).where(vigenza.in_force(c, quando)))
    return set(rows.scalars())


def test_what_one_command_loads_is_known_delivery_by_delivery(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    old = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA VECCHIA", 2: "VIA TOLTA"})
    new = strade(tmp_path / "STRAD_X999_20240101.csv", {1: "VIA NUOVA"})
    # Named in the wrong order on purpose.
    first, second = load(conn, [new, old])
    assert (first.file, first.inseriti, second.cambiati, second.chiusi) == (old.name, 2, 1, 1)
    numbers = [
        conn.execute(
            sa.select(fornitura.c.registrazione).where(fornitura.c.sha256 == esito.sha256)
        ).scalar_one()
        for esito in (first, second)
    ]
    later = date(2024, 6, 1)
    assert names_on(conn, Quando(later)) == {"VIA NUOVA"}
    assert names_on(conn, Quando(later, numbers[0])) == {"VIA VECCHIA", "VIA TOLTA"}
    assert names_on(conn, Quando(date(2023, 6, 1), numbers[1])) == {"VIA VECCHIA", "VIA TOLTA"}


def test_the_same_bytes_under_the_same_day_are_loaded_once(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    load(conn, [path])
    (again,) = load(conn, [path])
    assert again.gia_caricata
    assert (again.letti, again.invariati, again.inseriti) == (1, 1, 0)


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


def test_a_day_that_is_still_to_come_is_refused_wherever_it_is_written(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    with pytest.raises(Refused, match="deve ancora venire"):
        load(conn, [path], on("2099-01-01"))
    with pytest.raises(Refused, match="01/01/2099"):
        load(conn, [path.rename(tmp_path / "edifici_20990101.geojson")])


UTF16 = "A;B\nuno;due\n".encode("utf-16")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vuoto.csv", b"", "vuoto.csv: il file è vuoto"),
        ("larga.csv", UTF16, "larga.csv: è scritto in UTF-16"),
        ("larga.csv", UTF16[2:], "larga.csv: è scritto in UTF-16"),
        ("tronca.gpkg", b"SQLite format 3\0" + bytes(3000), r"tronca.gpkg: .*incompleto"),
        ("rotto.geojson", b'{"type":\n"Fea', r"rotto.geojson: .*riga 2, colonna 1"),
        ("rotta.gml", b"<a>\n<b></a>", r"rotta.gml: .*riga 2"),
        ("finto.zip", b"ciao", "finto.zip: non è un archivio ZIP"),
        ("altro.geojson", b'{"type":"FeatureCollection","features":[]}', "altro.geojson: "),
        ("rumore.bin", bytes(range(1, 256)), "rumore.bin: nessuna fonte ne riconosce"),
    ],
)
def test_what_no_source_takes_is_refused_with_what_is_wrong_with_it(
    conn: sa.Connection, comune: str, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=said):
        load(conn, [tmp_path / name])


def test_each_of_several_unknown_files_has_its_reason(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    empty = tmp_path / "cartella"
    empty.mkdir()
    for name in "ab":
        (tmp_path / f"{name}.csv").touch()
    with pytest.raises(
        Refused, match=r"a.csv: il file è vuoto; .*b.csv: il file è vuoto"
    ) as caught:
        load(conn, [tmp_path])
    assert [motivo for _, _, motivo in caught.value.dettagli] == ["il file è vuoto"] * 2
    with pytest.raises(Refused, match="niente da caricare"):
        load(conn, [empty])


@pytest.mark.parametrize("target", [".", "../giro", "giro"])
def test_links_that_go_round_are_told(
    conn: sa.Connection, comune: str, tmp_path: Path, target: str
) -> None:
    folder = tmp_path / "giro"
    folder.mkdir()
    (folder / "giro").symlink_to(target)
    with pytest.raises(InvalidInput, match="«giro/giro» è un collegamento"):
        load(conn, [folder])


def test_without_a_day_it_asks_for_one(conn: sa.Connection, comune: str, tmp_path: Path) -> None:
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    with pytest.raises(Refused, match="--data"):
        load(conn, [path])
    folder = tmp_path / "2023-05-01"
    folder.mkdir()
    (esito,) = load(conn, [Path(shutil.copy(path, folder))])
    assert esito.data_riferimento == "2023-05-01"


def test_footprints_older_than_those_loaded_are_refused(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    load(conn, [path], on("2023-01-01"))
    with pytest.raises(Refused, match="01/01/2023"):
        load(conn, [path], on("2022-01-01"))


def test_a_delivery_that_looks_cut_off_is_refused_unless_forced(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    names = {n: f"VIA {n}" for n in range(1, 41)}
    load(conn, [strade(tmp_path / "STRAD_X999_20230101.csv", names)])
    few = strade(tmp_path / "STRAD_X999_20240101.csv", {1: "VIA 1"})
    with pytest.raises(Refused, match=r"40.*--forza"):
        load(conn, [few])
    (forced,) = load(conn, [few], Options(forza=True))
    assert forced.chiusi == 39


def _broken(folder: Path, bad: int, good: int) -> Path:
    path = strade(folder / "STRAD_X999_20230101.csv", {n: f"VIA {n}" for n in range(good)})
    path.write_text(path.read_text() + "X999;999999;abc;;MARIO ROSSI;;0;;;\n" * bad)
    return path


def test_a_bad_record_is_told_and_the_rest_loads(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    (esito,) = load(conn, [_broken(tmp_path, bad=1, good=20)])
    assert (esito.letti, esito.inseriti, len(esito.rifiutati)) == (21, 20, 1)
    report = conn.execute(
        sa.select(segnalazione).where(segnalazione.c.tipo == "record rifiutato")
    ).one()
    assert report.riga == 22
    assert "abc" not in report.motivo
    value = conn.execute(
        sa.select(segnalazione_valore.c.valore).where(
            segnalazione_valore.c.segnalazione == report.id
        )
    ).scalar_one()
    assert value == "abc"


def test_what_could_not_be_read_has_not_gone(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    """A street whose line is damaged goes on; one that is not there has ended."""
    names = {n: f"VIA {n}" for n in range(1, 31)}
    load(conn, [strade(tmp_path / "STRAD_X999_20230101.csv", names)])
    del names[30]
    damaged = strade(tmp_path / "STRAD_X999_20240101.csv", names)
    damaged.write_text(damaged.read_text().replace("VIA 7;", ";"))
    (esito,) = load(conn, [damaged])
    assert (len(esito.rifiutati), esito.chiusi) == (1, 1)
    today = names_on(conn, Quando(date(2024, 6, 1)))
    assert ("VIA 7" in today, "VIA 30" in today, len(today)) == (True, False, 29)


def test_too_many_bad_records_stop_the_load(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=r"2 record su 22 .* riga 22"):
        load(conn, [_broken(tmp_path, bad=2, good=20)])
    (esito,) = load(conn, [_broken(tmp_path, bad=2, good=20)], Options(tolleranza=0.1))
    assert esito.inseriti == 20


def test_a_repeated_line_is_told_at_the_object(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    path.write_text(path.read_text() + "X999;999999;1;;VIA TORINO;;0;;;\n")
    (esito,) = load(conn, [path])
    assert (esito.letti, esito.inseriti, esito.invariati) == (2, 1, 1)
    report = conn.execute(
        sa.select(segnalazione).where(segnalazione.c.tipo == "record ripetuto")
    ).one()
    street = conn.execute(sa.select(FATTI["odonimo"])).one()
    assert (report.riga, report.oggetto, street.denominazione) == (3, street.id, "VIA ROMA")


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


def _shapefile(folder: Path, use: str) -> Path:
    source = edifici(folder / "edifici.geojson", [("a", (0, 0, 10, 10))])
    text = json.loads(source.read_text())
    text["features"][0]["properties"]["uso"] = use
    source.write_text(json.dumps(text))
    import pyogrio

    frame = pyogrio.read_dataframe(source)
    target = folder / "edifici.shp"
    pyogrio.write_dataframe(frame, target)
    source.unlink()
    return target


def test_a_shapefile_is_all_its_files_together(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    archive = Archivio(tmp_path / "originali", b"0" * 32)
    path = _shapefile(tmp_path, "scuola")
    (first,) = load(conn, [tmp_path / "edifici.shp"], on("2023-01-01"), archivio=archive)
    with archive.open(first.sha256) as kept, zipfile.ZipFile(kept) as packed:
        assert {"edifici.shp", "edifici.dbf", "edifici.prj"} <= set(packed.namelist())
    # The same outlines with other attributes are another delivery.
    _shapefile(tmp_path, "palestra")
    (second,) = load(conn, [path], on("2023-01-02"))
    assert (second.sha256 != first.sha256, second.cambiati) == (True, 1)


def test_a_mapping_given_to_the_command_serves_the_files_nobody_knows(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = edifici(tmp_path / "corpi_20230101.geojson", [("7", (0, 0, 10, 10))])
    path.write_text(path.read_text().replace('"edifici"', '"corpi"'))
    mappa = tmp_path / "mappa.json"
    mappa.write_text(json.dumps({"campi": {"codice_fonte": "id"}}))
    with pytest.raises(Refused, match="nessuna fonte"):
        load(conn, [path])
    (esito,) = load(conn, [path], Options(mappa=mappa))
    assert esito.inseriti == 1
    assert conn.execute(sa.select(STAGING["edificio"].c.codice_fonte)).scalar_one() == "7"


def test_an_archive_is_opened_and_must_stay_in_its_folder(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    streets = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    packed = tmp_path / "tutto.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(streets, f"dentro/{streets.name}")
    (esito,) = load(conn, [packed])
    assert (esito.file, esito.inseriti) == (f"tutto.zip/dentro/{streets.name}", 1)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("../fuori.csv", "a;b\n")
    with pytest.raises(Refused, match="non ammesso"):
        load(conn, [packed])
    packed.write_bytes(b"PK\3\4 rotto")
    with pytest.raises(Refused, match="non è un archivio ZIP"):
        load(conn, [packed])


def test_a_truncated_file_is_refused_whole(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    fixtures: Callable[[str], Path] = (Path(__file__).parents[1] / "fixtures/fonti").joinpath
    new_parte(conn, "H501")
    for name in ("ade_particelle/input.gml", "imu_dichiarazioni/input.txt"):
        source = fixtures(name)
        cut = tmp_path / f"X999_20240101_{source.name}"
        cut.write_bytes(source.read_bytes()[:-1500])
        with pytest.raises(Refused, match=r"tronca|chiusura"):
            load(conn, [cut], Options(comune="X999", tolleranza=1.0))

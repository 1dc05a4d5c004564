"""Files as they come: unknown, damaged, packed, in several pieces."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import Options, load
from territorio.archivio import Archivio
from territorio.errors import InvalidInput, Refused
from territorio.tables import STAGING
from tests.factories import new_comune, new_parte
from tests.ingest.consegne import edifici, on, strade


@pytest.fixture
def comune(conn: sa.Connection) -> str:
    return new_comune(conn)


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
        ("vuota.gml", b"<FeatureCollection/>", "vuota.gml: .*nessuna particella"),
        (
            "errore.gml",
            b"<ServiceExceptionReport><ServiceException>troppo</ServiceException>"
            b"</ServiceExceptionReport>",
            "errore.gml: il servizio ha risposto con un errore: troppo",
        ),
        (
            "piana.gml",
            b'<FeatureCollection><CadastralParcel srsName="EPSG:25832"/></FeatureCollection>',
            "piana.gml: .*EPSG:25832 non gestito",
        ),
        ("altra.gml", b"<a/>", "altra.gml: nessuna fonte ne riconosce"),
        ("vuoto.zip", b"PK\5\6" + bytes(18), "vuoto.zip: l'archivio è vuoto"),
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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("c.xml", r"c.xml: accompagna o descrive altri file"),
        ("c.DBF", r"c.DBF: .*indica il file «.shp» a cui"),
        ("c.sog", r"c.sog: .*indica il file «.fab» o «.ter» a cui"),
        ("c.sup", r"c.sup: .*«.cxf» o «.ctf»"),
        ("c.qix", r"c.qix: accompagna o descrive"),
        ("c.gml.mappa.json", r"c.gml.mappa.json: accompagna o descrive"),
    ],
)
def test_a_file_that_goes_with_another_is_named_when_it_comes_alone(
    conn: sa.Connection, comune: str, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / name).write_text("<a/>")
    with pytest.raises(Refused, match=said) as refused:
        load(conn, [tmp_path / name])
    assert refused.value.file == name


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


def test_archives_inside_archives_have_an_end(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    inner = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    packed = inner
    for depth in range(5):
        packed = tmp_path / f"livello{depth}.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.write(inner, inner.name)
        inner = packed
        if depth == 3:
            (esito,) = load(conn, [packed])
            assert esito.inseriti == 1
    with pytest.raises(Refused, match="uno dentro l'altro"):
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

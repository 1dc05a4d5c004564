"""Files of each format, read back by the programs people open them with."""

import csv
import dataclasses
import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial
import geopandas
import psycopg
import pyarrow.parquet as pq
import pyogrio
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles

from opendata import formats
from opendata.dataset import BY_NAME
from opendata.estrazione import Estrazione, read
from opendata.formati import parquet, tessere
from opendata.formats import FORMATI, formats_of
from territorio import db
from territorio.schema_pubblico import properties
from tests.factory_defaults import COMUNE
from tests.opendata.paese import DIFFICILE, DOMANI_NON_PIU, PIENI

SISTEMA = "/usr/bin/python3"
VALIDATE = "osgeo_utils.samples.validate_gpkg"


@pytest.fixture
def published(paese_url: str) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Read the tables themselves, as the public role."""
    plain = db.url_for(paese_url, db.Role.PUBBLICO).set(drivername="postgresql")
    with psycopg.connect(
        plain.render_as_string(hide_password=False), row_factory=psycopg.rows.dict_row
    ) as conn:
        yield conn


def ids(published: psycopg.Connection[dict[str, Any]], nome: str, *, placed: bool) -> set[int]:
    """Return the objects of a collection that are there today."""
    query = psycopg.sql.SQL(
        "SELECT id FROM pubblico.{} WHERE dal <= current_date AND al > current_date"
        " AND (geometria IS NOT NULL OR NOT %s)"
    ).format(psycopg.sql.Identifier(nome))
    found = {row["id"] for row in published.execute(query, [placed])}
    assert found
    return found


def written(url: str, nome: str, formato: str, folder: Path) -> Path:
    """Write a dataset of the village."""
    file = folder / f"{nome}{FORMATI[formato].estensione}"
    formats.export(url, Estrazione(BY_NAME[nome], COMUNE), formato, file)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    return file


PLACED = [nome for nome in PIENI if BY_NAME[nome].geometria]


@pytest.mark.parametrize("nome", PIENI)
def test_a_geopackage_holds_one_layer_numbered_by_the_identities(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    file = written(paese_url, nome, "gpkg", tmp_path)
    assert pyogrio.list_layers(file)[:, 0].tolist() == [nome]
    frame = pyogrio.read_dataframe(file, fid_as_index=True)
    assert set(frame.index) == ids(published, nome, placed=False)
    table = BY_NAME[nome].tavola
    assert [name for name in frame.columns if name != "geometry"] == properties(table)
    with sqlite3.connect(file) as lite:
        version = lite.execute("PRAGMA user_version").fetchone()[0]
        fids = [row[0] for row in lite.execute(f'SELECT fid FROM "{nome}"')]  # noqa: S608
        changed = lite.execute("SELECT last_change FROM gpkg_contents").fetchone()[0]
    lite.close()
    told = pyogrio.read_info(file)["dataset_metadata"]
    assert told["licenza"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert version == 10300
    assert fids == sorted(fids)
    assert changed.endswith("T00:00:00.000Z")
    if BY_NAME[nome].geometria:
        info = pyogrio.read_info(file)
        assert info["geometry_type"] == BY_NAME[nome].geometria
        assert info["crs"] == "EPSG:4326"


def test_the_same_state_makes_the_same_geopackage(paese_url: str, tmp_path: Path) -> None:
    first = written(paese_url, "edifici", "gpkg", tmp_path).read_bytes()
    assert written(paese_url, "edifici", "gpkg", tmp_path).read_bytes() == first


@pytest.mark.parametrize("nome", ["edifici", "civici", "odonimi", "vincoli"])
def test_gdal_finds_nothing_wrong_with_a_geopackage(
    paese_url: str, tmp_path: Path, nome: str
) -> None:
    there = [SISTEMA, "-c", f"import {VALIDATE}"]
    if not Path(SISTEMA).exists() or subprocess.run(there, capture_output=True).returncode:
        pytest.skip("Debian's python3-gdal is not installed")
    file = written(paese_url, nome, "gpkg", tmp_path)
    done = subprocess.run([SISTEMA, "-m", VALIDATE, file], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("nome", PIENI)
def test_a_geoparquet_passes_the_validator(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    file = written(paese_url, nome, "parquet", tmp_path)
    assert set(pq.read_table(file, columns=["id"])["id"].to_pylist()) == ids(
        published, nome, placed=False
    )
    if not BY_NAME[nome].geometria:
        assert b"geo" not in (pq.read_schema(file).metadata or {})
        return
    validator = shutil.which("geoparquet-validator", path=str(Path(sys.executable).parent))
    assert validator is not None
    done = subprocess.run([validator, "check", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    frame = geopandas.read_parquet(file)
    assert frame.crs is not None
    assert frame.crs.to_string() == "OGC:CRS84"
    assert set(frame.geom_type.dropna()) == {BY_NAME[nome].geometria}


def test_duckdb_reads_a_geoparquet_by_its_boxes(paese_url: str, tmp_path: Path) -> None:
    file = written(paese_url, "edifici", "parquet", tmp_path)
    extension = next(
        Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension")
    )
    with duckdb.connect(config={"allow_unsigned_extensions": "true"}) as duck:
        duck.load_extension(str(extension))
        row = duck.execute(
            "SELECT count(*), sum(ST_NumGeometries(geometry)), min(bbox.xmin - ST_XMin(geometry)),"
            " max(ST_XMax(geometry) - bbox.xmax) FROM read_parquet(?)",
            [str(file)],
        ).fetchone()
    assert row == (3, 3, 0.0, 0.0)


def test_a_geoparquet_lies_in_the_order_of_the_ground(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path
) -> None:
    file = written(paese_url, "civici", "parquet", tmp_path)
    wanted = published.execute(
        "SELECT id FROM pubblico.civici WHERE dal <= current_date AND al > current_date"
        " ORDER BY geometria, id"
    ).fetchall()
    assert pq.read_table(file)["id"].to_pylist() == [row["id"] for row in wanted]


def test_rows_that_lie_in_order_are_not_sorted_and_others_are(
    paese_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GRUPPO", 0)
    with read(paese_url, Estrazione(BY_NAME["edifici"], COMUNE)) as lettore:
        assert parquet._in_order(lettore, lettore.quadro()) is True
    with read(paese_url, Estrazione(BY_NAME["edifici"])) as lettore:
        assert parquet._in_order(lettore, lettore.quadro()) is False


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_row_groups_hold_about_as_many_rows_as_they_should(
    paese_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(parquet, "GRUPPO", rows)
    file = pq.ParquetFile(written(paese_url, "edifici", "parquet", tmp_path))
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert sizes == {1: [1, 1, 1], 2: [3], 5: [3]}[rows]


@pytest.mark.parametrize("nome", PLACED)
def test_a_flatgeobuf_holds_what_has_a_place(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    file = written(paese_url, nome, "fgb", tmp_path)
    frame = pyogrio.read_dataframe(file)
    assert set(frame["id"]) == ids(published, nome, placed=True)
    info = pyogrio.read_info(file)
    assert (info["crs"], info["layer_name"]) == ("EPSG:4326", nome)
    assert info["capabilities"]["fast_spatial_filter"]
    west, south, _, _ = frame.geometry.iloc[0].bounds
    assert len(pyogrio.read_dataframe(file, bbox=(west, south, west + 1e-9, south + 1e-9))) >= 1


@pytest.mark.parametrize("nome", PIENI)
def test_a_csv_is_read_as_the_standard_says(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    file = written(paese_url, nome, "csv", tmp_path)
    data = file.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.DictReader(text, strict=True))
    assert {int(row["id"]) for row in rows} == ids(published, nome, placed=False)
    described = json.loads(written(paese_url, nome, "csvw", tmp_path).read_text())
    columns = described["tableSchema"]["columns"]
    assert list(rows[0]) == [column["name"] for column in columns]
    assert described["url"] == file.name


def test_a_csv_keeps_codes_and_hard_texts(paese_url: str, tmp_path: Path) -> None:
    data = written(paese_url, "edifici", "csv", tmp_path).read_bytes()
    assert b',"0101",' in data
    assert b",false," in data
    with written(paese_url, "vincoli", "csv", tmp_path).open(newline="") as text:
        names = {row["denominazione"] for row in csv.DictReader(text, strict=True)}
    assert DIFFICILE in names


def test_a_csv_of_points_says_where_they_are(paese_url: str, tmp_path: Path) -> None:
    with written(paese_url, "civici", "csv", tmp_path).open(newline="") as text:
        rows = list(csv.DictReader(text, strict=True))
    places = [(row["lon"], row["lat"]) for row in rows]
    assert ("", "") in places
    assert all(len(lon.partition(".")[2]) <= 7 for lon, _ in places)
    assert any(lon for lon, _ in places)


@pytest.mark.parametrize("nome", PIENI)
def test_a_geojson_holds_the_features_as_they_are_kept(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    body = json.loads(written(paese_url, nome, "geojson", tmp_path).read_text("utf-8"))
    assert list(body) == ["type", "features"]
    assert {feature["id"] for feature in body["features"]} == ids(published, nome, placed=False)
    if nome == "vincoli":
        assert DIFFICILE in {f["properties"]["denominazione"] for f in body["features"]}


@pytest.mark.parametrize("nome", PLACED)
def test_pmtiles_hold_every_object_at_the_last_zoom(
    published: psycopg.Connection[dict[str, Any]], paese_url: str, tmp_path: Path, nome: str
) -> None:
    file = written(paese_url, nome, "pmtiles", tmp_path)
    with file.open("rb") as source:
        get = MmapSource(source)
        header = Reader(get).header()
        layers = Reader(get).metadata()["vector_layers"]
        tiles = {place: gzip.decompress(data) for place, data in all_tiles(get)}
    first, last = header["min_zoom"], header["max_zoom"]
    assert [(one["id"], one["minzoom"], one["maxzoom"]) for one in layers] == [(nome, first, last)]
    assert header["clustered"]
    for z in range(first, last + 1):
        seen: set[int] = set()
        for (zoom, x, y), data in tiles.items():
            if zoom == z:
                path = tmp_path / f"{z}-{x}-{y}.pbf"
                path.write_bytes(data)
                frame = pyogrio.read_dataframe(path, layer=nome)
                seen |= set(frame["mvt_id"])
        assert seen == ids(published, nome, placed=True) if z == last else seen


def test_pmtiles_are_read_by_gdal_where_they_are(paese_url: str, tmp_path: Path) -> None:
    info = pyogrio.read_info(written(paese_url, "edifici", "pmtiles", tmp_path))
    frame = pyogrio.read_dataframe(written(paese_url, "edifici", "gpkg", tmp_path)).to_crs(3857)
    assert info["total_bounds"] == pytest.approx(frame.total_bounds, abs=20)


def test_from_afar_a_tile_holds_the_largest(
    paese_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tessere, "QUANTI", 1)
    with read(paese_url, Estrazione(BY_NAME["edifici"], COMUNE)) as lettore:
        levels = tessere._levels(lettore, 12, 15)
        far = list(tessere._drawn(lettore, 12, levels[12], whole=False))
        near = list(tessere._drawn(lettore, 12, levels[12], whole=True))
    assert len(far) == len(near) == 1
    assert len(far[0][1]) < len(near[0][1])


@pytest.mark.parametrize("formato", ["gpkg", "parquet", "fgb", "csv", "geojson"])
def test_a_file_is_of_its_day(paese_url: str, tmp_path: Path, formato: str) -> None:
    before = Estrazione(BY_NAME["edifici"], COMUNE, DOMANI_NON_PIU.replace(day=1, month=4))
    file = tmp_path / f"x{FORMATI[formato].estensione}"
    assert formats.export(paese_url, before, formato, file) == 4
    assert formats.export(paese_url, Estrazione(BY_NAME["edifici"], COMUNE), formato, file) == 3


@pytest.mark.parametrize("formato", ["gpkg", "parquet", "fgb", "csv", "geojson"])
def test_an_empty_dataset_is_a_file_too(paese_url: str, tmp_path: Path, formato: str) -> None:
    file = tmp_path / f"x{FORMATI[formato].estensione}"
    nothing = Estrazione(BY_NAME["edifici"], "Z999")
    assert formats.export(paese_url, nothing, formato, file) == 0
    assert file.stat().st_size > 0
    if formato in {"gpkg", "parquet"}:
        assert (
            len(
                geopandas.read_parquet(file)
                if formato == "parquet"
                else pyogrio.read_dataframe(file)
            )
            == 0
        )


@pytest.mark.parametrize("formato", ["gpkg", "parquet", "fgb", "csv", "geojson"])
def test_rows_of_a_source_that_stays_out_are_not_written(
    paese_url: str, tmp_path: Path, formato: str
) -> None:
    file = tmp_path / f"x{FORMATI[formato].estensione}"
    without = Estrazione(BY_NAME["edifici"], COMUNE, senza=frozenset({"prova"}))
    assert formats.export(paese_url, without, formato, file) == 0


def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")

    def fail(_lettore: object, scratch: Path) -> int:
        scratch.write_text("half")
        raise BrokenPipeError

    broken = dataclasses.replace(FORMATI["csv"], write=fail)
    with pytest.raises(BrokenPipeError):
        formats.write(None, broken, file)  # type: ignore[arg-type] # nothing is read
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_every_dataset_has_the_formats_it_can_have() -> None:
    assert {f.nome for f in formats_of(BY_NAME["edifici"])} == set(FORMATI)
    assert "fgb" not in {f.nome for f in formats_of(BY_NAME["odonimi"])}

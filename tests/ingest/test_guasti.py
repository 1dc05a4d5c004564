"""Files that break while they are read: one Italian sentence, the library's words in quotes."""

import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ingest.contract import Rifiuto
from ingest.fonti.ade_particelle import gml_ambito
from ingest.formats import csv, vector
from territorio.errors import Refused, detail


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_a_vector_file_cut_in_its_rows_says_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"edifici{suffix}"
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(3_000)]
    frame = gpd.GeoDataFrame({"nome": ["casa" * 20] * 3_000}, geometry=boxes, crs="EPSG:6706")
    frame.to_file(path)
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half : half + half // 2] = b"\xff" * (half // 2)
    path.write_bytes(content)
    (layer,) = vector.strati(path)
    with pytest.raises(Refused) as refused:
        list(vector.features(path, layer, {"nome": "nome"}))
    motivo = refused.value.motivo
    assert "lo strato «edifici» non si legge" in motivo
    assert "fallo mandare di nuovo" in motivo
    assert re.search(r" \(dettaglio tecnico: «[^»\n]+»\)$", motivo)


def test_geometries_that_are_nonsense_are_refused_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "edifici.shp"
    boxes = [shapely.box(x, 0, x + 1, 1) for x in range(300)]
    gpd.GeoDataFrame({"nome": ["casa"] * 300}, geometry=boxes, crs="EPSG:6706").to_file(path)
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half : half + half // 2] = b"\xff" * (half // 2)
    path.write_bytes(content)
    (layer,) = vector.strati(path)
    # Whatever the libraries warn of would fail this test.
    said = list(vector.features(path, layer, {"nome": "nome"}))
    refused = [d for d in said if isinstance(d, Rifiuto)]
    assert len(said) == 300
    assert 50 < len(refused) < 200


def test_what_was_read_before_the_fault_is_counted() -> None:
    assert "solo fino all'oggetto 12" in vector.broken("edifici", 12)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"crs": ', "non è JSON valido (riga 1, colonna 9): correggilo"),
        (b'{"crs": "\xe8"}', "non è scritto in UTF-8"),
    ],
)
def test_a_mapping_that_is_no_json_says_where(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.shp"
    (tmp_path / "x.shp.mappa.json").write_bytes(content)
    with pytest.raises(Refused, match=re.escape(words)):
        vector.sidecar(path)


def test_a_quote_that_never_closes_speaks_no_english(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'a;b\n1;"2' + b"x" * 200_000 + b"\n")
    with pytest.raises(Refused) as refused:
        list(csv.rows(path, quoting=True))
    assert refused.value.motivo == (
        "riga 2: le virgolette aperte non si chiudono, oppure un campo supera i 131072 "
        "caratteri: correggi la riga e ricarica il file"
    )


def test_a_file_is_named_once(tmp_path: Path) -> None:
    source = Path("tests/fixtures/fonti/ade_particelle/input.gml")
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes().partition(b"</CP:msGeometry>")[0])
    with pytest.raises(Refused) as refused:
        gml_ambito(path, ("particella",))
    assert str(refused.value).count(path.name) == 1
    assert "il primo oggetto non si legge: riga" in refused.value.motivo


def test_only_the_first_line_of_a_library_is_quoted() -> None:
    assert detail(ValueError("bad thing.\nDETAIL: Key (nome)=(ROSSI)")) == (
        " (dettaglio tecnico: «bad thing»)"
    )
    assert detail(ValueError()) == ""

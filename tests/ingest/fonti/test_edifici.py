"""Footprints: layouts, mappings, encodings, reference systems."""

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import Polygon, box
from shapely.affinity import translate

from ingest.contract import Asserzione, Avviso, Rifiuto
from ingest.fonti import edifici
from territorio.errors import Refused
from tests.ingest.fonti.lettura import said

SQUARE = box(660400, 4873900, 660410, 4873910)


def write(
    path: Path, fields: dict[str, list[object]], crs: str = "EPSG:7791", **how: object
) -> Path:
    """Write squares, one for each row of the fields."""
    rows = len(next(iter(fields.values())))
    shapes = [translate(SQUARE, 20 * i) for i in range(rows)]
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array(values, dtype=object) for values in fields.values()],
        fields=list(fields),
        geometry_type="Polygon",
        crs=crs,
        **how,
    )
    return path


def values(path: Path) -> list[dict[str, object]]:
    """Return the attributes of what was read."""
    found = [d for d in said("edifici", path) if isinstance(d, Asserzione)]
    return [{k: v for k, v in d.valori.items() if v is not None} for d in found]


def test_openstreetmap_is_read_with_its_units(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.gpkg",
        {
            "osm_id": ["w1", "w2"],
            "building": ["yes", "church"],
            "building:levels": ["2", None],
            "height": ["6.5 m", "cinque"],
            "start_date": ["1968-05", "medieval"],
        },
    )
    assert values(path) == [
        {"codice_fonte": "w1", "piani": 2, "altezza_m": pytest.approx(6.5), "anno": 1968}
        | {"provvisorio": False},
        {"codice_fonte": "w2", "uso": "church", "provvisorio": False},
    ]


def test_a_layer_that_calls_itself_buildings_is_read_by_the_usual_names(tmp_path: Path) -> None:
    fields: dict[str, list[object]] = {"ID": ["7"], "N_PIANI": ["3"], "COLORE": ["rosa"]}
    path = write(tmp_path / "costruito.gpkg", fields)
    assert not edifici.recognise(path)
    path = write(
        tmp_path / "edifici_2020.gpkg", {"ID": ["7"], "N_PIANI": ["3"], "COLORE": ["rosa"]}
    )
    assert values(path) == [{"codice_fonte": "7", "piani": 3, "provvisorio": False}]


MAPPA = {"strato": "corpi", "campi": {"altezza_m": "H", "uso": "U"}, "valori": {"uso": {"R": "01"}}}


def mapped(folder: Path, mappa: object) -> Path:
    """Write a layer nobody knows, and its mapping beside it."""
    path = write(folder / "corpi.shp", {"H": ["7,5", "8"], "U": ["R", "X"]}, encoding="UTF-8")
    path.with_name("corpi.shp.mappa.json").write_text(json.dumps(mappa))
    return path


def test_a_mapping_beside_the_file_says_what_its_fields_are(tmp_path: Path) -> None:
    path = mapped(tmp_path, MAPPA)
    assert values(path) == [{"altezza_m": pytest.approx(7.5), "uso": "01", "provvisorio": False}]
    refused = [d.motivo for d in said("edifici", path) if isinstance(d, Rifiuto)]
    assert refused == ["«U» ha un valore senza traduzione: «X»"]


@pytest.mark.parametrize(
    ("mappa", "reason"),
    [
        ({**MAPPA, "campi": {"colore": "C"}}, "colore"),
        ({**MAPPA, "strato": "altro"}, "corpi"),
        ({**MAPPA, "campi": "tutti"}, "oggetti JSON"),
        ([1, 2], "oggetto JSON"),
    ],
)
def test_a_mapping_that_errs_is_refused_in_words(
    tmp_path: Path, mappa: object, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        said("edifici", mapped(tmp_path, mappa))


@pytest.mark.parametrize(("written", "declared"), [("UTF-8", "ISO-8859-1"), ("CP1252", "UTF-8")])
def test_the_encoding_is_found_out_whatever_the_cpg_says(
    tmp_path: Path, written: str, declared: str
) -> None:
    path = write(tmp_path / "edifici.shp", {"uso": ["Fiè"]}, encoding=written)
    path.with_suffix(".cpg").write_text(declared)
    assert values(path)[0]["uso"] == "Fiè"
    path.with_suffix(".cpg").unlink()
    assert values(path)[0]["uso"] == "Fiè"


def test_without_a_reference_system_it_asks_for_one(tmp_path: Path) -> None:
    path = write(tmp_path / "edifici.shp", {"uso": ["a"]})
    path.with_suffix(".prj").unlink()
    with pytest.raises(Refused, match=r"\.mappa\.json"):
        edifici.ambito(path)
    path.with_name("edifici.shp.mappa.json").write_text('{"crs": "EPSG:3003"}')
    assert edifici.ambito(path).crs == "EPSG:3003"
    path.with_name("edifici.shp.mappa.json").write_text('{"crs": "EPSG:1"}')
    with pytest.raises(Refused, match="EPSG:1"):
        edifici.ambito(path)


def test_heights_and_measures_of_the_vertices_are_dropped(tmp_path: Path) -> None:
    ring = Polygon([(0, 0, 5), (9, 0, 5), (9, 9, 5)])
    pyogrio.raw.write(
        tmp_path / "edifici.gpkg",
        geometry=shapely.to_wkb([ring], output_dimension=3),
        field_data=[np.array(["a"], dtype=object)],
        fields=["uso"],
        geometry_type="Polygon Z",
        crs="EPSG:7791",
    )
    (detto,) = (d for d in said("edifici", tmp_path / "edifici.gpkg") if isinstance(d, Asserzione))
    assert isinstance(detto.geometria, shapely.Geometry)
    assert not shapely.has_z(detto.geometria)


def test_a_regional_database_repeats_itself_and_keeps_what_is_gone(tmp_path: Path) -> None:
    fields: dict[str, list[object]] = {
        "COD_CONS": ["C1", "C1", "C2", "C1"],
        "CLASSREF": ["7", "8", "7", "9"],
        "EDIFC_USO": ["0101", "0199", "08", "0101"],
        "EDIFC_TY": ["01", "01", "08", "01"],
        "EDIFC_STAT": ["03"] * 4,
        "DATA_FIN": [None, None, None, "2019-05-01"],
    }
    path = write(tmp_path / "edifc.gpkg", fields)
    assert [v["codice_fonte"] for v in values(path)] == ["C1|7", "C1|8", "C2|7"]
    left = [d.motivo for d in said("edifici", path) if isinstance(d, Avviso)]
    assert left == ["strato «edifc»: 1 edifici hanno una data di fine: non sono stati letti"]


@pytest.mark.parametrize(("uso", "taken", "refused"), [("0101", 1, 0), ("0102", 1, 1)])
def test_equal_rows_of_a_building_are_one_and_others_contradict_it(
    tmp_path: Path, uso: str, taken: int, refused: int
) -> None:
    path = tmp_path / "edifc.gpkg"
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb([SQUARE, SQUARE]),
        field_data=[
            np.array(column, dtype=object)
            for column in (["C1"] * 2, ["7"] * 2, ["0101", uso], ["01"] * 2, [None] * 2)
        ],
        fields=["COD_CONS", "CLASSREF", "EDIFC_USO", "EDIFC_TY", "DATA_FIN"],
        geometry_type="Polygon",
        crs="EPSG:7791",
    )
    found = said("edifici", path)
    assert len([d for d in found if isinstance(d, Asserzione)]) == taken
    assert [d.valore for d in found if isinstance(d, Rifiuto)] == ["C1|7"] * refused

"""Hazards: names that change with the release, scales that run in opposite directions."""

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from shapely import affinity

from ingest import fonti
from ingest.contract import Asserzione, Rifiuto
from ingest.fonti import pericolosita
from tests.ingest.fonti.lettura import FIXTURES, said

SQUARE = shapely.box(660_000, 4_873_000, 660_100, 4_873_100)


def layer(path: Path, nome: str, rows: list[dict[str, Any]]) -> Path:
    """Write a layer of squares with these fields."""
    shapes = [affinity.translate(SQUARE, 200 * n) for n in range(len(rows))]
    frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:32632")
    frame.to_file(path, layer=nome, engine="pyogrio")
    return path


def classes(path: Path) -> list[tuple[object, object]]:
    found = said("pericolosita", path)
    return [(d.valori["fenomeno"], d.valori["classe"]) for d in found if isinstance(d, Asserzione)]


@pytest.mark.parametrize(
    ("file", "nome", "campo", "valori", "expected"),
    [
        (
            "a.gpkg",
            "Mosaicatura_pericolosita_frana_2021",
            "per_fr_ita",
            ["P1", "P4", "AA"],
            [("frana", "P1"), ("frana", "P4"), ("frana", "AA")],
        ),
        (
            "HPH_mosaicatura_idraulica.shp",
            "HPH_mosaicatura_idraulica",
            "scenario",
            ["H", "HPH"],
            [("alluvione", "P3"), ("alluvione", "P3")],
        ),
        (
            "b.gpkg",
            "pgra",
            "PERICOLOSI",
            ["P3", "Bassa"],
            [("alluvione", "P3"), ("alluvione", "P1")],
        ),
        ("c.gpkg", "PAI_valanghe", "classe", ["Elevata"], [("valanga", "P3")]),
    ],
)
def test_names_of_fields_and_layers_vary_by_release(
    file: str,
    nome: str,
    campo: str,
    valori: list[str],
    expected: list[tuple[str, str]],
    tmp_path: Path,
) -> None:
    path = layer(tmp_path / file, nome, [{campo: valore} for valore in valori])
    assert [code for code, s in fonti.catalogue().items() if s.recognise(path)] == ["pericolosita"]
    assert classes(path) == expected


def test_the_worst_landslide_is_no_class_of_a_flood() -> None:
    path = FIXTURES / "pericolosita/input.geojson"
    refused = {(d.riga, d.valore) for d in said("pericolosita", path) if isinstance(d, Rifiuto)}
    assert {(6, "P4"), (7, "3")} <= refused


@pytest.mark.parametrize("nome", ["aree", "pericolosita", "rete_idraulica"])
def test_a_layer_that_does_not_say_that_it_is_a_hazard_and_of_what_is_nobodys(
    nome: str, tmp_path: Path
) -> None:
    assert fonti.recognise(layer(tmp_path / "x.gpkg", nome, [{"classe": "P3"}])) is None


def test_one_scenario_closes_no_other_and_a_whole_layer_all_its_classes(tmp_path: Path) -> None:
    one = layer(tmp_path / "a.gpkg", "pgra_h", [{"scenario": "H", "distretto": "Alpi"}])
    assert pericolosita.ambito(one).parti["area_pericolosita"] == ("alluvione/P3/Alpi",)
    rows = [{"scenario": s, "distretto": "Alpi"} for s in "HL"]
    whole = layer(tmp_path / "b.gpkg", "pgra", rows)
    assert pericolosita.ambito(whole).parti["area_pericolosita"] == (
        "alluvione/P1/Alpi",
        "alluvione/P2/Alpi",
        "alluvione/P3/Alpi",
        "alluvione/studio/Alpi",
    )


def test_every_part_that_is_said_is_covered() -> None:
    path = FIXTURES / "pericolosita/input.geojson"
    parts = {d.parte for d in said("pericolosita", path) if isinstance(d, Asserzione)}
    assert len(parts) == 6
    assert parts <= set(pericolosita.ambito(path).parti["area_pericolosita"])


def test_a_field_with_numbers_and_texts_is_read(tmp_path: Path) -> None:
    collection = json.loads((FIXTURES / "pericolosita/input.geojson").read_text())
    collection["features"][0]["properties"]["CLASSE"] = 3
    path = tmp_path / "input.geojson"
    path.write_text(json.dumps(collection))
    assert len(classes(path)) == 5
    assert (1, "3") in {
        (d.riga, d.valore) for d in said("pericolosita", path) if isinstance(d, Rifiuto)
    }

"""Local house numbers: the real registers of Fiè and Alessandria, the bare points."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from ingest.contract import Asserzione, Avviso, Detto, Rifiuto
from ingest.fonti import civici_locali
from tests.ingest.fonti.dati import ALESSANDRIA, BOLZANO, PUNTI, reali
from tests.ingest.fonti.lettura import said, shape_of


def facts(found: list[Detto], fatto: str) -> list[Asserzione]:
    """Return the facts of one kind."""
    return [d for d in found if isinstance(d, Asserzione) and d.fatto == fatto]


@reali
def test_every_number_of_fie_is_taken_with_its_street_in_both_languages() -> None:
    ambito = civici_locali.ambito(BOLZANO)
    assert (ambito.comune_catastale, ambito.crs) == ("021031", "EPSG:25832")
    found = said("civici_locali", BOLZANO)
    assert not [d for d in found if isinstance(d, Rifiuto | Avviso)]
    assert (len(facts(found, "civico")), len(facts(found, "odonimo"))) == (994, 53)
    names = {s.valori["denominazione"]: s.valori["lingua1"] for s in facts(found, "odonimo")}
    assert names["VIA SCILIAR"] == "SCHLERNSTRASSE"
    assert {"A", "A7"} <= {str(c.valori["esponente"]) for c in facts(found, "civico")}


@reali
def test_every_number_of_alessandria_is_taken() -> None:
    path = ALESSANDRIA / "numeri-civici.csv"
    # The file does not say its municipality: the table of streets beside it does.
    assert civici_locali.ambito(path).comune_catastale == "A182"
    found = said("civici_locali", path)
    numbers = facts(found, "civico")
    assert len({c.chiave for c in numbers}) == len(numbers) == 26_160
    assert {str(c.dal) for c in numbers} >= {"2001-08-31", "2010-11-22"}
    assert sum(isinstance(d, Avviso) for d in found) == 38


@reali
def test_the_streets_of_alessandria_agree_with_its_numbers() -> None:
    streets = facts(said("civici_locali", ALESSANDRIA / "viario.csv"), "odonimo")
    assert len(streets) == 849
    numbers = said("civici_locali", ALESSANDRIA / "numeri-civici.csv")
    by_key = {s.chiave: s.valori for s in streets}
    mine = facts(numbers, "odonimo")
    assert len(mine) == 770
    assert all(by_key[s.chiave] == s.valori for s in mine if s.chiave in by_key)


def features(path: Path, rows: list[dict[str, object]], kind: str = "Point") -> Path:
    """Write points with these fields, a hundred metres apart."""
    found: list[dict[str, Any]] = []
    for n, row in enumerate(rows):
        where = [11 + n / 1000, 44]
        place = {"type": kind, "coordinates": where if kind == "Point" else [where]}
        found.append({"type": "Feature", "properties": row, "geometry": place})
    path.write_text(json.dumps({"type": "FeatureCollection", "name": "civici", "features": found}))
    return path


FVG_RIGA = {
    "COMUNE": "CASARSA DELLA DELIZIA",
    "FRAZIONE": "SAN GIOVANNI",
    "INDIRIZZO": "DE IACOMINI, via",
    "CIV": "2/C",
    "INDICE_VIA": "145",
    "NOME_VIA": "DE IACOMINI",
    "VIA_OSM": "Via De Iacomini",
    "SOLO_NUM": 2,
    "SOLO_BARR": "C",
    "CIV_OSM": "2/C",
    "CAP": "33072",
}


@pytest.mark.parametrize("kind", ["Point", "MultiPoint"])
def test_the_numbers_of_the_civil_protection_of_friuli(tmp_path: Path, kind: str) -> None:
    other = {**FVG_RIGA, "COMUNE": "VALVASONE ARZENE"}
    rows = [FVG_RIGA, {**FVG_RIGA, "CIV": "2/4"}, FVG_RIGA, other]
    found = said("civici_locali", features(tmp_path / "civ.geojson", rows, kind))
    (street,) = facts(found, "odonimo")
    names = ("denominazione", "chiave_odonimo", "localita", "codice_comunale")
    assert [street.valori[name] for name in names] == [
        "via DE IACOMINI",
        "VIA DE IACOMINI",
        "SAN GIOVANNI",
        "145",
    ]
    numbers = [(c.valori["numero"], c.valori["esponente"]) for c in facts(found, "civico")]
    assert numbers == [(2, "C"), (2, "4"), (2, "C")]
    assert [d.tipo for d in found if isinstance(d, Avviso)] == ["civico ripetuto"]
    assert [d.valore for d in found if isinstance(d, Rifiuto)] == ["VALVASONE ARZENE"]


def test_the_kml_of_a_municipal_gis(tmp_path: Path) -> None:
    def folder(name: str, number: str) -> str:
        return (
            f"<Folder><name>{name}</name><Placemark><ExtendedData>"
            f"<SchemaData schemaUrl='#civ'><SimpleData name='Toponimo'>VIA {name}</SimpleData>"
            f"<SimpleData name='Civico'>{number}</SimpleData></SchemaData></ExtendedData>"
            "<Point><coordinates>11.0001,44.0002</coordinates></Point></Placemark></Folder>"
        )

    schema = "".join(f"<SimpleField name='{n}' type='string'/>" for n in ("Toponimo", "Civico"))
    path = tmp_path / "civici.kml"
    path.write_text(
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>"
        f"<Schema name='civ' id='civ'>{schema}</Schema>"
        f"{folder('ROMA', '14D')}{folder('PO', '3')}</Document></kml>"
    )
    found = said("civici_locali", path)
    streets = {s.chiave: s.valori["denominazione"] for s in facts(found, "odonimo")}
    numbers = [
        (streets[str(c.valori["odonimo"])], c.valori["numero"], c.valori["esponente"])
        for c in facts(found, "civico")
    ]
    assert numbers == [("VIA ROMA", 14, "D"), ("VIA PO", 3, "")]
    assert not [d for d in found if isinstance(d, Rifiuto | Avviso)]
    assert shape_of(facts(found, "civico")[0]).equals(Point(11.0001, 44.0002))


@reali
@pytest.mark.parametrize(
    ("name", "istat", "day", "how_many"),
    [
        ("anncsu_punti_021031", "021031", "2026-04-06", 1040),
        ("anncsu_punti_086020", "086020", "2025-12-02", 6000),
    ],
)
def test_bare_points_are_house_numbers_of_which_only_the_place_is_known(
    name: str, istat: str, day: str, how_many: int
) -> None:
    path = PUNTI / f"{name}.geojson"
    ambito = civici_locali.ambito(path)
    assert (ambito.comune_catastale, str(ambito.data_riferimento)) == (istat, day)
    found = facts(said("civici_locali", path), "civico")
    assert len({c.chiave for c in found}) == how_many
    assert {c.valori["numero"] for c in found} == {None}

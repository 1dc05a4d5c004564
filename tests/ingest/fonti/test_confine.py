"""Boundaries: ten municipalities in one real file."""

import json
from dataclasses import replace
from pathlib import Path

from ingest.contract import Asserzione
from ingest.fonti import confine
from tests.ingest.fonti.dati import CONFINI, reali
from tests.ingest.fonti.lettura import fixture


@reali
def test_a_file_of_ten_municipalities_is_read_for_one() -> None:
    ambito = confine.ambito(CONFINI)
    assert len(ambito.comuni) == 10
    mine = replace(ambito, comune_catastale="B940", comune="B940")
    (detto,) = confine.read(CONFINI, mine)
    assert isinstance(detto, Asserzione)
    assert (detto.chiave, detto.valori["istat"]) == ("B940", "093010")


def test_a_code_written_as_a_number_has_its_zeros_back(tmp_path: Path) -> None:
    collection = json.loads(fixture("confine").read_text())
    shape = collection["features"][0]["geometry"]
    collection["features"] = [
        {"type": "Feature", "properties": {"PRO_COM": n, "COMUNE": name}, "geometry": shape}
        for n, name in ((6003, "Alessandria"), (93010, "Casarsa della Delizia"))
    ]
    path = tmp_path / "com.geojson"
    path.write_text(json.dumps(collection))
    ambito = confine.ambito(path)
    assert ambito.comuni == ("006003", "093010")
    mine = replace(ambito, comune_catastale="006003", comune="A182")
    (detto,) = confine.read(path, mine)
    assert isinstance(detto, Asserzione)
    assert detto.valori == {"istat": "006003", "denominazione": "Alessandria"}

"""Constraints: layers as offices keep them, with the fields they happen to have."""

import json
from pathlib import Path

from ingest.contract import Asserzione, Avviso, Detto
from tests.ingest.fonti.lettura import FIXTURES, said


def test_a_layer_says_what_it_has_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    collection = json.loads((FIXTURES / "vincoli/input.geojson").read_text())
    whole = said("vincoli", FIXTURES / "vincoli/input.geojson")
    for feature in collection["features"]:
        feature["properties"] = {
            "denominazione": feature["properties"]["NOME"],
            "Atto": feature["properties"]["ATTO"],
        }
    path = tmp_path / f"{collection['name']}.geojson"
    path.write_text(json.dumps(collection))
    found = said("vincoli", path)

    def taken(name: str, detti: list[Detto]) -> list[object]:
        return [d.valori[name] for d in detti if isinstance(d, Asserzione)]

    assert len(taken("atto", found)) > 0
    for name in ("denominazione", "atto"):
        assert taken(name, found) == taken(name, whole)
    assert set(taken("rubrica", found)) == {None}
    (missing,) = [d for d in found if isinstance(d, Avviso) and d.tipo == "colonna mancante"]
    assert missing.motivo.endswith("non dice: DATA_ATTO, RUBRICA, COD_NAZ, COD_REG")

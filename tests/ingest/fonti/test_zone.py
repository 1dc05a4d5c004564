"""Zones of the plan: how offices write the zone of the decree."""

from pathlib import Path

import pytest

from ingest.contract import Asserzione
from tests.ingest.fonti import mutazioni
from tests.ingest.fonti.lettura import fixture, said


@pytest.mark.parametrize("testo", ["02", "2", "B"])
def test_a_zone_is_its_code_with_or_without_zero_or_its_letter(tmp_path: Path, testo: str) -> None:
    path = mutazioni.with_value(fixture("zone"), tmp_path, "ZN_ZTO", testo)
    zones = [d for d in said("zone", path) if isinstance(d, Asserzione)]
    assert zones[0].riga == 1
    assert zones[0].valori["zto"] == "02"

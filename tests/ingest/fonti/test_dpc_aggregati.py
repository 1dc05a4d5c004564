"""Aggregates of the civil protection: the five real towns."""

import pytest

from ingest.contract import Asserzione, Rifiuto
from ingest.fonti import dpc_aggregati
from tests.ingest.fonti.dati import AGGREGATI, reali
from tests.ingest.fonti.lettura import said


@reali
@pytest.mark.parametrize(
    ("town", "istat", "how_many"),
    [
        ("Acuto", "060002", 1266),
        ("Casarsa-della-Delizia", "093010", 3038),
        ("Fie-allo-Sciliar", "021031", 1307),
        ("Villarosa", "086020", 2114),
        ("Villesse", "031025", 679),
    ],
)
def test_every_aggregate_of_a_real_town_is_taken(town: str, istat: str, how_many: int) -> None:
    path = AGGREGATI / f"{town}.shp"
    ambito = dpc_aggregati.ambito(path)
    assert (ambito.comune_catastale, ambito.crs) == (istat, "EPSG:7794")
    found = said("dpc_aggregati", path)
    assert not [d for d in found if isinstance(d, Rifiuto)]
    assert len({d.chiave for d in found if isinstance(d, Asserzione)}) == how_many

"""Parcels from vector files: the 193 real ones of Casarsa, the open data saved from a GIS."""

from collections import Counter

from ingest.contract import Asserzione, Avviso
from ingest.fonti import particelle_vettoriali
from tests.ingest.fonti.dati import CASARSA, reali
from tests.ingest.fonti.lettura import DATI, said


@reali
def test_casarsa_has_its_193_parcels_in_two_sections() -> None:
    assert particelle_vettoriali.ambito(CASARSA).crs == "EPSG:3004"
    whole = said("particelle_vettoriali", CASARSA)
    found = [d for d in whole if isinstance(d, Asserzione)]
    assert {d.campo for d in whole if isinstance(d, Avviso)} == {"altro", "vincoli"}
    assert Counter((d.valori["sezione"], d.valori["foglio"]) for d in found) == {
        ("A", "1"): 74,
        ("B", "2"): 119,
    }
    assert len({d.chiave for d in found}) == 193


@reali
def test_the_open_data_saved_from_a_gis_keep_their_reference() -> None:
    path = DATI / "catasto/pigreco_wfs_particelle/particelle_esempio.geojson"
    assert particelle_vettoriali.ambito(path).comune_catastale == "L439"
    found = [d for d in said("particelle_vettoriali", path) if isinstance(d, Asserzione)]
    assert {d.chiave for d in found} >= {"L439/_/21/STRADA001"}
    assert len(found) == 4

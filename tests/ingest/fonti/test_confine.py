"""Boundaries: ten municipalities in one real file."""

from dataclasses import replace

from ingest.contract import Asserzione
from ingest.fonti import confine
from tests.ingest.fonti.dati import CONFINI, reali


@reali
def test_a_file_of_ten_municipalities_is_read_for_one() -> None:
    ambito = confine.ambito(CONFINI)
    assert len(ambito.comuni) == 10
    mine = replace(ambito, comune_catastale="B940", comune="B940")
    (detto,) = confine.read(CONFINI, mine)
    assert isinstance(detto, Asserzione)
    assert (detto.chiave, detto.valori["istat"]) == ("B940", "093010")

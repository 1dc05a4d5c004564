"""Local house numbers: the real registers of Fiè and Alessandria, the bare points."""

import pytest

from ingest.contract import Asserzione, Avviso, Detto, Rifiuto
from ingest.fonti import civici_locali
from tests.ingest.fonti.dati import ALESSANDRIA, BOLZANO, PUNTI, reali
from tests.ingest.fonti.lettura import said


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

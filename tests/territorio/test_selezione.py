"""Selections: lists as people paste them."""

import pytest
import sqlalchemy as sa

from territorio import search, selezione
from territorio.accessi.policy import Visto
from territorio.elenco import Sguardo
from tests.factories import new_civico, new_edificio, new_legame, new_odonimo
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.casa import ADESSO

OCCHI = Sguardo(ADESSO, Visto())


@pytest.mark.parametrize(
    ("testo", "pezzi"),
    [
        ("kedali-bupofe-6 kedali-bupofe-7", ["kedali-bupofe-6", "kedali-bupofe-7"]),
        ("X999/1/10, X999/1/11", ["X999/1/10", "X999/1/11"]),
        ("foglio 1 part. 10, fg. 1 part. 11", ["foglio 1 part. 10", "fg. 1 part. 11"]),
        ("via Roma, 12", ["via Roma, 12"]),
    ],
)
def test_codes_and_references_part_at_commas_and_spaces(testo: str, pezzi: list[str]) -> None:
    assert selezione.split(testo) == pezzi


def test_addresses_part_at_commas_where_the_whole_is_none(conn: sa.Connection) -> None:
    street = new_odonimo(conn, denominazione="VIA ROMA", chiave_odonimo="VIA ROMA")
    houses = []
    for number in (1, 2):
        house = new_edificio(conn, geometria=rettangolo(100 * number, 5))
        door = new_civico(conn, odonimo=street, numero=number, esponente="")
        new_legame(conn, tipo="civico_edificio", da=door, a=house)
        houses.append(house)
    search.refresh(conn, COMUNE)
    found = selezione.resolve(conn, "via Roma 1, via Roma, 2\nvia Roma, 1, via Boh 3", OCCHI)
    assert found.edifici == houses
    assert found.non_trovati == ["via Boh 3"]
    # What follows a street that is not there is no reference of its own.
    assert selezione.resolve(conn, "via Boh, 1/2", OCCHI).non_trovati == ["via Boh, 1/2"]

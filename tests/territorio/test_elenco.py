"""Lists: exact numbers, pages by key, sources side by side."""

from datetime import date

import pytest
import sqlalchemy as sa

from territorio import civico, edificio, elenco, particella
from territorio.accessi.policy import Visto
from territorio.elenco import Filtro, Sguardo
from territorio.errors import InvalidInput, NotFound
from territorio.geometry import Riquadro
from territorio.vigenza import Quando
from tests import factories as f
from tests.factory_defaults import rettangolo

OGGI = Sguardo(Quando(date(2025, 6, 1)), Visto())


def test_pages_follow_each_other_and_hold_everything_once(conn: sa.Connection) -> None:
    made = sorted(f.new_edificio(conn) for _ in range(7))
    first = elenco.page(conn, edificio.TIPO, Filtro(), OGGI, limite=3)
    second = elenco.page(conn, edificio.TIPO, Filtro(), OGGI, dopo=first.dopo, limite=3)
    third = elenco.page(conn, edificio.TIPO, Filtro(), OGGI, dopo=second.dopo, limite=3)
    pages = (first, second, third)
    assert [page.numero for page in pages] == [7, 7, 7]
    assert [element["id"] for page in pages for element in page.elementi] == made
    assert third.dopo is None


def test_an_object_with_two_sources_counts_once(conn: sa.Connection) -> None:
    number = f.new_edificio(conn, piani=2)
    f.new_edificio(conn, id=number, fonte="ufficio", piani=3)
    page = elenco.page(conn, edificio.TIPO, Filtro(), OGGI)
    assert page.numero == 1
    voci = page.elementi[0]["voci"]
    assert [(v["fonte"], v["valori"]["piani"]) for v in voci] == [("ufficio", 3), ("prova", 2)]
    assert {m["campo"] for m in voci[0]["discordanza"]} == {"piani"}


def test_a_building_retired_by_the_office_is_not_counted(conn: sa.Connection) -> None:
    number = f.new_edificio(conn)
    f.new_edificio(conn, id=number, fonte="ufficio", stato="cessato", geometria=None)
    assert elenco.page(conn, edificio.TIPO, Filtro(), OGGI).numero == 0


def test_roads_and_waters_are_no_parcels(conn: sa.Connection) -> None:
    f.new_particella(conn)
    f.new_particella(conn, numero="STRADA001", classe="strada")
    f.new_particella(conn, numero="ACQUA001", classe="acqua")
    assert elenco.page(conn, particella.TIPO, Filtro(), OGGI).numero == 1


def test_a_list_is_as_of_a_day(conn: sa.Connection) -> None:
    f.new_edificio(conn, valida_al=date(2024, 1, 1))
    f.new_edificio(conn, valida_dal=date(2024, 1, 1))
    f.new_edificio(conn, valida_dal=date(2025, 1, 1))

    def count(day: date) -> int:
        return elenco.count(conn, edificio.TIPO, Filtro(), Sguardo(Quando(day), Visto()))

    days = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 1))
    assert [count(day) for day in days] == [1, 1, 2]


def test_a_count_is_made_anew_after_a_change(conn: sa.Connection) -> None:
    f.new_edificio(conn)
    assert elenco.count(conn, edificio.TIPO, Filtro(), OGGI) == 1
    f.new_edificio(conn, nota_da=f.new_registrazione(conn))
    assert elenco.count(conn, edificio.TIPO, Filtro(), OGGI) == 2


def test_a_count_that_another_thread_forgets_is_answered(
    conn: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(dict[object, int]):
        """What is remembered is emptied as soon as anybody has looked."""

        def __contains__(self, key: object) -> bool:
            there = super().__contains__(key)
            self.clear()
            return there

    monkeypatch.setattr(elenco, "_COUNTS", Forgetful())
    f.new_edificio(conn)
    for _ in range(2):
        assert elenco.count(conn, edificio.TIPO, Filtro(), OGGI) == 1


def test_lists_are_narrowed_by_municipality_box_and_value(conn: sa.Connection) -> None:
    f.new_comune(conn, "Y999")
    f.new_particella(conn, foglio="2")
    f.new_particella(conn, comune="Y999", foglio="2")
    f.new_particella(conn, foglio="3", geometria=rettangolo(5000, 5000))

    def count(filtro: Filtro) -> int:
        return elenco.page(conn, particella.TIPO, filtro, OGGI).numero

    assert count(Filtro(("X999",))) == 2
    assert count(Filtro(valori={"foglio": "2"})) == 2
    assert count(Filtro(("X999",), valori={"foglio": "2"})) == 1
    assert count(Filtro(riquadro=Riquadro(10.99, 43.99, 11.01, 44.01))) == 2


def test_one_object_comes_with_its_outline(conn: sa.Connection) -> None:
    number = f.new_particella(conn)
    found = elenco.one(conn, particella.TIPO, number, OGGI)
    assert found["voci"][0]["valori"]["geometria"]["type"] == "Polygon"
    assert found["voci"][0]["valori"]["riferimento"] == "X999/_/1/10"


def test_an_object_that_ended_is_found_without_entries(conn: sa.Connection) -> None:
    number = f.new_particella(conn, valida_al=date(2020, 1, 1))
    assert elenco.one(conn, particella.TIPO, number, OGGI)["voci"] == []


def test_a_number_of_another_kind_is_not_found(conn: sa.Connection) -> None:
    number = f.new_particella(conn)
    with pytest.raises(NotFound):
        elenco.one(conn, edificio.TIPO, number, OGGI)
    with pytest.raises(NotFound):
        elenco.page(conn, edificio.TIPO, Filtro(), OGGI, dopo=123456)


def test_house_numbers_carry_the_name_of_their_street(conn: sa.Connection) -> None:
    number = f.new_civico(conn, odonimo=f.new_odonimo(conn), numero=4, esponente="B")
    found = [elenco.one(conn, civico.TIPO, number, OGGI)]
    named = civico.name(conn, found, OGGI.quando)
    assert named[0]["voci"][0]["valori"]["indirizzo"] == "VIA ROMA 4/B"


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "12,41,11,42", "1,2,3,95"])
def test_a_box_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        Riquadro.parse(text)

"""Units and land parcels by cadastral key; units to buildings."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.factory_defaults import IDENTIFICATIVO, punto, rettangolo
from tests.territorio.collegamento.lettura import computed, links, sure


def test_a_unit_belongs_to_the_parcel_of_its_key(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, foglio="352", numero="1018", sezione="B")
    f.new_particella(conn, foglio="352", numero="1018", sezione="A")
    f.new_particella(conn, foglio="352", numero="1018", sezione="B", denominatore="2")
    unita = f.new_unita_immobiliare(conn, foglio="352", numero="1018", sezione="B")

    found = computed(conn, "unita_particella")

    assert sure(found) == set(found) == {(unita, particella)}
    link = found[unita, particella]
    assert link.metodo == "chiave"
    assert link.evidenza["identificativo"] == "X999/B/352/1018"


def test_the_denominatore_is_part_of_the_key(conn: sa.Connection) -> None:
    f.new_particella(conn, numero="12")
    particella = f.new_particella(conn, numero="12", denominatore="3")
    unita = f.new_unita_immobiliare(conn, numero="12", denominatore="3")
    assert set(computed(conn, "unita_particella")) == {(unita, particella)}


def test_a_unit_of_several_parcels_belongs_to_each(conn: sa.Connection) -> None:
    prima = f.new_particella(conn, numero="12")
    seconda = f.new_particella(conn, numero="13")
    unita = f.new_unita_immobiliare(
        conn,
        identificativi=[
            {**IDENTIFICATIVO, "numero": "12", "subalterno": "7"},
            {**IDENTIFICATIVO, "numero": "13", "subalterno": "3"},
            {**IDENTIFICATIVO, "numero": "13", "subalterno": "4"},
        ],
    )
    assert sure(computed(conn, "unita_particella")) == {(unita, prima), (unita, seconda)}


def test_the_sheet_comes_before_its_insets(conn: sa.Connection) -> None:
    f.new_particella(conn, allegato="A")
    sul_foglio = f.new_particella(conn)
    solo_allegato = f.new_particella(conn, numero="11", sviluppo="U")
    unita = f.new_unita_immobiliare(conn)
    altra = f.new_unita_immobiliare(conn, numero="11")
    found = computed(conn, "unita_particella")
    assert sure(found) == {(unita, sul_foglio), (altra, solo_allegato)}
    assert found[altra, solo_allegato].metodo == "chiave, allegato"


def test_the_urban_section_may_stand_for_the_section(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, sezione="C")
    f.new_particella(conn, sezione="D")
    unita = f.new_unita_immobiliare(conn, sezione_urbana="C")
    found = computed(conn, "unita_particella")
    assert sure(found) == {(unita, particella)}
    assert found[unita, particella].metodo == "chiave, sezione urbana"


def test_without_a_section_a_parcel_is_only_proposed(conn: sa.Connection) -> None:
    in_a = f.new_particella(conn, sezione="A")
    in_b = f.new_particella(conn, sezione="B")
    unita = f.new_unita_immobiliare(conn)
    found = computed(conn, "unita_particella")
    assert sure(found) == set()
    assert {pair: float(x.punteggio) for pair, x in found.items()} == {
        (unita, in_a): 0.3,
        (unita, in_b): 0.3,
    }
    assert found[unita, in_a].evidenza["alternative"] == 2


def test_another_comune_catastale_is_another_parcel(conn: sa.Connection) -> None:
    f.new_particella(conn, comune_catastale="X998")
    f.new_unita_immobiliare(conn)
    assert computed(conn, "unita_particella") == {}


def test_a_land_parcel_belongs_to_the_parcel_of_its_key(conn: sa.Connection) -> None:
    f.new_particella(conn, numero="9")
    particella = f.new_particella(conn)
    terreno = f.new_particella_censuaria(conn)
    assert sure(computed(conn, "terreno_particella")) == {(terreno, particella)}


def test_the_only_building_of_the_parcel_is_the_unit_s(conn: sa.Connection) -> None:
    f.new_particella(conn)
    edificio = f.new_edificio(conn)
    unita = f.new_unita_immobiliare(conn, indirizzi=[])
    found = computed(conn, "unita_edificio")
    assert sure(found) == {(unita, edificio)}
    assert found[unita, edificio].metodo == "particella"


def test_the_corner_of_a_neighbour_s_house_does_not_contend(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    vicina = f.new_particella(conn, geometria=rettangolo(30, 0, 30, 30), numero="11")
    mia = f.new_edificio(conn, geometria=rettangolo(5, 5, 10, 10))
    sua = f.new_edificio(conn, geometria=rettangolo(27, 5, 20, 10))
    unita = f.new_unita_immobiliare(conn)
    assert (sua, vicina) in sure(computed(conn, "edificio_particella"))
    assert len(links(conn, "edificio_particella")) == 3
    assert sure(links(conn, "unita_edificio")) == {(unita, mia)}


def test_several_buildings_share_the_score_by_area(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    rimessa = f.new_edificio(conn, geometria=rettangolo(20, 20, 5, 10))
    unita = f.new_unita_immobiliare(conn)
    found = computed(conn, "unita_edificio")
    assert sure(found) == set()
    assert float(found[unita, casa].punteggio) == pytest.approx(0.95 * 0.75, abs=0.002)
    assert float(found[unita, rimessa].punteggio) == pytest.approx(0.95 * 0.25, abs=0.002)


def test_the_house_number_chooses_among_several_buildings(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    f.new_edificio(conn, geometria=rettangolo(20, 20, 5, 10))
    via = f.new_odonimo(conn)
    civico = f.new_civico(conn, odonimo=via, geometria=punto(5, 5))
    unita = f.new_unita_immobiliare(conn)
    found = computed(conn, "unita_edificio")
    assert sure(found) == set(found) == {(unita, casa)}
    assert found[unita, casa].metodo == "particella e civico"
    assert found[unita, casa].evidenza["civico"] == civico


def test_a_building_pulled_down_leaves_the_other_alone(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    f.new_edificio(conn, geometria=rettangolo(20, 20, 5, 10), valida_al=date(2020, 1, 1))
    unita = f.new_unita_immobiliare(conn)
    computed(conn, "unita_edificio")
    assert sure(links(conn, "unita_edificio", date(2019, 12, 31))) == set()
    assert len(links(conn, "unita_edificio", date(2019, 12, 31))) == 2
    assert sure(links(conn, "unita_edificio", date(2020, 1, 1))) == {(unita, casa)}


def test_without_parcel_the_house_number_only_proposes(conn: sa.Connection) -> None:
    edificio = f.new_edificio(conn)
    f.new_civico(conn, odonimo=f.new_odonimo(conn))
    unita = f.new_unita_immobiliare(conn)
    found = computed(conn, "unita_edificio")
    assert found[unita, edificio].metodo == "civico"
    assert sure(found) == set()


def test_a_garage_stands_in_the_building_of_its_size(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    rimessa = f.new_edificio(conn, geometria=rettangolo(24, 24, 4, 5), piani=1)
    f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(5, 5))
    abitazione = f.new_unita_immobiliare(conn, subalterno="1", superficie_mq=120)
    garage = f.new_unita_immobiliare(conn, subalterno="2", categoria="C06", superficie_mq=21)
    cantina = f.new_unita_immobiliare(conn, subalterno="3", categoria="C02", superficie_mq=60)
    found = computed(conn, "unita_edificio")
    assert sure(found) == {(abitazione, casa), (garage, rimessa), (cantina, casa)}
    assert found[garage, rimessa].metodo == "pertinenza a sé"
    assert found[cantina, casa].metodo == "particella e civico"


def test_a_dwelling_does_not_fit_into_the_shed(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    f.new_edificio(conn, geometria=rettangolo(24, 24, 4, 5), piani=1)
    unita = f.new_unita_immobiliare(conn, superficie_mq=120, indirizzi=[])
    found = computed(conn, "unita_edificio")
    assert sure(found) == set(found) == {(unita, casa)}
    assert found[unita, casa].metodo == "particella"


def test_the_farm_s_own_unit_is_not_in_its_house(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10), uso="0101")
    stalla = f.new_edificio(conn, geometria=rettangolo(20, 20, 8, 9), uso="09")
    f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(5, 5))
    abitazione = f.new_unita_immobiliare(conn, subalterno="1", indirizzi=[])
    attrezzi = f.new_unita_immobiliare(conn, subalterno="2", categoria="D10", superficie_mq=None)
    cantina = f.new_unita_immobiliare(conn, subalterno="3", categoria="C02", superficie_mq=30)
    found = computed(conn, "unita_edificio")
    assert sure(found) == {(abitazione, casa), (attrezzi, stalla), (cantina, casa)}


def test_two_stores_as_large_as_the_barn_are_both_only_proposed(conn: sa.Connection) -> None:
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    stalla = f.new_edificio(conn, geometria=rettangolo(20, 20, 8, 8), uso="09")
    f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(5, 5))
    stores = [
        f.new_unita_immobiliare(conn, subalterno=sub, categoria="C02", superficie_mq=mq)
        for sub, mq in (("1", 60), ("2", 66))
    ]
    found = computed(conn, "unita_edificio")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (unita, edificio): ("pertinenza contesa", "proposto")
        for unita in stores
        for edificio in (casa, stalla)
    }

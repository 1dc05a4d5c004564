"""House numbers: where they stand, and who gives them as an address."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests.factory_defaults import punto, rettangolo
from tests.territorio.collegamento.lettura import computed, links, sure


def indirizzo(via: str, *civici: str) -> dict[str, object]:
    """Return an address as the cadastre holds it."""
    return {"toponimo": "VIA", "indirizzo": via, "civici": list(civici)}


def test_inside_then_near_then_same_parcel_then_none(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, geometria=rettangolo(0, 0, 60, 60))
    edificio = f.new_edificio(conn, geometria=rettangolo(5, 5, 20, 10))
    via = f.new_odonimo(conn)
    dentro = f.new_civico(conn, odonimo=via, numero=1, geometria=punto(10, 10))
    vicino = f.new_civico(conn, odonimo=via, numero=3, geometria=punto(10, -4))
    lontano = f.new_civico(conn, odonimo=via, numero=5, geometria=punto(50, 50))
    fuori = f.new_civico(conn, odonimo=via, numero=7, geometria=punto(-40, 0))

    found = computed(conn, "civico_edificio")

    assert {da: x.metodo for (da, _), x in found.items()} == {
        dentro: "dentro",
        vicino: "vicino",
        lontano: "stessa particella",
    }
    assert {a for _, a in found} == {edificio}
    assert float(str(found[vicino, edificio].evidenza["distanza_m"])) == pytest.approx(9, abs=0.1)
    assert found[vicino, edificio].misura == pytest.approx(9, abs=0.1)
    assert set(links(conn, "civico_particella")) == {(dentro, particella), (lontano, particella)}
    assert fuori not in {da for da, _ in links(conn, "civico_particella")}


def test_ten_metres_are_metres_in_both_directions(conn: sa.Connection) -> None:
    edificio = f.new_edificio(conn, geometria=rettangolo(0, 0, 10, 10))
    via = f.new_odonimo(conn)
    places = {1: (-9.8, 5), 2: (-10.3, 5), 3: (5, 19.8), 4: (5, 20.3)}
    civici = {
        n: f.new_civico(conn, odonimo=via, numero=n, geometria=punto(*p)) for n, p in places.items()
    }
    found = computed(conn, "civico_edificio")
    assert set(found) == {(civici[1], edificio), (civici[3], edificio)}


@pytest.mark.parametrize("metri", [0, 0.001, 0.004, 0.006])
def test_a_point_on_the_outline_or_a_hair_beyond_is_near(conn: sa.Connection, metri: float) -> None:
    edificio = f.new_edificio(conn, geometria=rettangolo(0, 0, 10, 10))
    civico = f.new_civico(conn, geometria=punto(10 + metri, 5))
    assert set(computed(conn, "civico_edificio")) == {(civico, edificio)}


def test_the_nearest_of_two_is_chosen(conn: sa.Connection) -> None:
    f.new_edificio(conn, geometria=rettangolo(0, 0, 10, 10))
    accanto = f.new_edificio(conn, geometria=rettangolo(15, 0, 10, 10))
    civico = f.new_civico(conn, geometria=punto(14, 5))
    assert sure(computed(conn, "civico_edificio")) == {(civico, accanto)}


def test_two_buildings_on_the_parcel_are_both_proposed(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 0, 60, 60))
    f.new_edificio(conn, geometria=rettangolo(0, 0, 10, 10))
    f.new_edificio(conn, geometria=rettangolo(45, 0, 10, 10))
    f.new_civico(conn, geometria=punto(30, 50))
    found = computed(conn, "civico_edificio")
    assert {x.stato for x in found.values()} == {"proposto"}
    assert len(found) == 2


def test_aggregates_are_found_like_buildings(conn: sa.Connection) -> None:
    aggregato = f.new_aggregato(conn, geometria=rettangolo(0, 0, 10, 10))
    dentro = f.new_civico(conn, geometria=punto(5, 5))
    vicino = f.new_civico(conn, numero=2, geometria=punto(5, 14))
    f.new_civico(conn, numero=3, geometria=punto(5, 40))
    assert set(computed(conn, "civico_aggregato")) == {(dentro, aggregato), (vicino, aggregato)}


def test_a_number_without_position_stands_nowhere(conn: sa.Connection) -> None:
    f.new_edificio(conn)
    f.new_civico(conn, geometria=None)
    assert computed(conn, "civico_edificio") == {}


@pytest.mark.parametrize(
    "scritto",
    [
        indirizzo("XX SETTEMBRE", "0012A"),
        indirizzo("VENTI SETTEMBRE", "12/A"),
        indirizzo("20 settembre", "n. 12 a"),
    ],
)
def test_writings_of_one_address(conn: sa.Connection, scritto: dict[str, object]) -> None:
    via = f.new_odonimo(conn, chiave_odonimo="VIA 20 SETTEMBRE")
    civico = f.new_civico(conn, odonimo=via, numero=12, esponente="A")
    f.new_civico(conn, odonimo=via, numero=12, esponente="B")
    f.new_civico(conn, odonimo=via, numero=13)
    unita = f.new_unita_immobiliare(conn, indirizzi=[scritto])
    found = computed(conn, "unita_civico")
    assert sure(found) == set(found) == {(unita, civico)}
    assert found[unita, civico].evidenza["indirizzo"] == "VIA 20 SETTEMBRE 12 A"


def test_the_kind_of_street_may_be_a_code(conn: sa.Connection) -> None:
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn))
    unita = f.new_unita_immobiliare(
        conn, indirizzi=[{"toponimo": "236", "indirizzo": "ROMA", "civici": ["1"]}]
    )
    assert sure(computed(conn, "unita_civico")) == {(unita, civico)}


def test_a_corner_unit_has_both_its_numbers(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn)
    civici = [f.new_civico(conn, odonimo=via, numero=n) for n in (1, 3, 5)]
    unita = f.new_unita_immobiliare(conn, indirizzi=[indirizzo("ROMA", "1", "3")])
    assert sure(computed(conn, "unita_civico")) == {(unita, civici[0]), (unita, civici[1])}


def test_the_last_address_counts_and_the_first_is_a_hint(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn)
    vecchio = f.new_civico(conn, odonimo=via, numero=1)
    nuovo = f.new_civico(conn, odonimo=via, numero=3)
    unita = f.new_unita_immobiliare(
        conn, indirizzi=[indirizzo("ROMA", "1"), indirizzo("ROMA", "3")]
    )
    altra = f.new_unita_immobiliare(
        conn, indirizzi=[indirizzo("ROMA", "1"), indirizzo("ROMA", "99")]
    )
    found = computed(conn, "unita_civico")
    assert sure(found) == {(unita, nuovo)}
    assert set(found) == {(unita, nuovo), (altra, vecchio)}


def test_a_missing_exponent_is_only_proposed(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn)
    for esponente in ("A", "B"):
        f.new_civico(conn, odonimo=via, numero=1, esponente=esponente)
    f.new_unita_immobiliare(conn)
    found = computed(conn, "unita_civico")
    assert [(x.metodo, x.stato) for x in found.values()] == 2 * [
        ("indirizzo senza esponente", "proposto")
    ]


def test_red_and_exponent_r_are_one_number(conn: sa.Connection) -> None:
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn), numero=1, specificita="ROSSO")
    unita = f.new_unita_immobiliare(conn, indirizzi=[indirizzo("ROMA", "1R")])
    assert sure(computed(conn, "unita_civico")) == {(unita, civico)}


def test_a_former_name_leads_to_the_same_street(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn, chiave_odonimo="VIA LITTORIO", valida_al=date(1946, 1, 1))
    f.new_odonimo(conn, id=via, chiave_odonimo="VIA LIBERTA", valida_dal=date(1946, 1, 1))
    civico = f.new_civico(conn, odonimo=via)
    unita = f.new_unita_immobiliare(
        conn, indirizzi=[indirizzo("LITTORIO", "1")], valida_dal=date(1990, 1, 1)
    )
    found = computed(conn, "unita_civico")
    assert found[unita, civico].metodo == "nome precedente della via"
    assert sure(found) == {(unita, civico)}


def test_a_street_answers_to_its_german_name(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn, denominazione="VIA ROMA", lingua1="ROMSTRASSE")
    civico = f.new_civico(conn, odonimo=via)
    unita = f.new_unita_immobiliare(
        conn, indirizzi=[{"toponimo": "", "indirizzo": "Romstraße", "civici": ["1"]}]
    )
    assert sure(computed(conn, "unita_civico")) == {(unita, civico)}


def test_the_parcel_tells_streets_of_one_name_apart(conn: sa.Connection) -> None:
    f.new_particella(conn)
    qui, altrove = (f.new_odonimo(conn, localita=loc) for loc in ("CENTRO", "FRAZIONE"))
    civico = f.new_civico(conn, odonimo=qui)
    omonimo = f.new_civico(conn, odonimo=altrove, geometria=punto(3000, 3000))
    sulla_particella = f.new_unita_immobiliare(conn)
    senza = f.new_unita_immobiliare(conn, numero="999")
    found = computed(conn, "unita_civico")
    assert sure(found) == {(sulla_particella, civico)}
    assert {a for da, a in found if da == senza} == {civico, omonimo}


def test_a_resident_lives_at_the_number_of_the_register(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn)
    civico = f.new_civico(conn, odonimo=via)
    persona = f.new_soggetto(conn)
    f.new_residenza(conn, soggetto=persona, valida_dal=date(2015, 3, 1))
    found = computed(conn, "residente_civico")
    assert sure(found) == {(persona, civico)}
    assert found[persona, civico].valida_dal == date(2015, 3, 1)


def test_who_moves_lives_at_each_number_in_turn(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn)
    prima, dopo = (f.new_civico(conn, odonimo=via, numero=n) for n in (1, 3))
    persona = f.new_soggetto(conn)
    casa = f.new_residenza(conn, soggetto=persona, numero=1, valida_al=date(2020, 5, 1))
    f.new_residenza(conn, id=casa, soggetto=persona, numero=3, valida_dal=date(2020, 5, 1))
    computed(conn, "residente_civico")
    assert set(links(conn, "residente_civico", date(2020, 4, 30))) == {(persona, prima)}
    assert set(links(conn, "residente_civico", date(2020, 5, 1))) == {(persona, dopo)}


def test_the_office_renames_a_street_over_what_the_delivery_says(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn, chiave_odonimo="VIA LITTORIO")
    f.new_odonimo(
        conn,
        id=via,
        fonte="ufficio",
        chiave_odonimo="VIA LIBERTA",
        valida_dal=date(2020, 1, 1),
    )
    civico = f.new_civico(conn, odonimo=via)
    scritto = indirizzo("LITTORIO", "1")
    prima = f.new_unita_immobiliare(conn, indirizzi=[scritto], valida_al=date(2020, 1, 1))
    dopo = f.new_unita_immobiliare(conn, indirizzi=[scritto], valida_dal=date(2020, 1, 1))
    nuova = f.new_unita_immobiliare(conn, indirizzi=[indirizzo("LIBERTÀ", "1")])
    found = {
        **computed(conn, "unita_civico", date(2019, 6, 1)),
        **links(conn, "unita_civico"),
    }
    assert {da: x.metodo for (da, _), x in found.items()} == {
        prima: "indirizzo",
        dopo: "nome precedente della via",
        nuova: "indirizzo",
    }
    assert {a for _, a in found} == {civico}


def test_the_national_number_of_the_street_is_its_safe_key(conn: sa.Connection) -> None:
    streets = [f.new_odonimo(conn, progressivo_nazionale=n) for n in (700_001, 700_002)]
    civici = [f.new_civico(conn, odonimo=via) for via in streets]
    f.new_civico(conn, odonimo=streets[1], numero=2)
    giusta, storta = (f.new_soggetto(conn) for _ in range(2))
    f.new_residenza(conn, soggetto=giusta, codice_via="700002")
    f.new_residenza(conn, soggetto=storta, codice_via="700002", chiave_odonimo="VIA RMOA")
    found = computed(conn, "residente_civico")
    assert sure(found) == set(found) == {(giusta, civici[1]), (storta, civici[1])}
    assert {x.metodo for x in found.values()} == {"codice della via"}


def test_the_municipal_code_only_chooses_among_streets_of_one_name(conn: sa.Connection) -> None:
    streets = [f.new_odonimo(conn, codice_comunale=code) for code in ("7", "8")]
    f.new_odonimo(conn, codice_comunale="8", chiave_odonimo="VIA MILANO")
    civici = [f.new_civico(conn, odonimo=via) for via in streets]
    giusta, storta = (f.new_soggetto(conn) for _ in range(2))
    f.new_residenza(conn, soggetto=giusta, codice_via="8")
    f.new_residenza(conn, soggetto=storta, codice_via="8", chiave_odonimo="VIA RMOA")
    assert set(computed(conn, "residente_civico")) == {(giusta, civici[1])}


def test_a_gate_on_the_road_leads_into_the_building_of_its_units(conn: sa.Connection) -> None:
    f.new_particella(conn)
    edificio = f.new_edificio(conn)
    via = f.new_odonimo(conn)
    cancello = f.new_civico(conn, odonimo=via, geometria=punto(10, -20))
    senza_punto = f.new_civico(conn, odonimo=via, numero=3, geometria=None)
    altrove = f.new_civico(conn, odonimo=via, numero=5, geometria=punto(10, -90))
    for subalterno, numero in (("1", "1"), ("2", "3"), ("3", "5")):
        f.new_unita_immobiliare(conn, subalterno=subalterno, indirizzi=[indirizzo("ROMA", numero)])
    found = computed(conn, "civico_edificio")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (cancello, edificio): ("unità", "confermato"),
        (senza_punto, edificio): ("unità", "confermato"),
        (altrove, edificio): ("unità, punto lontano", "proposto"),
    }


def test_units_tell_on_which_side_of_the_street_the_door_is(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 10, 30, 30))
    f.new_edificio(conn, geometria=rettangolo(0, -10, 20, 10))
    di_fronte = f.new_edificio(conn, geometria=rettangolo(0, 10, 20, 10))
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(10, 4.2))
    f.new_unita_immobiliare(conn)
    found = computed(conn, "civico_edificio")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (civico, di_fronte): ("vicino e unità", "confermato")
    }


def test_a_point_halfway_between_two_buildings_proposes_both(conn: sa.Connection) -> None:
    f.new_edificio(conn, geometria=rettangolo(0, -10, 20, 10))
    f.new_edificio(conn, geometria=rettangolo(0, 10, 20, 10))
    f.new_civico(conn, geometria=punto(10, 4.6))
    found = computed(conn, "civico_edificio")
    assert [(x.metodo, x.stato) for x in found.values()] == 2 * [("vicino", "proposto")]
    assert sum(float(x.punteggio) for x in found.values()) == pytest.approx(0.85, abs=0.002)


def test_a_point_in_the_garden_leads_into_the_house_of_the_garden(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    f.new_edificio(conn, geometria=rettangolo(31, 2, 15, 10))
    civico = f.new_civico(conn, geometria=punto(26, 5))
    found = computed(conn, "civico_edificio")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (civico, casa): ("vicino e particella", "confermato")
    }


def test_one_slip_in_a_long_name_is_the_street_meant(conn: sa.Connection) -> None:
    via = f.new_odonimo(conn, chiave_odonimo="VIA GIUSEPPE GARIBALDI")
    civico = f.new_civico(conn, odonimo=via, geometria=None)
    for chiave in ("VIA ROMA", "VIA GARIBALDINI"):
        f.new_civico(conn, odonimo=f.new_odonimo(conn, chiave_odonimo=chiave))
    refuso, iniziale, altra = (f.new_soggetto(conn) for _ in range(3))
    for persona, chiave in (
        (refuso, "VIA GIUSEPE GARIBALDI"),
        (iniziale, "VIA G GARIBALDI"),
        (altra, "VIA ROSA"),
    ):
        f.new_residenza(conn, soggetto=persona, codice_via="", chiave_odonimo=chiave)
    found = computed(conn, "residente_civico")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (refuso, civico): ("refuso nel nome della via", "confermato"),
        (iniziale, civico): ("nome simile della via", "proposto"),
    }
    assert found[refuso, civico].evidenza["indirizzo"] == "VIA GIUSEPE GARIBALDI 1"


def test_the_parcel_tells_what_an_initial_stands_for(conn: sa.Connection) -> None:
    f.new_particella(conn)
    via = f.new_odonimo(conn, chiave_odonimo="VIA GIUSEPPE VERDI")
    civico = f.new_civico(conn, odonimo=via)
    unita = f.new_unita_immobiliare(conn, indirizzi=[indirizzo("G. VERDI", "1")])
    found = computed(conn, "unita_civico")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (unita, civico): ("nome simile e particella", "confermato")
    }

"""People: who is the same, who lives where, who pays for what."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from territorio.collegamento import collega
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.territorio.collegamento.lettura import computed, links, sure

CF = {"codice_fiscale": "CVLPDN60E41X999A", "codice_valido": True}


def new_casa(conn: sa.Connection, *subalterni: str) -> list[int]:
    """Write via Roma 1: a parcel, a building, its number, a dwelling for each subalterno."""
    f.new_particella(conn)
    f.new_edificio(conn)
    f.new_civico(conn, odonimo=f.new_odonimo(conn))
    return [
        f.new_unita_immobiliare(conn, subalterno=sub, ubicazione={"interno": sub})
        for sub in subalterni
    ]


def new_residente(conn: sa.Connection, famiglia: int, **valori: object) -> int:
    """Write a person who lives in via Roma 1; ``interno`` is the door."""
    interno = valori.pop("interno", "")
    persona = f.new_soggetto(conn, fonte="anagrafe", **valori)
    f.new_residenza(conn, soggetto=persona, famiglia=famiglia, interno=interno)
    return persona


def test_one_code_and_one_name_are_one_person(conn: sa.Connection) -> None:
    soggetti = sorted(f.new_soggetto(conn, **CF) for _ in range(3))
    f.new_soggetto(conn, codice_fiscale="CVLPDN60E41X999B", codice_valido=True)
    uno, due, tre = soggetti
    assert sure(computed(conn, "stesso_soggetto")) == {(uno, due), (uno, tre), (due, tre)}


@pytest.mark.parametrize(
    ("altro", "metodo", "stato"),
    [
        ({"nome": "PRUDÈNZIA"}, "codice fiscale e nome", "confermato"),
        ({"nome": "PRUDENZIA MARIA"}, "codice fiscale e nome simile", "confermato"),
        ({"cognome": "CAVALLIERI"}, "codice fiscale e nome simile", "confermato"),
        ({"cognome": "ROSSETTI", "nome": "UGO"}, "codice fiscale, nome diverso", "proposto"),
        ({"data_nascita": date(1961, 5, 1)}, "codice fiscale, nascita diversa", "proposto"),
        ({"data_nascita": None}, "codice fiscale e nome", "confermato"),
    ],
)
def test_the_code_never_wins_against_the_name(
    conn: sa.Connection, altro: dict[str, object], metodo: str, stato: str
) -> None:
    pair = tuple(sorted([f.new_soggetto(conn, **CF), f.new_soggetto(conn, **{**CF, **altro})]))
    found = computed(conn, "stesso_soggetto")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {pair: (metodo, stato)}


def test_an_invalid_code_proves_nothing(conn: sa.Connection) -> None:
    for cognome in ("BIANCHETTI", "NERETTI"):
        f.new_soggetto(conn, codice_fiscale="X", codice_valido=False, cognome=cognome)
    assert computed(conn, "stesso_soggetto") == {}


@pytest.mark.parametrize(
    ("altro", "metodo", "stato"),
    [
        ({}, "nome, nascita e luogo", "confermato"),
        ({"luogo_nascita": "x999", "sesso": None}, "nome, nascita e luogo", "confermato"),
        ({"sesso": "M"}, "nome e nascita", "proposto"),
        ({"luogo_nascita": "H501"}, "nome e nascita", "proposto"),
        ({"luogo_nascita": None}, "nome e nascita", "proposto"),
    ],
)
def test_without_code_the_whole_birth_must_agree(
    conn: sa.Connection, altro: dict[str, object], metodo: str, stato: str
) -> None:
    pair = tuple(sorted([f.new_soggetto(conn, **altro), f.new_soggetto(conn, **CF)]))
    found = computed(conn, "stesso_soggetto")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {pair: (metodo, stato)}


def test_a_code_alone_states_the_birth(conn: sa.Connection) -> None:
    solo_codice = {"cognome": None, "nome": None, "denominazione": "CAVALIERI PRUDENZIA"}
    nascita = {"sesso": None, "data_nascita": None, "luogo_nascita": None}
    contribuente = f.new_soggetto(conn, **{**CF, **solo_codice, **nascita})
    titolare = f.new_soggetto(conn, luogo_nascita="X999")
    f.new_soggetto(conn, luogo_nascita="X999", data_nascita=date(1960, 5, 2))
    pair = (min(contribuente, titolare), max(contribuente, titolare))
    assert sure(computed(conn, "stesso_soggetto")) == {pair}


def test_a_house_of_one_s_own_in_the_street_casts_doubt_on_the_number(conn: sa.Connection) -> None:
    """Nobody has a right to the flat at number 1; the household's own, at 3, is empty."""
    (libera,) = new_casa(conn, "1")
    via = conn.execute(sa.text("SELECT DISTINCT odonimo FROM registro.civico")).scalar_one()
    f.new_civico(conn, odonimo=via, numero=3, geometria=None)
    indirizzi = [{"toponimo": "VIA", "indirizzo": "ROMA", "civici": ["3"]}]
    sua = f.new_unita_immobiliare(conn, numero="99", indirizzi=indirizzi)
    io = new_residente(conn, 7, interno="1", **CF)
    ospite = new_residente(conn, 8, interno="1", nome="UGO")
    f.new_titolarita(conn, soggetto=io, unita=sua)
    found = computed(conn, "residente_unita")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (io, libera): ("casa propria nella stessa via", "proposto"),
        (io, sua): ("casa propria nella stessa via", "proposto"),
        (ospite, libera): ("interno", "confermato"),
    }


def test_no_link_holds_a_name_or_a_code(conn: sa.Connection) -> None:
    new_casa(conn, "1")
    titolare = f.new_soggetto(conn, **CF)
    new_residente(conn, 1, **CF)
    f.new_posizione_imu(conn, soggetto=titolare)
    collega(conn, COMUNE)
    text = conn.execute(sa.text("SELECT string_agg(evidenza::text, ' ') FROM registro.legame"))
    everything = text.scalar_one()
    assert "VIA ROMA 1" in everything
    for secret in ("CAVALIERI", "PRUDENZIA", "CVLPDN", "1960-05-01"):
        assert secret not in everything


def test_a_household_lives_where_it_holds_a_right(conn: sa.Connection) -> None:
    _, mia, _ = new_casa(conn, "1", "2", "3")
    proprietario = f.new_soggetto(conn, fonte="catasto", **CF)
    f.new_titolarita(conn, soggetto=proprietario, unita=mia)
    io = new_residente(conn, 7, **CF)
    figlio = new_residente(conn, 7, nome="UGO", data_nascita=date(1990, 1, 1))

    found = computed(conn, "residente_unita")

    assert sure(found) == set(found) == {(io, mia), (figlio, mia)}
    assert {x.metodo for x in found.values()} == {"titolo"}


def test_the_door_chooses_between_two_flats_of_one_owner(conn: sa.Connection) -> None:
    prima, seconda = new_casa(conn, "1", "2")
    io = new_residente(conn, 7, interno="02", **CF)
    for unita in (prima, seconda):
        f.new_titolarita(conn, soggetto=io, unita=unita)
    found = computed(conn, "residente_unita")
    assert {k: x.metodo for k, x in found.items()} == {(io, seconda): "titolo e interno"}


def test_two_flats_of_one_owner_are_both_proposed(conn: sa.Connection) -> None:
    unita = new_casa(conn, "1", "2")
    io = new_residente(conn, 7, **CF)
    for una in unita:
        f.new_titolarita(conn, soggetto=io, unita=una)
    found = computed(conn, "residente_unita")
    assert {k: float(x.punteggio) for k, x in found.items()} == {
        (io, unita[0]): 0.475,
        (io, unita[1]): 0.475,
    }
    assert sure(found) == set()


def test_a_tenant_is_found_by_the_door(conn: sa.Connection) -> None:
    unita = new_casa(conn, "1", "2", "3")
    inquilino = new_residente(conn, 7, interno="3")
    found = computed(conn, "residente_unita")
    assert sure(found) == set(found) == {(inquilino, unita[2])}


def test_the_only_dwelling_at_the_number(conn: sa.Connection) -> None:
    (unita,) = new_casa(conn, "1")
    f.new_unita_immobiliare(conn, subalterno="2", categoria="C06")
    inquilino = new_residente(conn, 7)
    found = computed(conn, "residente_unita")
    assert {k: x.metodo for k, x in found.items()} == {(inquilino, unita): "unica abitazione"}


def test_what_the_others_leave_free_is_proposed(conn: sa.Connection) -> None:
    mia, libera = new_casa(conn, "1", "2")
    io = new_residente(conn, 7, **CF)
    f.new_titolarita(conn, soggetto=io, unita=mia)
    inquilino = new_residente(conn, 8, nome="UGO")
    found = computed(conn, "residente_unita")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (io, mia): ("titolo", "confermato"),
        (inquilino, libera): ("esclusione", "proposto"),
    }


def test_the_door_of_another_household_is_only_a_suspicion(conn: sa.Connection) -> None:
    """The register may have the wrong house number: the owners live behind that door."""
    unita = new_casa(conn, "1", "2")
    proprietario = new_residente(conn, 7, interno="1", **CF)
    f.new_titolarita(conn, soggetto=proprietario, unita=unita[0])
    sbagliato = new_residente(conn, 8, interno="1", nome="UGO")
    found = computed(conn, "residente_unita")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (proprietario, unita[0]): ("titolo e interno", "confermato"),
        (sbagliato, unita[0]): ("già di un'altra famiglia", "proposto"),
    }


def test_in_a_big_block_nothing_is_proposed(conn: sa.Connection) -> None:
    new_casa(conn, *map(str, range(1, 9)))
    new_residente(conn, 7)
    assert computed(conn, "residente_unita") == {}


def test_a_right_in_the_building_helps_where_the_address_is_stale(conn: sa.Connection) -> None:
    new_casa(conn, "1", "2")
    stantia = f.new_unita_immobiliare(conn, subalterno="5", indirizzi=[])
    io = new_residente(conn, 7, **CF)
    f.new_titolarita(conn, soggetto=io, unita=stantia)
    found = computed(conn, "residente_unita")
    assert {k: x.metodo for k, x in found.items()} == {
        (io, stantia): "titolo nello stesso edificio"
    }


def test_a_sale_moves_the_owner_not_the_tenant(conn: sa.Connection) -> None:
    unita = new_casa(conn, "1", "2")
    venditore = new_residente(conn, 7, **CF)
    f.new_titolarita(conn, soggetto=venditore, unita=unita[0], valida_al=date(2020, 1, 1))
    found = computed(conn, "residente_unita", date(2019, 12, 31))
    assert {k: x.metodo for k, x in found.items()} == {(venditore, unita[0]): "titolo"}
    dopo = links(conn, "residente_unita", date(2020, 1, 1))
    assert sure(dopo) == set()


def test_a_position_is_placed_by_its_identifiers(conn: sa.Connection) -> None:
    unita = f.new_unita_immobiliare(conn, subalterno="1")
    f.new_unita_immobiliare(conn, subalterno="2")
    io = f.new_soggetto(conn, **CF)
    altro = f.new_soggetto(conn, nome="UGO")
    f.new_titolarita(conn, soggetto=f.new_soggetto(conn, fonte="catasto", **CF), unita=unita)
    mia = f.new_posizione_imu(conn, soggetto=io)
    sua = f.new_posizione_imu(conn, soggetto=altro)
    found = computed(conn, "posizione_unita")
    assert {k: x.metodo for k, x in found.items()} == {
        (mia, unita): "identificativi e titolare",
        (sua, unita): "identificativi",
    }


def test_without_subalterno_category_and_rendita_choose(conn: sa.Connection) -> None:
    f.new_unita_immobiliare(conn, subalterno="1", categoria="C06", rendita=Decimal(90))
    unita = f.new_unita_immobiliare(conn, subalterno="2", rendita=Decimal(500))
    posizione = f.new_posizione_imu(
        conn, soggetto=f.new_soggetto(conn), subalterno="", rendita=Decimal(500)
    )
    found = computed(conn, "posizione_unita")
    assert {k: (x.metodo, x.stato) for k, x in found.items()} == {
        (posizione, unita): ("particella", "confermato")
    }


def test_wrong_identifiers_fall_back_on_holder_address_and_category(conn: sa.Connection) -> None:
    unita = new_casa(conn, "1")[0]
    garage = f.new_unita_immobiliare(conn, subalterno="2", categoria="C06")
    io = f.new_soggetto(conn)
    for una in (unita, garage):
        f.new_titolarita(conn, soggetto=io, unita=una)
    posizione = f.new_posizione_imu(conn, soggetto=io, foglio="77", indirizzo="V. Roma, 1")
    found = computed(conn, "posizione_unita")
    assert {k: x.metodo for k, x in found.items()} == {
        (posizione, unita): "titolare, indirizzo e categoria"
    }


def test_identifiers_of_other_years_are_a_hint(conn: sa.Connection) -> None:
    unita = f.new_unita_immobiliare(conn, numero="10", valida_al=date(2015, 1, 1))
    f.new_unita_immobiliare(conn, id=unita, numero="210", valida_dal=date(2015, 1, 1))
    posizione = f.new_posizione_imu(
        conn, soggetto=f.new_soggetto(conn), numero="10", valida_dal=date(2024, 1, 1)
    )
    found = computed(conn, "posizione_unita")
    assert {k: x.metodo for k, x in found.items()} == {
        (posizione, unita): "identificativi di un altro tempo"
    }
    assert sure(found) == set()

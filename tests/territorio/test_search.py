"""Search: the right object first, also for who cannot spell."""

from contextlib import nullcontext
from datetime import date

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import given

from territorio import bulk, db, search
from territorio.accessi.persone import find_persons
from territorio.accessi.policy import Ruolo, Visto
from territorio.errors import Forbidden
from territorio.geometry import Punto
from territorio.identita import Codice
from territorio.indirizzo import chiave_odonimo
from territorio.schema_ricerca import ricerca
from territorio.search import Domanda, Risultato
from territorio.vigenza import Quando
from tests import factories as f
from tests.territorio.casa import ADESSO, Casa, new_casa

UFFICIALE = Visto(Ruolo.ANAGRAFE, "accertamento", "ufficiale")
STREETS = (
    ("VIA GIUSEPPE GARIBALDI", (1, 2, 12)),
    ("VIALE DELLA LIBERTA'", (3, 30, 31)),
    ("PIAZZA XX SETTEMBRE", (5,)),
    ("VIA SANT'ANTONIO", (7,)),
)


DIGITATO: dict[str, object] = {
    "parole": "6",
    "piane": "VI",
    "dopo_parole": "7",
    "dopo_piane": "VJ",
    "intero": "VIA VI",
    "numero": None,
    "esponente": "",
    "numeri": [],
    "comuni": [],
    "limite": 8,
    "abbastanza": 8,
    "giorno": ADESSO.alla_data,
    "nota": search.ULTIMO,
}
"""What the searches for words and for persons ask with: the parameters of their statements."""


@pytest.fixture
def casa(conn: sa.Connection) -> Casa:
    """Return the house of via Roma 12/A, in a town with other streets."""
    house = new_casa(conn)
    for name, numbers in STREETS:
        street = f.new_odonimo(conn, denominazione=name, chiave_odonimo=chiave_odonimo(name))
        for number in numbers:
            f.new_civico(conn, odonimo=street, numero=number)
    search.refresh(conn, "X999")
    return house


def ask(
    conn: sa.Connection, text: str, quando: Quando = ADESSO, comuni: tuple[str, ...] = ()
) -> list[Risultato]:
    return search.search(conn, Domanda(text, quando, comuni))


def labels(conn: sa.Connection, text: str) -> list[str]:
    return [result.etichetta for result in ask(conn, text)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("via garibaldi 12", "VIA GIUSEPPE GARIBALDI 12"),
        ("garibaldi giuseppe, 12", "VIA GIUSEPPE GARIBALDI 12"),
        ("via giuseppe garibladi n. 12", "VIA GIUSEPPE GARIBALDI 12"),
        ("viale della libertà 3", "VIALE DELLA LIBERTA' 3"),
        ("via rma", "VIA ROMA"),
        ("viia romma", "VIA ROMA"),
        ("piazza rma", "VIA ROMA"),
        ("via rmoa", "VIA ROMA"),
        ("via rma 12/a", "VIA ROMA 12/A"),
        ("v.le liberta 3", "VIALE DELLA LIBERTA' 3"),
        ("p.zza venti settembre 5", "PIAZZA XX SETTEMBRE 5"),
        ("via s. antonio 7", "VIA SANT'ANTONIO 7"),
        ("via roma 12/a", "VIA ROMA 12/A"),
        ("via roma 12", "VIA ROMA 12/A"),
        ("via roma 12/a int. 3", "VIA ROMA 12/A"),
        ("via roma 12/a, scala B, piano 2, interno 14", "VIA ROMA 12/A"),
        ("via roma, 12/A - 33100 Udine", "VIA ROMA 12/A"),
        ("via roma 12/a 33100 Udine (UD)", "VIA ROMA 12/A"),
        ("via roma 12/a, piano T-1, interno 3", "VIA ROMA 12/A"),
        ("civico 12 via garibaldi", "VIA GIUSEPPE GARIBALDI 12"),
        ("civico 12/a di via roma", "VIA ROMA 12/A"),
        ("n. 12/a, via roma", "VIA ROMA 12/A"),
        ("5 piazza xx settembre", "PIAZZA XX SETTEMBRE 5"),
        ("5, piazza venti settembre", "PIAZZA XX SETTEMBRE 5"),
        ("via roma 12/a, Borgo Sereno (XX)", "VIA ROMA 12/A"),
        ("VIA GIUSEPPE GARIBALDI 12, BORGO SERENO", "VIA GIUSEPPE GARIBALDI 12"),
        ("via roma snc", "VIA ROMA"),
        ("via roma s.n.c.", "VIA ROMA"),
        ("gar", "VIA GIUSEPPE GARIBALDI"),
        ("sette", "PIAZZA XX SETTEMBRE"),
    ],
)
def test_an_address_is_found_as_people_write_it(
    conn: sa.Connection, casa: Casa, text: str, first: str
) -> None:
    assert labels(conn, text)[0] == first


def test_a_whole_address_is_exact_and_leads_to_its_building(
    conn: sa.Connection, casa: Casa
) -> None:
    found = ask(conn, "via roma 12/A")
    assert [r.esatto for r in found][:1] == [True]
    assert found[0].edificio == casa.edificio
    assert (found[0].tipo, found[0].id) == ("civico", casa.civico)


def test_numbers_that_begin_as_typed_come_after_the_number(conn: sa.Connection, casa: Casa) -> None:
    assert labels(conn, "viale della libertà 3")[:3] == [
        "VIALE DELLA LIBERTA' 3",
        "VIALE DELLA LIBERTA' 30",
        "VIALE DELLA LIBERTA' 31",
    ]


def test_beside_a_long_name_that_is_there_nothing_that_only_holds_it_is_suggested(
    conn: sa.Connection, casa: Casa
) -> None:
    name = "VIA ANITA E GIUSEPPE GARIBALDI"
    f.new_odonimo(conn, denominazione=name, chiave_odonimo=name)
    search.refresh(conn, "X999")

    def suggested(text: str) -> list[str]:
        asked = Domanda(text, ADESSO, digitando=True)
        return [result.etichetta for result in search.search(conn, asked)]

    both = ["VIA GIUSEPPE GARIBALDI", name]
    assert suggested("via giuseppe gar") == both
    assert suggested("via giuseppe garibaldi") == both[:1]
    assert name in suggested("via giuseppo garibaldi")
    # Who has typed to the end is told of it.
    assert labels(conn, "via giuseppe garibaldi") == both


def test_a_name_of_one_town_does_not_hide_those_of_another(conn: sa.Connection, casa: Casa) -> None:
    f.new_comune(conn, comune="Y999")
    for comune, name in (
        ("X999", "VIA MARTIRI DELLA LIBERTA'"),
        ("Y999", "VIA DEI MARTIRI DELLA LIBERTA'"),
    ):
        street = f.new_odonimo(
            conn, comune=comune, denominazione=name, chiave_odonimo=chiave_odonimo(name)
        )
        f.new_civico(conn, comune=comune, odonimo=street, numero=12)
        search.refresh(conn, comune)
    found = labels(conn, "via martiri della libertà 12")
    assert found[0] == "VIA MARTIRI DELLA LIBERTA' 12"
    assert "VIA DEI MARTIRI DELLA LIBERTA' 12" in found


def test_a_wrong_number_still_finds_the_street(conn: sa.Connection, casa: Casa) -> None:
    assert labels(conn, "via garibaldi 99")[0] == "VIA GIUSEPPE GARIBALDI"


@pytest.mark.parametrize("text", ["", "v", "qqqqqq", "<script>alert(1)</script>", "%", "'"])
def test_nonsense_finds_nothing(conn: sa.Connection, casa: Casa, text: str) -> None:
    assert ask(conn, text) == []


@pytest.mark.parametrize(
    "text", ["foglio 1 particella 10", "X999/1/10", "fg. 01 mapp. 0010", "X999_1_10"]
)
def test_a_parcel_is_found_by_its_reference(conn: sa.Connection, casa: Casa, text: str) -> None:
    found = ask(conn, text)
    assert (found[0].tipo, found[0].id, found[0].esatto) == ("particella", casa.particella, True)
    assert [(r.tipo, r.id) for r in found[1:]] == [("edificio", casa.edificio)]


@pytest.mark.parametrize("text", ["foglio 1 particella 10 sub 1", "X999/1/10/1"])
def test_a_unit_is_found_by_its_reference(conn: sa.Connection, casa: Casa, text: str) -> None:
    first = ask(conn, text)[0]
    assert (first.tipo, first.id, first.edificio) == (
        "unita_immobiliare",
        casa.unita,
        casa.edificio,
    )


def test_a_reference_is_looked_up_as_of_the_day(conn: sa.Connection, casa: Casa) -> None:
    f.new_particella(conn, numero="77", valida_dal=date(2024, 1, 1))
    assert ask(conn, "foglio 1 particella 77", Quando(date(2023, 12, 31))) == []
    assert len(ask(conn, "foglio 1 particella 77")) == 1


def test_a_code_goes_straight_to_its_object(conn: sa.Connection, casa: Casa) -> None:
    found = ask(conn, str(Codice(casa.edificio)).upper())
    assert [(r.tipo, r.id, r.esatto) for r in found] == [("edificio", casa.edificio, True)]


def test_the_number_programs_write_is_as_good_as_the_code(conn: sa.Connection, casa: Casa) -> None:
    (found,) = ask(conn, str(casa.edificio))
    assert (found.tipo, found.id, found.esatto) == ("edificio", casa.edificio, True)
    assert ask(conn, "262143999978") == []
    assert ask(conn, "999999999999") == []


@pytest.mark.parametrize("text", ["1 10", "1-10", "01 - 0010", "1 – 10"])
def test_two_bare_numbers_are_perhaps_sheet_and_number(
    conn: sa.Connection, casa: Casa, text: str
) -> None:
    found = ask(conn, text)
    assert found[0].tipo == "particella"
    assert [one for one in found if one.esatto or one.punteggio >= 1] == []


def test_the_code_of_a_person_finds_nothing(conn: sa.Connection, casa: Casa) -> None:
    assert ask(conn, str(Codice(casa.proprietaria))) == []


def test_a_point_finds_what_stands_there(conn: sa.Connection, casa: Casa) -> None:
    found = ask(conn, "44.00009, 11.00019")
    assert {(r.tipo, r.id) for r in found} == {
        ("edificio", casa.edificio),
        ("particella", casa.particella),
    }
    assert ask(conn, "45.0, 12.0") == []


def test_nothing_of_another_municipality_shows(conn: sa.Connection, casa: Casa) -> None:
    assert ask(conn, "via roma 12/A", comuni=("Y999",)) == []
    assert ask(conn, "foglio 1 particella 10", comuni=("Y999",)) == []
    assert len(ask(conn, "via roma 12/A", comuni=("X999",))) > 0


def test_refreshing_twice_changes_nothing(conn: sa.Connection, casa: Casa) -> None:
    def rows() -> list[tuple[object, ...]]:
        query = "SELECT * FROM registro.ricerca ORDER BY tipo, id"
        return [tuple(row) for row in conn.execute(sa.text(query))]

    before = rows()
    assert len(before) == 5 + 9 + 1
    search.refresh(conn, "X999")
    assert rows() == before


def test_what_was_refreshed_is_sorted_into_the_index_of_words(
    monkeypatch: pytest.MonkeyPatch, conn: sa.Connection, casa: Casa
) -> None:
    # As where doors are open: the indexes are not built anew.
    monkeypatch.setattr(bulk, "without_indexes", lambda *_: nullcontext())
    search.refresh(conn, "X999")
    assert bulk.settle(conn, ricerca) == 0
    conn.execute(sa.update(ricerca).values(chiave="ALTRA"))
    assert bulk.settle(conn, ricerca) > 0


def test_persons_are_found_by_offices_only_and_it_is_written_down(
    conn: sa.Connection, casa: Casa
) -> None:
    question = Domanda("belfioriti ald", ADESSO)
    with pytest.raises(Forbidden):
        find_persons(conn, question, Visto())
    with pytest.raises(Forbidden):
        find_persons(conn, question, Visto(Ruolo.ANAGRAFE, "", "ufficiale"))
    found = find_persons(conn, question, UFFICIALE)
    assert {r.id for r in found} == {casa.proprietaria, casa.residente}
    assert {r.edifici for r in found} == {(casa.edificio,)}
    log = conn.execute(sa.text("SELECT chi, campi FROM persone.lettura")).all()
    assert [tuple(row) for row in log] == [("ufficiale", ["ricerca.nominativo"])]


@pytest.mark.parametrize("text", ["BELFIORITI", "belforiti aldegonda", "ZZZBLF60A41X999K"])
def test_a_person_is_found_by_name_by_mistake_and_by_code(
    conn: sa.Connection, casa: Casa, text: str
) -> None:
    assert casa.proprietaria in {r.id for r in find_persons(conn, Domanda(text, ADESSO), UFFICIALE)}


def test_the_public_search_never_names_a_person(conn: sa.Connection, casa: Casa) -> None:
    assert ask(conn, "belfioriti") == []


def test_the_indexes_serve_an_office_under_row_level_security(fresh_url: str) -> None:
    owner = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(owner) as conn:
        f.new_comune(conn)
        conn.execute(
            sa.text(
                "INSERT INTO registro.ricerca (comune, tipo, id, testo, chiave) SELECT 'X999',"
                " 'odonimo', n, 'VIA ' || md5(n::text), upper(md5(n::text))"
                " FROM generate_series(1, 20000) AS n"
            )
        )
        conn.execute(
            sa.text(
                "INSERT INTO persone.ricerca (comune, id, testo, chiave) SELECT comune, id, testo,"
                " chiave FROM registro.ricerca"
            )
        )
        conn.execute(sa.text("ANALYZE registro.ricerca, persone.ricerca"))
    office = db.engine(fresh_url, db.Role.UFFICIO)
    with db.transaction(office, ["X999"]) as conn:
        plan = conn.execute(
            sa.text("EXPLAIN SELECT * FROM registro.ricerca WHERE chiave %> 'C4CA4238A0'")
        ).scalars()
        assert "ix_ricerca_chiave" in "\n".join(plan)
        conn.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))
        for name, times in (("cerca_parole", 2), ("cerca_persone", 1)):
            asked = sa.text(f"EXPLAIN {db.sql(f'territorio/{name}')}")
            lines = conn.execute(asked, DIGITATO).scalars()
            begin = [line for line in lines if "Index Cond" in line and "~>=~" in line]
            assert len(begin) == times, name
            assert all("comune = " in line for line in begin), name
    owner.dispose()
    office.dispose()


@given(st.floats(35, 48), st.floats(6, 19.5))
def test_a_point_is_read_back_as_written(lat: float, lon: float) -> None:
    point = Punto(round(lon, 6), round(lat, 6))
    assert Punto.parse(str(point)) == point

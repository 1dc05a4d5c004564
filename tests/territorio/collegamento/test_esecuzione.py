"""A run as a whole: repeatable, a function of the facts, and never against a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from territorio import legame, registrazione, vigenza
from territorio.collegamento import TIPI, Conteggio, collega
from territorio.collegamento.scala import SCALA
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.legame import Coppia, Giudizio
from territorio.vigenza import Quando
from tests import factories as f
from tests.factory_defaults import COMUNE, punto, rettangolo
from tests.territorio.collegamento.lettura import OGGI, links, sure

ANNA = "anna@comune"
MOTIVO = "sopralluogo del 3 maggio"


def judge(conn: sa.Connection, stato: Giudizio, tipo: str, da: int, a: int, *giorni: date) -> int:
    """Let Anna decide about a pair, for some days if they are given."""
    period = (giorni[0], giorni[1]) if giorni else (None, None)
    return legame.judge(
        conn, Coppia(COMUNE, tipo, da, a), stato=stato, autore=ANNA, motivo=MOTIVO, giorni=period
    )


def last(conn: sa.Connection) -> int:
    """Return the number of the last registrazione."""
    return registrazione.at(conn, vigenza.instant("2999-01-01"))


def end(conn: sa.Connection, tabella: str, oggetto: int) -> None:
    """Take an object out of knowledge, as a load that corrects does."""
    numero = f.new_registrazione(conn)
    schema = "registro"
    table = sa.table(tabella, sa.column("id"), sa.column("nota_fino"), schema=schema)
    conn.execute(sa.update(table).where(table.c.id == oggetto).values(nota_fino=numero))


def test_every_kind_has_a_scale() -> None:
    assert list(SCALA) != []
    assert set(SCALA) == set(TIPI)
    for gradini in SCALA.values():
        assert len({g.metodo for g in gradini}) == len(gradini)
        assert all(0 < g.punteggio <= 1 for g in gradini)


def test_a_second_run_changes_nothing(conn: sa.Connection) -> None:
    f.new_particella(conn)
    f.new_edificio(conn)
    f.new_unita_immobiliare(conn)
    first = collega(conn, COMUNE)
    numero = last(conn)
    second = collega(conn, COMUNE)
    assert first["unita_edificio"] == Conteggio(confermati=1, aperti=1)
    assert second == {tipo: replace(c, aperti=0) for tipo, c in first.items()}
    assert last(conn) == numero, "nothing changed, so nothing is registered"


def test_one_registrazione_says_who_computed(conn: sa.Connection) -> None:
    f.new_particella(conn)
    f.new_edificio(conn)
    before = last(conn)
    collega(conn, COMUNE, autore="territorio collega")
    row = conn.execute(
        sa.text("SELECT causa, autore, comune FROM registro.registrazione WHERE numero = :n"),
        {"n": before + 1},
    ).one()
    assert row == ("calcolo", "territorio collega", COMUNE)
    assert last(conn) == before + 1
    assert {x.autore for x in links(conn, "edificio_particella").values()} == {"calcolo"}


def test_an_empty_municipality_has_no_links(conn: sa.Connection) -> None:
    f.new_comune(conn)
    assert set(collega(conn, COMUNE).values()) == {Conteggio()}


def test_what_no_longer_stands_is_closed_in_knowledge(conn: sa.Connection) -> None:
    f.new_particella(conn)
    edificio = f.new_edificio(conn)
    collega(conn, COMUNE)
    numero = last(conn)
    end(conn, "edificio", edificio)
    assert collega(conn, COMUNE)["edificio_particella"] == Conteggio(chiusi=1)
    assert links(conn, "edificio_particella") == {}
    assert len(links(conn, "edificio_particella", noto_al=numero)) == 1, "it was known then"


def test_other_municipalities_are_left_alone(conn: sa.Connection) -> None:
    altro = f.new_comune(conn, "X998")
    for codice in (COMUNE, altro):
        f.new_particella(conn, comune=codice)
        f.new_edificio(conn, comune=codice)
    collega(conn, COMUNE)
    assert len(links(conn, "edificio_particella")) == 1
    assert legame.search(conn, altro, "edificio_particella", Quando(OGGI)) == []


def test_the_order_of_the_facts_does_not_matter(conn: sa.Connection) -> None:
    """Two towns with the same facts, written in opposite order, have the same links."""
    makers: list[Callable[[str], int]] = [
        lambda comune: f.new_particella(conn, comune=comune, comune_catastale=COMUNE),
        lambda comune: f.new_particella(
            conn,
            comune=comune,
            comune_catastale=COMUNE,
            numero="11",
            geometria=rettangolo(30, 0, 30, 30),
        ),
        lambda comune: f.new_edificio(conn, comune=comune, geometria=rettangolo(25, 5, 20, 10)),
        lambda comune: f.new_edificio(conn, comune=comune, geometria=rettangolo(5, 15, 10, 10)),
        lambda comune: f.new_unita_immobiliare(conn, comune=comune, comune_catastale=COMUNE),
        lambda comune: f.new_civico(conn, comune=comune, geometria=punto(24, 20)),
    ]
    altro = f.new_comune(conn, "X998")
    objects: dict[str, list[int]] = {COMUNE: [], altro: []}
    for make in makers:
        objects[COMUNE].append(make(COMUNE))
    for make in reversed(makers):
        objects[altro].insert(0, make(altro))
    said = []
    for comune, ids in objects.items():
        collega(conn, comune)
        place = {number: i for i, number in enumerate(ids)}
        found = [x for tipo in TIPI for x in legame.search(conn, comune, tipo, Quando(OGGI))]
        said.append(
            {(x.tipo, place[x.da], place[x.a], x.metodo, x.punteggio, x.misura) for x in found}
        )
    assert len(said[0]) >= 6
    assert said[0] == said[1]


def two_buildings(conn: sa.Connection) -> tuple[int, int, int]:
    """Write a unit on a parcel with two buildings; return the unit and the buildings."""
    f.new_particella(conn)
    casa = f.new_edificio(conn, geometria=rettangolo(2, 2, 15, 10))
    rimessa = f.new_edificio(conn, geometria=rettangolo(20, 20, 5, 10))
    return f.new_unita_immobiliare(conn), casa, rimessa


def test_what_a_person_confirmed_stays_and_ends_the_choice(conn: sa.Connection) -> None:
    unita, casa, rimessa = two_buildings(conn)
    collega(conn, COMUNE)
    assert set(links(conn, "unita_edificio")) == {(unita, casa), (unita, rimessa)}
    judge(conn, "confermato", "unita_edificio", unita, rimessa)

    collega(conn, COMUNE)

    found = links(conn, "unita_edificio")
    assert set(found) == {(unita, rimessa)}
    assert (found[unita, rimessa].autore, found[unita, rimessa].metodo) == (
        "anna@comune",
        "giudizio",
    )
    assert collega(conn, COMUNE)["unita_edificio"].aperti == 0


def test_what_a_person_rejected_is_not_proposed_again(conn: sa.Connection) -> None:
    unita, casa, rimessa = two_buildings(conn)
    collega(conn, COMUNE)
    judge(conn, "rifiutato", "unita_edificio", unita, rimessa)
    for _ in range(2):
        collega(conn, COMUNE)
        assert sure(links(conn, "unita_edificio")) == {(unita, casa)}
        assert set(links(conn, "unita_edificio")) == {(unita, casa)}
    refused = legame.search(
        conn, COMUNE, "unita_edificio", Quando(OGGI), da=unita, stato="rifiutato"
    )
    assert [(x.a, x.autore) for x in refused] == [(rimessa, "anna@comune")]


def test_later_kinds_build_upon_the_judgement(conn: sa.Connection) -> None:
    unita, _, rimessa = two_buildings(conn)
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(5, 5))
    judge(conn, "confermato", "civico_edificio", civico, rimessa)
    collega(conn, COMUNE)
    assert set(links(conn, "civico_edificio")) == {(civico, rimessa)}
    assert sure(links(conn, "unita_edificio")) == {(unita, rimessa)}


def test_a_judgement_with_days_leaves_the_others_to_the_computation(conn: sa.Connection) -> None:
    particella, edificio = f.new_particella(conn), f.new_edificio(conn)
    days = (date(2010, 1, 1), date(2020, 1, 1))
    judge(conn, "rifiutato", "edificio_particella", edificio, particella, *days)
    collega(conn, COMUNE)
    found = {
        anno: set(links(conn, "edificio_particella", date(anno, 1, 1)))
        for anno in (2009, 2010, 2020)
    }
    pair = {(edificio, particella)}
    assert found == {2009: pair, 2010: set(), 2020: pair}


def test_a_judgement_taken_back_is_computed_again(conn: sa.Connection) -> None:
    particella, edificio = f.new_particella(conn), f.new_edificio(conn)
    pair = (edificio, particella)
    coppia = Coppia(COMUNE, "edificio_particella", *pair)
    collega(conn, COMUNE)
    given = judge(conn, "rifiutato", "edificio_particella", *pair)
    assert collega(conn, COMUNE)["edificio_particella"] == Conteggio()
    legame.withdraw(conn, coppia, autore=ANNA, motivo=MOTIVO)
    collega(conn, COMUNE)
    assert set(links(conn, "edificio_particella")) == {pair}
    assert links(conn, "edificio_particella", noto_al=given) == {}
    with pytest.raises(NotFound):
        legame.withdraw(conn, coppia, autore=ANNA, motivo=MOTIVO)


def test_a_judgement_keeps_the_measure_and_what_stood_before(conn: sa.Connection) -> None:
    particella, edificio = f.new_particella(conn), f.new_edificio(conn)
    collega(conn, COMUNE)
    judge(conn, "confermato", "edificio_particella", edificio, particella)
    link = links(conn, "edificio_particella")[edificio, particella]
    assert float(link.misura or 0) == pytest.approx(200, rel=0.005)
    assert link.evidenza["prima"] == [
        {"metodo": "area", "punteggio": 1.0, "stato": "confermato", "autore": "calcolo"}
    ]
    assert link.giudicato


def test_a_judgement_needs_a_person_and_a_reason(conn: sa.Connection) -> None:
    f.new_comune(conn)
    coppia = Coppia(COMUNE, "civico_edificio", 1, 2)
    with pytest.raises(Conflict):
        legame.judge(conn, coppia, stato="confermato", autore="calcolo", motivo=MOTIVO)
    with pytest.raises(InvalidInput, match="motivo"):
        legame.judge(conn, coppia, stato="confermato", autore=ANNA, motivo=" ")
    with pytest.raises(InvalidInput):
        Coppia(COMUNE, "stesso_soggetto", 1, 1)


def test_two_persons_made_one_by_hand_are_one_household(conn: sa.Connection) -> None:
    f.new_particella(conn)
    f.new_civico(conn, odonimo=f.new_odonimo(conn))
    unita = [f.new_unita_immobiliare(conn, subalterno=s) for s in ("1", "2")]
    titolare = f.new_soggetto(conn, cognome="ROSSETTI")
    f.new_titolarita(conn, soggetto=titolare, unita=unita[0])
    residente = f.new_soggetto(conn, cognome="ROSSETTI IN BIANCHI")
    f.new_residenza(conn, soggetto=residente, famiglia=7)
    collega(conn, COMUNE)
    assert sure(links(conn, "residente_unita")) == set()
    uno, altro = sorted([titolare, residente])
    judge(conn, "confermato", "stesso_soggetto", uno, altro)
    collega(conn, COMUNE)
    assert sure(links(conn, "residente_unita")) == {(residente, unita[0])}

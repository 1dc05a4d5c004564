"""The dossier of a day: as of then, as known then, and what nobody has delivered."""

from datetime import date

import sqlalchemy as sa

from territorio.accessi.policy import Visto
from territorio.fascicolo import SEZIONI, fascicolo
from territorio.schema import legame
from territorio.tables import FATTI
from territorio.vigenza import Quando
from tests import factories as f
from tests.territorio.casa import ADESSO, TRIBUTI, Casa, delivered, read, section


def test_a_right_not_yet_begun_is_not_told(conn: sa.Connection, casa: Casa) -> None:
    before = section(read(conn, casa, quando=Quando(date(2020, 2, 29))), "titolari")
    assert [v["soggetto"]["valori"]["cognome"] for v in before["voci"]] == ["VENDITORINI"]
    assert before["voci"][0]["valori"]["attuale"] is True


def test_as_of_a_day_the_joined_objects_follow(conn: sa.Connection, casa: Casa) -> None:
    table = FATTI["unita_immobiliare"]
    conn.execute(sa.update(table).values(valida_al=date(2024, 1, 1)))
    f.new_unita_immobiliare(conn, id=casa.unita, categoria="A03", valida_dal=date(2024, 1, 1))

    def category(day: date) -> str:
        voci = section(read(conn, casa, quando=Quando(day)), "unita_immobiliari")["voci"]
        assert len(voci) == 1
        word: str = voci[0]["valori"]["categoria"]
        return word

    assert category(date(2023, 12, 31)) == "A02"
    assert category(date(2024, 1, 1)) == "A03"


def test_as_of_a_day_the_links_follow(conn: sa.Connection, casa: Casa) -> None:
    conn.execute(
        sa.update(legame)
        .where(legame.c.tipo == "unita_edificio")
        .values(valida_dal=date(2024, 5, 1))
    )
    conn.execute(sa.delete(legame).where(legame.c.tipo == "unita_particella"))
    before = read(conn, casa, quando=Quando(date(2024, 4, 30)))
    assert section(before, "unita_immobiliari")["stato"] == "vuota"
    assert section(before, "titolari")["stato"] == "vuota"
    assert section(read(conn, casa), "unita_immobiliari")["conteggio"] == {"unita": 1}


def test_as_of_a_day_the_address_has_the_name_of_then(conn: sa.Connection, casa: Casa) -> None:
    street = FATTI["odonimo"]
    conn.execute(sa.update(street).values(valida_al=date(2024, 5, 1)))
    row = conn.execute(sa.select(street.c.id)).scalar_one()
    f.new_odonimo(conn, id=row, denominazione="VIA NUOVA", valida_dal=date(2024, 5, 1))
    then = read(conn, casa, quando=Quando(date(2024, 4, 30)))["edificio"]["indirizzi"]
    assert [v["valori"]["indirizzo"] for v in then] == ["VIA ROMA 12/A"]
    now = read(conn, casa)["edificio"]["indirizzi"]
    assert [v["valori"]["indirizzo"] for v in now] == ["VIA NUOVA 12/A"]


def test_as_known_then_a_late_correction_is_not_there(conn: sa.Connection, casa: Casa) -> None:
    later = f.new_registrazione(conn)
    table = FATTI["unita_immobiliare"]
    conn.execute(sa.update(table).values(nota_fino=later))
    f.new_unita_immobiliare(conn, id=casa.unita, classe="04", nota_da=later)

    def classe(noto_al: int | None) -> str:
        quando = Quando(ADESSO.alla_data, noto_al)
        voci = section(read(conn, casa, quando=quando), "unita_immobiliari")["voci"]
        assert len(voci) == 1
        word: str = voci[0]["valori"]["classe"]
        return word

    assert classe(later - 1) == "03"
    assert classe(later) == "04"
    assert classe(None) == "04"


def test_as_known_then_reports_made_since_are_not_there(conn: sa.Connection, casa: Casa) -> None:
    def said(noto_al: int | None) -> list[str]:
        quando = Quando(ADESSO.alla_data, noto_al)
        found = section(read(conn, casa, quando=quando), "segnalazioni").get("voci", [])
        return sorted(voce["valori"]["motivo"] for voce in found)

    now = sa.func.clock_timestamp()
    before = f.new_registrazione(conn)
    f.new_segnalazione(conn, oggetto=casa.edificio, motivo="prima", aperta=now)
    # A restore counts on from what was given here or there: numbers are missing.
    f.new_registrazione(conn, numero=before + 5)
    f.new_segnalazione(conn, oggetto=casa.edificio, motivo="poi", aperta=now)
    assert said(before) == ["prima"]
    assert said(before + 3) == ["prima"]
    assert said(before + 5) == ["poi", "prima"]
    assert said(None) == ["poi", "prima"]


def test_noto_al_is_the_moment_of_the_last_change_taken_into_account(
    conn: sa.Connection, casa: Casa
) -> None:
    first = read(conn, casa, quando=Quando(ADESSO.alla_data, 1))["noto_al"]
    f.new_registrazione(conn)
    assert read(conn, casa, quando=Quando(ADESSO.alla_data, 1))["noto_al"] == first
    assert read(conn, casa)["noto_al"] > first


def test_what_nobody_delivered_is_said_so(conn: sa.Connection) -> None:
    f.new_comune(conn)
    building = f.new_edificio(conn)
    sections = fascicolo(conn, building, ADESSO, TRIBUTI).sezioni
    unloaded = {nome for nome, s in sections.items() if s.stato == "fonte_non_caricata"}
    assert unloaded == {s.nome for s in SEZIONI} - {"segnalazioni", "cronologia"}
    assert "contratti di locazione" in sections["residenti"].non_caricate


def test_what_was_not_delivered_then_was_not_known_then(conn: sa.Connection) -> None:
    f.new_comune(conn)
    building = f.new_edificio(conn)
    before = f.new_registrazione(conn)
    delivered(conn, nome="seconda")
    then = fascicolo(conn, building, Quando(ADESSO.alla_data, before), TRIBUTI).sezioni
    assert then["particelle"].stato == "fonte_non_caricata"
    now = fascicolo(conn, building, ADESSO, TRIBUTI).sezioni
    assert now["particelle"].stato == "vuota"


def test_a_retired_building_is_still_a_dossier(conn: sa.Connection, casa: Casa) -> None:
    f.new_edificio(
        conn, id=casa.edificio, fonte="ufficio", stato="cessato", geometria=None,
        valida_dal=date(2025, 1, 1),
    )  # fmt: skip
    assert read(conn, casa)["edificio"]["stato"] == "cessato"
    assert read(conn, casa, quando=Quando(date(2024, 12, 31)))["edificio"]["stato"] == "esistente"


def test_a_building_not_yet_built(conn: sa.Connection) -> None:
    f.new_comune(conn)
    building = f.new_edificio(conn, valida_dal=date(2030, 1, 1))
    head = fascicolo(conn, building, ADESSO, Visto()).edificio
    assert head["stato"] == "non ancora esistente"

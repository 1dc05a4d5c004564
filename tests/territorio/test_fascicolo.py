"""The dossier: what is in it, how it is joined, and from whom."""

from datetime import date

import pytest
import sqlalchemy as sa

from territorio.accessi.policy import Visto
from territorio.errors import NotFound
from territorio.fascicolo import SEZIONI, fascicolo
from territorio.schema import legame
from tests import factories as f
from tests.territorio.casa import ADESSO, TRIBUTI, Casa, read, section

NOMI_SEZIONI = (
    "particelle",
    "unita_immobiliari",
    "titolari",
    "residenti",
    "posizioni_tributarie",
    "attestati_energetici",
    "pratiche_titoli",
    "rischio_vincoli",
    "documenti",
    "segnalazioni",
    "cronologia",
)


def test_every_section_is_always_there_in_order(conn: sa.Connection) -> None:
    f.new_comune(conn)
    empty = f.new_identita(conn, "edificio")
    body = fascicolo(conn, empty, ADESSO, Visto()).to_json()
    assert tuple(body["sezioni"]) == NOMI_SEZIONI
    assert body["edificio"]["stato"] == "non noto"
    assert tuple(s.nome for s in SEZIONI) == NOMI_SEZIONI


def test_a_street_that_two_sources_name_makes_one_address(conn: sa.Connection, casa: Casa) -> None:
    before = read(conn, casa)["edificio"]["indirizzi"]
    street = conn.execute(sa.text("SELECT id FROM registro.odonimo")).scalar_one()
    f.new_odonimo(conn, id=street, fonte="anncsu_accessi")
    assert read(conn, casa)["edificio"]["indirizzi"] == before


def test_a_number_that_is_no_building_is_not_found(conn: sa.Connection, casa: Casa) -> None:
    with pytest.raises(NotFound):
        fascicolo(conn, casa.particella, ADESSO, Visto())


def test_each_building_is_read_where_it_lives(conn: sa.Connection, casa: Casa) -> None:
    f.new_comune(conn, comune="Y999")
    elsewhere = f.new_edificio(conn, comune="Y999")
    for number, comune in ((casa.edificio, "X999"), (elsewhere, "Y999"), (casa.edificio, "X999")):
        found = fascicolo(conn, number, ADESSO, TRIBUTI).edificio
        assert found["comune"] == comune
        assert [voce["id"] for voce in found["voci"]] == [number]
    with pytest.raises(NotFound):
        fascicolo(conn, 2, ADESSO, TRIBUTI)


def test_the_house_is_whole(conn: sa.Connection, casa: Casa) -> None:
    body = read(conn, casa)
    filled = [n for n in NOMI_SEZIONI if section(body, n)["stato"] == "presente"]
    assert filled == [
        "particelle",
        "unita_immobiliari",
        "titolari",
        "residenti",
        "posizioni_tributarie",
        "rischio_vincoli",
        "cronologia",
    ]
    assert body["edificio"]["stato"] == "esistente"
    assert body["edificio"]["indirizzi"][0]["valori"]["indirizzo"] == "VIA ROMA 12/A"
    parcel, land = section(body, "particelle")["voci"]
    assert parcel["id"] == casa.particella
    assert parcel["valori"]["riferimento"] == "X999/_/1/10"
    assert land["tipo"] == "particella_censuaria"
    unit = section(body, "unita_immobiliari")["voci"][0]["valori"]
    assert unit["riferimento"] == "X999/_/1/10 sub 1"
    assert unit["categoria_descrizione"] == "Abitazione di tipo civile"
    assert section(body, "rischio_vincoli")["conteggio"] == {
        "zone": 1,
        "vincoli": 1,
        "aree_pericolosita": 1,
    }


def test_every_entry_names_source_delivery_line_and_day(conn: sa.Connection, casa: Casa) -> None:
    body = read(conn, casa)
    voci = [voce for nome in NOMI_SEZIONI for voce in section(body, nome)["voci"]]
    voci += [*body["edificio"]["voci"], *body["edificio"]["indirizzi"]]
    voci += [voce["soggetto"] for voce in voci if "soggetto" in voce]
    assert len(voci) >= 12
    for voce in voci:
        assert voce["fonte"], voce
        assert voce["fornitura"], voce
        assert voce["riga"], voce
        assert voce["data"] == "2024-01-01", voce
    assert section(body, "particelle")["voci"][0]["riga"] == 120


def test_links_say_in_words_how_and_how_sure(conn: sa.Connection, casa: Casa) -> None:
    bond = section(read(conn, casa), "particelle")["voci"][0]["legame"]
    assert bond["metodo"] == "area"
    assert bond["misura"] == 200
    assert bond["parole"].startswith("si sovrappongono per una parte che conta: 200")


def test_a_refused_link_joins_nothing(conn: sa.Connection, casa: Casa) -> None:
    conn.execute(sa.update(legame).values(stato="rifiutato"))
    body = read(conn, casa)
    assert section(body, "particelle")["stato"] == "vuota"
    assert section(body, "unita_immobiliari")["stato"] == "vuota"


def test_a_unit_not_yet_judged_comes_with_its_parcel(conn: sa.Connection, casa: Casa) -> None:
    conn.execute(sa.delete(legame).where(legame.c.tipo == "unita_edificio"))
    assert section(read(conn, casa), "unita_immobiliari")["conteggio"] == {"unita": 1}


def test_a_unit_judged_to_be_elsewhere_does_not(conn: sa.Connection, casa: Casa) -> None:
    other = f.new_edificio(conn)
    conn.execute(sa.update(legame).where(legame.c.tipo == "unita_edificio").values(a=other))
    assert section(read(conn, casa), "unita_immobiliari")["stato"] == "vuota"


def test_two_sources_stand_side_by_side_and_are_marked(conn: sa.Connection, casa: Casa) -> None:
    delivery = f.new_fornitura(conn, fonte="rilievo", data_riferimento=date(2024, 9, 1))
    f.new_edificio(conn, id=casa.edificio, fonte="rilievo", fornitura=delivery, riga=7, piani=3)
    first, second = read(conn, casa)["edificio"]["voci"]
    assert (first["id"], second["id"]) == (casa.edificio, casa.edificio)
    assert (first["valori"]["piani"], second["valori"]["piani"]) == (2, 3)
    assert first["discordanza"] == [
        {
            "campo": "piani",
            "valore": 3,
            "fonte": "rilievo",
            "fornitura": delivery,
            "riga": 7,
            "data": "2024-09-01",
        }
    ]


def test_documents_and_issues(conn: sa.Connection, casa: Casa) -> None:
    f.new_documento(conn, edificio=casa.edificio)
    f.new_segnalazione(conn, oggetto=casa.unita, motivo="Le quote sommano 3/2.")
    body = read(conn, casa)
    assert section(body, "documenti")["voci"][0]["valori"]["titolo"] == "Fronte su strada"
    issue = section(body, "segnalazioni")["voci"][0]["valori"]
    assert (issue["motivo"], issue["su"]) == ("Le quote sommano 3/2.", casa.unita)

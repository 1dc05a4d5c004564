"""The dossier of people: holders, residents and what they declare."""

import json

import sqlalchemy as sa

from territorio.accessi.policy import Ruolo, Visto
from territorio.schema import legame
from territorio.tables import FATTI
from tests import factories as f
from tests.territorio.casa import Casa, read, section


def test_a_corner_over_the_boundary_brings_no_neighbour(conn: sa.Connection, casa: Casa) -> None:
    parcel, land = f.new_particella(conn, numero="11"), f.new_particella_censuaria(conn)
    neighbour = f.new_soggetto(conn, cognome="VICINETTI")
    f.new_titolarita(conn, soggetto=neighbour, terreno=land)
    f.new_legame(conn, "terreno_particella", land, parcel)
    f.new_legame(conn, "edificio_particella", casa.edificio, parcel, stato="proposto")
    body = read(conn, casa)
    bonds = [v["legame"] for v in section(body, "particelle")["voci"] if v["id"] == parcel]
    assert [bond["parole"].endswith("da confermare") for bond in bonds] == [True]
    assert "VICINETTI" not in json.dumps(body)


def test_holders_past_and_present(conn: sa.Connection, casa: Casa) -> None:
    holders = section(read(conn, casa), "titolari")
    now = {v["soggetto"]["valori"]["cognome"]: v["valori"]["attuale"] for v in holders["voci"]}
    assert now == {"BELFIORITI": True, "VENDITORINI": False}
    assert holders["conteggio"] == {"titolari": 1}
    assert holders["voci"][0]["valori"]["quota"] == "1/1"
    assert holders["voci"][0]["valori"]["diritto_descrizione"] == "Proprietà"


def test_holders_of_a_unit_that_only_may_be_here_are_marked(
    conn: sa.Connection, casa: Casa
) -> None:
    sure = section(read(conn, casa), "titolari")["voci"]
    assert not any("legame" in voce for voce in sure)
    conn.execute(
        sa.update(legame).where(legame.c.tipo == "unita_edificio").values(stato="proposto")
    )
    marked = section(read(conn, casa), "titolari")["voci"]
    assert [voce["legame"]["stato"] for voce in marked] == ["proposto", "proposto"]


def test_the_resident_is_known_to_be_the_holder_under_another_name(
    conn: sa.Connection, casa: Casa
) -> None:
    office = Visto(Ruolo.ANAGRAFE, "accertamento", "ufficiale")
    dweller = section(read(conn, casa, office), "residenti")
    assert dweller["voci"][0]["valori"]["titolare"] is True
    assert dweller["conteggio"] == {"famiglie": 1, "persone": 1}
    conn.execute(sa.delete(legame).where(legame.c.tipo == "stesso_soggetto"))
    stranger = section(read(conn, casa, office), "residenti")
    assert stranger["voci"][0]["valori"]["titolare"] is False


def test_a_resident_found_only_at_the_number_counts(conn: sa.Connection, casa: Casa) -> None:
    conn.execute(sa.delete(legame).where(legame.c.tipo == "residente_unita"))
    f.new_legame(conn, "residente_civico", casa.residente, casa.civico)
    voce = section(read(conn, casa), "residenti")["voci"][0]
    assert voce["valori"]["civico"] == casa.civico
    assert "unita" not in voce["valori"]


def test_a_resident_between_two_dwellings_is_told_once(conn: sa.Connection, casa: Casa) -> None:
    other = f.new_unita_immobiliare(conn, subalterno="2")
    f.new_legame(conn, "unita_edificio", other, casa.edificio)
    f.new_legame(conn, "residente_unita", casa.residente, other, punteggio=0.5, stato="proposto")
    voci = section(read(conn, casa), "residenti")["voci"]
    assert [voce["valori"]["unita"] for voce in voci] == [casa.unita]


def test_tax_position_is_set_beside_the_cadastre(conn: sa.Connection, casa: Casa) -> None:
    voce = section(read(conn, casa), "posizioni_tributarie")["voci"][0]
    marks = {mark["campo"]: mark["valore"] for mark in voce["discordanza"]}
    assert marks == {"rendita": 710.13}
    assert voce["valori"]["base_imponibile"] == 119301.84
    assert voce["valori"]["base_calcolo"] == "rendita 710.13 × 1.05 × 160"


def test_a_declared_share_that_the_cadastre_denies_is_marked(
    conn: sa.Connection, casa: Casa
) -> None:
    right = FATTI["titolarita"]
    conn.execute(
        sa.update(right)
        .where(right.c.soggetto == casa.proprietaria)
        .values(quota_numeratore=1, quota_denominatore=2)
    )
    voce = section(read(conn, casa), "posizioni_tributarie")["voci"][0]
    shares = [m["valore"] for m in voce["discordanza"] if m["campo"] == "quota"]
    assert shares == [50.0]

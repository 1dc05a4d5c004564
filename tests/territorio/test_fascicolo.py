"""The dossier: what is in it, on which day, as known when, and from whom."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pydantic_core import to_json

from territorio import fascicolo as modulo
from territorio.accessi.policy import Ruolo, Visto, readable
from territorio.errors import NotFound
from territorio.fascicolo import SEZIONI, fascicolo
from territorio.schema import legame
from territorio.tables import FATTI, metadata
from territorio.vigenza import Quando
from tests import factories as f
from tests.territorio.casa import ADESSO, NOMI, Casa, delivered, new_casa

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
UFFICIO = Visto(Ruolo.UFFICIO_TECNICO, "sopralluogo", "geometra")
TRIBUTI = Visto(Ruolo.TRIBUTI, "controllo", "ragioniera")


@pytest.fixture
def casa(conn: sa.Connection) -> Casa:
    return new_casa(conn)


def read(
    conn: sa.Connection, casa: Casa, visto: Visto = TRIBUTI, quando: Quando = ADESSO
) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(
        to_json(fascicolo(conn, casa.edificio, quando, visto).to_json())
    )
    return body


def section(body: dict[str, Any], nome: str) -> dict[str, Any]:
    found: dict[str, Any] = body["sezioni"][nome]
    return found


def test_every_section_is_always_there_in_order(conn: sa.Connection) -> None:
    f.new_comune(conn)
    empty = f.new_identita(conn, "edificio")
    body = fascicolo(conn, empty, ADESSO, Visto()).to_json()
    assert tuple(body["sezioni"]) == NOMI_SEZIONI
    assert body["edificio"]["stato"] == "non noto"
    assert tuple(s.nome for s in SEZIONI) == NOMI_SEZIONI


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
    assert section(body, "rischio_vincoli")["conteggio"] == {"zone": 1, "vincoli": 1}


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


def test_a_resident_between_two_dwellings_is_told_once(conn: sa.Connection, casa: Casa) -> None:
    other = f.new_unita_immobiliare(conn, subalterno="2")
    f.new_legame(conn, "unita_edificio", other, casa.edificio)
    f.new_legame(conn, "residente_unita", casa.residente, other, punteggio=0.5, stato="proposto")
    voci = section(read(conn, casa), "residenti")["voci"]
    assert [voce["valori"]["unita"] for voce in voci] == [casa.unita]


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


def test_holders_past_and_present(conn: sa.Connection, casa: Casa) -> None:
    holders = section(read(conn, casa), "titolari")
    now = {v["soggetto"]["valori"]["cognome"]: v["valori"]["attuale"] for v in holders["voci"]}
    assert now == {"BELFIORITI": True, "VENDITORINI": False}
    assert holders["conteggio"] == {"titolari": 1}
    assert holders["voci"][0]["valori"]["quota"] == "1/1"
    assert holders["voci"][0]["valori"]["diritto_descrizione"] == "Proprietà"


def test_a_right_not_yet_begun_is_not_told(conn: sa.Connection, casa: Casa) -> None:
    before = section(read(conn, casa, quando=Quando(date(2020, 2, 29))), "titolari")
    assert [v["soggetto"]["valori"]["cognome"] for v in before["voci"]] == ["VENDITORINI"]
    assert before["voci"][0]["valori"]["attuale"] is True


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
    assert unloaded == {*NOMI_SEZIONI} - {"segnalazioni", "cronologia"}
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


def test_documents_and_issues(conn: sa.Connection, casa: Casa) -> None:
    f.new_documento(conn, edificio=casa.edificio)
    f.new_segnalazione(conn, oggetto=casa.unita, motivo="Le quote sommano 3/2.")
    body = read(conn, casa)
    assert section(body, "documenti")["voci"][0]["valori"]["titolo"] == "Fronte su strada"
    issue = section(body, "segnalazioni")["voci"][0]["valori"]
    assert (issue["motivo"], issue["su"]) == ("Le quote sommano 3/2.", casa.unita)


def test_the_public_reads_no_table_of_persons(conn: sa.Connection, casa: Casa) -> None:
    names = tuple(s.query for s in SEZIONI if s.query and s.nome in readable(Ruolo.PUBBLICO, True))
    query = modulo.statement(names)
    # The one look the public statement takes: whether documents were ever attached.
    assert query.count("persone.") == 1
    body = to_json(read(conn, casa, Visto())).decode()
    assert "VIA ROMA" in body
    for name in (*NOMI, "VENDITORINI"):
        assert name not in body


def test_the_owner_sees_what_is_theirs_and_nobody_else(conn: sa.Connection, casa: Casa) -> None:
    owner = Visto(Ruolo.PROPRIETARIO, "dati propri", "spid", casa.proprietaria)
    body = read(conn, casa, owner)
    names = {v["soggetto"]["valori"]["cognome"] for v in section(body, "titolari")["voci"]}
    assert names == {"BELFIORITI"}
    assert len(section(body, "residenti")["voci"]) == 1
    assert len(section(body, "posizioni_tributarie")["voci"]) == 1
    stranger = Visto(Ruolo.PROPRIETARIO, "dati propri", "spid", casa.venditore)
    other = read(conn, casa, stranger)
    assert section(other, "residenti")["stato"] == "riservata"
    assert "BELFIORITI" not in to_json(other).decode()


def test_an_officer_without_a_purpose_sees_no_person(conn: sa.Connection, casa: Casa) -> None:
    body = read(conn, casa, Visto(Ruolo.TRIBUTI, "", "ragioniera"))
    assert section(body, "titolari")["stato"] == "riservata"
    assert "scopo" in section(body, "titolari")["motivo"]


def test_reading_persons_is_written_down_with_its_fields(conn: sa.Connection, casa: Casa) -> None:
    number = fascicolo(conn, casa.edificio, ADESSO, UFFICIO).lettura
    row = conn.execute(
        sa.text("SELECT chi, ruolo, scopo, oggetto, campi FROM persone.lettura WHERE numero = :n"),
        {"n": number},
    ).one()
    assert row[:4] == ("geometra", "ufficio_tecnico", "sopralluogo", casa.edificio)
    assert "titolari.soggetto.cognome" in row.campi
    assert "residenti.soggetto.codice_fiscale" not in row.campi
    assert not any(campo.startswith("posizioni_tributarie.rendita") for campo in row.campi)


def test_what_was_erased_by_law_is_said_so_on_every_day(conn: sa.Connection, casa: Casa) -> None:
    person = FATTI["soggetto"]
    conn.execute(sa.update(person).where(person.c.id == casa.proprietaria).values(cognome=None))
    tombstone(conn, casa.proprietaria, "soggetto.cognome", "residenza.indirizzo")
    for quando in (ADESSO, Quando(date(2024, 5, 1), 1)):
        holder = section(read(conn, casa, quando=quando), "titolari")["voci"][0]
        assert holder["soggetto"]["valori"]["cognome"] == "cancellato per legge"
        assert holder["soggetto"]["valori"]["nome"] == "ALDEGONDA"


def tombstone(conn: sa.Connection, oggetto: int, *campi: str) -> None:
    """Write that these values of an object were erased by law."""
    table = metadata.tables["registro.cancellazione"]
    row = {
        "comune": "X999",
        "oggetto": oggetto,
        "campi": list(campi),
        "impronta": b"0",
        "motivo": "ordine",
        "atto": "1/2025",
        "registrazione": 1,
        "ordine": uuid4(),
        "permanente": True,
    }
    conn.execute(sa.insert(table).values(row))


def test_reading_no_person_leaves_no_trace(conn: sa.Connection, casa: Casa) -> None:
    assert fascicolo(conn, casa.edificio, ADESSO, Visto()).lettura is None
    assert conn.execute(sa.text("SELECT count(*) FROM persone.lettura")).scalar_one() == 0

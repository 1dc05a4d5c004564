"""The dossier and who reads it: what each role sees, and what reading leaves behind."""

from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from pydantic_core import to_json

from territorio import fascicolo_righe
from territorio.accessi.policy import Ruolo, Visto, readable
from territorio.fascicolo import SEZIONI, fascicolo
from territorio.tables import FATTI, metadata
from territorio.vigenza import Quando
from tests import factories as f
from tests.territorio.casa import ADESSO, NOMI, Casa, read, section

UFFICIO = Visto(Ruolo.UFFICIO_TECNICO, "sopralluogo", "geometra")


def test_the_public_reads_no_table_of_persons(conn: sa.Connection, casa: Casa) -> None:
    names = tuple(s.query for s in SEZIONI if s.query and s.nome in readable(Ruolo.PUBBLICO, True))
    query = fascicolo_righe.statement(names)
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


def test_reading_documents_is_written_down_too(conn: sa.Connection, casa: Casa) -> None:
    f.new_documento(conn, edificio=casa.edificio)
    fascicolo(conn, casa.edificio, ADESSO, UFFICIO)
    last = sa.text("SELECT campi FROM persone.lettura ORDER BY numero DESC LIMIT 1")
    assert "documenti.titolo" in conn.execute(last).scalar_one()


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

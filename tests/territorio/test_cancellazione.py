"""Erasure by law: nothing of the person is left, and a tombstone says so."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from ingest import merge
from ingest import stage as intake
from ingest.contract import Rifiuto
from territorio import archivio, cancellazione, registrazione
from territorio import cancellazione_giornale as giornale
from territorio.cancellazione import Ordine
from territorio.cancellazione_impronta import PREFIX, Impronte
from territorio.cancellazione_righe import PERSONALI
from territorio.config import Settings
from territorio.errors import InvalidInput, NotFound
from territorio.schema import (
    BASE,
    chiave_persona,
    fornitura,
    fornitura_ambito,
    identita,
    illeggibile,
    legame,
    segnalazione,
    segnalazione_valore,
)
from territorio.schema_ricerca import ricerca_persona
from territorio.tables import FATTI, RIFERIMENTI, STAGING, metadata
from tests.factories import (
    new_fatto,
    new_fornitura,
    new_identita,
    new_legame,
    new_segnalazione,
)
from tests.factory_defaults import COMUNE, DEFAULTS

CF = "CVLPDN60E41X999Q"
ALTRI = "BNCLGU55A01X999Z"
POSIZIONE = {
    *("anno", "sezione", "foglio", "numero", "subalterno", "quota", "categoria", "classe"),
    *("consistenza", "rendita", "valore", "dichiarazione"),
}
TRACES = (CF, "PRUDENZIA", "CAVALIERI", "VICOLO STORTO")

soggetto = FATTI["soggetto"].c


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def stage(conn: sa.Connection, fatto: str, supply: int, riga: int, /, **said: object) -> None:
    """Write what one line of a delivery says."""
    refs = RIFERIMENTI[fatto]
    row = {k: v for k, v in DEFAULTS[fatto].items() if k not in refs and k in STAGING[fatto].c}
    values = {**row, **said}
    conn.execute(
        sa.insert(STAGING[fatto]).values(
            comune=COMUNE,
            fonte="catasto",
            fornitura=supply,
            riga=riga,
            ambito="*",
            ordine=0,
            impronta=hash(repr(sorted(values.items(), key=str))),
            **values,
        )
    )


def deliver(
    conn: sa.Connection, here: Settings, giorno: date, people: Mapping[str, Mapping[str, object]]
) -> int:
    """Load a delivery that names these people, each with a right and a residence."""
    text = repr((giorno, people))
    (here.data / "consegna").write_text(text)
    sha256 = archivio.originali(here).keep(here.data / "consegna")
    supply = new_fornitura(
        conn, fonte="catasto", data_riferimento=giorno, nome=str(giorno), sha256=sha256
    )
    for riga, (cf, said) in enumerate(people.items(), 1):
        stage(conn, "soggetto", supply, riga, chiave=cf, codice_fiscale=cf, **said)
        stage(conn, "titolarita", supply, riga, chiave=f"{cf}|1", soggetto=cf, unita="1", titolo=cf)
        stage(
            conn,
            "residenza",
            supply,
            riga,
            chiave=cf,
            soggetto=cf,
            famiglia="F1",
            indirizzo="VICOLO STORTO" if cf == CF else "VIA ROMA",
        )
    for nome in ("soggetto", "titolarita", "residenza"):
        conn.execute(
            sa.insert(fornitura_ambito).values(
                comune=COMUNE, fornitura=supply, fatto=nome, ambito="*"
            )
        )
    cancellazione.scrub_delivery(conn, Impronte.of(here), supply)
    number = registrazione.begin(conn, "fornitura", autore="prova", comune=COMUNE)
    for nome in ("soggetto", "titolarita", "residenza"):
        merge.merge(conn, COMUNE, "catasto", nome, [supply], number)
    return supply


LEI = {"cognome": "CAVALIERI", "nome": "PRUDENZIA"}
LUI = {"cognome": "BIANCHI", "nome": "LUIGI"}


@pytest.fixture
def person(conn: sa.Connection, here: Settings) -> int:
    """Return the identity of Prudenzia, delivered twice, with a change, beside Luigi."""
    deliver(conn, here, date(2022, 1, 1), {CF: LEI, ALTRI: LUI})
    deliver(conn, here, date(2023, 1, 1), {CF: {**LEI, "sede": "TORINO"}, ALTRI: LUI})
    return owner(conn, CF)


def owner(conn: sa.Connection, cf: str) -> int:
    row = conn.execute(sa.select(soggetto.id).where(soggetto.codice_fiscale == cf).distinct())
    number: int = row.scalar_one()
    return number


def order(*oggetti: int, **said: object) -> Ordine:
    base = {"autore": "dott. Neri", "atto": "Provv. Garante 7/2025", "motivo": "ordine"}
    return Ordine(COMUNE, oggetti, **{**base, **said})  # type: ignore[arg-type] # as the tests say


def traces(conn: sa.Connection, words: tuple[str, ...] = TRACES) -> Iterator[str]:
    """Go through all tables of the registry and say where one of the words still stands."""
    for table in metadata.sorted_tables:
        rows = conn.execute(sa.text(f"SELECT t::text FROM {table.schema}.{table.name} t"))  # noqa: S608 # our own tables
        for (text,) in rows:
            yield from (f"{table.fullname}: {text}" for word in words if word in text)


def test_nothing_is_left_of_the_person_and_all_of_the_others(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    new_legame(conn, "residente_civico", person, 7, evidenza={"indirizzo": "VICOLO STORTO"})
    report = new_segnalazione(conn, fornitura=None)
    for number, text in ((report, f"riga con {CF}"), (new_segnalazione(conn), "altro")):
        conn.execute(
            sa.insert(segnalazione_valore).values(comune=COMUNE, segnalazione=number, valore=text)
        )
    conn.execute(
        sa.insert(ricerca_persona).values(
            comune=COMUNE, id=person, testo="PRUDENZIA CAVALIERI", chiave="PRUDENZIA CAVALIERI"
        )
    )
    assert len(set(traces(conn))) > 10
    luigi = list(traces(conn, (ALTRI, "LUIGI")))
    done = cancellazione.erase(conn, here, order(person))
    assert list(traces(conn)) == []
    # His staged lines and facts are untouched, word for word.
    left = list(traces(conn, (ALTRI, "LUIGI")))
    assert left == luigi
    assert done.righe > 0
    assert conn.execute(sa.select(legame.c.evidenza)).scalar_one() == {"cancellato": "per legge"}
    texts = conn.execute(sa.select(segnalazione_valore.c.valore)).scalars().all()
    assert texts == ["altro"]
    assert conn.execute(sa.select(sa.func.count()).select_from(segnalazione)).scalar_one() == 2


def test_the_tombstone_says_what_was_erased(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person, campi=("soggetto.nome", "residenza")))
    told = cancellazione.erased(conn, COMUNE, [person, 5])
    assert told == {
        person: {"soggetto.nome", *(f"residenza.{name}" for name in PERSONALI["residenza"])}
    }
    row = conn.execute(sa.select(FATTI["soggetto"]).where(soggetto.id == person).limit(1)).one()
    assert (row.nome, row.cognome, row.codice_fiscale) == (None, "CAVALIERI", CF)


def test_the_shape_of_the_past_stays(conn: sa.Connection, here: Settings, person: int) -> None:
    days = sa.select(soggetto.valida_dal, soggetto.valida_al, soggetto.nota_da, soggetto.nota_fino)
    before = sorted(conn.execute(days.where(soggetto.id == person)).all(), key=str)
    cancellazione.erase(conn, here, order(person))
    assert len(before) > 1
    assert sorted(conn.execute(days.where(soggetto.id == person)).all(), key=str) == before


def test_merging_again_after_an_erasure_changes_nothing(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person))
    supply = conn.execute(sa.select(sa.func.max(fornitura.c.id))).scalar_one()
    number = registrazione.begin(conn, "fornitura", autore="prova", comune=COMUNE)
    for nome in ("soggetto", "titolarita", "residenza"):
        count = merge.merge(conn, COMUNE, "catasto", nome, [supply], number)[supply]
        assert (count.inseriti, count.cambiati, count.chiusi) == (0, 0, 0), nome
        assert count.invariati == 2, nome


def test_originals_that_name_the_person_are_destroyed(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    other = deliver(conn, here, date(2024, 1, 1), {ALTRI: LUI})
    kept = archivio.originali(here)
    assert len(list(kept.kept())) == 3
    cancellazione.erase(conn, here, order(person))
    archivio.sweep(conn, here)
    sha256 = conn.execute(sa.select(fornitura.c.sha256).where(fornitura.c.id == other)).scalar_one()
    assert list(kept.kept()) == [sha256]


def test_a_permanent_erasure_holds_against_later_deliveries(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person))
    supply = deliver(conn, here, date(2024, 1, 1), {CF: {**LEI, "sede": "ROMA"}, ALTRI: LUI})
    (here.data / "consegna").unlink()
    assert list(traces(conn)) == []
    held = sa.select(soggetto.id).where(soggetto.nota_fino.is_(None))
    assert sorted(set(conn.execute(held).scalars())) == sorted([person, owner(conn, ALTRI)])
    sha256 = conn.execute(
        sa.select(fornitura.c.sha256).where(fornitura.c.id == supply)
    ).scalar_one()
    archivio.sweep(conn, here)
    assert not archivio.originali(here).holds(sha256)


def test_the_same_delivery_after_a_permanent_erasure_changes_nothing(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    facts = [FATTI[n] for n in ("soggetto", "titolarita", "residenza")]
    cancellazione.erase(conn, here, order(person, campi=("soggetto.nome",)))
    cancellazione.erase(conn, here, order(person))
    before = [conn.execute(sa.select(t).order_by(t.c.versione)).all() for t in facts]
    deliver(conn, here, date(2024, 1, 1), {CF: {**LEI, "sede": "TORINO"}, ALTRI: LUI})
    assert [conn.execute(sa.select(t).order_by(t.c.versione)).all() for t in facts] == before


def test_without_permanence_the_person_comes_back_as_somebody_new(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person, permanente=False))
    deliver(conn, here, date(2024, 1, 1), {CF: LEI})
    assert owner(conn, CF) != person
    cancellazione.erase(conn, here, order(owner(conn, CF)))
    assert list(traces(conn)) == []


def test_keys_become_pseudonyms_that_tell_nothing(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person))
    keys = conn.execute(
        sa.select(chiave_persona.c.chiave).where(chiave_persona.c.id == person)
    ).scalars()
    (key,) = keys
    assert key.startswith(PREFIX)
    assert Impronte.of(here).pseudonym("soggetto", CF) == key


def test_no_digest_of_the_key_is_left_where_a_line_could_not_be_read(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    supply = new_fornitura(conn, fonte="catasto")
    keys = {"soggetto": CF, "titolarita": f"{CF}|1"}
    unread = [Rifiuto(1, "illeggibile", chiavi=(pair,)) for pair in keys.items()]
    intake.remember_unread(conn, COMUNE, supply, unread)
    cancellazione.erase(conn, here, order(person))
    found = conn.execute(sa.select(illeggibile.c.fatto, illeggibile.c.chiave_md5)).all()
    pseudonym = Impronte.of(here).pseudonym
    assert {row.fatto: row.chiave_md5 for row in found} == {
        kind: hashlib.md5(pseudonym(kind, key).encode(), usedforsecurity=False).hexdigest()
        for kind, key in keys.items()
    }


def test_a_restore_replays_what_the_backup_does_not_know(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    with suppress(ZeroDivisionError), conn.begin_nested():
        cancellazione.erase(conn, here, order(person))
        raise ZeroDivisionError  # the database goes back; the journal stays
    assert list(traces(conn)) != []
    assert cancellazione.replay(conn, here) == 1
    assert list(traces(conn)) == []
    assert cancellazione.erased(conn, COMUNE, [person]).keys() == {person}
    assert cancellazione.replay(conn, here) == 0


def test_a_person_nobody_remembers_any_more_is_still_the_one_erased(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person))
    # As after the restore of a backup older than the first delivery of the person.
    for table in (chiave_persona, identita):
        conn.execute(sa.delete(table).where(table.c.id == person))
    deliver(conn, here, date(2024, 1, 1), {CF: LEI, ALTRI: LUI})
    held = sa.select(soggetto.id).where(soggetto.nota_fino.is_(None))
    assert person in set(conn.execute(held).scalars())
    known = sa.select(identita.c.id).where(identita.c.id == person)
    assert conn.execute(known).one_or_none() is not None


def test_a_line_of_the_journal_cut_off_by_a_crash_is_passed_over(
    conn: sa.Connection, here: Settings, person: int
) -> None:
    cancellazione.erase(conn, here, order(person, campi=("soggetto.sede",)))
    with giornale.path(here).open("a") as file:
        file.write('{"ordine": "mozz')
    cancellazione.erase(conn, here, order(person))
    assert [nota.campi for nota in giornale.read(here)] == [("soggetto.sede",), ("*",)]
    text = giornale.path(here).read_text()
    assert not [word for word in TRACES if word in text]


def test_the_linked_subjects_of_one_person_are_found(conn: sa.Connection) -> None:
    a, b, c, d = (new_identita(conn, "soggetto") for _ in range(4))
    new_legame(conn, "stesso_soggetto", a, b)
    new_legame(conn, "stesso_soggetto", b, c, stato="proposto")
    new_legame(conn, "stesso_soggetto", c, d, stato="rifiutato")
    assert cancellazione.same_person(conn, COMUNE, a) == sorted([b, c])


def test_a_document_is_erased_with_its_file(conn: sa.Connection, here: Settings) -> None:
    (here.data / "foto").write_bytes(b"\xff\xd8\xff")
    sha256 = archivio.allegati(here).keep(here.data / "foto")
    doc = new_fatto(conn, "documento", titolo="CASA CAVALIERI", sha256=sha256)
    cancellazione.erase(conn, here, order(doc, campi=("documento",)))
    archivio.sweep(conn, here)
    assert list(traces(conn)) == []
    assert not archivio.allegati(here).holds(sha256)


@pytest.mark.parametrize(
    "said",
    [
        {"campi": ("soggetto.quota",)},
        {"campi": ("edificio",)},
        {"motivo": ""},
        {"atto": ""},
        {"autore": ""},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    conn: sa.Connection, here: Settings, person: int, said: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        cancellazione.erase(conn, here, order(person, **said))
    assert not giornale.path(here).exists()


def test_what_names_nobody_is_not_erased_this_way(conn: sa.Connection, here: Settings) -> None:
    with pytest.raises(NotFound):
        cancellazione.erase(conn, here, order(new_identita(conn, "edificio"), numero=uuid4()))


def test_every_column_about_persons_is_told_personal_or_not() -> None:
    neutral = {
        "soggetto": {"tipo", "codice_valido"},
        "titolarita": {"diritto", "quota_numeratore", "quota_denominatore"},
        "residenza": {"convivenza"},
        "posizione_imu": POSIZIONE,
        "documento": {"tipo", "formato", "byte", "sha256", "data_documento"},
    }
    tables = {n: t for n, t in FATTI.items() if t.schema == "persone"}
    assert tables.keys() == PERSONALI.keys()
    for nome, table in tables.items():
        columns = {c.name for c in table.columns} - BASE - RIFERIMENTI[nome].keys()
        assert columns - set(PERSONALI[nome]) == neutral[nome], nome
        assert all(table.c[name].nullable for name in PERSONALI[nome]), nome

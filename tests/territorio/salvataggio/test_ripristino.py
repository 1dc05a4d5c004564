"""Restores: what happened since the backup and must not be lost or given twice."""

import json
from pathlib import Path

import sqlalchemy as sa

from territorio import archivio, cancellazione, db, ripristino, salvataggio
from territorio.atti import edificio
from territorio.cancellazione import Ordine
from territorio.config import Settings
from territorio.schema import registrazione
from territorio.tables import FATTI
from tests.factories import new_identita
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.atti.racconto import DETERMINA, G2022
from tests.territorio.salvataggio.banco import OTHER, again, look


def test_numbers_and_identities_are_never_given_twice(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file)
    with db.transaction(engine) as conn:
        issued = new_identita(conn, "edificio")
        edificio.create(conn, DETERMINA, G2022, {"geometria": bytes(rettangolo(90, 5).wkb)})
        last = conn.execute(sa.select(sa.func.max(registrazione.c.numero))).scalar_one()
    ripristino.restore(engine, here, file)
    with db.transaction(engine) as conn:
        assert new_identita(conn, "edificio") != issued
        number = conn.execute(sa.select(sa.func.max(registrazione.c.numero))).scalar_one()
        assert number == last + 1
        conn.execute(sa.insert(FATTI["edificio"]).from_select(*again()))


def test_a_new_installation_counts_on_from_the_backup(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file)
    with db.transaction(engine) as conn:
        known = set(conn.execute(sa.text("SELECT id FROM registro.identita")).scalars())
        conn.execute(sa.text("ALTER SEQUENCE registro.oggetto RESTART"))
        conn.execute(sa.text("ALTER TABLE registro.edificio ALTER versione RESTART"))
    ripristino.restore(engine, here, file)
    with db.transaction(engine) as conn:
        assert new_identita(conn, "edificio") not in known
        conn.execute(sa.insert(FATTI["edificio"]).from_select(*again()))


def test_erasures_since_the_backup_are_done_again(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file)
    order = Ordine(COMUNE, (town,), "dott. Neri", "Provv. 7", "ordine")
    with db.transaction(engine) as conn:
        cancellazione.erase(conn, here, order)
    with db.transaction(engine) as conn:
        archivio.sweep(conn, here)
    done = ripristino.restore(engine, here, file)
    assert done.cancellazioni == 1
    with db.transaction(engine) as conn:
        s = FATTI["soggetto"].c
        assert conn.execute(sa.select(s.cognome).where(s.id == town)).scalar_one() is None
    assert list(archivio.originali(here).kept()) == []


def test_who_looked_since_the_backup_stays_on_record(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file)
    with db.transaction(engine) as conn:
        look(conn, COMUNE)
    ripristino.restore(engine, here, file)
    assert readings(engine) == [(COMUNE, 2), (OTHER, 1)]


def test_a_foreign_log_is_put_aside_in_a_file(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file)
    with db.transaction(engine) as conn:
        conn.execute(sa.text("TRUNCATE persone.lettura RESTART IDENTITY"))
        for _ in range(3):
            look(conn, "W777")
    ripristino.restore(engine, here, file)
    assert readings(engine) == [(COMUNE, 1), (OTHER, 1)]
    lines = (here.data / "letture-sostituite.jsonl").read_text().splitlines()
    assert [json.loads(line)["comune"] for line in lines] == ["W777"] * 3


def readings(engine: sa.Engine) -> list[tuple[object, ...]]:
    with db.transaction(engine) as conn:
        query = "SELECT comune, count(*) FROM persone.lettura GROUP BY 1 ORDER BY 1"
        return [tuple(row) for row in conn.execute(sa.text(query))]

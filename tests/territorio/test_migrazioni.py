"""Migrations: what they make is what is declared, and what is there stays."""

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from territorio import db, elaborazione
from territorio.migrazioni import config, migrate
from territorio.salvataggio_tavole import state
from territorio.tables import metadata
from tests.factories import new_segnalazione
from tests.factory_defaults import COMUNE
from tests.territorio.casa import new_casa

DOPO = (
    "registro.disegno",
    "registro.area_pericolosita",
    "registro.sezione_censimento",
    "registro.statistica_sezione",
    "staging.area_pericolosita",
    "staging.sezione_censimento",
)
"""What the migrations after the second made, but for what is public."""


def definitions(conn: sa.Connection) -> dict[tuple[str, str], str]:
    """Return every index of our tables as the server writes it."""
    rows = conn.execute(
        sa.text(
            "SELECT schemaname, indexname, indexdef FROM pg_indexes"
            " WHERE schemaname IN ('registro', 'persone', 'staging')"
        )
    )
    return {(row.schemaname, row.indexname): row.indexdef for row in rows}


def test_the_tables_are_those_declared(conn: sa.Connection) -> None:
    command.check(config(conn))


def test_the_indexes_are_those_declared(conn: sa.Connection) -> None:
    migrated = definitions(conn)
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    assert len(indexes) > 50
    for index in indexes:
        index.drop(conn)
        index.create(conn)
    assert definitions(conn) == migrated


def test_there_is_one_way_up(conn: sa.Connection) -> None:
    assert len(ScriptDirectory.from_config(config(conn)).get_heads()) == 1


def test_migrating_again_keeps_what_is_there(fresh_url: str) -> None:
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_casa(conn)
        before = state(conn)
    migrate(fresh_url)
    with db.transaction(engine) as conn:
        assert state(conn) == before
    engine.dispose()
    assert sum(map(bool, before.values())) > 10


def test_a_registry_from_before_the_drawing_is_drawn_by_whoever_comes_next(fresh_url: str) -> None:
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_casa(conn)
        elaborazione.refresh(conn, COMUNE)
        conn.execute(sa.text("DROP SCHEMA pubblico CASCADE"))
        for later in DOPO:
            metadata.tables[later].drop(conn)
        conn.execute(sa.text("UPDATE registro.alembic_version SET version_num = '0002'"))
    migrate(fresh_url)
    with db.transaction(engine) as conn:
        assert elaborazione.arretrati(conn) == [COMUNE]
        elaborazione.refresh(conn, COMUNE)
        drawn = conn.execute(sa.text("SELECT tipo FROM pubblico.disegno ORDER BY tipo")).scalars()
        assert list(drawn) == ["edificio", "particella", "vincolo", "zona_urbanistica"]
    engine.dispose()


def test_figures_in_old_sentences_of_issues_stand_apart(conn: sa.Connection) -> None:
    old = {
        "imu.rendita_diversa": "la posizione ha rendita 44.00, il catasto (secondo la stessa riga)"
        " 48.50",
        "rendita dichiarata diversa dal catasto": "ai tributi A02 con rendita 44.00 €, in catasto"
        " A03 con rendita 48.50 €",
        "dissenso con l’ufficio": "la fonte edifici dice «0101», un atto dell’ufficio dice «07»:"
        " vale l’atto",
        "record rifiutato": "rendita 44.00, che non si legge",
    }
    numbers = {new_segnalazione(conn, tipo=tipo, motivo=said): tipo for tipo, said in old.items()}
    step = ScriptDirectory.from_config(config(conn)).get_revision("0002").module
    for statement in (step._RIGA, step._REGOLA, step._DISSENSO):
        conn.execute(sa.text(statement))
    c = metadata.tables["registro.segnalazione"].c
    rows = conn.execute(sa.select(c.id, c.motivo, c.dati)).all()
    said = {numbers[row.id]: (row.motivo, row.dati) for row in rows}
    assert said["record rifiutato"] == (old["record rifiutato"], {})
    others = [motivo for tipo, (motivo, _) in said.items() if tipo != "record rifiutato"]
    assert [motivo for motivo in others if any(figure in motivo for figure in "0123456789")] == []
    assert {tipo: dati for tipo, (_, dati) in said.items() if dati} == {
        "imu.rendita_diversa": {"tributi": {"rendita": "44.00", "catasto": "48.50"}},
        "dissenso con l’ufficio": {"fonte": "edifici", "consegna": "0101", "ufficio": "07"},
    }

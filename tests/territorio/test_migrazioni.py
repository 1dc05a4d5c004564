"""Migrations: what they make is what is declared, and what is there stays."""

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from territorio import db
from territorio.migrazioni import config, migrate
from territorio.salvataggio_tavole import state
from territorio.tables import metadata
from tests.territorio.casa import new_casa


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

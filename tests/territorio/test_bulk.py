"""Rows written in bulk: indexes of an empty table, and who may be waiting for it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from territorio import bulk, db
from territorio.schema import legame

NAMES = {index.name for index in legame.indexes}


@pytest.fixture
def alone(fresh_url: str) -> Iterator[sa.Connection]:
    """Return the only connection to an empty registry."""
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        yield conn
    engine.dispose()


def there(conn: sa.Connection) -> set[str | None]:
    query = sa.text("SELECT indexname FROM pg_indexes WHERE tablename = 'legame'")
    return set(conn.execute(query).scalars()) & NAMES


def write(conn: sa.Connection) -> None:
    conn.execute(
        sa.insert(legame).values(
            comune="X999", tipo="prova", da=1, a=2, nota_da=1, metodo="prova", punteggio=1,
            autore="calcolo", stato="confermato",
        )
    )  # fmt: skip


def test_an_empty_table_is_written_without_its_indexes(alone: sa.Connection) -> None:
    assert len(NAMES) == 3
    with bulk.without_indexes(alone, legame):
        assert there(alone) == set()
        write(alone)
    assert there(alone) == NAMES


def test_a_table_that_holds_rows_keeps_them(alone: sa.Connection) -> None:
    write(alone)
    with bulk.without_indexes(alone, legame):
        assert there(alone) == NAMES


@pytest.mark.parametrize("role", bulk.PORTE)
def test_while_a_door_is_open_nothing_is_locked(
    alone: sa.Connection, fresh_url: str, role: db.Role
) -> None:
    door = db.engine(fresh_url, role)
    with db.transaction(door) as reading:
        with bulk.without_indexes(alone, legame):
            assert there(alone) == NAMES
            write(alone)
        if role is db.Role.UFFICIO:
            count = sa.select(sa.func.count()).select_from(legame)
            assert reading.execute(count).scalar_one() == 0
    door.dispose()

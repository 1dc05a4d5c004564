"""Rows written in bulk: indexes of a nearly empty table, and who may be waiting for it."""

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


def write(conn: sa.Connection, rows: int = 1) -> None:
    said = {
        "comune": sa.literal("X999"), "tipo": sa.literal("prova"), "a": sa.literal(2),
        "nota_da": sa.literal(1), "metodo": sa.literal("prova"), "punteggio": sa.literal(1),
        "autore": sa.literal("calcolo"), "stato": sa.literal("confermato"),
    }  # fmt: skip
    numbers = sa.func.generate_series(1, rows).column_valued("da")
    chosen = sa.select(numbers, *said.values())
    conn.execute(sa.insert(legame).from_select(["da", *said], chosen))


@pytest.mark.parametrize("rows", [0, 100])
def test_a_nearly_empty_table_is_written_without_its_indexes(
    alone: sa.Connection, rows: int
) -> None:
    assert len(NAMES) == 3
    write(alone, rows)
    with bulk.without_indexes(alone, legame):
        assert there(alone) == set()
        write(alone)
    assert there(alone) == NAMES


def test_a_table_that_holds_rows_keeps_them(alone: sa.Connection) -> None:
    write(alone, 15_000)
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

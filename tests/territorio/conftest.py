"""Fixtures of the registry's tests."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from territorio import db
from territorio.standby import Standby
from tests.territorio.casa import Casa, new_casa


@pytest.fixture
def casa(conn: sa.Connection) -> Casa:
    return new_casa(conn)


@pytest.fixture
def engine_pronto(database_url: str) -> Iterator[sa.Engine]:
    """Connect as the door of the dossiers does."""
    made = db.engine(database_url, db.Role.UFFICIO, by_hand=True)
    yield made
    made.dispose()


@pytest.fixture
def standby(engine_pronto: sa.Engine) -> Iterator[Standby]:
    """Let connections stand by."""
    made = Standby(engine_pronto)
    made.stock()
    yield made
    made.dispose()

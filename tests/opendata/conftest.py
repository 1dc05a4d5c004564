"""A database with a published village: what writes files connects by itself."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from territorio import db
from territorio.config import Settings
from tests.conftest import _database
from tests.opendata.paese import new_paese


@pytest.fixture(scope="session")
def paese_url(cluster_settings: Settings, worker_id: str) -> Iterator[str]:
    """Return the address of a database that holds the village; tests only read it."""
    with _database(cluster_settings, f"paese_{worker_id}") as url:
        engine = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            new_paese(conn)
        engine.dispose()
        yield url


@pytest.fixture
def paese(fresh_url: str) -> Iterator[sa.Engine]:
    """Connect to a database of the test's own that holds the village, as the owner."""
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_paese(conn)
    yield engine
    engine.dispose()

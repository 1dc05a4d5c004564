"""Fixtures of the registry's tests."""

import pytest
import sqlalchemy as sa

from tests.territorio.casa import Casa, new_casa


@pytest.fixture
def casa(conn: sa.Connection) -> Casa:
    return new_casa(conn)

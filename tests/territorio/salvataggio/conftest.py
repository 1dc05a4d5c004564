"""A registry worth a backup: two municipalities with something of everything."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import archivio, db
from territorio.atti import edificio
from territorio.config import Settings
from territorio.db import Role
from territorio.vigenza import today
from tests.factories import (
    new_civico,
    new_comune,
    new_edificio,
    new_fornitura,
    new_identita,
    new_legame,
    new_odonimo,
    new_soggetto,
)
from tests.factory_defaults import COMUNE
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022
from tests.territorio.salvataggio.banco import OTHER, look


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    """Connect to a database of the test's own: backups read what is committed."""
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def here(fresh_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "dati", database_url=fresh_url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "registro.salvataggio"


@pytest.fixture
def town(engine: sa.Engine, here: Settings, tmp_path: Path) -> int:
    """Write two municipalities with something of everything; return a person of the first."""
    with db.transaction(engine) as conn:
        original = tmp_path / "consegna.txt"
        original.write_bytes(b"PRUDENZIA")
        sha256 = archivio.originali(here).keep(original)
        until = today() + timedelta(days=5 * 365)
        new_fornitura(conn, sha256=sha256, originale_fino=until)
        street = new_odonimo(conn, denominazione="VIA\tdei \\ QUATTRO\nVENTI")
        new_civico(conn, odonimo=street)
        casa = new_edificio(conn, valida_dal=G2020)
        person = new_soggetto(conn, cognome="CAVALIERI")
        new_legame(conn, "residente_civico", person, casa, evidenza={"metri": 1.5, "è": None})
        edificio.change(conn, DETERMINA, casa, G2022, {"piani": 7})
        new_comune(conn, OTHER)
        new_edificio(conn, comune=OTHER, id=new_identita(conn, "edificio", OTHER))
        look(conn, COMUNE)
        look(conn, OTHER)
    return person

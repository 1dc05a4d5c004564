"""The demonstration comes in as any delivery does."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from api.comandi import dimostrazione
from territorio import checks, db
from territorio.config import Settings
from territorio.db import Role
from territorio.schema import fornitura


def test_a_fresh_demonstration_is_in_good_health(
    fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dimostrazione, "EDIFICI", 100)
    here = Settings(data=tmp_path / "dati", database_url=fresh_url)
    dimostrazione.ensure(here)
    engine = db.engine(fresh_url, Role.MIGRAZIONE)
    found = [esito for esito in checks.run(engine, here) if esito.problema is not None]
    assert found == []
    with db.transaction(engine) as conn:
        loaded = conn.execute(sa.select(sa.func.count()).select_from(fornitura)).scalar_one()
    assert loaded > 20
    engine.dispose()

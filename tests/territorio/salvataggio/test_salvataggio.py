"""Backup and restore: the same rows afterwards, of all or of one municipality."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import archivio, db, ripristino, salvataggio
from territorio.config import Settings
from territorio.errors import AlreadyRunning, InvalidInput, NotReady, Refused
from territorio.tables import FATTI
from tests.factory_defaults import COMUNE
from tests.territorio.salvataggio.banco import OTHER, again, disturb, now


def test_a_backup_brings_all_back(engine: sa.Engine, here: Settings, town: int, file: Path) -> None:
    before = now(engine)
    assert sum(one.righe for groups in before.values() for one in groups.values()) > 15
    made = salvataggio.save(engine, here, file)
    assert (made.originali, made.mancanti) == (1, ())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    disturb(engine)
    kept = archivio.originali(here)
    (sha256,) = kept.kept()
    kept.destroy(sha256)
    assert now(engine) != before
    done = ripristino.restore(engine, here, file)
    assert now(engine) == before
    assert (done.file, done.avvisi) == (1, ())
    with kept.open(sha256) as stream:
        assert stream.read() == b"PRUDENZIA"


@pytest.mark.parametrize("part", [True, False], ids=["from its own", "from the whole"])
def test_one_municipality_comes_back_and_the_other_stays(
    engine: sa.Engine, here: Settings, town: int, file: Path, *, part: bool
) -> None:
    before = now(engine, COMUNE)
    salvataggio.save(engine, here, file, COMUNE if part else None)
    disturb(engine)
    other = now(engine, OTHER)
    ripristino.restore(engine, here, file, None if part else COMUNE)
    assert now(engine, COMUNE) == before
    assert now(engine, OTHER) == other
    assert other["registro.edificio"][OTHER].righe == 2


def test_a_part_is_no_backup_of_another(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    salvataggio.save(engine, here, file, COMUNE)
    with pytest.raises(Refused, match=f"solo comune {COMUNE}"):
        ripristino.restore(engine, here, file, OTHER)
    with pytest.raises(NotReady, match="Z000"):
        salvataggio.save(engine, here, file.with_name("altro"), "Z000")
    assert not file.with_name("altro").exists()


def test_a_missing_original_is_told(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    kept = archivio.originali(here)
    (sha256,) = kept.kept()
    kept.destroy(sha256)
    assert salvataggio.save(engine, here, file).mancanti == (sha256,)
    assert "senza 1 file" in ripristino.restore(engine, here, file).avvisi[0]


def test_a_place_that_cannot_be_written_is_told(engine: sa.Engine, here: Settings) -> None:
    with pytest.raises(InvalidInput, match="non si può scrivere"):
        salvataggio.save(engine, here, here.data / "manca" / "file")


def test_two_backups_into_one_file_do_not_mix(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    with salvataggio._whole(file), pytest.raises(AlreadyRunning):
        salvataggio.save(engine, here, file)


def test_the_state_hash_sees_a_row_more_and_a_row_twice(
    engine: sa.Engine, here: Settings, town: int
) -> None:
    first = now(engine)
    with db.transaction(engine) as conn:
        conn.execute(sa.insert(FATTI["edificio"]).from_select(*again()))
    second = now(engine)
    assert first != second
    assert {k for k in first if first[k] != second[k]} == {"registro.edificio"}

"""The health of an installation: each check finds what it is for, and nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import archivio, archivio_chiave, checks, db, elaborazione
from territorio import cancellazione_giornale as giornale
from territorio.checks import Problema
from territorio.config import Settings
from tests.factories import new_edificio, new_fornitura
from tests.factory_defaults import COMUNE


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def found(conn: sa.Connection, here: Settings) -> dict[str, Problema]:
    """Make every check on the open transaction; return what they found, by name."""
    problems = {check.__name__: check(conn, here) for check in checks.CONTROLLI}
    return {name: problem for name, problem in problems.items() if problem is not None}


def test_all_is_well_after_the_migration(conn: sa.Connection, here: Settings) -> None:
    new_edificio(conn, valida_al=date(2020, 1, 1))
    elaborazione.refresh(conn, COMUNE)
    assert found(conn, here) == {}
    assert len(checks.CONTROLLI) == 13


def overlapping(conn: sa.Connection, _here: Settings) -> None:
    casa = new_edificio(conn, valida_al=date(2020, 1, 1))
    new_edificio(conn, id=casa, valida_dal=date(2019, 12, 31))
    elaborazione.refresh(conn, COMUNE)


def unlinked(conn: sa.Connection, _here: Settings) -> None:
    new_edificio(conn)


def wrong_key(_conn: sa.Connection, here: Settings) -> None:
    (here.data / "f").write_bytes(b"x")
    archivio.originali(here).keep(here.data / "f")
    archivio_chiave.key_path(here).write_text("A" * 43 + "=")


def readable_key(_conn: sa.Connection, here: Settings) -> None:
    archivio_chiave.key(here)
    archivio_chiave.key_path(here).chmod(0o644)


def lost_original(conn: sa.Connection, _here: Settings) -> None:
    new_fornitura(conn, originale_fino=date(2999, 1, 1))


def unfinished_erasure(_conn: sa.Connection, here: Settings) -> None:
    nota = giornale.Nota(
        "12345678-1234-5678-1234-567812345678", "", "X999", (1,), ("*",), (), "a", "b", "c", True
    )
    giornale.append(here, nota)


def statement(text: str) -> Callable[[sa.Connection, Settings], None]:
    def run(conn: sa.Connection, _here: Settings) -> None:
        conn.execute(sa.text(text))

    return run


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (statement("UPDATE registro.alembic_version SET version_num = '0000'"), "schema"),
        (statement("DELETE FROM registro.alembic_version"), "schema"),
        (
            statement("GRANT USAGE ON SCHEMA persone TO territorio_pubblico"),
            "roles",
        ),
        (
            statement("ALTER TABLE registro.edificio DISABLE ROW LEVEL SECURITY"),
            "row_level_security",
        ),
        (
            statement("DROP POLICY per_comune ON persone.soggetto"),
            "row_level_security",
        ),
        (
            statement(
                "INSERT INTO registro.registrazione (numero, quando, causa, autore) VALUES"
                " (1, '2025-01-02', 'atto', 'io'), (2, '2025-01-01', 'atto', 'io')"
            ),
            "knowledge",
        ),
        (
            statement(
                "INSERT INTO registro.lavoro (compito, argomenti, chiesto_da, chiesto) VALUES"
                " ('ingest', '{}', 'io', now() - interval '1 hour')"
            ),
            "queue",
        ),
        (overlapping, "validity"),
        (unlinked, "derived"),
        (wrong_key, "archive_key"),
        (readable_key, "archive_key"),
        (lost_original, "originals"),
        (unfinished_erasure, "erasures"),
    ],
)
def test_what_is_wrong_is_found_with_what_to_do(
    conn: sa.Connection,
    here: Settings,
    harm: Callable[[sa.Connection, Settings], None],
    name: str,
) -> None:
    harm(conn, here)
    problems = found(conn, here)
    assert name in problems
    assert problems[name].rimedio
    # A wrong key spoils two: what cannot be opened cannot be counted either.
    assert problems.keys() <= {name}


def test_a_full_disk_is_found(
    conn: sa.Connection, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "FREE_BYTES", 2**62)
    assert "disk" in found(conn, here)


def test_an_old_postgis_is_found(
    conn: sa.Connection, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "POSTGIS", (99, 0))
    monkeypatch.setattr(checks, "POSTGRESQL", 99)
    assert found(conn, here).keys() == {"server", "extensions"}


def test_checks_stop_where_the_next_make_no_sense(
    engine: sa.Engine, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "POSTGIS", (99, 0))
    told = list(checks.run(engine, here))
    assert [esito.problema is None for esito in told] == [True, False]


def test_a_database_that_does_not_answer_is_one_line(here: Settings) -> None:
    engine = db.engine("postgresql://127.0.0.1:1/niente", db.Role.MIGRAZIONE)
    (told,) = checks.run(engine, here)
    assert told.titolo == "La base di dati risponde"
    assert told.problema is not None
    assert "territorio up" in told.problema.rimedio


def test_every_check_has_a_title_of_its_own() -> None:
    titles = {checks.title(check) for check in checks.CONTROLLI}
    assert len(titles) == len(checks.CONTROLLI)
    assert not [title for title in titles if "\n" in title]

"""Which PostgreSQL is taken, among fake ones."""

from pathlib import Path

import pytest

from territorio import cluster_binaries
from territorio.errors import NotReady


@pytest.fixture
def debian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "vuota"))
    return tmp_path / "postgresql"


def fake_server(debian: Path, version: str, *, postgis: str | None = "3.3.2") -> Path:
    root = debian / version
    for folder in ("bin", "lib", "share/extension"):
        (root / folder).mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        program = root / "bin" / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}.4 (Debian)'\n")
        program.chmod(0o755)
    if postgis is not None:
        (root / "lib/postgis-3.so").touch()
        control = f"comment = 'x'\ndefault_version = '{postgis}'\n"
        (root / "share/extension/postgis.control").write_text(control)
    return root / "bin"


def test_the_newest_with_postgis_is_taken(debian: Path) -> None:
    fake_server(debian, "15")
    newest = fake_server(debian, "16")
    fake_server(debian, "17", postgis=None)
    found = cluster_binaries.find(debian=debian)
    assert found == cluster_binaries.Binaries(newest, 16)
    assert found.program("initdb") == str(newest / "initdb")


def test_a_data_folder_gets_the_version_that_made_it(debian: Path) -> None:
    older = fake_server(debian, "15")
    fake_server(debian, "16")
    assert cluster_binaries.find(15, debian=debian).folder == older


def test_a_server_on_the_path_is_found(debian: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fake_server(debian.parent / "altrove", "18")
    monkeypatch.setenv("PATH", str(folder))
    assert cluster_binaries.find(debian=debian).version == 18


@pytest.mark.parametrize(("version", "postgis"), [("14", "3.4.0"), ("15", "3.2.9"), ("16", None)])
def test_what_is_too_old_or_without_postgis_is_not_taken(
    debian: Path, version: str, postgis: str | None
) -> None:
    fake_server(debian, version, postgis=postgis)
    with pytest.raises(NotReady, match=r"PostgreSQL 15 o successivo con PostGIS 3\.3"):
        cluster_binaries.find(debian=debian)


def test_a_control_file_without_its_library_is_no_postgis(debian: Path) -> None:
    folder = fake_server(debian, "16")
    (folder.parent / "lib/postgis-3.so").unlink()
    with pytest.raises(NotReady):
        cluster_binaries.find(debian=debian)

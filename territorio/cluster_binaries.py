"""Find a PostgreSQL server with PostGIS among those installed on the machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from territorio.errors import NotReady

MINIMUM = 15
"""The oldest PostgreSQL we work on: MERGE and security-invoker views come with 15."""

MINIMUM_POSTGIS = (3, 3)

DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the servers, one folder a version, none on the path."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL server."""

    folder: Path
    version: int

    def program(self, name: str) -> str:
        """Return the path of one program, for example ``initdb``."""
        return str(self.folder / name)


def find(version: int | None = None, *, debian: Path = DEBIAN) -> Binaries:
    """Return the newest usable server, or the one of the version a data folder needs."""
    seen: list[Binaries] = []
    for folder in _folders(debian):
        binaries = _look_into(folder)
        if binaries is not None and binaries not in seen:
            seen.append(binaries)
    fitting = [b for b in seen if version in (None, b.version)]
    if not fitting:
        wanted = f"{MINIMUM} o successivo" if version is None else str(version)
        raise NotReady(
            f"Non trovo PostgreSQL {wanted} con PostGIS 3.3 o successivo: esegui «make setup» "
            "come amministratore, oppure indica un altro server con TERRITORIO_DATABASE_URL."
        )
    return max(fitting, key=lambda b: b.version)


def _folders(debian: Path) -> Iterator[Path]:
    """Yield the folders that may hold a server, the likeliest first."""
    # pg_config may be the client library's alone: then its folder holds no initdb.
    pg_config = shutil.which("pg_config")
    if pg_config and (folder := _output(pg_config, "--bindir")):
        yield Path(folder)
    yield from sorted(debian.glob("*/bin"), reverse=True)
    yield from (Path(name) for name in os.get_exec_path() if name)


def _look_into(folder: Path) -> Binaries | None:
    """Return the server in the folder, or None if there is none that we can use."""
    programs = ("initdb", "pg_ctl", "postgres")
    if not all(os.access(folder / name, os.X_OK) for name in programs):
        return None
    match = re.search(r"(\d+)", _output(str(folder / "postgres"), "--version"))
    version = int(match.group()) if match else 0
    if version < MINIMUM or not _has_postgis(folder, version):
        return None
    return Binaries(folder, version)


def _has_postgis(folder: Path, version: int) -> bool:
    """Tell whether the server has a PostGIS new enough beside it."""
    shares = [folder.parent / "share", Path(f"/usr/share/postgresql/{version}")]
    libraries = [folder.parent / "lib"]
    if os.access(folder / "pg_config", os.X_OK):
        shares.insert(0, Path(_output(str(folder / "pg_config"), "--sharedir")))
        libraries.insert(0, Path(_output(str(folder / "pg_config"), "--pkglibdir")))
    # Debian packs the two apart: the control file may be there without its library.
    if not any((library / "postgis-3.so").exists() for library in libraries):
        return False
    for share in shares:
        control = share / "extension" / "postgis.control"
        if control.is_file():
            found = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text())
            return found is not None and (int(found[1]), int(found[2])) >= MINIMUM_POSTGIS
    return False


def _output(program: str, argument: str) -> str:
    """Return what a program prints, or nothing if it cannot run."""
    try:
        result = subprocess.run(
            [program, argument], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip()

"""Backup: one file with everything, of one moment, or no file at all.

The file is a compressed tar: a header, each table as COPY text, the kept originals (sealed
as they stand), and last the manifest with the counts and hashes of the rows. A file without
its manifest is not a backup; it gets its name only once it is whole and on disk. The key of
the archive is not in it.
"""

import fcntl
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from psycopg import sql

from territorio import archivio, archivio_chiave, db, prepared, sistema, vigenza
from territorio.archivio import Archivio
from territorio.config import Settings
from territorio.errors import AlreadyRunning, InvalidInput, NotReady
from territorio.log import get
from territorio.salvataggio_tavole import TAVOLE, columns, rows_of, state
from territorio.schema import comune as comuni
from territorio.schema import fornitura
from territorio.tables import FATTI

log = get(__name__)

FORMATO = 1
HEADER = "intestazione.json"
MANIFEST = "manifesto.json"
PIECE = 8 * 2**20
"""Bytes of a table in one member of the archive: what has to fit into memory."""

Progress = Callable[[str, int, int | None], None]


def quiet(_phase: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Salvataggio:
    """A backup that was made."""

    file: Path
    byte: int
    righe: int
    originali: int
    mancanti: tuple[str, ...]
    """Originals that should be there and are not, by SHA-256."""


def save(
    engine: sa.Engine,
    settings: Settings,
    file: Path,
    comune: str | None = None,
    progress: Progress = quiet,
) -> Salvataggio:
    """Write a backup of the registry, or of one municipality.

    All of it is of one moment, whatever is loaded meanwhile.
    """
    with _whole(file) as raw, _snapshot(engine) as conn:
        if comune is not None:
            _require(conn, comune)
        packed = gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, filename="", mtime=0)
        with packed, tarfile.open(fileobj=packed, mode="w|") as tar:
            _add(tar, HEADER, _json(_header(conn, settings, comune)))
            for done, table in enumerate(TAVOLE):
                progress(f"tabella {table.fullname}", done, len(TAVOLE))
                _add_table(conn, tar, table, comune)
            kept, missing = _add_files(conn, tar, settings, comune, progress)
            progress("impronte", 0, None)
            hashes = {
                name: {whose: asdict(one) for whose, one in groups.items()}
                for name, groups in state(conn, comune).items()
            }
            manifest = {"tavole": hashes, "file": kept, "mancanti": missing}
            _add(tar, MANIFEST, _json(manifest))
    rows = sum(one["righe"] for groups in hashes.values() for one in groups.values())
    log.info("backup written", comune=comune, rows=rows, originals=len(kept))
    return Salvataggio(file, file.stat().st_size, rows, len(kept), tuple(missing))


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that appears under its name only when it is whole and on disk."""
    scratch = file.with_name(f".{file.name}.parziale")
    try:
        descriptor = os.open(scratch, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        why = sistema.reason(error)
        raise InvalidInput("file", f"{file} non si può scrivere: {why}") from None
    with os.fdopen(descriptor, "r+b") as raw:
        try:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"Un altro salvataggio sta scrivendo {file}.") from None
        raw.truncate()  # what a killed one left
        try:
            yield raw
        except BaseException:
            scratch.unlink()
            raise
        raw.flush()
        os.fsync(raw.fileno())
        scratch.replace(file)
        archivio.sync_folder(file.parent)


@contextmanager
def _snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction in which the database stands still."""
    with engine.connect() as plain:
        conn = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            db.restrict(conn, ("*",))
            yield conn


def _require(conn: sa.Connection, comune: str) -> None:
    if not conn.execute(sa.select(comuni.c.comune).where(comuni.c.comune == comune)).one_or_none():
        raise NotReady(f"Il comune {comune} non è amministrato qui: non c'è niente da salvare.")


def _header(conn: sa.Connection, settings: Settings, comune: str | None) -> dict[str, object]:
    return {
        "formato": FORMATO,
        "schema": schema_version(conn),
        "comune": comune,
        "creato": datetime.now(UTC).isoformat(),
        "oggetti": conn.execute(sa.text("SELECT last_value FROM registro.oggetto")).scalar_one(),
        "chiave": key_mark(settings),
        "colonne": {table.fullname: columns(table) for table in TAVOLE},
    }


def schema_version(conn: sa.Connection) -> str:
    """Return the revision of the tables."""
    number: str = conn.execute(
        sa.text("SELECT version_num FROM registro.alembic_version")
    ).scalar_one()
    return number


def key_mark(settings: Settings) -> str:
    """Return what tells one archive key from another and gives none away."""
    master = archivio_chiave.key(settings)
    return hashlib.sha256(archivio_chiave.derive(master, "contrassegno")).hexdigest()[:16]


def _add_table(
    conn: sa.Connection, tar: tarfile.TarFile, table: sa.Table, comune: str | None
) -> None:
    """Copy the rows of a table into the archive, piece by piece."""
    statement = sql.SQL("COPY ({}) TO STDOUT").format(rows_of(table, comune))
    buffer, number = io.BytesIO(), 0
    with prepared.driver(conn).cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            buffer.write(block)
            if buffer.tell() >= PIECE:
                _add(tar, f"tavole/{table.fullname}/{number:06d}", buffer.getvalue())
                buffer, number = io.BytesIO(), number + 1
    _add(tar, f"tavole/{table.fullname}/{number:06d}", buffer.getvalue())


def _add_files(
    conn: sa.Connection,
    tar: tarfile.TarFile,
    settings: Settings,
    comune: str | None,
    progress: Progress,
) -> tuple[list[str], list[str]]:
    """Copy the kept files the rows refer to, sealed; return them, and those not found."""
    kept: list[str] = []
    missing: list[str] = []
    for name, archive, wanted in wanted_files(conn, settings, comune):
        for done, sha256 in enumerate(wanted):
            progress(name, done, len(wanted))
            try:
                sealed = archive.path(sha256).open("rb")
            except FileNotFoundError:
                missing.append(sha256)
                continue
            with sealed:
                digest = hashlib.file_digest(sealed, "sha256").hexdigest()
                info = tarfile.TarInfo(f"{name}/{sha256}/{digest}")
                info.size = sealed.tell()
                sealed.seek(0)
                tar.addfile(info, sealed)
                kept.append(info.name)
    return kept, missing


def wanted_files(
    conn: sa.Connection, settings: Settings, comune: str | None
) -> list[tuple[str, Archivio, list[str]]]:
    """Return the archives and what of them the rows refer to, by SHA-256."""
    f, d = fornitura.c, FATTI["documento"].c
    delivered = sa.select(f.sha256).distinct().where(f.originale_fino > vigenza.today())
    attached = sa.select(d.sha256).distinct().where(d.nome_file.is_not(None))
    if comune is not None:
        delivered, attached = (
            delivered.where(f.comune == comune),
            attached.where(d.comune == comune),
        )
    return [
        (name, archive, sorted(conn.execute(query).scalars()))
        for name, archive, query in (
            ("originali", archivio.originali(settings), delivered),
            ("allegati", archivio.allegati(settings), attached),
        )
    ]


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()

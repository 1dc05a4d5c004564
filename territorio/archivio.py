"""Kept originals: the delivered files, outside the database, encrypted at rest.

A file is addressed by its SHA-256 and written whole or not at all. Delivered files are for
the load alone; what operators attach stands in an archive of its own (DESIGN §3.7).
"""

import hashlib
import io
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

import sqlalchemy as sa

from territorio import archivio_chiave, vigenza
from territorio.archivio_sigillo import CHUNK, Unsealed, seal
from territorio.config import Settings
from territorio.errors import NotFound, Refused
from territorio.log import get
from territorio.schema import fornitura
from territorio.tables import FATTI

log = get(__name__)

_SHA256 = re.compile(r"[0-9a-f]{64}")
GRACE_SECONDS = 24 * 3600
"""What nobody refers to may belong to a load that has not committed yet: wait a day."""


@dataclass(frozen=True, slots=True)
class Archivio:
    """A folder of encrypted files, each under the SHA-256 of what it holds."""

    cartella: Path
    chiave: bytes = field(repr=False)

    def keep(self, path: Path) -> str:
        """Keep a copy of a file; return its SHA-256. Keeping it twice keeps it once."""
        with path.open("rb") as source:
            return self.keep_stream(source)

    def keep_stream(self, source: BinaryIO) -> str:
        """Keep what is left to read in a stream; return its SHA-256."""
        private_folder(self.cartella)
        scratch = self.cartella / f".{secrets.token_hex(8)}.parziale"
        try:
            with new_private_file(scratch) as target:
                sha256 = seal(source, target, self.chiave)
                target.flush()
                os.fsync(target.fileno())
            self.place(scratch, sha256)
        finally:
            scratch.unlink(missing_ok=True)
        return sha256

    def place(self, sealed: Path, sha256: str) -> None:
        """Put a sealed file, whole and on disk, under its name."""
        final = self.path(sha256)
        private_folder(final.parent)
        sealed.replace(final)
        sync_folder(final.parent)

    def take_in(self, sha256: str, sealed: IO[bytes], digest: str) -> None:
        """Take back a file that was sealed before; what is there already stays.

        ``digest`` is the SHA-256 of the sealed bytes; raises Refused if they are others.
        """
        private_folder(self.cartella)
        scratch = self.cartella / f".{secrets.token_hex(8)}.parziale"
        found = hashlib.sha256()
        try:
            with new_private_file(scratch) as target:
                while block := sealed.read(1 << 20):
                    found.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            if found.hexdigest() != digest:
                raise Refused(sha256, "l'originale salvato è danneggiato")
            if not self.holds(sha256):
                self.place(scratch, sha256)
        finally:
            scratch.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        """Open a kept file for reading; raise NotFound if it is not there (any more)."""
        try:
            raw = self.path(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("originale", sha256) from None
        try:
            return io.BufferedReader(Unsealed(raw, self.chiave), CHUNK)
        except BaseException:
            raw.close()
            raise

    def destroy(self, sha256: str) -> bool:
        """Remove a kept file for good; tell whether it was there."""
        path = self.path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(path.parent)
        return True

    def holds(self, sha256: str) -> bool:
        """Tell whether the file is kept here."""
        return self.path(sha256).exists()

    def kept(self) -> Iterator[str]:
        """Go through what is kept, by SHA-256, in order."""
        for path in sorted(self.cartella.glob("??/*")):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def path(self, sha256: str) -> Path:
        """Return where the sealed bytes of a file stand; raise NotFound for a bad name."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("originale", sha256)
        return self.cartella / sha256[:2] / sha256


def originali(settings: Settings) -> Archivio:
    """Return the archive of delivered files."""
    return _archive(settings, "originali")


def allegati(settings: Settings) -> Archivio:
    """Return the archive of what operators attach to buildings."""
    return _archive(settings, "allegati")


def sweep(conn: sa.Connection, settings: Settings) -> int:
    """Destroy what may no longer be kept; return how many files went.

    That is: originals past their term or erased, attachments nobody refers to any more,
    and what crashes left behind. Run it after a commit and every day.
    """
    gone = _sweep(originali(settings), *_originals(conn))
    gone += _sweep(allegati(settings), *_attachments(conn))
    if gone:
        log.info("kept files destroyed", files=gone)
    return gone


def _sweep(archive: Archivio, wanted: set[str], unwanted: set[str]) -> int:
    """Destroy what is known and unwanted at once, what is unknown after a day."""
    old = time.time() - GRACE_SECONDS
    gone = 0
    for sha256 in archive.kept():
        if sha256 in wanted:
            continue
        if sha256 in unwanted or archive.path(sha256).stat().st_mtime < old:
            gone += archive.destroy(sha256)
    for scratch in archive.cartella.glob(".*.parziale"):
        if scratch.stat().st_mtime < old:
            scratch.unlink(missing_ok=True)
    return gone


def _originals(conn: sa.Connection) -> tuple[set[str], set[str]]:
    """Return the delivered files to keep, and those whose term is over."""
    keep = sa.func.coalesce(fornitura.c.originale_fino > vigenza.today(), sa.true())
    rows = conn.execute(
        sa.select(fornitura.c.sha256, sa.func.bool_or(keep)).group_by(fornitura.c.sha256)
    ).all()
    return {sha for sha, wanted in rows if wanted}, {sha for sha, wanted in rows if not wanted}


def _attachments(conn: sa.Connection) -> tuple[set[str], set[str]]:
    """Return the attachments that some fact refers to; erased ones have lost their name."""
    documento = FATTI["documento"]
    rows = conn.execute(
        sa.select(documento.c.sha256, sa.func.bool_or(documento.c.nome_file.is_not(None))).group_by(
            documento.c.sha256
        )
    ).all()
    return {sha for sha, named in rows if named}, {sha for sha, named in rows if not named}


def private_folder(path: Path) -> None:
    """Make a folder that only its owner enters."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def new_private_file(path: Path) -> BinaryIO:
    """Open a file for writing that did not exist and that only its owner reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def sync_folder(path: Path) -> None:
    """Make renames and removals in a folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _archive(settings: Settings, name: str) -> Archivio:
    chiave = archivio_chiave.derive(archivio_chiave.key(settings), name)
    return Archivio(settings.data / name, chiave)

"""The files of a supply, wherever they lie: a folder, a ZIP, a ZIP inside a ZIP."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from catasto.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

ESTENSIONI: Final = ("FAB", "TER", "SOG", "TIT", "PRM")
#: A supply is a ZIP, sometimes a ZIP of ZIPs; deeper than this nobody packs by chance.
_PROFONDITA: Final = 3
_IN_MEMORIA: Final = 1 << 24


@dataclass(frozen=True, slots=True)
class FileCensuario:
    """One file of a supply; ``dentro`` is the way to it through the archives."""

    archivio: Path
    dentro: tuple[str, ...]

    @property
    def nome(self) -> str:
        """The name shown in errors: ``H501.zip/H501_1.FAB``."""
        return "/".join((self.archivio.name, *self.dentro))

    @property
    def tipo(self) -> str:
        """The extension in capital letters: ``FAB``, ``TER``, ``SOG``, ``TIT``, ``PRM``."""
        return PurePosixPath(self.nome).suffix[1:].upper()

    @property
    def base(self) -> str:
        """The name without extension and without part number: ``H501B0012345``."""
        return PurePosixPath(self.nome).stem.partition("_")[0].upper()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file for reading from the beginning, as often as needed."""
        with (
            self.archivio.open("rb") as flusso,
            _down(flusso, self.dentro, self.nome) as contenuto,
        ):
            yield contenuto


@contextmanager
def _down(flusso: BinaryIO, dentro: tuple[str, ...], nome: str) -> Iterator[BinaryIO]:
    """Follow a way through archives; a nested ZIP is copied, since reading it needs seeking."""
    if not dentro:
        yield flusso
        return
    with _unzip(flusso, nome) as archivio, archivio.open(dentro[0]) as membro:
        if len(dentro) == 1:
            yield cast(BinaryIO, membro)
            return
        with _copy(cast(BinaryIO, membro)) as copia, _down(copia, dentro[1:], nome) as contenuto:
            yield contenuto


@contextmanager
def _copy(flusso: BinaryIO) -> Iterator[BinaryIO]:
    with SpooledTemporaryFile(_IN_MEMORIA) as copia:
        shutil.copyfileobj(flusso, copia, 1 << 20)
        copia.seek(0)
        yield cast(BinaryIO, copia)


@contextmanager
def _unzip(flusso: BinaryIO, nome: str) -> Iterator[zipfile.ZipFile]:
    try:
        archivio = zipfile.ZipFile(flusso)
    except zipfile.BadZipFile:
        raise FormatError(nome, "non è un archivio ZIP, o è incompleto o rovinato") from None
    with archivio:
        yield archivio


def find_files(percorso: Path) -> list[FileCensuario]:
    """List the census files of a folder, of a ZIP, or the file itself, in name order."""
    if percorso.is_dir():
        file = sorted(p for p in percorso.rglob("*") if p.is_file())
        return [f for p in file for f in find_files(p)]
    if percorso.suffix.lower() == ".zip":
        with percorso.open("rb") as flusso:
            trovati = _inside(flusso, (), percorso.name)
            return sorted((FileCensuario(percorso, d) for d in trovati), key=lambda f: f.nome)
    return [FileCensuario(percorso, ())] if _wanted(percorso.name) else []


def _inside(flusso: BinaryIO, via: tuple[str, ...], nome: str) -> Iterator[tuple[str, ...]]:
    with _unzip(flusso, "/".join((nome, *via))) as archivio:
        for voce in archivio.infolist():
            qui = (*via, voce.filename)
            if _wanted(voce.filename):
                yield qui
            elif voce.filename.lower().endswith(".zip") and len(qui) < _PROFONDITA:
                with archivio.open(voce) as membro, _copy(cast(BinaryIO, membro)) as copia:
                    yield from _inside(copia, qui, nome)


def _wanted(nome: str) -> bool:
    return PurePosixPath(nome).suffix[1:].upper() in ESTENSIONI

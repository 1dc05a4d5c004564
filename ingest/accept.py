"""Take a delivered file: unpack it, find its source, know what it speaks for."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest import fonti
from ingest.contract import Ambito, Sorgente
from ingest.originale import MAPPA, companions, is_sidecar, pack, why_sidecar
from territorio import vigenza
from territorio.errors import InvalidInput, Refused

_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_NAMED = 4
"""Other files named in one sentence; all of them stand in the outcome."""
MAX_UNPACKED = 64 * 2**30
"""Bytes a packed delivery may grow to: a guard against files made to fill the disk."""
MAX_NESTED = 4
"""Archives inside archives: one that holds itself has no end."""


@dataclass(frozen=True, slots=True)
class Consegna:
    """A file of one source, ready to be read; ``originale`` is what is kept of it."""

    nome: str
    path: Path
    originale: Path
    sha256: str
    byte: int
    fonte: str
    sorgente: Sorgente
    ambito: Ambito


@dataclass(frozen=True, slots=True)
class Ignoto:
    """A file no source recognises."""

    nome: str
    path: Path


@dataclass(frozen=True, slots=True)
class Trovati:
    """The files below the paths of one command, and a folder to work in."""

    file: list[tuple[str, Path]]
    scratch: Path
    accessori: dict[str, str] = field(default_factory=dict)
    """The files named that go with another, each with why it is not loaded by itself."""


def nothing(why: Mapping[str, str]) -> Refused:
    """Return the refusal of files of which no source takes any, each with its reason."""
    if not why:
        return Refused("nessun file", "nelle cartelle indicate non c'è niente da caricare")
    (first, reason), *others = why.items()
    tail = "".join(f"; {nome}: {motivo}" for nome, motivo in others[:_NAMED])
    more = f"; e altri {len(others) - _NAMED} file" if len(others) > _NAMED else ""
    details = [(nome, None, motivo) for nome, motivo in why.items()]
    return Refused(first, f"{reason}{tail}{more}", details)


@contextmanager
def unpacked(paths: list[Path], mappa: Path | None = None) -> Iterator[Trovati]:
    """Give the files below the paths: folders are walked, unrecognised zips opened.

    A zip that is itself a delivery (a census supply) is handed over as it is. ``mappa``
    is a mapping for the files whose layout nobody knows.
    """
    with TemporaryDirectory(prefix="territorio-") as folder:
        found = Trovati([], Path(folder))
        for path in paths:
            if not path.exists():
                raise Refused(str(path), "il file non esiste: controlla il percorso")
            _walk(path, path.name, found, MAX_NESTED)
            if path.is_file() and is_sidecar(path):
                found.accessori[path.name] = why_sidecar(path)
        if mappa is not None:
            _map_unknown(found, mappa)
        yield found


def _walk(path: Path, nome: str, found: Trovati, nested: int) -> None:
    """Add a file, or what is inside a folder or a zip, in a stable order.

    ``nested`` is how many archives, one inside the other, may still be opened.
    """
    if not path.exists():
        raise InvalidInput("file", f"«{nome}» è un collegamento che non porta a nessun file")
    if path.is_symlink() and path.is_dir() and path.resolve() in path.absolute().parents:
        raise InvalidInput("file", f"«{nome}» è un collegamento alla cartella che lo contiene")
    if path.is_dir() and path.suffix.lower() != ".gdb":
        for child in sorted(path.iterdir()):
            if not child.name.startswith("."):
                _walk(child, f"{nome}/{child.name}", found, nested)
    elif path.suffix.lower() == ".zip" and fonti.recognise(path) is None:
        if not nested:
            raise Refused(nome, "troppi archivi uno dentro l'altro: estraili e carica i file")
        target = found.scratch / f"{len(list(found.scratch.iterdir()))}-{path.stem}"
        _extract(path, target)
        if not target.exists():
            raise Refused(nome, "l'archivio è vuoto: controlla che sia stato scritto per intero")
        _walk(target, nome, found, nested - 1)
    elif not is_sidecar(path):
        found.file.append((nome, path))


def _extract(path: Path, target: Path) -> None:
    """Unpack a zip, refusing names that leave the folder and absurd sizes."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise Refused(path.name, "l'archivio espanso supera 64 GB: dividilo in più file")
            for info in archive.infolist():
                destination = (target / info.filename).resolve()
                if not destination.is_relative_to(target.resolve()):
                    raise Refused(path.name, f"nome non ammesso nell'archivio: «{info.filename}»")
            archive.extractall(target)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Refused(path.name, "non è un archivio ZIP, o è incompleto o rovinato") from None
    except NotImplementedError:  # what zipfile says of a compression it does not know
        raise Refused(path.name, "l'archivio usa una compressione che non so aprire") from None
    except RuntimeError:
        raise Refused(path.name, "l'archivio è protetto da una parola d'ordine") from None


def _map_unknown(found: Trovati, mappa: Path) -> None:
    """Put the mapping beside a link to each file that nobody recognises without it."""
    for i, (nome, path) in enumerate(found.file):
        if fonti.recognise(path) is None:
            folder = found.scratch / f"mappa-{i}"
            folder.mkdir()
            for part in [path, *companions(path)]:
                (folder / part.name).symlink_to(part.resolve())
            (folder / f"{path.name}{MAPPA}").write_bytes(mappa.read_bytes())
            found.file[i] = (nome, folder / path.name)


def identify(nome: str, path: Path, giorno: date | None, scratch: Path) -> Consegna | Ignoto:
    """Find the source of a file and what it speaks for.

    The day of reference is what the caller says, else what the file says of itself, else
    what its name or a folder above it says. Raises Refused when nobody says it.
    """
    match = fonti.recognise(path)
    if match is None:
        return Ignoto(nome, path)
    codice, sorgente = match
    ambito = sorgente.ambito(path)
    day = giorno or ambito.data_riferimento or day_in_name(path) or day_in_name(Path(nome))
    if day is None:
        raise Refused(
            nome,
            "non si capisce a quale giorno si riferisce: aggiungi «--data AAAA-MM-GG» "
            "o metti il giorno nel nome del file (…_AAAAMMGG)",
        )
    if day > vigenza.today():
        raise Refused(
            nome,
            f"si riferirebbe al {day:%d/%m/%Y}, che deve ancora venire: controlla «--data» o "
            "il giorno nel nome del file",
        )
    originale = pack(path, scratch)
    with originale.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return Consegna(
        nome,
        path,
        originale,
        digest,
        originale.stat().st_size,
        codice,
        sorgente,
        replace(ambito, data_riferimento=day),
    )


def day_in_name(path: Path) -> date | None:
    """Return the day written in the file's name or in a folder above it.

    >>> day_in_name(Path("2023-01-01/INDIR_A269.csv"))
    datetime.date(2023, 1, 1)
    """
    for part in (path.name, *reversed(path.parts[:-1])):
        if match := _DAY_IN_NAME.search(part):
            try:
                return date(*map(int, match.groups()))
            except ValueError:
                continue
    return None

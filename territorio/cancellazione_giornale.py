"""The journal of erasures: outside the database, so that a restore can replay them.

One line of JSON an order, written and synced before the order is committed: an erasure may
be done twice, never forgotten. It names objects by number and keys by keyed hash.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from territorio import archivio
from territorio.config import Settings


@dataclass(frozen=True, slots=True)
class Nota:
    """An order of erasure as the journal keeps it."""

    ordine: str
    quando: str
    comune: str
    oggetti: tuple[int, ...]
    campi: tuple[str, ...]
    impronte: tuple[tuple[int, str], ...]
    """For each object the hashes of its keys, in hexadecimal."""
    autore: str
    atto: str
    motivo: str
    permanente: bool

    @property
    def id(self) -> UUID:
        """Return the number of the order."""
        return UUID(self.ordine)


def path(settings: Settings) -> Path:
    """Return where the journal stands."""
    return settings.data / "cancellazioni.jsonl"


def append(settings: Settings, nota: Nota) -> None:
    """Write one order; it is on disk when this returns."""
    where = path(settings)
    fresh = not where.exists()
    where.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(where, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        # A line cut off by a crash was never acted upon: begin a new one after it.
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json.dumps(asdict(nota), ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if fresh:
        archivio.sync_folder(where.parent)


def read(settings: Settings) -> Iterator[Nota]:
    """Go through the orders, the oldest first; a line cut off by a crash is passed over."""
    try:
        lines = path(settings).read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        for name in ("oggetti", "campi"):
            said[name] = tuple(said[name])
        said["impronte"] = tuple((number, digest) for number, digest in said["impronte"])
        yield Nota(**said)

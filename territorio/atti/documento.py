"""The act of attaching a photo or a document to a building."""

import io
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

import sqlalchemy as sa

from territorio import atto
from territorio.archivio import Archivio
from territorio.atti import linea
from territorio.atti.edificio import require
from territorio.atti.schema import documento
from territorio.atto import Atto, Provvedimento
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.identita import Codice
from territorio.schema import identita

MAX_BYTES = 50 * 2**20

FORMATI = (
    (b"\xff\xd8\xff", "image/jpeg", "foto"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "foto"),
    (b"II*\x00", "image/tiff", "foto"),
    (b"MM\x00*", "image/tiff", "foto"),
    (b"%PDF-", "application/pdf", "documento"),
)
"""What may be attached, by its first bytes: the name of a file proves nothing."""


@dataclass(frozen=True, slots=True)
class Allegato:
    """A file to attach, with what is said about it."""

    contenuto: BinaryIO
    nome_file: str
    titolo: str
    data_documento: date | None = None


def attach(
    conn: sa.Connection,
    archivio: Archivio,
    p: Provvedimento,
    edificio: int,
    giorno: date,
    allegato: Allegato,
) -> Atto:
    """Keep the file and say that it belongs to the building from a day on."""
    require(conn, p.comune, edificio)
    atto.require_storable("titolo", allegato.titolo)
    atto.require_storable("file", allegato.nome_file)
    content = allegato.contenuto.read(MAX_BYTES + 1)
    formato, tipo = _recognise(content)
    sha256 = archivio.keep_stream(io.BytesIO(content))
    told = {"edificio": edificio, "sha256": sha256, "formato": formato}
    corso = atto.begin(conn, p, "allegato", giorno, told)
    known = conn.execute(
        sa.select(documento.c.id).where(
            documento.c.comune == p.comune,
            documento.c.edificio == edificio,
            documento.c.sha256 == sha256,
            documento.c.nota_fino.is_(None),
        )
    ).scalar()
    if known is not None:
        raise Conflict(f"Lo stesso file è già allegato all'edificio: è {Codice(known)}.")
    new = linea.new_identity(conn, p.comune, "documento")
    values: dict[str, object] = {
        "tipo": tipo,
        "titolo": allegato.titolo.strip() or allegato.nome_file,
        "nome_file": allegato.nome_file,
        "formato": formato,
        "byte": len(content),
        "sha256": sha256,
        "data_documento": allegato.data_documento,
        "edificio": edificio,
    }
    linea.write(conn, corso, documento, new, giorno, None, values)
    return atto.record(conn, corso, [edificio], [new])


@dataclass(frozen=True, slots=True)
class Conservato:
    """Where the file of a document is kept, and what it is."""

    comune: str
    sha256: str
    formato: str
    nome_file: str


def kept(conn: sa.Connection, oggetto: int) -> Conservato:
    """Return where the file of a document is; raise NotFound if it was erased or never was."""
    d, i = documento.c, identita.c
    row = conn.execute(
        sa.select(d.comune, d.sha256, d.formato, d.nome_file)
        .join(identita, sa.and_(i.comune == d.comune, i.id == d.id))
        .where(i.id == oggetto, d.nota_fino.is_(None), d.nome_file.is_not(None))
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("documento", oggetto)
    return Conservato(**row._mapping)


def _recognise(content: bytes) -> tuple[str, str]:
    """Return media type and kind of a file; raise InvalidInput if it may not be attached."""
    if len(content) > MAX_BYTES:
        raise InvalidInput("file", f"supera {MAX_BYTES // 2**20} MB")
    for beginning, formato, tipo in FORMATI:
        if content.startswith(beginning):
            return formato, tipo
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", "foto"
    raise InvalidInput("file", "si allegano foto (JPEG, PNG, WebP, TIFF) e documenti PDF")

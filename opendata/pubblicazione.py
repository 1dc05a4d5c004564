"""Versions that were published: which there are, and the files each of them has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from territorio.config import Settings
from territorio.schema_pubblicazione import pubblicazione, pubblicazione_file


@dataclass(frozen=True, slots=True)
class FilePubblicato:
    """One file of a version."""

    formato: str
    nome: str
    byte: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Pubblicazione:
    """One version of a dataset of a municipality."""

    dataset: str
    comune: str
    numero: int
    quando: datetime
    giorno: date
    registrazione: int
    righe: int
    impronta: str
    file: tuple[FilePubblicato, ...]


def place(settings: Settings) -> Path:
    """Return the folder that what is published stands in."""
    return settings.data / "pubblicazioni"


def folder_of(cartella: Path, dataset: str, comune: str, numero: int) -> Path:
    """Return where the files of a version stand."""
    return cartella / dataset / comune / str(numero)


def search(
    conn: sa.Connection,
    dataset: str | None = None,
    comune: str | None = None,
    *,
    solo_ultime: bool = False,
) -> list[Pubblicazione]:
    """Return versions by dataset and municipality, the latest first; or the latest alone."""
    p = pubblicazione.c
    query = sa.select(pubblicazione).order_by(p.dataset, p.comune, p.numero.desc())
    if dataset is not None:
        query = query.where(p.dataset == dataset)
    if comune is not None:
        query = query.where(p.comune == comune)
    if solo_ultime:
        query = query.ext(distinct_on(p.dataset, p.comune))
    return _with_files(conn, query.subquery())


def last_or_none(conn: sa.Connection, dataset: str, comune: str) -> Pubblicazione | None:
    """Return the latest version of a dataset of a municipality, or None."""
    return next(iter(search(conn, dataset, comune, solo_ultime=True)), None)


def find_or_none(
    conn: sa.Connection, dataset: str, comune: str, numero: int
) -> Pubblicazione | None:
    """Return a version, or None."""
    p = pubblicazione.c
    query = sa.select(pubblicazione).where(
        p.dataset == dataset, p.comune == comune, p.numero == numero
    )
    return next(iter(_with_files(conn, query.subquery())), None)


def _with_files(conn: sa.Connection, versioni: sa.Subquery) -> list[Pubblicazione]:
    v, f = versioni.c, pubblicazione_file.c
    key = ("dataset", "comune", "numero")
    query = (
        sa.select(versioni, *(f[name] for name in FilePubblicato.__slots__))
        .outerjoin(pubblicazione_file, sa.and_(*(v[name] == f[name] for name in key)))
        .order_by(v.dataset, v.comune, v.numero.desc(), f.formato, f.nome)
    )
    rows = conn.execute(query)
    return [_of_rows(group) for _, group in groupby(rows, lambda row: tuple(row[:3]))]


def _of_rows(group: Iterable[sa.Row[tuple[object, ...]]]) -> Pubblicazione:
    """Return a version from its rows, one a file; of a version without files there is one."""
    rows = [row._mapping for row in group]
    own = {name: rows[0][name] for name in Pubblicazione.__slots__ if name != "file"}
    files = [row for row in rows if row["nome"] is not None]
    found = (FilePubblicato(**{n: row[n] for n in FilePubblicato.__slots__}) for row in files)
    return Pubblicazione(**own, file=tuple(found))

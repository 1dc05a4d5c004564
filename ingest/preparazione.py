"""From a delivered file to the rows of staging, as COPY takes them; no database is asked.

So it can be done in another process (``ingest.lettura``) while the database works. The
fingerprint (``impronta``) of what an assertion says is taken here; two assertions with the
same fingerprint say the same.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from catasto.errors import CatastoError
from ingest import fonti
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Manca, Rifiuto
from ingest.forma import Formatore
from ingest.posizione import Posizione
from territorio.errors import Refused

BATCH = 5_000
SEPARATORE, NULLO = "\x1f", "\x1e"
"""Between two values of a row, and for a value that is not there: no file holds them."""
_SPECIALI = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", SEPARATORE: "\\" + SEPARATORE})
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode
_CONFINE = "\x1d"
_CONFINE_SCRITTO = f", {_CANONICAL(_CONFINE)}, "
"""A mark between values that are encoded together, and how it comes out."""
BASE = ("comune", "fonte", "fornitura", "riga", "chiave", "gruppo", "ambito", "ordine")


@dataclass(frozen=True, slots=True)
class Colonne:
    """The columns of a kind of fact, as they are written."""

    tutte: tuple[str, ...]
    valori: tuple[str, ...]
    strutturati: tuple[int, ...]
    """Which of the values are written as JSON."""
    geometria: bool


@dataclass(frozen=True, slots=True)
class Compito:
    """A delivery to be read: all that is asked of who reads it."""

    nome: str
    fonte: str
    path: Path
    ambito: Ambito
    comune: str
    fornitura: int
    posizione: Posizione | None
    colonne: Mapping[str, Colonne]
    """The columns of each kind of fact the source tells."""
    parte: tuple[int, int] = (0, 1)
    """Which part of how many: a large file is shared by several readers."""


@dataclass(frozen=True, slots=True)
class Blocco:
    """Rows of one kind of fact, ready for COPY, and what was odd about them."""

    fatto: str
    colonne: tuple[str, ...]
    righe: int
    testo: bytes
    avvisi: list[Avviso]


@dataclass(frozen=True, slots=True)
class Osservazioni:
    """Records that could not be taken, or looked odd."""

    detti: list[Avviso | Rifiuto]


@dataclass(frozen=True, slots=True)
class Fine:
    """The whole file was read."""

    avvisi: list[Avviso]
    posizione: Posizione | None
    """The boundary with the count of what lies outside."""


Letto = Blocco | Osservazioni | Fine


def prepare(compito: Compito) -> Iterator[Letto]:
    """Read a delivery; raise Refused where it cannot be read at all."""
    if compito.posizione is not None:
        shapely.prepare([compito.posizione.vicino, compito.posizione.lontano])
    try:
        yield from _prepare(compito)
    except Manca as missing:
        raise Refused(
            compito.nome, f"manca la colonna obbligatoria «{missing}»: il file non è completo"
        ) from None
    except CatastoError as error:
        raise Refused(compito.nome, error.dentro) from None


def _prepare(compito: Compito) -> Iterator[Letto]:
    buffers: dict[str, list[Asserzione]] = defaultdict(list)
    odd: list[Avviso | Rifiuto] = []
    formatore = Formatore(compito.ambito.crs, compito.posizione)
    for said in _said(compito):
        if isinstance(said, Asserzione):
            buffer = buffers[said.fatto]
            buffer.append(said)
            if len(buffer) == BATCH:
                yield _block(compito, formatore, buffers.pop(said.fatto))
        else:
            odd.append(said)
            if len(odd) == BATCH:
                yield Osservazioni(odd)
                odd = []
    yield Osservazioni(odd)
    for batch in buffers.values():
        yield _block(compito, formatore, batch)
    yield Fine(list(formatore.accuracy()), compito.posizione)


def _said(compito: Compito) -> Iterator[Detto]:
    """Yield what the source says, of its part."""
    sorgente = fonti.named(compito.fonte)
    if compito.parte == (0, 1):
        return sorgente.read(compito.path, compito.ambito)
    said: Iterator[Detto] = shareable(compito.fonte)(compito.path, compito.ambito, compito.parte)
    return said


def shareable(fonte: str) -> Any:
    """Return how a source reads a part of a file; None if it cannot."""
    return getattr(fonti.named(fonte), "read_part", None)


def _block(compito: Compito, formatore: Formatore, batch: list[Asserzione]) -> Blocco:
    """Write one batch of one kind of fact.

    Column by column: as nearly every cell is a text or nothing, what is done for each row
    would cost more than the row.
    """
    fatto = batch[0].fatto
    known = compito.colonne[fatto]
    shapes = formatore.ewkb(batch) if known.geometria else [None] * len(batch)
    avvisi, formatore.avvisi = formatore.avvisi, []
    values = _values([said.valori for said in batch], known)
    detti = _joined(values)
    impronte = [
        str(fingerprint(detto, _own(said), shape))
        for said, detto, shape in zip(batch, detti, shapes, strict=True)
    ]
    base = [
        [SEPARATORE.join((compito.comune, compito.fonte, str(compito.fornitura)))] * len(batch),
        _texts([said.riga for said in batch]),
        [said.chiave for said in batch],
        _texts([said.gruppo for said in batch]),
        [said.parte for said in batch],
        _texts([said.ordine for said in batch]),
        _texts(["-infinity" if said.dal_ignoto else said.dal for said in batch]),
        _texts([said.al for said in batch]),
        impronte,
    ]
    last = [_texts(shapes)] if known.geometria else []
    testo = "\n".join(_joined([*base, detti, *last]))
    if not _is_plain(testo, len(batch), len(known.tutte)):
        first, *others = base
        cells = [_escaped(column) for column in (*others, *values, *last)]
        testo = "\n".join(_joined([first, *cells]))
    return Blocco(fatto, known.tutte, len(batch), f"{testo}\n".encode(), avvisi)


def _values(valori: list[Mapping[str, object]], known: Colonne) -> list[list[str]]:
    """Return the columns of what is said."""
    columns = [[row.get(name) for row in valori] for name in known.valori]
    for i in known.strutturati:
        columns[i] = _encoded(columns[i])
    return [_texts(column) for column in columns]


def _encoded(column: list[object]) -> list[object]:
    """Return structured values as JSON.

    All at once: to call the encoder takes longer than what it does for one of them.
    """
    there = [i for i, value in enumerate(column) if value is not None]
    mixed = [item for i in there for item in (column[i], _CONFINE)][:-1]
    texts = _CANONICAL(mixed)[1:-1].split(_CONFINE_SCRITTO)
    if len(texts) != len(there):  # nothing to write, or a value that holds the mark itself
        texts = [_CANONICAL(column[i]) for i in there]
    written: list[object] = [None] * len(column)
    for i, text in zip(there, texts, strict=True):
        written[i] = text
    return written


def _texts(column: Iterable[object]) -> list[str]:
    """Return a column as it is written, nothing escaped."""
    return [v if v.__class__ is str else NULLO if v is None else str(v) for v in column]


def _joined(columns: Sequence[list[str]]) -> list[str]:
    """Return the rows of some columns."""
    return list(map(SEPARATORE.join, zip(*columns, strict=True)))


def _is_plain(testo: str, rows: int, columns: int) -> bool:
    """Tell whether no cell holds what COPY would take for something else."""
    return (
        "\\" not in testo
        and "\r" not in testo
        and testo.count("\n") == rows - 1
        and testo.count(SEPARATORE) == rows * (columns - 1)
    )


def _escaped(column: list[str]) -> list[str]:
    """Return a column as COPY takes it."""
    whole = "".join(column)
    if not any(special in whole for special in ("\\", "\n", "\r", SEPARATORE)):
        return column
    return [text.translate(_SPECIALI) for text in column]


def _own(said: Asserzione) -> tuple[date | None, date | None] | None:
    """Return the dates of the record itself, if it has any."""
    return (said.dal, said.al) if said.dal or said.al or said.dal_ignoto else None


def fingerprint(detto: str, own: tuple[date | None, date | None] | None, shape: str | None) -> int:
    """Return 64 bits that stand for what is said: values, own dates, geometry."""
    text = detto if own is None else f"{detto}\x1d{own[0]}{SEPARATORE}{own[1]}"
    digest = hashlib.blake2b(text.encode(), digest_size=8)
    if shape is not None:
        digest.update(shape.encode())
    return int.from_bytes(digest.digest(), "big", signed=True)

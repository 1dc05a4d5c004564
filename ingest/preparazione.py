"""From a delivered file to the rows of staging, as COPY takes them; no database is asked.

So it can be done in another process (``ingest.lettura``) while the database works. The
fingerprint (``impronta``) of what an assertion says is taken here; two assertions with the
same fingerprint say the same.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
    """Write one batch of one kind of fact."""
    fatto = batch[0].fatto
    known = compito.colonne[fatto]
    shapes = formatore.ewkb(batch) if known.geometria else [None] * len(batch)
    avvisi, formatore.avvisi = formatore.avvisi, []
    prefix = SEPARATORE.join((compito.comune, compito.fonte, str(compito.fornitura)))
    rows = [_row(prefix, said, known, shape) for said, shape in zip(batch, shapes, strict=True)]
    rows.append("")
    return Blocco(fatto, known.tutte, len(batch), "\n".join(rows).encode(), avvisi)


def _row(prefix: str, said: Asserzione, known: Colonne, shape: str | None) -> str:
    """Return one row of the batch."""
    get = said.valori.get
    values = [get(name) for name in known.valori]
    for i in known.strutturati:
        if values[i] is not None:
            values[i] = _CANONICAL(values[i])
    texts = [v if v.__class__ is str else NULLO if v is None else str(v) for v in values]
    detto = SEPARATORE.join(texts)
    own = (said.dal, said.al) if said.dal or said.al or said.dal_ignoto else None
    dal: date | str = "-infinity" if said.dal_ignoto else said.dal or NULLO
    base = [
        prefix,
        NULLO if said.riga is None else str(said.riga),
        said.chiave,
        NULLO if said.gruppo is None else said.gruppo,
        said.parte,
        str(said.ordine),
        str(dal),
        NULLO if said.al is None else str(said.al),
        str(fingerprint(detto, own, shape)),
    ]
    last = [shape or NULLO] if known.geometria else []
    line = SEPARATORE.join([*base, detto, *last])
    if (
        "\\" in line
        or "\n" in line
        or "\r" in line
        or line.count(SEPARATORE) != len(known.tutte) - 1
    ):
        words = [text.translate(_SPECIALI) for text in (*base[1:], *texts, *last)]
        return SEPARATORE.join([prefix, *words])
    return line


def fingerprint(detto: str, own: tuple[date | None, date | None] | None, shape: str | None) -> int:
    """Return 64 bits that stand for what is said: values, own dates, geometry."""
    text = detto if own is None else f"{detto}\x1d{own[0]}{SEPARATORE}{own[1]}"
    digest = hashlib.blake2b(text.encode(), digest_size=8)
    if shape is not None:
        digest.update(shape.encode())
    return int.from_bytes(digest.digest(), "big", signed=True)

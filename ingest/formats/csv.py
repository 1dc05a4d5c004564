"""Delimited text: encodings one cannot trust, physical lines, headers with their traps.

Fields are cut at the delimiter with quoting off, unless the layout says that it quotes:
stray quotes are common (fonti.md §3.4). A row with another number of fields than the
header is refused by name, never shifted.
"""

import codecs
import csv
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TextIO

from ingest.contract import Avviso, Detto, Manca, Record, Rifiuto
from territorio.errors import Refused

SUFFIXES = frozenset({".csv", ".txt"})
"""Endings of delimited text."""
_BLOCK = 1 << 20
_HEAD = 1 << 16


def encoding(path: Path) -> str:
    """Return how the file is written: UTF-8 if it is strictly so, else CP1252.

    The whole file is looked at: one accent on the last line decides (fonti.md §0.4).
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def header(path: Path, delimiter: str = ";") -> list[str]:
    """Return the names in the first line, without a BOM and blanks around them.

    Empty for a file that is not text, or does not end as one.
    """
    if path.suffix.lower() not in SUFFIXES:
        return []
    with path.open("rb") as stream:
        line = stream.read(_HEAD).partition(b"\n")[0]
    if b"\0" in line:
        return []
    text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").rstrip("\r")
    return _names(text.split(delimiter))


def rows(
    path: Path, delimiter: str = ";", *, quoting: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield the physical line and the fields of each line that is not blank."""
    with _opened(path) as stream:
        if not quoting:
            for number, line in enumerate(stream, 1):
                text = line.rstrip("\r\n")
                if text and not text.isspace():
                    yield number, text.split(delimiter)
            return
        reader = csv.reader(stream, delimiter=delimiter)
        before = 0
        try:
            for fields in reader:
                if any(fields):
                    yield before + 1, fields
                before = reader.line_num
        except csv.Error:
            reason = (
                f"riga {before + 1}: le virgolette aperte non si chiudono, oppure un campo supera "
                f"i {csv.field_size_limit()} caratteri: correggi la riga e ricarica il file"
            )
            raise Refused(path.name, reason) from None


def records(
    path: Path,
    columns: Collection[str],
    *,
    ignore: Collection[str] = (),
    delimiter: str = ";",
    quoting: bool = False,
) -> Iterator[Record | Detto]:
    """Yield a record a row, holding the declared columns and no others.

    Raises Manca if a declared column is not in the header. A column neither declared nor
    ignored by name is reported, once and by its name alone: what it holds is not read
    (fonti.md §0.6).
    """
    lines = rows(path, delimiter, quoting=quoting)
    first = next(lines, None)
    names = _names(first[1]) if first else []
    if missing := [name for name in columns if name not in names]:
        raise Manca(missing[0])
    yield from unknown_columns(names, {*columns, *ignore}, 1)
    wanted = [(names.index(name), name) for name in columns]
    width = len(names)
    # The header of a real file ends with a delimiter; whether rows do, the first row tells.
    if names and not names[-1] and (row := next(lines, None)) is not None:
        width -= len(row[1]) == width - 1
        lines = chain([row], lines)
    for number, fields in lines:
        if len(fields) != width:
            yield Rifiuto(number, f"{len(fields)} campi, attesi {width}")
        else:
            yield Record(number, {name: fields[i] for i, name in wanted})


def unknown_columns(
    names: Collection[str], known: Collection[str], line: int | None
) -> Iterator[Avviso]:
    """Report the columns the source does not know; an empty name is a trailing delimiter."""
    for name in names:
        if name and name not in known:
            yield Avviso(
                line,
                "colonna sconosciuta",
                f"la colonna «{name}» non è prevista: non è stata letta",
                campo=name,
            )


def _names(fields: list[str]) -> list[str]:
    """Return header names without the blanks and quotes around them."""
    return [name.strip().strip('"').strip() for name in fields]


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Open the text; lines end at LF alone, as other separators occur inside texts."""
    code = encoding(path)
    # CP1252 leaves five bytes undefined; they must not stop a file.
    errors = "strict" if code == "utf-8-sig" else "replace"
    with path.open("rb") as raw, TextIOWrapper(raw, code, errors, newline="\n") as stream:
        yield stream

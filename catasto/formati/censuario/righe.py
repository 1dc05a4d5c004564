"""Lines of a census file: encoding, cutting into fields, a first look at the whole file."""

from __future__ import annotations

import codecs
from array import array
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_BLOCCO: Final = 1 << 20
#: The six fields of the key, and something after them.
CAMPI_MINIMI: Final = 7
_DIRITTO_MASSIMO: Final = 3
_PRIME_TAVOLARI: Final = frozenset({47, 49})


class Sorgente(Protocol):
    """A file that can be opened more than once: on disk, or inside an archive."""

    @property
    def nome(self) -> str:
        """The name shown in errors."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open it for reading from the beginning."""


@dataclass(frozen=True, slots=True)
class Esame:
    """What must be known of a whole file before its lines can be read one by one."""

    codifica: str
    contigua: bool
    campi_porzione: int
    tavolare: bool
    diritti: frozenset[str]


def blocks_of_lines(sorgente: Sorgente) -> Iterator[bytes]:
    """Yield blocks that end with a line end; the last one may not.

    The mark that editors put before UTF-8 is no part of the first field.
    """
    with sorgente.open() as flusso:
        resto = flusso.read(len(BOM_UTF8)).removeprefix(BOM_UTF8)
        while dati := flusso.read(_BLOCCO):
            testa, a_capo, coda = dati.rpartition(b"\n")
            if a_capo:
                yield resto + testa + a_capo
                resto = coda
            else:
                resto += dati
        if resto:
            yield resto


def lines(sorgente: Sorgente, codifica: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that is not blank, NUL bytes dropped.

    Lines end at LF alone: ``str.splitlines`` would also cut at characters that occur
    inside ISO-8859-1 texts.
    """
    riga = 0
    for blocco in blocks_of_lines(sorgente):
        testo = blocco.decode(codifica)
        if "\0" in testo:
            testo = testo.replace("\0", "")
        pezzi = testo.replace("\r\n", "\n").split("\n")
        if not pezzi[-1]:
            pezzi.pop()
        for pezzo in pezzi:
            riga += 1
            if pezzo and not pezzo.isspace():
                yield riga, pezzo


def split_fields(testo: str) -> list[str]:
    """Cut a line into stripped fields; the trailing ``|`` is dropped, once.

    >>> split_fields("H501| |12|F| a |||")
    ['H501', '', '12', 'F', 'a', '', '']
    """
    corto = testo.replace("| |", "||")
    testi = corto.split("|")
    # Stripping each field costs more than the rest of the line: most need none.
    if "| " in corto or " |" in corto or corto[0] == " " or corto[-1] == " ":
        testi = list(map(str.strip, testi))
    if not testi[-1]:
        testi.pop()
    return testi


def examine(sorgente: Sorgente) -> Esame:
    """Read a whole file once: encoding, order of its keys, sizes that vary."""
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    sequenza = array("q")
    porzioni: set[int] = set()
    identificativi: set[int] = set()
    prime: set[int] = set()
    diritti: set[bytes] = set()
    ultima: list[bytes] = []
    for blocco in blocks_of_lines(sorgente):
        decoder = _still_utf8(decoder, blocco)
        for linea in blocco.split(b"\n"):
            campi = linea.split(b"|", 7)
            if len(campi) < CAMPI_MINIMI:
                continue
            if campi[:5] != ultima:
                ultima = campi[:5]
                sequenza.append(hash(tuple(ultima)))
            if campi[5] == b"4":
                porzioni.add(_fields(linea) - 6)
            elif campi[5] == b"2":
                identificativi.add(_fields(linea) - 6)
            elif campi[5] == b"1":
                prime.add(_fields(linea))
            if len(campi[6]) <= _DIRITTO_MASSIMO:
                diritti.add(campi[6])
    return Esame(
        codifica="iso-8859-1" if _still_utf8(decoder, b"", final=True) is None else "utf-8",
        contigua=len(np.unique(np.array(sequenza))) == len(sequenza),
        campi_porzione=_portion_size(porzioni),
        tavolare=_is_tavolare(prime, identificativi),
        diritti=frozenset(d.decode("ascii", "replace") for d in diritti),
    )


def _still_utf8(
    decoder: codecs.IncrementalDecoder | None, blocco: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    """Feed a block to the strict decoder; None as soon as the file is not UTF-8."""
    if decoder is None:
        return None
    try:
        decoder.decode(blocco, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _fields(linea: bytes) -> int:
    """Count the fields of a line that ends with a delimiter, or without it."""
    return linea.count(b"|") + (0 if linea.rstrip().endswith(b"|") else 1)


def _is_tavolare(prime: set[int], identificativi: set[int]) -> bool:
    """Tell the variant of Trento by its sizes, which no damaged line decides alone."""
    sedici = any(n % 6 and n % 16 == 0 for n in identificativi)
    sei = any(n % 6 == 0 and n % 16 for n in identificativi)
    return sedici and not sei and bool(prime) and prime <= _PRIME_TAVOLARI


def _portion_size(conteggi: set[int]) -> int:
    """Tell groups of 6 (national) from groups of 8 (regional interchange).

    24 fields are four of the first or three of the second: the other lines decide.
    """
    solo_otto = any(n % 8 == 0 and n % 6 for n in conteggi)
    solo_sei = any(n % 6 == 0 and n % 8 for n in conteggi)
    return 8 if solo_otto and not solo_sei else 6

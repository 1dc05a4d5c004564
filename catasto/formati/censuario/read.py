"""Readers of the four census files: situations and rights out, refused lines beside them."""

from __future__ import annotations

from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Final
from zlib import crc32

from catasto.errors import FormatError
from catasto.formati.anomalia import RigaRifiutata
from catasto.formati.censuario import fab, sog, ter, tit
from catasto.formati.censuario.campi import LineError
from catasto.formati.censuario.righe import (
    CAMPI_MINIMI,
    Esame,
    Sorgente,
    examine,
    lines,
    split_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from catasto.formati.censuario.fab import SituazioneUrbana
    from catasto.formati.censuario.sog import PersonaFisica, PersonaGiuridica
    from catasto.formati.censuario.ter import SituazioneTerreno
    from catasto.formati.censuario.tit import TitolaritaCensuaria

type _Riga = tuple[int, list[str]]

#: Files that do not keep the records of a situation together are cut in so many parts.
_PARTI: Final = 64


def read_fab(sorgente: Sorgente) -> Iterator[SituazioneUrbana | RigaRifiutata]:
    """Yield the urban situations of a FAB file, and the lines that are none."""
    esame = examine(sorgente)
    if esame.tavolare:
        raise FormatError(sorgente.nome, "variante tavolare (Trento) non gestita da questo lettore")
    return _situations(sorgente, esame, "F", fab.expected, fab.build)


def read_ter(sorgente: Sorgente) -> Iterator[SituazioneTerreno | RigaRifiutata]:
    """Yield the land situations of a TER file, and the lines that are none."""
    esame = examine(sorgente)
    build = partial(ter.build, campi_porzione=esame.campi_porzione)
    return _situations(sorgente, esame, "T", ter.expected, build)


def read_sog(sorgente: Sorgente) -> Iterator[PersonaFisica | PersonaGiuridica | RigaRifiutata]:
    """Yield the subjects of a SOG file, and the lines that are none."""
    for riga, testo in lines(sorgente, examine(sorgente).codifica):
        testi = split_fields(testo)
        if len(testi) < 4 or not sog.expected(testi[3], len(testi)):
            yield RigaRifiutata(sorgente.nome, riga, _why(testi, 3), _start(testi))
            continue
        try:
            yield sog.build(riga, testi)
        except LineError as errore:
            yield RigaRifiutata(sorgente.nome, riga, str(errore), _start(testi))


def read_tit(sorgente: Sorgente) -> Iterator[TitolaritaCensuaria | RigaRifiutata]:
    """Yield the rights of a TIT file, and the lines that are none."""
    esame = examine(sorgente)
    ambigui = tit.blanks_lost({d for d in esame.diritti if d.strip()})
    for riga, testo in lines(sorgente, esame.codifica):
        testi = split_fields(testo)
        if len(testi) < 4 or not tit.expected(testi[3], len(testi)):
            yield RigaRifiutata(sorgente.nome, riga, _why(testi, 3), _start(testi))
            continue
        try:
            yield tit.build(riga, testi, testo.split("|", 7)[6], ambigui=ambigui)
        except LineError as errore:
            yield RigaRifiutata(sorgente.nome, riga, str(errore), _start(testi))


def _why(testi: list[str], dove: int) -> str:
    """Say why a line is no record, without quoting its contents: they may be personal."""
    if len(testi) <= dove:
        return f"{len(testi)} campi: non è un record"
    tipo = testi[dove] if len(testi[dove]) == 1 else "?"
    return f"{len(testi)} campi per un record di tipo {tipo!r}"


def _situations[T](
    sorgente: Sorgente,
    esame: Esame,
    tipo: str,
    expected: Callable[[str, int], bool],
    build: Callable[[list[_Riga]], T],
) -> Iterator[T | RigaRifiutata]:
    """Group the lines of each key and build one situation from them."""
    numerate = lines(sorgente, esame.codifica)
    parti: Iterable[Iterable[tuple[int, str]]] = [numerate] if esame.contigua else _cut(numerate)
    for parte in parti:
        for gruppo in _groups(parte, contigua=esame.contigua):
            yield from _built(sorgente.nome, gruppo, tipo, expected, build)


def _key(testo: str) -> str:
    """Return the text of the first five fields."""
    return "|".join(testo.split("|", 5)[:5])


def _groups(
    numerate: Iterable[tuple[int, str]], *, contigua: bool
) -> Iterator[list[tuple[int, str]]]:
    if not contigua:
        raccolti: dict[str, list[tuple[int, str]]] = {}
        for riga, testo in numerate:
            raccolti.setdefault(_key(testo), []).append((riga, testo))
        yield from raccolti.values()
        return
    gruppo: list[tuple[int, str]] = []
    chiave = ""
    for riga, testo in numerate:
        if not testo.startswith(chiave) or not gruppo:
            if testo.count("|") < CAMPI_MINIMI - 1:
                # No record: refused alone, without cutting a situation in two.
                yield [(riga, testo)]
                continue
            if gruppo:
                yield gruppo
            gruppo = []
            chiave = f"{_key(testo)}|"
        gruppo.append((riga, testo))
    if gruppo:
        yield gruppo


def _cut(numerate: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Spread lines over temporary files by key: memory stays small at any size."""
    file = [TemporaryFile("w+", encoding="utf-8", newline="\n") for _ in range(_PARTI)]  # noqa: SIM115
    try:
        for riga, testo in numerate:
            file[crc32(_key(testo).encode()) % _PARTI].write(f"{riga}\t{testo}\n")
        for parte in file:
            parte.seek(0)
            yield [(int(n), testo) for n, _, testo in (r[:-1].partition("\t") for r in parte)]
            parte.close()
    finally:
        for parte in file:
            parte.close()


def _start(testi: list[str]) -> tuple[str, ...]:
    """Return the first fields: municipality, section, number, kind."""
    return tuple(testi[:4])


def _built[T](
    nome: str,
    gruppo: list[tuple[int, str]],
    tipo: str,
    expected: Callable[[str, int], bool],
    build: Callable[[list[_Riga]], T],
) -> list[T | RigaRifiutata]:
    """Build one situation from the good lines of its group; the others are refused."""
    esito: list[T | RigaRifiutata] = []
    buone: list[_Riga] = []
    for riga, testo in gruppo:
        testi = split_fields(testo)
        if len(testi) < 6 or not expected(testi[5], len(testi)):
            esito.append(RigaRifiutata(nome, riga, _why(testi, 5), _start(testi)))
        elif testi[3] != tipo:
            motivo = f"tipo immobile diverso da {tipo!r}"
            esito.append(RigaRifiutata(nome, riga, motivo, _start(testi)))
        else:
            buone.append((riga, testi))
    try:
        if buone:
            esito.append(build(buone))
    except LineError as errore:
        esito += [RigaRifiutata(nome, riga, str(errore), _start(t)) for riga, t in buone]
    return esito

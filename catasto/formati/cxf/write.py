"""Writer of CXF and CTF files: ASCII, CRLF, one datum per line."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from catasto.errors import InvalidValue
from catasto.formati.wkb import unpack_line, unpack_polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catasto.formati.cxf.mappa import Bordo, MappaCxf


def write_cxf(flusso: BinaryIO, mappa: MappaCxf) -> None:
    """Write a whole map; elements come grouped by kind, borders first."""
    flusso.write("".join(f"{riga}\r\n" for riga in _lines(mappa)).encode("iso-8859-1", "replace"))


def _lines(m: MappaCxf) -> Iterator[str]:
    yield from (m.tipo.value, m.nome_scritto, "" if m.scala is None else _real(m.scala))
    for b in m.bordi:
        yield from _bordo(b)
    for t in m.testi:
        yield from (_word("TESTO", t.esterno), t.testo, _integer(t.dimensione))
        yield from _reals((t.angolo, t.x, t.y))
    for s in m.simboli:
        yield from (_word("SIMBOLO", s.esterno), _integer(s.codice))
        yield from _reals((s.angolo, s.x, s.y))
    for f in m.fiduciali:
        yield from (_word("FIDUCIALE", f.esterno), f.numero, _integer(f.codice))
        yield from _reals((f.x, f.y, f.x_testo, f.y_testo))
    for linea in m.linee:
        yield from (_word("LINEA", linea.esterno), _integer(linea.tratto))
        yield from _vertices(linea.geometria)
    for r in m.raster:
        yield from ("RIFERIMENTO_RASTER", r.file)
        yield from _reals(r.angoli)
    for libretto in m.libretti:
        yield from ("LIBRETTO", libretto.protocollo, _integer(libretto.tratto))
        yield from _vertices(libretto.geometria)
    yield "EOF"


def _bordo(b: Bordo) -> Iterator[str]:
    if b.geometria is None:
        raise InvalidValue("bordo", b.codice, "senza geometria non si può scrivere")
    poligoni = unpack_polygons(b.geometria)
    if len(poligoni) != 1:
        raise InvalidValue("bordo", b.codice, "ha più poligoni: servono più elementi BORDO")
    anelli = poligoni[0]
    yield from ("BORDO", b.codice, _integer(b.dimensione))
    yield from _reals((b.angolo, *b.posizione, *b.punto_interno))
    yield _integer(len(anelli) - 1)
    yield _integer(sum(len(a) for a in anelli) // 2)
    yield from (_integer(len(a) // 2) for a in anelli[1:])
    for anello in anelli:
        yield from _reals(anello)


def _vertices(wkb: bytes) -> Iterator[str]:
    punti = unpack_line(wkb)
    yield _integer(len(punti) // 2)
    yield from _reals(punti)


def _word(parola: str, esterno: bool) -> str:
    return f"{parola}\\" if esterno else parola


def _integer(numero: int) -> str:
    return f"{numero:4d}"


def _real(numero: float) -> str:
    return f"{numero:12.3f}"


def _reals(numeri: Iterable[float]) -> Iterator[str]:
    return map(_real, numeri)

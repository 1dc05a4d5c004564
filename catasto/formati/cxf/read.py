"""Reader of CXF and CTF files."""

from __future__ import annotations

from codecs import BOM_UTF8
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from catasto.errors import NotRecognised
from catasto.formati.anomalia import Anomalia, RigaRifiutata
from catasto.formati.cxf.classe import ClasseBordo, TipoMappa, classify_bordo
from catasto.formati.cxf.mappa import (
    Bordo,
    Fiduciale,
    Libretto,
    Linea,
    MappaCxf,
    RiferimentoRaster,
    Simbolo,
    Testo,
    parse_nome,
)
from catasto.formati.wkb import pack_line, pack_polygon

if TYPE_CHECKING:
    from collections.abc import Callable

_TIPI: Final = frozenset(TipoMappa)
#: The elements that may lie outside the border: their keyword then ends with a backslash.
_SEZIONI: Final = frozenset(
    {"BORDO", "TESTO", "SIMBOLO", "FIDUCIALE", "LINEA", "RIFERIMENTO_RASTER", "LIBRETTO"}
)
_ESTERNI: Final = frozenset(f"{nome}\\" for nome in ("TESTO", "SIMBOLO", "FIDUCIALE", "LINEA"))
_PAROLE: Final = _SEZIONI | _ESTERNI | {"EOF"}
_MINIMO_COORDINATE: Final = 8


class _Damaged(Exception):
    """An element cannot be read; the reading goes on at the next keyword."""


def read_cxf(origine: Path | BinaryIO, nome: str | None = None) -> MappaCxf:
    """Read a whole map; damaged elements are in ``rifiutate``, by line.

    Raises NotRecognised for a file that does not begin like a map.
    """
    if isinstance(origine, Path):
        contenuto, nome = origine.read_bytes(), nome or origine.name
    else:
        contenuto = origine.read()
    return _Lettore(contenuto, nome or "flusso CXF").read()


class _Lettore:
    """A cursor on the lines of one file."""

    def __init__(self, contenuto: bytes, file: str) -> None:
        # ASCII by specification; old texts have accents of ISO-8859-1.
        testo = (
            contenuto.removeprefix(BOM_UTF8)
            .decode("iso-8859-1")
            .replace("\r\n", "\n")
            .replace("\0", "")
        )
        self.righe = list(map(str.strip, testo.split("\n")))
        self.file = file
        self.dove = 0
        self.rifiutate: list[RigaRifiutata] = []
        self.anomalie: list[Anomalia] = []
        self.elementi: dict[type, list[object]] = {}

    def read(self) -> MappaCxf:
        """Read header and elements."""
        if self.righe[0] not in _TIPI:
            raise NotRecognised(self.file, "la prima riga non è un tipo di mappa", riga=1)
        self.tipo = TipoMappa(self.righe[0])
        self.dove = 1
        self.nome_scritto = self._header("nome della mappa")
        scala = self._header("scala")
        self.nome = self._name()
        finito = self._elements()
        if not finito:
            self.anomalie.append(Anomalia("EOF", "", "manca la riga finale EOF"))
        if not any(b.classe is ClasseBordo.CONFINE for b in self._read(Bordo)):
            self.anomalie.append(Anomalia("BORDO", "", "manca il confine della mappa"))
        return MappaCxf(
            self.tipo,
            self.nome_scritto,
            self._scale(scala),
            self._read(Bordo),
            self._read(Testo),
            self._read(Simbolo),
            self._read(Fiduciale),
            self._read(Linea),
            self._read(RiferimentoRaster),
            self._read(Libretto),
            self.file,
            tuple(self.rifiutate),
            tuple(self.anomalie),
        )

    def _read[T](self, tipo: type[T]) -> tuple[T, ...]:
        return tuple(e for e in self.elementi.get(tipo, ()) if isinstance(e, tipo))

    def _header(self, cosa: str) -> str:
        """Return a line of the header, which damaged files leave blank or forget."""
        if self.dove >= len(self.righe) or self.righe[self.dove] in _PAROLE:
            self.anomalie.append(Anomalia(cosa, "", "mancante"))
            return ""
        testo = self.righe[self.dove]
        self.dove += 1
        if not testo:
            self.anomalie.append(Anomalia(cosa, "", "mancante"))
        return testo

    def _name(self) -> str:
        """Return the name areas are compared with: the written one, else that of the file."""
        scritto, del_file = parse_nome(self.nome_scritto), parse_nome(self.file.rpartition(".")[0])
        if scritto is not None and del_file is not None and scritto != del_file:
            regola = f"diverso dal nome del file ({del_file})"
            self.anomalie.append(Anomalia("nome della mappa", self.nome_scritto, regola))
        return self.nome_scritto.upper() or (str(del_file) if del_file else "")

    def _scale(self, testo: str) -> float | None:
        try:
            return float(testo) if testo else None
        except ValueError:
            self.anomalie.append(Anomalia("scala", testo, "atteso un numero"))
            return None

    def _elements(self) -> bool:
        """Read the elements up to EOF; say whether it was there."""
        lettori: dict[str, Callable[[int, bool], object]] = {
            "BORDO": self._bordo,
            "TESTO": self._testo,
            "SIMBOLO": self._simbolo,
            "FIDUCIALE": self._fiduciale,
            "LINEA": self._linea,
            "RIFERIMENTO_RASTER": self._raster,
            "LIBRETTO": self._libretto,
        }
        while self.dove < len(self.righe):
            parola, riga = self.righe[self.dove], self.dove + 1
            self.dove += 1
            if parola == "EOF":
                return True
            lettore = lettori.get(parola.removesuffix("\\"))
            if lettore is None or parola not in _PAROLE:
                self._skip(riga, "riga inattesa fra gli elementi")
                continue
            try:
                elemento = lettore(riga, parola in _ESTERNI)
            except _Damaged as danno:
                motivo = f"{parola}: {danno}"
                self.rifiutate.append(RigaRifiutata(self.file, riga, motivo, self._code(riga)))
                self._next_keyword(riga)
            else:
                self.elementi.setdefault(type(elemento), []).append(elemento)
        return False

    def _code(self, riga: int) -> tuple[str, ...]:
        """Return the line after a keyword: of an area, which parcel it is."""
        return tuple(t.upper() for t in self.righe[riga : riga + 1] if t not in _PAROLE)

    def _skip(self, riga: int, motivo: str) -> None:
        """Leave out lines that are no element; blank ones at the end say nothing."""
        self._next_keyword(riga)
        if any(self.righe[riga - 1 : self.dove]):
            self.rifiutate.append(RigaRifiutata(self.file, riga, motivo))

    def _next_keyword(self, riga: int) -> None:
        self.dove = riga
        while self.dove < len(self.righe) and self.righe[self.dove] not in _PAROLE:
            self.dove += 1

    def _line(self) -> str:
        if self.dove >= len(self.righe):
            _damaged("il file finisce a metà")
        testo = self.righe[self.dove]
        self.dove += 1
        return testo

    def _integer(self, cosa: str) -> int:
        testo = self._line()
        try:
            # Some programs write all numbers as reals.
            numero = int(testo.removesuffix(".000"))
        except ValueError:
            _damaged(f"{cosa}: atteso un numero intero alla riga {self.dove}")
        if numero < 0:
            _damaged(f"{cosa} negativo alla riga {self.dove}")
        return numero

    def _reals(self, quanti: int) -> list[float]:
        fine = self.dove + quanti
        if fine > len(self.righe):
            _damaged("il file finisce a metà")
        try:
            numeri = list(map(float, self.righe[self.dove : fine]))
        except ValueError:
            _damaged("coordinate illeggibili")
        if not all(map(isfinite, numeri)):
            _damaged("coordinate illeggibili")
        self.dove = fine
        return numeri

    def _bordo(self, riga: int, _: bool) -> Bordo:
        codice = self._line().upper()
        dimensione = self._integer("dimensione")
        angolo, x, y, x_interno, y_interno = self._reals(5)
        isole, vertici = self._integer("numero di isole"), self._integer("numero di vertici")
        conteggi = [self._integer("vertici dell'isola") for _ in range(isole)]
        if sum(conteggi) > vertici:
            _damaged("le isole hanno più vertici dell'intero bordo")
        coordinate = self._reals(2 * vertici)
        anelli, letto = [], 0
        for quanti in (vertici - sum(conteggi), *conteggi):
            anelli.append(coordinate[letto : letto + 2 * quanti])
            letto += 2 * quanti
        geometria, problema = _polygon(anelli)
        return Bordo(
            riga,
            codice,
            classify_bordo(codice, self.nome, self.tipo),
            dimensione,
            angolo,
            (x, y),
            (x_interno, y_interno),
            geometria,
            problema,
        )

    def _testo(self, riga: int, esterno: bool) -> Testo:
        testo, dimensione = self._line(), self._integer("dimensione")
        angolo, x, y = self._reals(3)
        return Testo(riga, testo, dimensione, angolo, x, y, esterno)

    def _simbolo(self, riga: int, esterno: bool) -> Simbolo:
        codice = self._integer("codice")
        angolo, x, y = self._reals(3)
        return Simbolo(riga, codice, angolo, x, y, esterno)

    def _fiduciale(self, riga: int, esterno: bool) -> Fiduciale:
        numero, codice = self._line(), self._integer("codice")
        x, y, x_testo, y_testo = self._reals(4)
        return Fiduciale(riga, numero, codice, x, y, x_testo, y_testo, esterno)

    def _linea(self, riga: int, esterno: bool) -> Linea:
        tratto = self._integer("tratto")
        return Linea(riga, tratto, self._vertices(), esterno)

    def _libretto(self, riga: int, _: bool) -> Libretto:
        protocollo, tratto = self._line(), self._integer("tratto")
        return Libretto(riga, protocollo, tratto, self._vertices())

    def _vertices(self) -> bytes:
        quanti = self._integer("numero di vertici")
        return pack_line(self._reals(2 * quanti))

    def _raster(self, riga: int, _: bool) -> RiferimentoRaster:
        file = self._line()
        return RiferimentoRaster(riga, file, _by_place(self._reals(8)))


def _damaged(motivo: str) -> NoReturn:
    raise _Damaged(motivo)


def _polygon(anelli: list[list[float]]) -> tuple[bytes | None, str | None]:
    """Close the rings and build the polygon; an island too small is left out and said."""
    problemi = []
    buoni: list[list[float]] = []
    for n, anello in enumerate(anelli):
        if anello[:2] != anello[-2:]:
            problemi.append("anello non chiuso, chiuso in lettura")
            anello += anello[:2]
        if len(anello) >= _MINIMO_COORDINATE:
            buoni.append(anello)
        elif n == 0:
            return None, "contorno con meno di 4 punti"
        else:
            problemi.append("isola con meno di 4 punti")
    return pack_polygon(buoni), "; ".join(dict.fromkeys(problemi)) or None


def _by_place(numeri: list[float]) -> tuple[float, ...]:
    """Sort four corners as UL, UR, LR, LL by where they are."""
    punti = sorted(zip(numeri[::2], numeri[1::2], strict=True), key=lambda p: -p[1])
    alti, bassi = sorted(punti[:2]), sorted(punti[2:])
    return (*alti[0], *alti[1], *bassi[1], *bassi[0])

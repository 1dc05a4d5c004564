"""Streaming reader of the open data GML, in constant memory.

The XML is taken in blocks cut after the last whole feature; one regular expression with
the tag names the file itself uses finds the few texts we want, and numpy does lines,
nesting and coordinates of a block together: twice as fast as building elements with
lxml and throwing them away. The price is that well-formedness is checked by the depth
of tags alone.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from html import unescape
from itertools import batched, chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from catasto.errors import FormatError
from catasto.formati.gml.anelli import assemble, parse_rings
from catasto.formati.gml.intestazione import INIZIO_OGGETTO, IntestazioneGml, parse_head
from catasto.formati.gml.oggetto import OggettoGml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from catasto.formati.gml.anelli import Anello

_BLOCCO: Final = 1 << 20
#: A single feature larger than this is no parcel, but a file without closing tags.
_MASSIMO_OGGETTO: Final = 1 << 28
_TAG: Final = re.compile(rb"<((?:[\w.-]+:)?([\w.-]+))")
_FINE_OGGETTO: Final = re.compile(rb"</(?:[\w.-]+:)?Cadastral(?:Parcel|Zoning)\s*>", re.IGNORECASE)
_NON_TESTO: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
#: Local names of the texts we want, in small letters, and their place in a row.
_CAMPI: Final = {
    b"nationalcadastralreference": 0,
    b"nationalcadastralzoningreference": 0,
    b"label": 1,
    b"inspireid_localid": 2,
    b"administrativeunit": 3,
    b"level": 4,
    b"levelname": 5,
}
_QUANTI_CAMPI: Final = 6
_ID_LOCALE: Final = 2
_ID: Final = re.compile(rb"""<[^>]*\bid\s*=\s*["']cadastral\w+\.([^"']*)""", re.IGNORECASE)
_INTERNO, _POSIZIONI, _OGGETTO = 10, 11, 12
_RUOLI: Final = _CAMPI | {
    b"interior": _INTERNO,
    b"poslist": _POSIZIONI,
    b"cadastralparcel": _OGGETTO,
    b"cadastralzoning": _OGGETTO,
}
#: Once a parcel with all of these has been seen, no other tag name is looked for.
_ATTESI: Final = frozenset({0, 1, 2, 3, _INTERNO, _POSIZIONI, _OGGETTO})


class _Grezzo:
    """One feature between the cut and the record."""

    __slots__ = ("anelli", "campi", "interni")

    def __init__(self) -> None:
        self.campi = [b""] * _QUANTI_CAMPI
        self.anelli: list[bytes] = []
        self.interni: list[bool] = []


@contextmanager
def _opened(origine: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(origine, Path):
        with origine.open("rb") as flusso:
            yield flusso
    else:
        yield origine


def read_gml(
    origine: Path | BinaryIO, nome: str | None = None, parte: tuple[int, int] = (0, 1)
) -> Iterator[OggettoGml]:
    """Yield the features of a file in order.

    ``parte`` (k, n) yields every n-th block from the k-th on: n readers of one file share
    the work, and each still checks the whole file.

    Raises FormatError where the XML is broken, after the features before it; a
    feature that is well formed but unreadable is yielded with its ``problema``.
    """
    file = nome or (origine.name if isinstance(origine, Path) else "flusso GML")
    with _opened(origine) as flusso:
        dati = flusso.read(_BLOCCO)
        lettore = _Lettore(file, parse_head(dati[: 1 << 16], file), parte)
        while dati:
            yield from lettore.feed(dati)
            dati = flusso.read(_BLOCCO)
        lettore.close()


class _Lettore:
    """The state of a reading: what is left of the last block, line and depth reached."""

    def __init__(self, file: str, testa: IntestazioneGml, parte: tuple[int, int]) -> None:
        self.file = file
        self.testa = testa
        self.parte, self.parti = parte
        self.blocchi = 0
        self.resto = b""
        self.riga = 1
        self.profondita = 0
        self.attesa: int | None = None
        self.ruoli: dict[bytes, int] = {}
        self.modello = INIZIO_OGGETTO
        self.inizio = INIZIO_OGGETTO

    def feed(self, dati: bytes) -> list[OggettoGml]:
        """Return the features completed by one more block."""
        pezzo = self._cut(dati)
        if not pezzo:
            return []
        self.blocchi += 1
        own = (self.blocchi - 1) % self.parti == self.parte
        # The first block is everybody's: it tells how deep the features lie.
        if not own and self.blocchi > 1:
            self._skip(pezzo)
            return []
        if not set(self.ruoli.values()) >= _ATTESI:
            self._learn(pezzo)
        inizi = [m.start() for m in self.inizio.finditer(pezzo)]
        if not inizi:
            raise FormatError(self.file, "XML non ben formato", riga=self.riga)
        righe = self._follow(pezzo, inizi)
        if not own:
            return []
        grezzi = self._scan(pezzo)
        if any(not (g.anelli and g.campi[0]) for g in grezzi) and self._learn(pezzo):
            # This file changes its spelling half way: read the block again.
            grezzi = self._scan(pezzo)
        for inizio, grezzo in zip(inizi, grezzi, strict=True):
            if not grezzo.campi[_ID_LOCALE]:
                grezzo.campi[_ID_LOCALE] = _local_id(pezzo, inizio)
        return self._records(righe, grezzi)

    def _cut(self, dati: bytes) -> bytes:
        """Return what is whole after one more block, and keep the rest."""
        buffer = self.resto + dati
        if b"!" in buffer:  # looking for one character is ten times faster than for two
            buffer = _NON_TESTO.sub(_as_text, buffer)
        fine = _end_of_last(buffer)
        if fine == 0 and len(buffer) > _MASSIMO_OGGETTO:
            raise FormatError(self.file, "elemento senza chiusura", riga=self.riga)
        self.resto = buffer[fine:]
        return buffer[:fine]

    def close(self) -> None:
        """Check that the file ended where it should."""
        coda = _NON_TESTO.sub(b"", self.resto)
        inizio = INIZIO_OGGETTO.search(coda)
        vuoto = self.attesa is None and coda.rstrip().endswith(b"/>")
        if inizio is not None or not (vuoto or _closes_root(coda)):
            raise FormatError(self.file, "file troncato: manca la chiusura", riga=self.riga)

    def _skip(self, pezzo: bytes) -> None:
        """Keep count of lines and depth over a block that another reader examines."""
        ottetti = np.frombuffer(pezzo, np.uint8)
        aperte, barre = ottetti == ord("<"), ottetti == ord("/")
        sole = barre[:-1] & (ottetti[1:] == ord(">"))
        altre = aperte[:-1] & ((ottetti[1:] == ord("!")) | (ottetti[1:] == ord("?")))
        chiuse = aperte[:-1] & barre[1:]
        conti = [int(np.count_nonzero(quali)) for quali in (aperte, chiuse, altre, sole)]
        self.profondita += conti[0] - 2 * conti[1] - conti[2] - conti[3]
        self.riga += int(np.count_nonzero(ottetti == ord("\n")))

    def _follow(self, pezzo: bytes, inizi: list[int]) -> list[int]:
        """Return the line of each feature; refuse a feature at the wrong depth."""
        ottetti = np.frombuffer(pezzo, np.uint8)
        aperte = np.flatnonzero(ottetti[:-1] == ord("<"))
        dopo = ottetti[aperte + 1]
        passi = np.where(dopo == ord("/"), -1, 1)
        passi[(dopo == ord("!")) | (dopo == ord("?"))] = 0
        chiuse = np.flatnonzero(ottetti == ord(">"))
        chiuse = chiuse[ottetti[chiuse - 1] == ord("/")]
        a_capo = np.flatnonzero(ottetti == ord("\n"))
        livelli = np.concatenate([[0], np.cumsum(passi)]) + self.profondita
        dove = np.array(inizi)
        quote = livelli[np.searchsorted(aperte, dove)] - np.searchsorted(chiuse, dove)
        righe = (np.searchsorted(a_capo, dove) + self.riga).tolist()
        self._check_depth(quote, righe)
        figli = livelli[:-1] - np.searchsorted(chiuse, aperte)
        if ((figli == self.attesa) & (passi > 0) & (aperte >= dove[0])).sum() > len(inizi):
            raise FormatError(self.file, "elemento inatteso fra gli oggetti", riga=righe[0])
        self.riga += len(a_capo)
        self.profondita = int(livelli[-1]) - len(chiuse)
        return list(righe)

    def _check_depth(self, quote: NDArray[np.int64], righe: list[int]) -> None:
        if self.attesa is None:
            self.attesa = int(quote[0])
        sbagliate = np.flatnonzero(quote != self.attesa)
        if len(sbagliate):
            prima = max(int(sbagliate[0]) - 1, 0)
            raise FormatError(self.file, "XML non ben formato", riga=righe[prima])

    def _learn(self, pezzo: bytes) -> bool:
        """Add the tag names of a block; say whether any was new."""
        nuovi = {
            intero: _RUOLI[locale.lower()]
            for intero, locale in set(_TAG.findall(pezzo))
            if intero not in self.ruoli and locale.lower() in _RUOLI
        }
        if not nuovi:
            return False
        self.ruoli |= nuovi
        # Holes are rare: their tag, a brother of posList, is known before the first one comes.
        for intero in [n for n, r in self.ruoli.items() if r == _POSIZIONI]:
            self.ruoli[intero[: -len(b"posList")] + b"interior"] = _INTERNO
        nomi = _alternatives(self.ruoli)
        self.modello = re.compile(rb"<(" + nomi + rb")(?:\s[^>]*)?>([^<]*)")
        # Literal names are found ten times faster than any prefix in any case.
        oggetti = _alternatives(n for n, r in self.ruoli.items() if r == _OGGETTO)
        self.inizio = re.compile(rb"<(?:" + oggetti + rb")(?=[\s>])")
        return True

    def _scan(self, pezzo: bytes) -> list[_Grezzo]:
        """Take the wanted texts out of a block."""
        ruoli = self.ruoli
        grezzi: list[_Grezzo] = []
        corrente = _Grezzo()
        interno = False
        for tag, testo in self.modello.findall(pezzo):
            ruolo = ruoli[tag]
            if ruolo < _QUANTI_CAMPI:
                corrente.campi[ruolo] = testo
            elif ruolo == _POSIZIONI:
                corrente.anelli.append(testo)
                corrente.interni.append(interno)
                interno = False
            elif ruolo == _OGGETTO:
                corrente = _Grezzo()
                grezzi.append(corrente)
            else:
                interno = True
        return grezzi

    def _records(self, righe: list[int], grezzi: list[_Grezzo]) -> list[OggettoGml]:
        """Parse the coordinates and the texts of a block together and build its records."""
        testi = [a for g in grezzi for a in g.anelli]
        anelli = iter(parse_rings(testi, assi_scambiati=self.testa.assi_scambiati))
        # One decoding a block: a NUL cannot stand in XML.
        unito = b"\0".join(chain.from_iterable(g.campi for g in grezzi))
        campi = self._text(unito).split("\0")
        return [
            _record(riga, grezzo, riga_campi, anelli)
            for riga, grezzo, riga_campi in zip(
                righe, grezzi, batched(campi, _QUANTI_CAMPI), strict=True
            )
        ]

    def _text(self, valore: bytes) -> str:
        testo = valore.decode(self.testa.codifica, "replace")
        return unescape(testo) if "&" in testo else testo


def _alternatives(nomi: Iterable[bytes]) -> bytes:
    return b"|".join(re.escape(n) for n in sorted(nomi, key=len, reverse=True))


def _record(riga: int, g: _Grezzo, campi: tuple[str, ...], anelli: Iterator[Anello]) -> OggettoGml:
    propri = [next(anelli) for _ in g.anelli]
    geometria, problema = assemble(propri, g.interni)
    riferimento, etichetta, id_locale, unita, livello, nome_livello = map(str.strip, campi)
    if not riferimento:
        problema = "; ".join(filter(None, ("riferimento mancante", problema)))
    return OggettoGml(
        riga,
        riferimento,
        etichetta or None,
        id_locale or None,
        unita or None,
        geometria,
        problema,
        livello or None,
        nome_livello or None,
    )


def _local_id(pezzo: bytes, inizio: int) -> bytes:
    """Take the local id out of ``gml:id="CadastralParcel.IT.AGE.PLA.A176_003100.329"``."""
    trovato = _ID.match(pezzo, inizio)
    return trovato[1] if trovato else b""


def _as_text(trovato: re.Match[bytes]) -> bytes:
    """Replace a comment by its line breaks and CDATA by escaped text."""
    if trovato[1] is None:
        return b"\n" * trovato[0].count(b"\n")
    return trovato[1].replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _end_of_last(buffer: bytes) -> int:
    """Return where the last whole feature ends, 0 when there is none."""
    aperto = buffer.rfind(b"<!--")
    fine = len(buffer) if aperto < 0 else aperto
    while (dove := buffer.rfind(b"</", 0, fine)) >= 0:
        chiusura = _FINE_OGGETTO.match(buffer, dove)
        if chiusura is not None:
            return chiusura.end()
        fine = dove
    return 0


def _closes_root(coda: bytes) -> bool:
    return coda.rstrip().lower().endswith(b"featurecollection>") and b"</" in coda

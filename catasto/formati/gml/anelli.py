"""From the text of many ``posList`` at once to WKB polygons.

Numbers are parsed by numpy over a whole chunk of the file, because a call a ring costs
more than the parsing; only chunks with a damaged ring are taken ring by ring.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

#: WKB of the points of a ring with their count, or None, and what is wrong with it.
type Anello = tuple[bytes | None, str | None]

_MINIMO_PUNTI: Final = 4
_POCHI_PUNTI: Final = "anello con meno di 4 punti"
_ITALIA_MINIMO: Final = np.array([6.0, 35.0])
_ITALIA_MASSIMO: Final = np.array([19.5, 48.0])
_CONTEGGIO: Final = struct.Struct("<I")
_POLIGONO: Final = b"\x01\x03\x00\x00\x00"
_UN_ANELLO: Final = _POLIGONO + _CONTEGGIO.pack(1)
_MULTIPOLIGONO: Final = b"\x01\x06\x00\x00\x00"


def parse_rings(testi: Sequence[bytes], *, assi_scambiati: bool) -> list[Anello]:
    """Turn texts of coordinates into rings with x = longitude, y = latitude."""
    if not testi:
        return []
    conteggi = [len(t.split()) for t in testi]
    xy = _numbers(b" ".join(testi), sum(conteggi))
    regolari = xy is not None and not any(c & 1 or c < 2 * _MINIMO_PUNTI for c in conteggi)
    if xy is None or not regolari:
        return [_ring_alone(t, assi_scambiati=assi_scambiati) for t in testi]
    punti = np.ascontiguousarray(
        xy.reshape(-1, 2) if assi_scambiati else xy.reshape(-1, 2)[:, ::-1]
    )
    fini = np.cumsum(conteggi) // 2
    inizi = fini - np.array(conteggi) // 2
    chiusi = (punti[inizi] == punti[fini - 1]).all(axis=1)
    dentro = _inside_italy(punti)
    grezzi = punti.astype("<f8", copy=False).tobytes()
    if dentro.all() and chiusi.all():
        return [
            (_CONTEGGIO.pack(b - a) + grezzi[16 * a : 16 * b], None)
            for a, b in zip(inizi.tolist(), fini.tolist(), strict=True)
        ]
    return [_checked(punti[a:b]) for a, b in zip(inizi.tolist(), fini.tolist(), strict=True)]


def _numbers(testo: bytes, attesi: int) -> NDArray[np.float64] | None:
    try:
        valori = np.fromstring(testo, sep=" ")
    except ValueError:
        return None
    return valori if len(valori) == attesi and not attesi & 1 else None


def _inside_italy(punti: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points are in the box of Italy; NaN is not."""
    return ((punti >= _ITALIA_MINIMO) & (punti <= _ITALIA_MASSIMO)).all(axis=1)


def _ring_alone(testo: bytes, *, assi_scambiati: bool) -> Anello:
    pezzi = testo.split()
    valori = _numbers(testo, len(pezzi))
    if valori is None:
        dispari = len(pezzi) & 1
        return None, "numero dispari di coordinate" if dispari else "coordinate illeggibili"
    punti = valori.reshape(-1, 2)
    return _checked(punti if assi_scambiati else punti[:, ::-1])


def _checked(punti: NDArray[np.float64]) -> Anello:
    problema = None
    if len(punti) and not (punti[0] == punti[-1]).all():
        problema = "anello non chiuso, chiuso in lettura"
        punti = np.concatenate([punti, punti[:1]])
    if len(punti) < _MINIMO_PUNTI:
        return None, _POCHI_PUNTI
    if not _inside_italy(punti).all():
        return None, "coordinate fuori dall'Italia"
    grezzi = np.ascontiguousarray(punti, dtype="<f8").tobytes()
    return _CONTEGGIO.pack(len(punti)) + grezzi, problema


def assemble(anelli: Sequence[Anello], interni: Sequence[bool]) -> tuple[bytes | None, str | None]:
    """Build the WKB of one feature from its rings; holes follow their shell.

    A hole that cannot be read is left out and reported, and so is a surface of too few
    points, which covers nothing; any other shell that cannot be read takes the whole
    feature with it.
    """
    if len(anelli) == 1 and anelli[0][0] is not None and not interni[0]:
        # Nine parcels in ten.
        return _UN_ANELLO + anelli[0][0], anelli[0][1]
    poligoni: list[list[bytes]] = []
    problemi: list[str] = []
    attuale: list[bytes] | None = None
    for (punti, problema), interno in zip(anelli, interni, strict=True):
        if problema is not None:
            problemi.append(f"{problema} (isola)" if interno else problema)
        if punti is None and not interno and problema != _POCHI_PUNTI:
            return None, "; ".join(problemi)
        if not interno:
            # The holes of a surface that covers nothing go with it.
            attuale = []
            if punti is not None:
                poligoni.append(attuale)
        if attuale is None:
            return None, "isola senza contorno"
        if punti is not None:
            attuale.append(punti)
    problema = "; ".join(dict.fromkeys(problemi)) or None
    if not poligoni:
        return None, problema or "geometria assente"
    return _pack(poligoni), problema


def _pack(poligoni: list[list[bytes]]) -> bytes:
    pezzi = [_POLIGONO + _CONTEGGIO.pack(len(p)) + b"".join(p) for p in poligoni]
    if len(pezzi) == 1:
        return pezzi[0]
    return _MULTIPOLIGONO + _CONTEGGIO.pack(len(pezzi)) + b"".join(pezzi)

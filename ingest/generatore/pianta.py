"""The plan of the territory: settlements, main roads, river. In metres, centre at 0, 0."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.generatore.caso import new_caso
from ingest.generatore.nomi import LUOGHI

#: Square metres of territory for each building: a small town of the plain.
_MQ_PER_EDIFICIO: Final = 7000.0
#: Largest town; more buildings than this make more towns, as in real provinces.
_MAX_CAPOLUOGO: Final = 9000
_PASSO_ASSE: Final = 12.0


@dataclass(slots=True)
class Insediamento:
    """A town, village or hamlet, with the reach of its three ages."""

    numero: int
    x: float
    y: float
    edifici: int
    nome: str = ""
    fasi: list[tuple[int, float, float]] = field(default_factory=list)

    @property
    def raggio_nucleo(self) -> float:
        """Return the radius of the medieval core in metres."""
        return _raggio(self._nucleo / 70)

    @property
    def raggio_borgo(self) -> float:
        """Return the radius reached before the last war."""
        return _raggio(self._nucleo / 70 + self._borgo / 34)

    @property
    def raggio(self) -> float:
        """Return the radius reached today, roads apart."""
        nuovi = self.edifici - self._nucleo - self._borgo
        return _raggio(self._nucleo / 70 + self._borgo / 34 + nuovi / 11.5)

    @property
    def _nucleo(self) -> float:
        return min(0.30 * self.edifici, 1300)

    @property
    def _borgo(self) -> float:
        return min(0.15 * self.edifici, 1500)

    def lobo(self, teta: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much further than the mean the town reaches in a direction."""
        g = np.ones_like(teta)
        for k, ampiezza, fase in self.fasi:
            g += ampiezza * np.sin(k * teta + fase)
        return g


@dataclass(slots=True)
class Asse:
    """Half of a main road: from the square of a settlement outwards."""

    numero: int
    insediamento: int
    strada: int
    punti: NDArray[np.float64]
    esce: bool


@dataclass(slots=True)
class Pianta:
    """What is decided for the whole territory before the first block is drawn."""

    raggio: float
    fasi: list[tuple[int, float, float]]
    insediamenti: list[Insediamento]
    assi: list[Asse]
    fiume: NDArray[np.float64]
    larghezza_fiume: float
    #: Side of the square when the territory is one of several, else 0.
    lato: float = 0.0

    def inside(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points lie within the municipality."""
        if self.lato:
            return np.maximum(np.abs(x), np.abs(y)) < self.lato / 2
        teta = np.arctan2(y, x)
        g = np.ones_like(teta)
        for k, ampiezza, fase in self.fasi:
            g += ampiezza * np.sin(k * teta + fase)
        esito: NDArray[np.bool_] = np.hypot(x, y) < self.raggio * g
        return esito


def _raggio(ettari: float) -> float:
    return math.sqrt(ettari * 1e4 / math.pi)


def side(edifici: int) -> float:
    """Return the side of a square of territory for so many buildings, in whole metres."""
    return 2.0 * round(math.sqrt(edifici * _MQ_PER_EDIFICIO) / 2)


def plan(
    edifici: int, seme: object, scala: float = 1.0, *, lato: float = 0.0, nome: str = ""
) -> Pianta:
    """Decide where the town lies, its hamlets, the roads between them and the river.

    ``scala`` makes every settlement larger or smaller in the same territory; ``lato``
    makes the territory a square of that side, ``nome`` names its chief town.
    """
    caso = new_caso(seme, "pianta")
    raggio = math.sqrt(edifici * _MQ_PER_EDIFICIO / math.pi)
    fasi = [(k, caso.uniform(0.03, 0.16 / k**0.5), caso.uniform(0, 6.28)) for k in (2, 3, 5)]
    insediamenti = _settle(edifici, raggio, scala, caso)
    fiume, larghezza = _river(insediamenti[0], raggio, caso)
    insediamenti[0].nome = nome
    strade = _roads(insediamenti, raggio, caso)
    return Pianta(raggio, fasi, insediamenti, strade, fiume, larghezza, lato)


def _settle(edifici: int, raggio: float, scala: float, caso: random.Random) -> list[Insediamento]:
    """Place the chief town near the middle and hamlets around it, each smaller."""
    capoluogo = min(round(edifici * 0.54 * scala), _MAX_CAPOLUOGO)
    resto = edifici * 0.72 * scala - capoluogo
    quanti = round(edifici / 800) if edifici >= 600 else 0
    pesi = [1 / (i + 1) ** 0.6 for i in range(quanti)]
    totale = sum(pesi)
    taglie = [max(25, min(round(resto * p / totale), 5000)) for p in pesi]
    elenco = [Insediamento(0, raggio * caso.uniform(-0.12, 0.12), raggio * 0.05, capoluogo)]
    griglia: dict[tuple[int, int], list[Insediamento]] = {}
    passo = 1.1 * raggio / math.sqrt(quanti + 1)
    for n in taglie:
        for _ in range(60):
            r, t = raggio * 0.88 * math.sqrt(caso.random()), caso.uniform(0, 2 * math.pi)
            x, y = r * math.cos(t), r * math.sin(t)
            if _far_enough(x, y, n, elenco[0], griglia, passo):
                nuovo = Insediamento(len(elenco), x, y, n)
                elenco.append(nuovo)
                griglia.setdefault((int(x // passo), int(y // passo)), []).append(nuovo)
                break
    for i in elenco:
        i.nome = "" if i.numero == 0 else _hamlet(i.numero, caso)
        i.fasi = [(k, caso.uniform(0.04, 0.16), caso.uniform(0, 6.28)) for k in (1, 2, 3, 5)]
    return elenco


def _hamlet(numero: int, caso: random.Random) -> str:
    """Return a name for a hamlet; beyond the list, two of them joined."""
    if numero <= len(LUOGHI):
        return LUOGHI[(numero * 7) % len(LUOGHI)]
    return f"{caso.choice(LUOGHI)} {numero}"


def _far_enough(
    x: float,
    y: float,
    n: int,
    capoluogo: Insediamento,
    griglia: dict[tuple[int, int], list[Insediamento]],
    passo: float,
) -> bool:
    io = Insediamento(-1, x, y, n).raggio
    vicini = [capoluogo]
    cx, cy = int(x // passo), int(y // passo)
    for gx in (cx - 1, cx, cx + 1):
        for gy in (cy - 1, cy, cy + 1):
            vicini += griglia.get((gx, gy), ())
    return all(math.hypot(x - v.x, y - v.y) > 1.9 * (io + v.raggio) + 120 for v in vicini)


def _river(
    capoluogo: Insediamento, raggio: float, caso: random.Random
) -> tuple[NDArray[np.float64], float]:
    """Draw a winding river that passes beside the old core of the chief town."""
    larghezza = min(38.0, 9 + raggio / 130)
    direzione = caso.uniform(-0.5, 0.5)
    lato_fiume = caso.choice((-1, 1))
    distanza = capoluogo.raggio_borgo * caso.uniform(0.85, 1.05) + larghezza
    ux, uy = math.cos(direzione), math.sin(direzione)
    s = np.arange(-1.6 * raggio, 1.6 * raggio, _PASSO_ASSE)
    onda = np.zeros_like(s)
    for lunghezza in (2600.0, 1150.0, 520.0):
        fase = caso.uniform(0, 6.28)
        onda += lunghezza / 17 * (np.sin(2 * np.pi * s / lunghezza + fase) - math.sin(fase))
    # Near the town the river runs quietly: banks were straightened long ago.
    onda *= np.clip(np.abs(s) / (2.2 * capoluogo.raggio + 1), 0, 1) ** 1.2
    t = lato_fiume * distanza + onda
    punti = np.column_stack(
        (capoluogo.x + s * ux - t * uy * 1.0, capoluogo.y + s * uy + t * ux * 1.0)
    )
    return punti, larghezza


def _roads(insediamenti: list[Insediamento], raggio: float, caso: random.Random) -> list[Asse]:
    """Join neighbouring settlements and lead the chief ones out of the municipality."""
    assi: list[Asse] = []
    strada = 0
    angoli: list[list[float]] = [[] for _ in insediamenti]
    for i, j in _gabriel(insediamenti):
        a, b = insediamenti[i], insediamenti[j]
        curva = _curve(a, b, caso)
        meta = len(curva) // 2 + 1
        assi.append(Asse(len(assi), i, strada, curva[:meta], False))
        assi.append(Asse(len(assi), j, strada, curva[::-1][:meta], False))
        angoli[i].append(math.atan2(b.y - a.y, b.x - a.x))
        angoli[j].append(math.atan2(a.y - b.y, a.x - b.x))
        strada += 1
    for ins in insediamenti:
        voluti = (
            6 if ins.edifici > 900 else 5 if ins.edifici > 350 else 4 if ins.edifici > 120 else 3
        )
        while len(angoli[ins.numero]) < voluti:
            teta = _largest_gap(angoli[ins.numero], caso)
            angoli[ins.numero].append(teta)
            lunga = ins.numero == 0 or math.hypot(ins.x, ins.y) > 0.55 * raggio
            portata = 2.6 * raggio if lunga else 3.2 * ins.raggio + 150
            punti = _wander(ins.x, ins.y, teta, portata, caso)
            assi.append(Asse(len(assi), ins.numero, strada, punti, lunga))
            strada += 1
    return assi


def _gabriel(insediamenti: list[Insediamento]) -> list[tuple[int, int]]:
    """Return the pairs with nobody in the circle between them (nearest 12 looked at)."""
    if len(insediamenti) < 2:
        return []
    xy = np.array([(i.x, i.y) for i in insediamenti])
    coppie: list[tuple[int, int]] = []
    for i in range(len(xy)):
        d2 = ((xy - xy[i]) ** 2).sum(axis=1)
        vicini = np.argsort(d2, kind="stable")[1:13]
        for j in vicini:
            if j < i:
                continue
            meta = (xy[i] + xy[j]) / 2
            dentro = ((xy[vicini] - meta) ** 2).sum(axis=1) < d2[j] / 4 - 1e-6
            if not dentro.any():
                coppie.append((i, int(j)))
    return coppie


def _largest_gap(angoli: list[float], caso: random.Random) -> float:
    if not angoli:
        return caso.uniform(-math.pi, math.pi)
    ordinati = sorted(angoli)
    vuoti = [
        (b - a, a)
        for a, b in zip(ordinati, [*ordinati[1:], ordinati[0] + 2 * math.pi], strict=True)
    ]
    ampiezza, inizio = max(vuoti)
    return (inizio + ampiezza * caso.uniform(0.4, 0.6) + math.pi) % (2 * math.pi) - math.pi


def _wander(
    x: float, y: float, teta: float, portata: float, caso: random.Random
) -> NDArray[np.float64]:
    """Walk outwards from a point with a slowly turning heading."""
    passi = int(portata / _PASSO_ASSE) + 2
    curva = 0.0
    punti = [(x, y)]
    for _ in range(passi):
        curva = 0.93 * curva + caso.gauss(0, 0.0045)
        direzione = teta + curva * 6
        teta = teta + curva * 0.25
        x += _PASSO_ASSE * math.cos(direzione)
        y += _PASSO_ASSE * math.sin(direzione)
        punti.append((x, y))
    return np.array(punti)


def _curve(a: Insediamento, b: Insediamento, caso: random.Random) -> NDArray[np.float64]:
    """Return a gently bent road between two squares, sampled at even steps."""
    dx, dy = b.x - a.x, b.y - a.y
    distanza = math.hypot(dx, dy)
    p1 = caso.uniform(-0.12, 0.12) * distanza
    p2 = caso.uniform(-0.12, 0.12) * distanza
    nx, ny = -dy / distanza, dx / distanza
    t = np.linspace(0, 1, max(4, int(distanza / _PASSO_ASSE)) + 1)
    scarto = 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2
    return np.column_stack((a.x + dx * t + nx * scarto, a.y + dy * t + ny * scarto))

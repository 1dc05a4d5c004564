"""Seeds of the blocks: one point for each block, dense in the core, rare in the fields.

Roads, ring roads and the river are seeds in mirrored pairs: between the two of a
pair the cell border runs along the road itself. The younger quarters are lattices
laid along the road they grew from, so blocks follow the road that made them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.generatore.caso import new_caso
from ingest.generatore.pianta import Asse, Insediamento, Pianta

PIAZZA: Final = 0
NUCLEO: Final = 1
BORGO: Final = 2
ESPANSIONE: Final = 3
NASTRO: Final = 4
PRODUTTIVO: Final = 5
CAMPAGNA: Final = 6
FUORI: Final = 7
#: Edges between the two banks carry this instead of the number of a road.
FIUME: Final = -2
NESSUNO: Final = -1

type Seme = tuple[float, float, int, int, int, int]


@dataclass(slots=True)
class Semi:
    """Accepted seeds, and a grid to find which are near."""

    passo: float = 60.0
    punti: list[Seme] = field(default_factory=list)
    griglia: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def free(self, x: float, y: float, distanza: float) -> bool:
        """Tell whether no seed lies nearer than a distance."""
        passo = self.passo
        k = int(distanza // passo) + 1
        cx, cy = int(x // passo), int(y // passo)
        d2 = distanza * distanza
        griglia, punti = self.griglia, self.punti
        for gx in range(cx - k, cx + k + 1):
            for gy in range(cy - k, cy + k + 1):
                for i in griglia.get((gx, gy), ()):
                    p = punti[i]
                    if (p[0] - x) ** 2 + (p[1] - y) ** 2 < d2:
                        return False
        return True

    def add(self, seme: Seme) -> None:
        """Accept a seed."""
        self.griglia.setdefault(
            (int(seme[0] // self.passo), int(seme[1] // self.passo)), []
        ).append(len(self.punti))
        self.punti.append(seme)

    def add_pair(self, a: Seme, b: Seme, distanza: float) -> None:
        """Accept both seeds of a pair or neither."""
        if self.free(a[0], a[1], distanza) and self.free(b[0], b[1], distanza):
            self.add(a)
            self.add(b)


def sow(pianta: Pianta, seme: object) -> Semi:
    """Lay the seeds of the whole territory, the ones that give shape first."""
    semi = Semi()
    caso = new_caso(seme, "semi")
    for ins in pianta.insediamenti:
        semi.add((ins.x, ins.y, PIAZZA, ins.numero, NESSUNO, 0))
    _sow_bridges(pianta, semi)
    _sow_river(pianta, semi)
    per_insediamento: dict[int, list[Asse]] = {}
    for asse in pianta.assi:
        per_insediamento.setdefault(asse.insediamento, []).append(asse)
    campi = [_Campo(ins, per_insediamento[ins.numero]) for ins in pianta.insediamenti]
    for campo in campi:
        _sow_ring(campo.ins, semi)
        _sow_axes(campo, semi, caso)
    for campo in campi:
        _sow_core(campo, semi, caso)
        _sow_quarters(campo, semi, caso)
    for campo in campi:
        _sow_axes_outside(campo, semi, caso)
    _sow_country(pianta, semi, caso)
    return semi


class _Campo:
    """How near each place is to the roads of one settlement, hence how built."""

    def __init__(self, ins: Insediamento, assi: list[Asse]) -> None:
        self.ins = ins
        self.assi = assi

    def reach(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distance from the square in units of the town's reach there."""
        ins = self.ins
        dx, dy = x - ins.x, y - ins.y
        vicino = np.full(x.shape, 1e9)
        for asse in self.assi:
            vicino = np.minimum(vicino, _distance(asse.punti[::4], x, y))
        portata = 0.66 + 0.95 * np.exp(-((vicino / (0.17 * ins.raggio + 30)) ** 2))
        lobo = ins.lobo(np.arctan2(dy, dx))
        esito: NDArray[np.float64] = np.hypot(dx, dy) / (ins.raggio * portata * lobo)
        return esito

    def own(self, asse: Asse, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell where an axis is the nearest road of its settlement."""
        mia = _distance(asse.punti[::4], x, y)
        esito = np.ones(x.shape, dtype=bool)
        for altro in self.assi:
            if altro is not asse:
                esito &= mia <= _distance(altro.punti[::4], x, y) + 1e-9
        return esito


def _distance(
    punti: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    d2 = (x[:, None] - punti[None, :, 0]) ** 2 + (y[:, None] - punti[None, :, 1]) ** 2
    esito: NDArray[np.float64] = np.sqrt(d2.min(axis=1))
    return esito


def _along(punti: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distance walked to each sample of a line and its unit normals."""
    passi = np.diff(punti, axis=0)
    lunghezze = np.hypot(passi[:, 0], passi[:, 1])
    s = np.concatenate(([0.0], np.cumsum(lunghezze)))
    tangenti = np.gradient(punti, axis=0)
    tangenti /= np.hypot(tangenti[:, 0], tangenti[:, 1])[:, None]
    normali = np.column_stack((-tangenti[:, 1], tangenti[:, 0]))
    return s, normali


def _stations(
    punti: NDArray[np.float64], posizioni: list[float]
) -> Iterator[tuple[float, float, float, float, float]]:
    """Yield (s, x, y, nx, ny) at given distances along a line."""
    s, normali = _along(punti)
    for p in posizioni:
        if p > s[-1]:
            return
        nx, ny = np.interp(p, s, normali[:, 0]), np.interp(p, s, normali[:, 1])
        yield p, float(np.interp(p, s, punti[:, 0])), float(np.interp(p, s, punti[:, 1])), nx, ny


def _sow_river(pianta: Pianta, semi: Semi) -> None:
    capoluogo = pianta.insediamenti[0]
    s, normali = _along(pianta.fiume)
    fine = float(s[-1])
    posizione = 0.0
    while posizione < fine:
        x = float(np.interp(posizione, s, pianta.fiume[:, 0]))
        y = float(np.interp(posizione, s, pianta.fiume[:, 1]))
        nx = float(np.interp(posizione, s, normali[:, 0]))
        ny = float(np.interp(posizione, s, normali[:, 1]))
        r = math.hypot(x - capoluogo.x, y - capoluogo.y) / capoluogo.raggio
        t = pianta.larghezza_fiume / 2 + (16 if r < 0.7 else 32 if r < 1.6 else 55)
        # In town both banks are built on.
        tessuto = ESPANSIONE if r < 0.85 else CAMPAGNA
        semi.add_pair(
            (x + nx * t, y + ny * t, tessuto, 0, NESSUNO, 0),
            (x - nx * t, y - ny * t, tessuto, 0, NESSUNO, 0),
            t * 0.8,
        )
        posizione += t * 1.25


def _sow_bridges(pianta: Pianta, semi: Semi) -> None:
    """Lay four seeds where a main road meets the river, so that it reaches both banks."""
    fiume = shapely.linestrings(pianta.fiume)
    _, normali = _along(pianta.fiume)
    for asse in pianta.assi:
        incrocio = shapely.intersection(shapely.linestrings(asse.punti), fiume)
        for punto in shapely.get_coordinates(incrocio)[:1]:
            i = int(np.argmin(((asse.punti - punto) ** 2).sum(axis=1)))
            i = min(max(i, 1), len(asse.punti) - 2)
            u = asse.punti[i + 1] - asse.punti[i - 1]
            j = int(np.argmin(((pianta.fiume - punto) ** 2).sum(axis=1)))
            n = normali[j]
            # A bridge crosses at a right angle, whichever way the road comes.
            tangente = np.array((n[1], -n[0]))
            quattro = [
                punto + n * (pianta.larghezza_fiume / 2 + 24) * a + tangente * 17.0 * b
                for a in (1, -1)
                for b in (1, -1)
            ]
            if all(semi.free(float(x), float(y), 30) for x, y in quattro):
                for x, y in quattro:
                    lato = 1 if u[0] * (y - punto[1]) - u[1] * (x - punto[0]) > 0 else -1
                    semi.add((float(x), float(y), CAMPAGNA, asse.insediamento, asse.strada, lato))


def banks(pianta: Pianta, semi: Semi) -> list[int]:
    """Return for each seed near the river on which bank it lies (1, -1), 0 far from it.

    What divides the two banks in the mesh is then one unbroken line.
    """
    maglia = 260.0
    campioni: dict[tuple[int, int], list[int]] = {}
    _, normali = _along(pianta.fiume)
    fiume: list[list[float]] = pianta.fiume.tolist()
    versi: list[list[float]] = normali.tolist()
    for i, (x, y) in enumerate(fiume):
        campioni.setdefault((int(x // maglia), int(y // maglia)), []).append(i)
    sponde: list[int] = []
    for x, y, *_ in semi.punti:
        cx, cy = int(x // maglia), int(y // maglia)
        vicini = [
            i
            for gx in (cx - 1, cx, cx + 1)
            for gy in (cy - 1, cy, cy + 1)
            for i in campioni.get((gx, gy), ())
        ]
        if not vicini:
            sponde.append(0)
            continue
        i = min(vicini, key=lambda i: (fiume[i][0] - x) ** 2 + (fiume[i][1] - y) ** 2)
        lato = (x - fiume[i][0]) * versi[i][0] + (y - fiume[i][1]) * versi[i][1]
        sponde.append(1 if lato > 0 else -1)
    return sponde


def _sow_ring(ins: Insediamento, semi: Semi) -> None:
    """Lay the road that took the place of the walls."""
    if ins.edifici < 500:
        return
    raggio, t = ins.raggio_nucleo, 15.0
    n = int(2 * math.pi * raggio / 31)
    teta = np.linspace(0, 2 * math.pi, n, endpoint=False)
    forma = ins.lobo(teta) ** 1.3
    for a, f in zip(teta.tolist(), forma.tolist(), strict=True):
        dentro, fuori = raggio * f - t, raggio * f + t
        semi.add_pair(
            (ins.x + dentro * math.cos(a), ins.y + dentro * math.sin(a), NUCLEO, ins.numero, -3, 1),
            (ins.x + fuori * math.cos(a), ins.y + fuori * math.sin(a), BORGO, ins.numero, -3, -1),
            22,
        )


def _sow_axes(campo: _Campo, semi: Semi, caso: random.Random) -> None:
    """Lay the pairs along the main roads inside the old town."""
    ins = campo.ins
    for asse in campo.assi:
        posizioni, p = [], 22.0
        while p < ins.raggio_borgo * 1.25:
            posizioni.append(p)
            p += caso.uniform(22, 30) if p < ins.raggio_nucleo else caso.uniform(32, 44)
        for s, x, y, nx, ny in _stations(asse.punti, posizioni):
            vecchio = s < ins.raggio_nucleo
            t = 12.0 if vecchio else 19.0
            tessuto = NUCLEO if vecchio else BORGO
            semi.add_pair(
                (x + nx * t, y + ny * t, tessuto, ins.numero, asse.strada, 1),
                (x - nx * t, y - ny * t, tessuto, ins.numero, asse.strada, -1),
                t * 1.35,
            )


def _sow_core(campo: _Campo, semi: Semi, caso: random.Random) -> None:
    """Fill the core and the old suburb with irregular blocks."""
    ins = campo.ins
    for raggio, tessuto, passo in (
        (ins.raggio_nucleo, NUCLEO, 31.0),
        (ins.raggio_borgo, BORGO, 47.0),
    ):
        quanti = int(9 * (raggio / passo) ** 2) + 8
        for _ in range(quanti):
            r, teta = raggio * 1.15 * math.sqrt(caso.random()), caso.uniform(0, 2 * math.pi)
            forma = float(ins.lobo(np.array([teta]))[0])
            r *= forma**1.3
            x, y = ins.x + r * math.cos(teta), ins.y + r * math.sin(teta)
            if semi.free(x, y, passo * 0.86):
                semi.add((x, y, tessuto, ins.numero, NESSUNO, 0))


def _sow_quarters(campo: _Campo, semi: Semi, caso: random.Random) -> None:
    """Lay the lattices of the younger quarters along the road of each sector."""
    ins = campo.ins
    for asse in campo.assi:
        passo_s, passo_t = caso.uniform(74, 112), caso.uniform(56, 72)
        righe = int(1.5 * ins.raggio / passo_t) + 1
        s, normali = _along(asse.punti)
        inizio = ins.raggio_borgo * 0.9 + passo_s / 2
        posizioni = np.arange(inizio, min(float(s[-1]), 1.9 * ins.raggio), passo_s)
        if not len(posizioni):
            continue
        x0 = np.interp(posizioni, s, asse.punti[:, 0])
        y0 = np.interp(posizioni, s, asse.punti[:, 1])
        nx = np.interp(posizioni, s, normali[:, 0])
        ny = np.interp(posizioni, s, normali[:, 1])
        produttivo = asse.numero % 3 == 1 and ins.edifici > 200
        for k in range(righe):
            t = passo_t * (k + 0.5)
            for verso in (1, -1):
                x, y = x0 + nx * t * verso, y0 + ny * t * verso
                x += np.array([caso.uniform(-6, 6) if k else 0.0 for _ in x])
                y += np.array([caso.uniform(-6, 6) if k else 0.0 for _ in x])
                portata = campo.reach(x, y)
                mio = campo.own(asse, x, y) & (portata < 1)
                for j in np.flatnonzero(mio).tolist():
                    tessuto = ESPANSIONE
                    if produttivo and portata[j] > 0.72 and verso == 1:
                        tessuto = PRODUTTIVO
                    strada, lato = (asse.strada, verso) if k == 0 else (NESSUNO, 0)
                    px, py = float(x[j]), float(y[j])
                    if semi.free(px, py, passo_t * 0.78):
                        semi.add((px, py, tessuto, ins.numero, strada, lato))


def _sow_axes_outside(campo: _Campo, semi: Semi, caso: random.Random) -> None:
    """Follow the main roads out of the town: houses in a row first, then fields."""
    ins = campo.ins
    for asse in campo.assi:
        posizioni, p = [], ins.raggio_borgo
        while p < len(asse.punti) * 12.5:
            posizioni.append(p)
            p += 72.0 if p < 2.4 * ins.raggio else 130.0
        for s, x, y, nx, ny in _stations(asse.punti, posizioni):
            costruito = s < ins.raggio * caso.uniform(1.2, 2.3)
            t = 31.0 if s < 2.4 * ins.raggio else 52.0
            for_a = NASTRO if costruito and caso.random() < 0.75 else CAMPAGNA
            for_b = NASTRO if costruito and caso.random() < 0.75 else CAMPAGNA
            semi.add_pair(
                (x + nx * t, y + ny * t, for_a, ins.numero, asse.strada, 1),
                (x - nx * t, y - ny * t, for_b, ins.numero, asse.strada, -1),
                t * 1.25,
            )


def _sow_country(pianta: Pianta, semi: Semi, caso: random.Random) -> None:
    """Fill the rest with fields, smaller near what is built; ghosts lie outside."""
    passo = 105.0
    limite = pianta.raggio * 1.45 + 600
    n = int(2 * limite / passo) + 1
    for riga in range(n):
        x = np.array([-limite + passo * (c + caso.uniform(0.1, 0.9)) for c in range(n)])
        y = np.array([-limite + passo * (riga + caso.uniform(0.1, 0.9)) for _ in range(n)])
        dentro = pianta.inside(x, y)
        vicino = pianta.inside(x * 0.985, y * 0.985)
        for px, py, mio, accanto in zip(
            x.tolist(), y.tolist(), dentro.tolist(), vicino.tolist(), strict=True
        ):
            distanza = caso.uniform(120, 215)
            if not semi.free(px, py, distanza):
                continue
            if mio:
                semi.add((px, py, CAMPAGNA, 0, NESSUNO, 0))
            elif accanto or semi.free(px, py, 230):
                semi.add((px, py, FUORI, 0, NESSUNO, 0))

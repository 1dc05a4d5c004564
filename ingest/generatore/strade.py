"""Streets: how wide, what they are called, how their doors are numbered."""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ingest.generatore.caso import new_caso
from ingest.generatore.maglia import Maglia
from ingest.generatore.modello import Strada
from ingest.generatore.nomi import COGNOMI, FEMMINILI, MASCHILI, VIE_ANTICHE, VIE_NUOVE
from ingest.generatore.pianta import Pianta
from ingest.generatore.semi import (
    BORGO,
    CAMPAGNA,
    ESPANSIONE,
    FIUME,
    NASTRO,
    NUCLEO,
    PIAZZA,
    PRODUTTIVO,
)

_CERCHIA: Final = -3
_LARGHEZZE: Final = {
    NUCLEO: (2.6, 4.8),
    BORGO: (5.5, 8.0),
    ESPANSIONE: (7.5, 9.5),
    NASTRO: (4.0, 5.5),
    PRODUTTIVO: (9.0, 11.0),
    CAMPAGNA: (2.6, 3.8),
}
#: Metres of street for one door, by quarter: how fast numbers grow.
_PASSO_CIVICI: Final = {
    PIAZZA: 12.0,
    NUCLEO: 7.0,
    BORGO: 10.0,
    ESPANSIONE: 17.0,
    NASTRO: 22.0,
    PRODUTTIVO: 45.0,
    CAMPAGNA: 90.0,
}
#: Beyond this turn a street ends and another begins.
_SVOLTA: Final = math.cos(math.radians(38))


def half_widths(maglia: Maglia, fiume_m: float, seme: object) -> list[float]:
    """Return for each edge of the mesh half the width of what runs along it, in mm."""
    caso = new_caso(seme, "larghezze")
    return [_half_width(maglia, k, fiume_m, caso.random()) for k in range(len(maglia.lati))]


def _half_width(maglia: Maglia, k: int, fiume_m: float, sorte: float) -> float:
    _, _, c1, c2 = maglia.lati[k]
    if c2 < 0:
        return 1500.0
    t1, t2 = maglia.celle[c1].tessuto, maglia.celle[c2].tessuto
    asse = maglia.assi[k]
    if asse == FIUME:
        return fiume_m * 500 + 3000
    if asse == _CERCHIA:
        return 4600.0
    if asse is not None:
        return 3100.0 if t1 == t2 == NUCLEO else 4300.0 if BORGO in (t1, t2) else 5200.0
    minore = CAMPAGNA if CAMPAGNA in (t1, t2) else min(max(t1, 1), max(t2, 1))
    da, a = _LARGHEZZE[minore]
    return (da + (a - da) * sorte) * 500


@dataclass(slots=True)
class Viario:
    """The streets of the whole territory and how each edge of the mesh belongs to them."""

    strade: list[Strada]
    #: edge -> street
    di_lato: array[int]
    #: edge -> +1 when the street runs as the edge is written, -1 otherwise
    verso: array[int]
    #: 2·edge + (0 left, 1 right of the edge as written) -> first number on that side
    inizio: array[int]
    #: how many numbers that side of the edge has
    posti: array[int]


def name_streets(pianta: Pianta, maglia: Maglia, seme: object, primo: int = 0) -> Viario:
    """Join edges into streets, name them and spread the house numbers.

    ``primo`` is the number of the first street: squares number theirs one after the other.
    """
    caso = new_caso(seme, "viario")
    n = len(maglia.lati)
    viario = Viario(
        [],
        array("i", [-1]) * n,
        array("b", [1]) * n,
        array("i", [0]) * (2 * n),
        array("h", [0]) * (2 * n),
    )
    nomi = _Nomi(pianta, caso)
    catene = _Catene(maglia)
    for lati in catene.each():
        _open_street(viario, maglia, nomi, lati, primo)
    return viario


def _open_street(
    viario: Viario, maglia: Maglia, nomi: _Nomi, lati: list[tuple[int, int]], primo: int
) -> None:
    numero = len(viario.strade)
    mezzo = lati[len(lati) // 2][0]
    cella = maglia.celle[maglia.lati[mezzo][2]]
    dug, nome, localita = nomi.take(
        maglia, mezzo, cella.tessuto, cella.insediamento, cella.x, cella.y
    )
    viario.strade.append(Strada(primo + numero, dug, nome, localita))
    contatori = [1, 2]
    for k, verso in lati:
        viario.di_lato[k] = numero
        viario.verso[k] = verso
        a, b, c1, c2 = maglia.lati[k]
        lunghezza = math.dist(maglia.vertici[a], maglia.vertici[b]) / 1000
        for mano, c in ((0, c1), (1, c2)):
            if c < 0:
                continue
            lato_via = mano if verso > 0 else 1 - mano
            passo = _PASSO_CIVICI[maglia.celle[c].tessuto]
            posti = max(1, round(lunghezza / passo))
            viario.inizio[2 * k + mano] = contatori[lato_via]
            viario.posti[2 * k + mano] = posti
            contatori[lato_via] += 2 * posti


class _Catene:
    """Follows edges from vertex to vertex as long as they run straight on."""

    def __init__(self, maglia: Maglia) -> None:
        self.maglia = maglia
        self.presi = bytearray(len(maglia.lati))
        self.ai_vertici: dict[int, list[int]] = {}
        for k, (a, b, _, c2) in enumerate(maglia.lati):
            if c2 < 0:
                self.presi[k] = 1
                continue
            self.ai_vertici.setdefault(a, []).append(k)
            self.ai_vertici.setdefault(b, []).append(k)

    def each(self) -> Iterator[list[tuple[int, int]]]:
        """Yield each street as (edge, direction) pairs; main roads first."""
        assi = self.maglia.assi
        principali = [k for k, asse in enumerate(assi) if asse is not None and asse != FIUME]
        for k in (*principali, *range(len(assi))):
            if not self.presi[k]:
                self.presi[k] = 1
                avanti = self._follow(k, 1)
                indietro = self._follow(k, 0)
                yield [*((j, -v) for j, v in reversed(indietro)), (k, 1), *avanti]

    def _follow(self, k: int, capo: int) -> list[tuple[int, int]]:
        """Go on from one end of an edge."""
        maglia = self.maglia
        catena: list[tuple[int, int]] = []
        campagna = maglia.celle[maglia.lati[k][2]].tessuto == CAMPAGNA
        massimo = 14 if campagna else 9
        da = maglia.lati[k][1 - capo]
        a = maglia.lati[k][capo]
        asse = maglia.assi[k]
        while len(catena) < massimo or asse is not None:
            successivo = self._straightest(da, a, asse)
            if successivo < 0:
                break
            self.presi[successivo] = 1
            va, vb = maglia.lati[successivo][:2]
            catena.append((successivo, 1 if va == a else -1))
            da, a = a, vb if va == a else va
        return catena

    def _straightest(self, da: int, a: int, asse: int | None) -> int:
        vertici = self.maglia.vertici
        ox, oy = vertici[a]
        ux, uy = ox - vertici[da][0], oy - vertici[da][1]
        nu = math.hypot(ux, uy) or 1.0
        migliore, scelto = _SVOLTA, -1
        for k in self.ai_vertici.get(a, ()):
            if self.presi[k] or self.maglia.assi[k] != asse:
                continue
            va, vb = self.maglia.lati[k][:2]
            altro = vb if va == a else va
            wx, wy = vertici[altro][0] - ox, vertici[altro][1] - oy
            nw = math.hypot(wx, wy) or 1.0
            coseno = (ux * wx + uy * wy) / (nu * nw)
            # A main road goes on however it bends.
            if coseno > migliore or (asse is not None and coseno > -0.3 and scelto < 0):
                migliore, scelto = coseno, k
        return scelto


class _Nomi:
    """Gives each settlement its own set of street names, homonyms between them allowed."""

    def __init__(self, pianta: Pianta, caso: random.Random) -> None:
        self.caso = caso
        self.pianta = pianta
        self.mazzi: dict[tuple[int, bool], list[str]] = {}
        self.usati: set[tuple[int, str]] = set()

    def take(
        self, maglia: Maglia, k: int, tessuto: int, insediamento: int, x: float, y: float
    ) -> tuple[str, str, str]:
        """Return species, name and locality of a new street."""
        asse = maglia.assi[k]
        if tessuto == CAMPAGNA:
            insediamento = self._nearest(x, y)
        localita = self.pianta.insediamenti[insediamento].nome
        if asse == _CERCHIA:
            return "VIALE", self._fresh(insediamento, "DELLE MURA"), localita
        if tessuto == CAMPAGNA and asse is None:
            dug = self.caso.choice(("STRADA VICINALE", "STRADA", "STRADA COMUNALE"))
            return dug, self._invent(insediamento), localita
        dug = self._species(tessuto, asse)
        return dug, self._draw(insediamento, tessuto == NUCLEO), localita

    def _species(self, tessuto: int, asse: int | None) -> str:
        sorte = self.caso.random()
        if tessuto == NUCLEO:
            if asse is not None:
                return "CORSO" if sorte < 0.3 else "VIA"
            return "VICOLO" if sorte < 0.3 else "VIA" if sorte < 0.92 else "PIAZZETTA"
        if sorte < 0.05 and asse is not None:
            return "VIALE"
        return "VIA" if sorte < 0.93 else "LARGO" if sorte < 0.96 else "VIALE"

    def _nearest(self, x: float, y: float) -> int:
        return min(
            self.pianta.insediamenti[:40]
            if len(self.pianta.insediamenti) > 40
            else self.pianta.insediamenti,
            key=lambda i: (i.x - x) ** 2 + (i.y - y) ** 2,
        ).numero

    def _draw(self, insediamento: int, antica: bool) -> str:
        chiave = (insediamento, antica)
        mazzo = self.mazzi.get(chiave)
        if mazzo is None:
            mazzo = list(VIE_ANTICHE if antica else VIE_NUOVE)
            self.caso.shuffle(mazzo)
            self.mazzi[chiave] = mazzo
        while mazzo:
            nome = mazzo.pop()
            if (insediamento, nome) not in self.usati:
                self.usati.add((insediamento, nome))
                return nome
        return self._person(insediamento)

    def _fresh(self, insediamento: int, nome: str) -> str:
        if (insediamento, nome) in self.usati:
            return self._draw(insediamento, antica=True)
        self.usati.add((insediamento, nome))
        return nome

    def _person(self, insediamento: int) -> str:
        return self._unused(
            insediamento,
            lambda: f"{self.caso.choice(MASCHILI + FEMMINILI)} {self.caso.choice(COGNOMI)}",
        )

    def _invent(self, insediamento: int) -> str:
        return self._unused(
            insediamento, lambda: f"{self.caso.choice(_PRIMI)} {self.caso.choice(_SECONDI)}"
        )

    def _unused(self, insediamento: int, make: Callable[[], str]) -> str:
        """Return a name the settlement does not have yet, if one comes up soon."""
        nome = make()
        for _ in range(60):
            if (insediamento, nome) not in self.usati:
                break
            nome = make()
        self.usati.add((insediamento, nome))
        return nome


_PRIMI: Final = (
    "DEL CASALE", "DELLA CASCINA", "DEL POGGIO", "DELLA VALLE", "DEL FOSSO", "DELLA FONTE",
    "DEL COLLE", "DEL BOSCO", "DELLA VIGNA", "DEL MOLINO", "DELLA CROCE", "DEL PRATO",
    "DELLA PIEVE", "DEL GUADO", "DELLA RIPA", "DELL'ISOLA", "DEL CAMPO", "DELLA TORRE",
    "DELLE CASE", "DEI PIANI",
)  # fmt: skip
_SECONDI: Final = (
    "GRANDE", "DEL CONTE", "DEI FRATI", "DELLE MONACHE", "DI SOPRA", "DI SOTTO", "DI MEZZO",
    "DEI LUPI", "DELLE RONDINI", "DEL VENTO", "DEI CERRI", "DEI NOCI", "DELLE CANNE",
    "DEI SASSI", "DEL PRETE", "DEI MOLINARI", "DELLE ACQUE", "DEL RE", "DELLA REGINA",
    "DEI GUFI", "DELLE SERPI", "DEL TEMPORALE", "DEI MERLI", "DELLE OCHE", "DEGLI ZOCCOLI",
)  # fmt: skip


def rename_some(viario: Viario, seme: object) -> list[Strada]:
    """Rename a few streets in one day, as a council does; nobody moves."""
    caso = new_caso(seme, "nuovi nomi")
    candidate = [s for s in viario.strade if s.dug in ("VIA", "VIALE") and not s.localita]
    candidate = candidate or viario.strade
    scelte = caso.sample(candidate, min(len(candidate), 1 + len(viario.strade) // 150))
    for n, strada in enumerate(scelte):
        strada.nuovo_nome = f"{strada.dug} {caso.choice(FEMMINILI)} {caso.choice(COGNOMI)}"
        strada.rinominata = date(2022, 3, 1) if n % 2 else date(2023, 10, 16)
    return scelte

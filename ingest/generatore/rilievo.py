"""The survey of one sheet: blocks cut into parcels, buildings set on them, doors numbered."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from ingest.generatore.caso import new_caso
from ingest.generatore.fogli import Contorno, Foglio, outline
from ingest.generatore.lotti import farmyard, lot_out
from ingest.generatore.lotto import Lotto, Sagoma
from ingest.generatore.maglia import Cella, Maglia
from ingest.generatore.modello import Civico, Edificio, Impronta, Mondo, Particella, Strada
from ingest.generatore.poligoni import Anello, Trama, area_mq, centroide, inset, lato, merge
from ingest.generatore.sagome import build
from ingest.generatore.semi import CAMPAGNA, FIUME, PIAZZA
from ingest.generatore.speciali import build_special
from ingest.generatore.strade import Viario

#: Before the memory of any office.
ORIGINE: Final = date(1985, 1, 1)
#: Smaller buildings than this are not drawn by anybody (m²).
_MINIMO_MQ: Final = 9.0
#: Buildings of the smallest farm worth a yard.
_PODERE: Final = 2.5


@dataclass(slots=True)
class Territorio:
    """What every sheet needs to know of the whole."""

    maglia: Maglia
    mezze: list[float]
    viario: Viario
    speciali: dict[int, str]
    mezzo_fiume: float
    seme: object


@dataclass(slots=True)
class Numeratore:
    """Numbers that go on from sheet to sheet."""

    edificio: int = 0
    particella: int = 0
    civico: int = 0
    unita: int = 0
    soggetto: int = 0
    diritto: int = 0
    famiglia: int = 0
    nota: int = 0

    def next(self, quale: str) -> int:
        """Return the next number of a kind."""
        n: int = getattr(self, quale) + 1
        setattr(self, quale, n)
        return n


class Poderi:
    """Spreads over the country the farm buildings that towns leave to be made; counts them all."""

    def __init__(self) -> None:
        self._tasso = 0.0
        self._resto = 0.0
        #: Buildings, of any kind, that may still be made in the square.
        self.capienza = 0

    def spread(self, mancano: float, celle: int) -> None:
        """Decide how many go on each face, so that all are made when the faces end."""
        self._tasso = max(0.0, mancano / celle) if celle else 0.0

    def take(self) -> int:
        """Return how many the next face gets: none, until there are enough for a farm."""
        self._resto += self._tasso
        quanti = int(self._resto) if self._resto >= _PODERE else 0
        self._resto -= quanti
        return quanti

    def give_back(self, quanti: int) -> None:
        """Take back those a face had no room for."""
        self._resto += quanti


def survey(territorio: Territorio, foglio: Foglio, poderi: Poderi, numeri: Numeratore) -> Mondo:
    """Draw a sheet; ``poderi`` says face by face how many farm buildings are wanted."""
    contorno = outline(territorio.maglia, foglio, territorio.mezzo_fiume)
    mondo = Mondo(foglio.numero, contorno.bordo, [], [])
    mondo.acque = [(r[0], r[1:]) for r in contorno.acque]
    isolati: list[Anello] = []
    for c in foglio.celle:
        cella = territorio.maglia.celle[c]
        caso = new_caso(territorio.seme, "isolato", c)
        anello = _draw_block(territorio, mondo, cella, poderi, numeri, caso)
        if anello:
            isolati.append(anello)
    mondo.strade = _streets(contorno, isolati)
    return mondo


def _draw_block(
    territorio: Territorio,
    mondo: Mondo,
    cella: Cella,
    poderi: Poderi,
    numeri: Numeratore,
    caso: random.Random,
) -> Anello:
    maglia = territorio.maglia
    anello, origini = inset(
        [maglia.vertici[v] for v in cella.vertici], _setbacks(territorio, cella)
    )
    if cella.tessuto == PIAZZA or not anello or area_mq(anello) < 25:
        return []
    trama = Trama()
    for i, origine in enumerate(origini):
        trama.fronti[lato(anello[i], anello[(i + 1) % len(anello)])] = cella.lati[origine]
    uso = territorio.speciali.get(cella.numero)
    if uso is not None:
        lotti = _special_lot(trama, anello, uso)
    else:
        lotti = lot_out(trama, anello, cella.tessuto, caso)
    if cella.tessuto == CAMPAGNA and uso is None:
        voluti = poderi.take()
        poderi.give_back(_farms(trama, lotti, voluti, caso))
    nuovi = _settle(trama, mondo, lotti, poderi, numeri, caso)
    for _, particella in nuovi:
        particella.cella = cella.numero
    _number_doors(territorio, mondo, cella, nuovi, numeri)
    return trama.expand(anello)


def _setbacks(territorio: Territorio, cella: Cella) -> list[float]:
    """Return how far a block stays from each edge of its face."""
    maglia = territorio.maglia
    distanze = [territorio.mezze[k] for k in cella.lati]
    foci = [v for v in cella.vertici if v in maglia.fiume_ai_vertici]
    if foci and all(maglia.assi[k] != FIUME for k in cella.lati):
        # The river ends at a corner of this face: keep off both edges of that corner.
        argine = territorio.mezzo_fiume + 3000
        for i, k in enumerate(cella.lati):
            if set(maglia.lati[k][:2]) & set(foci):
                distanze[i] = max(distanze[i], argine)
    return distanze


def _special_lot(trama: Trama, anello: Anello, uso: str) -> list[Lotto]:
    lotto = Lotto(anello, -1, uso)
    a = anello[-1]
    migliore = 0.0
    for b in anello:
        d = math.dist(a, b)
        f = trama.fronti.get(lato(a, b))
        if f is not None and d > migliore:
            migliore, lotto.lato, lotto.fronte = d, (a, b), f
        a = b
    return [lotto]


def _farms(trama: Trama, lotti: list[Lotto], quanti: int, caso: random.Random) -> int:
    """Set farms in the fields of a face; return how many buildings found no room."""
    for _ in range(6 if quanti else 0):
        candidati = [n for n, lotto in enumerate(lotti) if lotto.uso == "campo" and lotto.lato]
        if quanti <= 0 or not candidati:
            break
        n = caso.choice(candidati)
        esito = farmyard(trama, lotti[n], caso)
        if esito is None:
            continue
        podere, resti = esito
        podere.sagome = [s for s in build(podere, caso) if area_mq(s.anello) >= _MINIMO_MQ]
        podere.sagome = podere.sagome[:quanti]
        if not podere.sagome:
            podere.uso = "campo"
        quanti -= len(podere.sagome)
        lotti[n : n + 1] = [podere, *resti]
    return quanti


def _settle(
    trama: Trama,
    mondo: Mondo,
    lotti: list[Lotto],
    poderi: Poderi,
    numeri: Numeratore,
    caso: random.Random,
) -> list[tuple[Lotto, Particella]]:
    """Turn lots into numbered parcels and outlines into buildings."""
    nuovi: list[tuple[Lotto, Particella]] = []
    precedente: tuple[Particella, Sagoma] | None = None
    for lotto in lotti:
        lotto.anello = trama.expand(lotto.anello)
        numeri.particella += 1
        particella = Particella(
            numeri.particella,
            mondo.foglio,
            str(len(mondo.particelle) + 1),
            lotto.anello,
            lotto.uso,
            ORIGINE,
            ORIGINE,
        )
        mondo.particelle.append(particella)
        nuovi.append((lotto, particella))
        sagome = lotto.sagome or build_special(lotto, caso) or build(lotto, caso)
        sagome = [s for s in sagome if area_mq(s.anello) >= _MINIMO_MQ][: poderi.capienza]
        # Now and then one house stands on two parcels: its units are "graffate".
        if precedente and len(sagome) == 1 and sagome[0].genere == "casa" and caso.random() < 0.03:
            unito = merge([trama.expand(precedente[1].anello), lotto.anello])
            if unito and sagome[0].anello is lotto.anello:
                edificio = precedente[0].edifici[0]
                edificio.impronte[0].anello = unito
                edificio.particelle.append(particella)
                particella.edifici.append(edificio)
                precedente = None
                continue
        poderi.capienza -= len(sagome)
        for sagoma in sagome:
            _raise_building(mondo, particella, sagoma, numeri, caso)
        pieno = len(sagome) == 1 and sagome[0].anello is lotto.anello and not sagome[0].corte
        precedente = (particella, sagome[0]) if pieno and sagome[0].genere == "casa" else None
    # Outlines taken before later cuts still lack the nodes those cuts left.
    for _, particella in nuovi:
        particella.anello = trama.expand(particella.anello)
        particella.mq = max(1, round(area_mq(particella.anello)))
    return nuovi


_ANNI: Final = {
    "casa": (1650, 1930),
    "palazzo": (1580, 1910),
    "colonica": (1780, 1960),
    "villino": (1955, 2018),
    "palazzina": (1958, 2015),
    "schiera": (1975, 2018),
    "capannone": (1965, 2019),
    "rimessa": (1950, 2015),
    "chiesa": (1300, 1750),
    "municipio": (1600, 1900),
    "scuola": (1930, 1985),
    "cimitero": (1820, 1880),
}


def _raise_building(
    mondo: Mondo, particella: Particella, sagoma: Sagoma, numeri: Numeratore, caso: random.Random
) -> Edificio:
    numeri.edificio += 1
    da, a = _ANNI.get(sagoma.genere, (1900, 1980))
    edificio = Edificio(
        numeri.edificio,
        sagoma.genere,
        sagoma.piani,
        caso.randint(da, a),
        [Impronta(sagoma.anello, sagoma.corte, ORIGINE)],
        [particella],
        ORIGINE,
    )
    particella.edifici.append(edificio)
    mondo.edifici.append(edificio)
    return edificio


def _number_doors(
    territorio: Territorio,
    mondo: Mondo,
    cella: Cella,
    nuovi: list[tuple[Lotto, Particella]],
    numeri: Numeratore,
) -> None:
    """Number the doors of a block, street by street, in the sense each street runs."""
    per_lato: dict[int, list[tuple[float, Lotto, Particella]]] = {}
    maglia, viario = territorio.maglia, territorio.viario
    for lotto, particella in nuovi:
        k = lotto.fronte
        if not particella.edifici or lotto.lato is None or k < 0 or viario.di_lato[k] < 0:
            continue
        a, b = maglia.vertici[maglia.lati[k][0]], maglia.vertici[maglia.lati[k][1]]
        (px, py), (qx, qy) = lotto.lato
        t = ((px + qx) / 2 - a[0]) * (b[0] - a[0]) + ((py + qy) / 2 - a[1]) * (b[1] - a[1])
        per_lato.setdefault(k, []).append((t * viario.verso[k], lotto, particella))
    for k, porte in per_lato.items():
        porte.sort(key=lambda p: p[0])
        mano = 0 if maglia.lati[k][2] == cella.numero else 1
        inizio, posti = viario.inizio[2 * k + mano], viario.posti[2 * k + mano]
        strada = viario.strade[viario.di_lato[k]]
        for n, (_, lotto, particella) in enumerate(porte):
            numero, esponente = _plate(n, len(porte), inizio, posti)
            _open_door(mondo, strada, numero, esponente, lotto, particella, numeri)


def _plate(n: int, quante: int, inizio: int, posti: int) -> tuple[int, str]:
    """Return number and exponent of the n-th door of an edge that has room for ``posti``."""
    if quante <= posti:
        return inizio + 2 * (n * posti // quante), ""
    posto = n * posti // quante
    primo = -(-posto * quante // posti)
    return inizio + 2 * posto, "" if n == primo else "ABCDEFGHJKLMNPQRSTUVZ"[(n - primo - 1) % 21]


def _open_door(
    mondo: Mondo,
    strada: Strada,
    numero: int,
    esponente: str,
    lotto: Lotto,
    particella: Particella,
    numeri: Numeratore,
) -> None:
    f = lotto.front()
    edificio = particella.edifici[0]
    cx, cy = centroide(edificio.impronte[0].anello)
    t = (cx - f.ax) * f.ux + (cy - f.ay) * f.uy
    # The plate hangs at the gate or the door: just inside the lot.
    x, y = f.at(min(max(t, 0.15 * f.d), 0.85 * f.d), 700)
    numeri.civico += 1
    civico = Civico(
        numeri.civico,
        strada,
        numero,
        esponente,
        x,
        y,
        edificio,
        particella,
    )
    edificio.civici.append(civico)
    mondo.civici.append(civico)


def _streets(contorno: Contorno, isolati: list[Anello]) -> list[tuple[Anello, list[Anello]]]:
    """Return the street areas: dry land of the sheet with the blocks as holes."""
    pezzi = [(r[0], list(r[1:])) for r in contorno.asciutto]
    for isolato in isolati:
        if len(pezzi) == 1:
            pezzi[0][1].append(isolato[::-1])
            continue
        for bordo, buchi in pezzi:
            if _inside(bordo, *isolato[0]):
                buchi.append(isolato[::-1])
                break
    return pezzi


def _inside(anello: Anello, x: float, y: float) -> bool:
    dentro = False
    ax, ay = anello[-1]
    for bx, by in anello:
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            dentro = not dentro
        ax, ay = bx, by
    return dentro

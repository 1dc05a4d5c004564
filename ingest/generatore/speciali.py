"""The few buildings every town has: church, town hall, school, graveyard, park."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Final

from ingest.generatore.lotto import Lotto, Sagoma
from ingest.generatore.maglia import Maglia
from ingest.generatore.pianta import Insediamento, Pianta
from ingest.generatore.poligoni import Anello, area_mq, inset
from ingest.generatore.sagome import contains
from ingest.generatore.semi import BORGO, CAMPAGNA, ESPANSIONE, FIUME, PIAZZA

#: Smaller hamlets send their children to the next one.
_CON_SCUOLA: Final = 300
#: A field larger than this would not be bought for a graveyard (m²).
_PIU_GRANDE_MQ: Final = 16000


def choose_places(pianta: Pianta, maglia: Maglia) -> dict[int, str]:
    """Choose the blocks of the public buildings, settlement by settlement."""
    speciali: dict[int, str] = {}
    intorno = _around_squares(maglia)
    blocchi = _blocks_of_settlements(maglia)
    for ins in pianta.insediamenti:
        for uso, c in zip(("chiesa", "municipio"), intorno.get(ins.numero, ()), strict=False):
            if uso == "chiesa" or ins.numero == 0:
                speciali[c] = uso
        for uso, distanza, tessuti in (
            ("scuola", 1.15 * ins.raggio_borgo, (ESPANSIONE, BORGO)),
            ("parco", 0.7 * ins.raggio, (ESPANSIONE,)),
            ("cimitero", 1.35 * ins.raggio, (CAMPAGNA,)),
        ):
            if uso == "cimitero" or ins.edifici > _CON_SCUOLA:
                scelto = _at_distance(maglia, blocchi.get(ins.numero, ()), ins, distanza, tessuti)
                if scelto is not None:
                    speciali.setdefault(scelto, uso)
    return speciali


def _around_squares(maglia: Maglia) -> dict[int, list[int]]:
    """Return for each settlement the blocks around its square, the largest first."""
    intorno: dict[int, list[int]] = {}
    for _, _, c1, c2 in maglia.lati:
        for a, b in ((c1, c2), (c2, c1)):
            if c2 >= 0 and maglia.celle[a].tessuto == PIAZZA:
                intorno.setdefault(maglia.celle[a].insediamento, []).append(b)
    for blocchi in intorno.values():
        blocchi.sort(key=lambda c: -_size(maglia, c))
    return intorno


def _blocks_of_settlements(maglia: Maglia) -> dict[int, list[int]]:
    """Return the blocks where a public building may stand, away from the river."""
    bagnati = {
        c
        for k, (_, _, c1, c2) in enumerate(maglia.lati)
        if maglia.assi[k] == FIUME
        for c in (c1, c2)
    }
    blocchi: dict[int, list[int]] = {}
    for cella in maglia.celle:
        if cella.tessuto in (BORGO, ESPANSIONE, CAMPAGNA) and cella.numero not in bagnati:
            blocchi.setdefault(cella.insediamento, []).append(cella.numero)
    return blocchi


def _size(maglia: Maglia, c: int) -> float:
    return abs(area_mq([maglia.vertici[v] for v in maglia.celle[c].vertici]))


def _at_distance(
    maglia: Maglia,
    blocchi: Sequence[int],
    ins: Insediamento,
    distanza: float,
    tessuti: tuple[int, ...],
) -> int | None:
    candidati = [
        c
        for c in blocchi
        if maglia.celle[c].tessuto in tessuti and _size(maglia, c) < _PIU_GRANDE_MQ
    ]
    return min(
        candidati,
        key=lambda c: abs(
            math.hypot(maglia.celle[c].x - ins.x, maglia.celle[c].y - ins.y) - distanza
        ),
        default=None,
    )


def build_special(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    """Return the buildings of a public lot; nothing for the other lots."""
    if lotto.lato is None:
        return []
    match lotto.uso:
        case "chiesa":
            croce = _placed(lotto, _CROCE, caso.uniform(0.9, 1.2), 1.2e3)
            return [Sagoma(croce or lotto.anello, [], "chiesa", 1)]
        case "municipio":
            corte, _ = inset(lotto.anello, [9e3] * len(lotto.anello))
            corte = corte if corte and area_mq(corte) > 40 else []
            return [Sagoma(lotto.anello, corte, "municipio", 3)]
        case "scuola":
            pianta = _placed(lotto, _SCUOLA, caso.uniform(0.9, 1.15), 5e3)
            return [Sagoma(pianta, [], "scuola", 2)] if pianta else []
        case "cimitero":
            cappella = _placed(lotto, _CAPPELLA, 1.0, 8e3)
            return [Sagoma(cappella, [], "cimitero", 1)] if cappella else []
        case _:
            return []


#: Plans in metres, the front on the x axis.
_CROCE = (
    (-6.5, 0),
    (6.5, 0),
    (6.5, 17),
    (12, 17),
    (12, 25),
    (6.5, 25),
    (6.5, 30),
    (3.5, 34),
    (-3.5, 34),
    (-6.5, 30),
    (-6.5, 25),
    (-12, 25),
    (-12, 17),
    (-6.5, 17),
)
_SCUOLA = (
    (-24, 0),
    (24, 0),
    (24, 11),
    (8, 11),
    (8, 26),
    (-4, 26),
    (-4, 11),
    (-24, 11),
)
_CAPPELLA = ((-4, 0), (4, 0), (4, 9), (-4, 9))


def _placed(
    lotto: Lotto, pianta: tuple[tuple[float, float], ...], scala: float, margine: float
) -> Anello:
    """Set a plan behind the front of a lot, smaller until it fits."""
    f = lotto.front()
    for riduzione in (1.0, 0.85, 0.7, 0.55, 0.42):
        k = 1000 * scala * riduzione
        for arretramento in (margine + 300, margine + 6e3):
            casa = [f.at(f.d / 2 + x * k, arretramento + y * k) for x, y in pianta]
            if contains(lotto.anello, casa, margine):
                return casa
    return []

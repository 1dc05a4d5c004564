"""The few buildings every town has: church, town hall, school, graveyard, park."""

from __future__ import annotations

import math
import random

from ingest.generatore.lotti import Lotto
from ingest.generatore.maglia import Maglia
from ingest.generatore.pianta import Pianta
from ingest.generatore.poligoni import Anello, area_mq, inset
from ingest.generatore.sagome import Sagoma, contains
from ingest.generatore.semi import BORGO, CAMPAGNA, ESPANSIONE, FIUME, PIAZZA


def choose_places(pianta: Pianta, maglia: Maglia) -> dict[int, str]:
    """Choose the blocks of the public buildings, settlement by settlement."""
    speciali: dict[int, str] = {}
    piazze = {c.insediamento: c.numero for c in maglia.celle if c.tessuto == PIAZZA}
    accanto: dict[int, list[int]] = {}
    for _, _, c1, c2 in maglia.lati:
        if c2 >= 0:
            for a, b in ((c1, c2), (c2, c1)):
                if maglia.celle[a].tessuto == PIAZZA:
                    accanto.setdefault(a, []).append(b)
    bagnate = {
        c for k, (_, _, c1, c2) in enumerate(maglia.lati) if maglia.assi[k] == FIUME
        for c in (c1, c2)
    }  # fmt: skip
    per_insediamento: dict[int, list[int]] = {}
    for c in maglia.celle:
        if c.tessuto in (BORGO, ESPANSIONE) or (c.tessuto == CAMPAGNA and c.numero not in bagnate):
            per_insediamento.setdefault(c.insediamento, []).append(c.numero)
    for ins in pianta.insediamenti:
        piazza = piazze.get(ins.numero)
        if piazza is None:
            continue
        intorno = sorted(accanto.get(piazza, []), key=lambda c: -_size(maglia, c))
        for uso, c in zip(("chiesa", "municipio"), intorno, strict=False):
            if uso == "chiesa" or ins.numero == 0:
                speciali[c] = uso
        for uso, distanza, tessuti in (
            ("scuola", 1.15 * ins.raggio_borgo, (ESPANSIONE, BORGO)),
            ("parco", 0.7 * ins.raggio, (ESPANSIONE,)),
            ("cimitero", 1.35 * ins.raggio, (CAMPAGNA,)),
        ):
            if uso == "cimitero" or ins.edifici > 300:
                c2 = _at_distance(
                    maglia, per_insediamento, ins.numero, ins.x, ins.y, distanza, tessuti
                )
                if c2 is not None:
                    speciali.setdefault(c2, uso)
    return speciali


def _size(maglia: Maglia, c: int) -> float:
    return abs(area_mq([maglia.vertici[v] for v in maglia.celle[c].vertici]))


def _at_distance(
    maglia: Maglia,
    per_insediamento: dict[int, list[int]],
    insediamento: int,
    x: float,
    y: float,
    distanza: float,
    tessuti: tuple[int, ...],
) -> int | None:
    candidati = [
        c for c in per_insediamento.get(insediamento, ()) if maglia.celle[c].tessuto in tessuti
        and _size(maglia, c) < 16000
    ]  # fmt: skip
    return min(
        candidati,
        key=lambda c: abs(math.hypot(maglia.celle[c].x - x, maglia.celle[c].y - y) - distanza),
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
    (-6.5, 0), (6.5, 0), (6.5, 17), (12, 17), (12, 25), (6.5, 25), (6.5, 30), (3.5, 34), (-3.5, 34),
    (-6.5, 30), (-6.5, 25), (-12, 25), (-12, 17), (-6.5, 17),
)  # fmt: skip
_SCUOLA = (
    (-24, 0), (24, 0), (24, 11), (8, 11), (8, 26), (-4, 26), (-4, 11), (-24, 11),
)  # fmt: skip
_CAPPELLA = ((-4, 0), (4, 0), (4, 9), (-4, 9))


def _placed(
    lotto: Lotto, pianta: tuple[tuple[float, float], ...], scala: float, margine: float
) -> Anello:
    """Set a plan behind the front of a lot, smaller until it fits."""
    assert lotto.lato is not None
    (ax, ay), (bx, by) = lotto.lato
    d = math.hypot(bx - ax, by - ay)
    ux, uy = (bx - ax) / d, (by - ay) / d
    for riduzione in (1.0, 0.85, 0.7, 0.55, 0.42):
        k = 1000 * scala * riduzione
        for arretramento in (margine + 300, margine + 6e3):
            casa = [
                (
                    round(ax + ux * (d / 2 + x * k) - uy * (arretramento + y * k)),
                    round(ay + uy * (d / 2 + x * k) + ux * (arretramento + y * k)),
                )
                for x, y in pianta
            ]
            if contains(lotto.anello, casa, margine):
                return casa
    return []

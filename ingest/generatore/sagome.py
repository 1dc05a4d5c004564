"""Shapes of buildings inside a lot: rows, courts, wings, cottages, sheds, farms."""

from __future__ import annotations

import math
import random

from ingest.generatore.lotto import Lotto, Sagoma
from ingest.generatore.poligoni import Anello, Trama, area_mq, inset, merge


def build(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    """Return the buildings of a lot, the main one first."""
    if lotto.lato is None:
        return []
    match lotto.uso:
        case "nucleo":
            return _old_house(lotto, caso)
        case "palazzo":
            return _palace(lotto, caso)
        case "borgo":
            return _suburb_house(lotto, caso)
        case "schiera":
            return _terrace(lotto)
        case "villino":
            return _cottage(lotto, caso)
        case "palazzina":
            return _flats(lotto, caso)
        case "capannone":
            return _shed(lotto, caso)
        case "podere":
            return _farm(lotto, caso)
        case _:
            return []


def _bands(lotto: Lotto, da: float, a: float) -> tuple[Trama, Anello, Anello]:
    """Return (weave, part between two depths from the street, part beyond)."""
    f = lotto.front()
    trama = Trama()
    anello = lotto.anello
    if da > 0:
        anello, _ = trama.split(anello, *f.at(0, da), f.ux, f.uy)
        if not anello:
            return trama, [], []
    dietro, davanti = trama.split(anello, *f.at(0, a), f.ux, f.uy)
    return trama, davanti, dietro


def _old_house(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    mq = area_mq(lotto.anello)
    piani = caso.choice((2, 2, 3, 3, 3, 4))
    if mq < 90 or caso.random() < 0.38:
        return [Sagoma(lotto.anello, [], "casa", piani)]
    trama, davanti, dietro = _bands(lotto, 0, caso.uniform(8e3, 13e3))
    if not davanti:
        return [Sagoma(lotto.anello, [], "casa", piani)]
    if dietro and caso.random() < 0.5:
        ala = _wing(trama, lotto, davanti, dietro, caso.uniform(3e3, 5e3), caso)
        if ala:
            return [Sagoma(ala, [], "casa", piani)]
    return [Sagoma(trama.expand(davanti), [], "casa", piani)]


def _wing(
    trama: Trama,
    lotto: Lotto,
    davanti: Anello,
    dietro: Anello,
    spessore: float,
    caso: random.Random,
) -> Anello:
    """Join to the front a wing along one side of the yard: an L."""
    f = lotto.front()
    if caso.random() < 0.5:
        ala, _ = trama.split(dietro, *f.at(spessore, 0), -f.uy, f.ux)
    else:
        _, ala = trama.split(dietro, *f.at(f.d - spessore, 0), -f.uy, f.ux)
    if not ala or area_mq(ala) < 8:
        return []
    if caso.random() < 0.4:
        # The wing often stops before the end of the yard.
        _, vicino = trama.split(ala, *f.at(0, caso.uniform(13e3, 19e3)), f.ux, f.uy)
        ala = vicino or ala
    return merge([trama.expand(davanti), trama.expand(ala)])


def _court(anello: Anello, spessore: float) -> Anello:
    """Return the court that a ring of rooms of some depth leaves open."""
    corte, _ = inset(anello, [spessore] * len(anello))
    return corte if corte and area_mq(corte) > 30 else []


def _palace(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    piani = caso.choice((3, 3, 4, 4, 5))
    mq = area_mq(lotto.anello)
    if 300 < mq < 1600 and caso.random() < 0.65:
        corte = _court(lotto.anello, caso.uniform(6.5e3, 9e3))
        if corte:
            return [Sagoma(lotto.anello, corte, "palazzo", piani)]
    trama, davanti, dietro = _bands(lotto, 0, caso.uniform(11e3, 14e3))
    if davanti and dietro:
        ala = _wing(trama, lotto, davanti, dietro, caso.uniform(5e3, 8e3), caso)
        return [Sagoma(ala or trama.expand(davanti), [], "palazzo", piani)]
    return [Sagoma(lotto.anello, [], "palazzo", piani)]


def _suburb_house(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    trama, davanti, dietro = _bands(lotto, 0, caso.uniform(9.5e3, 12.5e3))
    if not davanti:
        return []
    piani = caso.choice((2, 2, 2, 3))
    if dietro and caso.random() < 0.45:
        ala = _wing(trama, lotto, davanti, dietro, caso.uniform(3.5e3, 5e3), caso)
        if ala:
            return [Sagoma(ala, [], "casa", piani)]
    sagome = [Sagoma(trama.expand(davanti), [], "casa", piani)]
    if dietro and caso.random() < 0.3:
        annesso = _rectangle(
            lotto, caso.uniform(4e3, 7e3), caso.uniform(3e3, 4.5e3), 1e3, caso, True
        )
        if annesso:
            sagome.append(Sagoma(annesso, [], "rimessa", 1))
    return sagome


def _terrace(lotto: Lotto) -> list[Sagoma]:
    trama, fascia, _ = _bands(lotto, 5.5e3, 15.5e3)
    if not fascia or area_mq(fascia) < 35:
        return []
    return [Sagoma(trama.expand(fascia), [], "schiera", 2)]


def _cottage(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    casa = _house(lotto, caso, (9.5e3, 14e3), (8.5e3, 12e3), (4.5e3, 8e3), 0.42)
    if not casa:
        return []
    sagome = [Sagoma(casa, [], "villino", caso.choice((1, 2, 2, 2, 3)))]
    if caso.random() < 0.38:
        annesso = _rectangle(
            lotto, caso.uniform(3.2e3, 6.5e3), caso.uniform(5e3, 6.5e3), 300, caso, True
        )
        if annesso and not _touching(annesso, casa):
            sagome.append(Sagoma(annesso, [], "rimessa", 1))
    return sagome


def _flats(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    casa = _house(lotto, caso, (15e3, 22e3), (11e3, 15e3), (5e3, 8e3), 0.3)
    return [Sagoma(casa, [], "palazzina", caso.choice((3, 3, 4, 4, 5)))] if casa else []


def _shed(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    mq = area_mq(lotto.anello)
    lato = math.sqrt(mq) * 1e3
    casa = _house(
        lotto, caso, (lato * 0.5, lato * 0.72), (lato * 0.4, lato * 0.6), (6e3, 10e3), 0.25
    )
    return [Sagoma(casa, [], "capannone", 1)] if casa else []


def _farm(lotto: Lotto, caso: random.Random) -> list[Sagoma]:
    casa = _house(lotto, caso, (12e3, 22e3), (8e3, 10e3), (7e3, 14e3), 0.5)
    if not casa:
        return []
    sagome = [Sagoma(casa, [], "colonica", 2)]
    for _ in range(caso.choice((0, 1, 1, 2, 2, 3))):
        annesso = _rectangle(
            lotto, caso.uniform(5e3, 18e3), caso.uniform(4e3, 9e3), 1.5e3, caso, caso.random() < 0.7
        )
        if annesso and not any(_touching(annesso, s.anello) for s in sagome):
            sagome.append(Sagoma(annesso, [], caso.choice(("fienile", "stalla", "tettoia")), 1))
    return sagome


def _house(
    lotto: Lotto,
    caso: random.Random,
    larghezze: tuple[float, float],
    profondita: tuple[float, float],
    arretramento: tuple[float, float],
    elle: float,
) -> Anello:
    """Place a free-standing house along the street, smaller until it fits."""
    f = lotto.front()
    w, p, y0 = caso.uniform(*larghezze), caso.uniform(*profondita), caso.uniform(*arretramento)
    scarto = caso.uniform(-0.12, 0.12)
    forma = (
        _l_shape(w, p, caso) if caso.random() < elle else [(0.0, 0.0), (w, 0.0), (w, p), (0.0, p)]
    )
    for scala in (1.0, 0.86, 0.72):
        x0 = f.d * (0.5 + scarto * scala) - w * scala / 2
        casa = [f.at(x0 + x * scala, y0 + y * scala) for x, y in forma]
        if contains(lotto.anello, casa, 1.4e3):
            return casa
    return []


def _l_shape(w: float, p: float, caso: random.Random) -> list[tuple[float, float]]:
    a, b = w * caso.uniform(0.4, 0.65), p * caso.uniform(0.45, 0.65)
    forme = (
        [(0.0, 0.0), (w, 0.0), (w, b), (a, b), (a, p), (0.0, p)],
        [(0.0, 0.0), (w, 0.0), (w, p), (w - a, p), (w - a, b), (0.0, b)],
        [(0.0, 0.0), (a, 0.0), (a, p - b), (w, p - b), (w, p), (0.0, p)],
        [
            (w * 0.2, 0.0),
            (w * 0.7, 0.0),
            (w * 0.7, p - b),
            (w, p - b),
            (w, p),
            (0.0, p),
            (0.0, p - b),
            (w * 0.2, p - b),
        ],
    )
    return caso.choice(forme)


def _rectangle(
    lotto: Lotto, w: float, p: float, margine: float, caso: random.Random, in_fondo: bool
) -> Anello:
    """Place a small outbuilding, by preference against the back of the lot."""
    f = lotto.front()
    fondo = max((y - f.ay) * f.ux - (x - f.ax) * f.uy for x, y in lotto.anello)
    for _ in range(3):
        x0 = caso.choice((margine + 100, f.d - w - margine - 100, caso.uniform(0, f.d - w)))
        y0 = (
            fondo - p - margine - caso.uniform(0, 2e3) if in_fondo else caso.uniform(2e3, fondo - p)
        )
        casa = [f.at(x0, y0), f.at(x0 + w, y0), f.at(x0 + w, y0 + p), f.at(x0, y0 + p)]
        if y0 > 0 and contains(lotto.anello, casa, margine * 0.9):
            return casa
    return []


def contains(anello: Anello, casa: Anello, margine: float) -> bool:
    """Tell whether every corner lies inside a convex ring by a margin."""
    ax, ay = anello[-1]
    for bx, by in anello:
        dx, dy = bx - ax, by - ay
        d = math.hypot(dx, dy)
        if d > 1:
            soglia = margine * d
            for x, y in casa:
                if dx * (y - ay) - dy * (x - ax) < soglia:
                    return False
        ax, ay = bx, by
    return True


def _touching(a: Anello, b: Anello) -> bool:
    """Tell whether two buildings may touch: their boxes are nearer than 1.5 m."""
    ax, ay = [p[0] for p in a], [p[1] for p in a]
    bx, by = [p[0] for p in b], [p[1] for p in b]
    return (
        min(ax) < max(bx) + 1500
        and min(bx) < max(ax) + 1500
        and min(ay) < max(by) + 1500
        and min(by) < max(ay) + 1500
    )

"""How a block is cut into parcels, by the age of the quarter it belongs to."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Final

from ingest.generatore.lotto import Fronte, Lotto
from ingest.generatore.poligoni import Anello, Trama, area_mq
from ingest.generatore.semi import BORGO, CAMPAGNA, ESPANSIONE, NASTRO, NUCLEO, PRODUTTIVO

type Vettore = tuple[float, float]


def lot_out(trama: Trama, anello: Anello, tessuto: int, caso: random.Random) -> list[Lotto]:
    """Cut a block by the habits of its quarter."""
    taglio = _TAGLI[tessuto]
    lotti = taglio(trama, anello, caso)
    for lotto in lotti:
        _face(trama, lotto)
    return lotti


def _face(trama: Trama, lotto: Lotto) -> None:
    """Find the street a lot looks on: the longest of its fronts."""
    lotto.anello = trama.expand(lotto.anello)
    lunghezze = trama.facing(lotto.anello)
    if not lunghezze:
        lotto.fronte = -1
        return
    lotto.fronte = max(lunghezze, key=lambda f: lunghezze[f])
    migliore = -1.0
    a = lotto.anello[-1]
    fronti = trama.fronti
    for b in lotto.anello:
        if fronti.get((a, b) if a < b else (b, a)) == lotto.fronte:
            d = math.hypot(b[0] - a[0], b[1] - a[1])
            if d > migliore:
                migliore, lotto.lato = d, (a, b)
        a = b


def longest_side(anello: Anello) -> Vettore:
    """Return the unit vector of the longest edge."""
    migliore, direzione = -1.0, (1.0, 0.0)
    ax, ay = anello[-1]
    for bx, by in anello:
        d = math.hypot(bx - ax, by - ay)
        if d > migliore:
            migliore, direzione = d, ((bx - ax) / d, (by - ay) / d)
        ax, ay = bx, by
    return direzione


def extent(anello: Anello, u: Vettore) -> tuple[float, float]:
    """Return the smallest and largest coordinate along a direction."""
    valori = [x * u[0] + y * u[1] for x, y in anello]
    return min(valori), max(valori)


def _turn(u: Vettore, angolo: float) -> Vettore:
    c, s = math.cos(angolo), math.sin(angolo)
    return u[0] * c - u[1] * s, u[0] * s + u[1] * c


def rows(
    trama: Trama, anello: Anello, u: Vettore, profondita: float, storto: float, caso: random.Random
) -> tuple[list[Anello], list[Anello]]:
    """Cut a block lengthwise: rows of lots on the streets, and what is left inside."""
    v = (-u[1], u[0])
    basso, alto = extent(anello, v)
    larghezza = alto - basso
    if larghezza < 1.5 * profondita:
        return [anello], []
    if larghezza < 2.9 * profondita:
        t = (basso + alto) / 2 + caso.uniform(-0.08, 0.08) * larghezza
        a, b = _cut_across(trama, anello, u, v, t, storto, caso)
        return [r for r in (a, b) if r], []
    a, b = _cut_across(trama, anello, u, v, alto - profondita, storto, caso)
    file = [a] if a else []
    if not b:
        return file, []
    c, d = _cut_across(trama, b, u, v, basso + profondita, storto, caso)
    return [*file, *([d] if d else [])], [c] if c else []


def _cut_across(
    trama: Trama,
    anello: Anello,
    u: Vettore,
    v: Vettore,
    t: float,
    storto: float,
    caso: random.Random,
) -> tuple[Anello, Anello]:
    basso, alto = extent(anello, u)
    m = (basso + alto) / 2
    d = _turn(u, caso.uniform(-storto, storto))
    return trama.split(anello, u[0] * m + v[0] * t, u[1] * m + v[1] * t, d[0], d[1])


def strips(
    trama: Trama,
    anello: Anello,
    u: Vettore,
    misura: Callable[[], float],
    storto: float,
    caso: random.Random,
) -> list[Anello]:
    """Cut a row crosswise into lots of the measures drawn one after the other."""
    lotti: list[Anello] = []
    v = (-u[1], u[0])
    basso, alto = extent(anello, u)
    mezzo = sum(extent(anello, v)) / 2
    t = basso + misura()
    resto = anello
    while t < alto - 0.6 * (passo := misura()):
        d = _turn(v, caso.uniform(-storto, storto))
        prima, dopo = trama.split(
            resto, u[0] * t + v[0] * mezzo, u[1] * t + v[1] * mezzo, d[0], d[1]
        )
        if prima and dopo:
            lotti.append(prima)
            resto = dopo
        t += passo
    lotti.append(resto)
    return lotti


def halve(
    trama: Trama, anello: Anello, massimo: Callable[[], float], storto: float, caso: random.Random
) -> list[Anello]:
    """Cut again and again across the longer way until parts are small enough (m²)."""
    if area_mq(anello) < massimo():
        return [anello]
    u = longest_side(anello)
    v = (-u[1], u[0])
    ub, ua = extent(anello, u)
    vb, va = extent(anello, v)
    if va - vb > ua - ub:
        u, v = v, u
        ub, ua, vb, va = vb, va, ub, ua
    t = ub + (ua - ub) * caso.uniform(0.36, 0.64)
    d = _turn(v, caso.uniform(-storto, storto))
    m = (vb + va) / 2
    a, b = trama.split(anello, u[0] * t + v[0] * m, u[1] * t + v[1] * m, d[0], d[1])
    if not a or not b:
        return [anello]
    return halve(trama, a, massimo, storto, caso) + halve(trama, b, massimo, storto, caso)


def _core(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut a medieval block: narrow lots on every alley, few palaces, small courts."""
    if area_mq(anello) < 160:
        return [Lotto(anello, -1, "nucleo")]
    u = longest_side(anello)
    file, interni = rows(trama, anello, u, caso.uniform(11e3, 17e3), 0.12, caso)
    stretto = caso.uniform(5.2e3, 7.5e3)

    def front() -> float:
        return stretto * (
            caso.uniform(2.0, 3.2) if caso.random() < 0.14 else caso.uniform(0.8, 1.5)
        )

    lotti = [
        Lotto(r, -1, "nucleo" if area_mq(r) < 330 else "palazzo")
        for fila in file
        for r in strips(trama, fila, u, front, 0.07, caso)
    ]
    lotti += [
        Lotto(r, -1, "orto")
        for interno in interni
        for r in halve(trama, interno, lambda: caso.uniform(150, 420), 0.1, caso)
    ]
    return lotti


def _suburb(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut a block of the old suburb: houses in rows with yards, some with a court."""
    u = longest_side(anello)
    profondita = caso.uniform(18e3, 24e3)
    file, interni = rows(trama, anello, u, profondita, 0.06, caso)
    base = caso.uniform(9e3, 14e3)

    def front() -> float:
        return base * caso.uniform(0.7, 1.7)

    lotti = [
        Lotto(r, -1, "borgo" if area_mq(r) < 520 else "palazzo")
        for fila in file
        for r in strips(trama, fila, u, front, 0.03, caso)
    ]
    lotti += [
        Lotto(r, -1, "giardino")
        for interno in interni
        for r in halve(trama, interno, lambda: caso.uniform(400, 900), 0.05, caso)
    ]
    return lotti


def _quarter(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut a block of the last seventy years: cottages, terraces or flats."""
    u = longest_side(anello)
    sorte = caso.random()
    if area_mq(anello) > 1500 and sorte < 0.13:
        uso, base, profondita = "schiera", caso.uniform(6.4e3, 7.6e3), caso.uniform(26e3, 33e3)
    elif sorte < 0.34:
        uso, base, profondita = "palazzina", caso.uniform(25e3, 34e3), caso.uniform(30e3, 38e3)
    else:
        uso, base, profondita = "villino", caso.uniform(17e3, 24e3), caso.uniform(26e3, 33e3)
    file, interni = rows(trama, anello, u, profondita, 0.02, caso)
    regolare = (0.96, 1.04) if uso == "schiera" else (0.85, 1.25)
    lotti = [
        Lotto(r, -1, uso if caso.random() > 0.07 or uso == "schiera" else "giardino")
        for fila in file
        for r in strips(trama, fila, u, lambda: base * caso.uniform(*regolare), 0.01, caso)
    ]
    lotti += [
        Lotto(r, -1, "giardino")
        for interno in interni
        for r in halve(trama, interno, lambda: caso.uniform(700, 1800), 0.02, caso)
    ]
    return lotti


def _ribbon(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut the first depth of a road outside town into house lots, fields behind."""
    lati = [
        (a, b)
        for a, b in zip([anello[-1], *anello[:-1]], anello, strict=True)
        if (a, b) in trama.fronti or (b, a) in trama.fronti
    ]
    a, b = max(lati, key=lambda s: math.dist(*s), default=(anello[-1], anello[0]))
    d = math.dist(a, b)
    u = ((b[0] - a[0]) / d, (b[1] - a[1]) / d)
    v = (-u[1], u[0])
    p = caso.uniform(32e3, 45e3)
    dietro, davanti = trama.split(anello, a[0] + v[0] * p, a[1] + v[1] * p, u[0], u[1])
    base = caso.uniform(19e3, 27e3)
    lotti = []
    if davanti:
        for r in strips(trama, davanti, u, lambda: base * caso.uniform(0.85, 1.3), 0.03, caso):
            costruito = caso.random() < 0.72 and area_mq(r) > 260
            lotti.append(Lotto(r, -1, "villino" if costruito else "orto"))
    if dietro:
        lotti += [
            Lotto(r, -1, "campo")
            for r in halve(trama, dietro, lambda: caso.uniform(1500, 6000), 0.06, caso)
        ]
    return lotti


def _works(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut an industrial block into few large lots."""
    return [
        Lotto(r, -1, "capannone" if caso.random() < 0.85 else "prato")
        for r in halve(trama, anello, lambda: caso.uniform(1800, 5200), 0.01, caso)
    ]


def _country(trama: Trama, anello: Anello, caso: random.Random) -> list[Lotto]:
    """Cut fields, long and narrow as the plough wants them, and now and then a farmyard."""
    misura = caso.choice((2600, 4200, 6500, 9000))
    campi = halve(trama, anello, lambda: misura * caso.uniform(0.7, 2.2), 0.07, caso)
    if misura > 4000 and caso.random() < 0.5:
        campi = _long_fields(trama, anello, caso)
    return [Lotto(r, -1, "campo") for r in campi]


def _long_fields(trama: Trama, anello: Anello, caso: random.Random) -> list[Anello]:
    u = longest_side(anello)
    larghezza = caso.uniform(24e3, 60e3)
    return strips(trama, anello, u, lambda: larghezza * caso.uniform(0.6, 1.6), 0.02, caso)


def farmyard(trama: Trama, lotto: Lotto, caso: random.Random) -> tuple[Lotto, list[Lotto]] | None:
    """Take a yard for a farm out of a field, where it touches the lane."""
    if lotto.lato is None:
        return None
    f = lotto.front()
    if f.d < 24e3:
        return None
    dietro, davanti = trama.split(lotto.anello, *f.at(0, caso.uniform(34e3, 56e3)), f.ux, f.uy)
    resti = [dietro] if dietro else []
    larghezza = caso.uniform(28e3, 55e3)
    if f.d > larghezza + 15e3:
        t = caso.uniform(0, f.d - larghezza)
        prima, davanti = _across(trama, davanti, f, t)
        davanti, dopo = _across(trama, davanti, f, t + larghezza)
        resti += [r for r in (prima, dopo) if r]
    if not davanti or area_mq(davanti) < 500:
        return None
    aia = Lotto(davanti, -1, "podere")
    altri = [Lotto(r, -1, "campo") for r in resti]
    for altro in (aia, *altri):
        _face(trama, altro)
    return (aia, altri) if aia.lato is not None else None


def _across(trama: Trama, anello: Anello, f: Fronte, t: float) -> tuple[Anello, Anello]:
    """Cut across the front at a distance along it: the part before first."""
    return trama.split(anello, *f.at(t, 0), -f.uy, f.ux) if anello else ([], [])


_TAGLI: Final[dict[int, Callable[[Trama, Anello, random.Random], list[Lotto]]]] = {
    NUCLEO: _core,
    BORGO: _suburb,
    ESPANSIONE: _quarter,
    NASTRO: _ribbon,
    PRODUTTIVO: _works,
    CAMPAGNA: _country,
}

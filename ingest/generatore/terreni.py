"""Land cadastre of the invented parcels: quality, class, incomes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from ingest.generatore.caso import Pesi
from ingest.generatore.modello import Mondo, Particella, StatoTerreno

#: quality -> cents of dominical and agrarian income for an are of class 1.
REDDITI: Final = {
    1: (72, 45), 2: (104, 61), 3: (81, 52), 29: (118, 74), 36: (58, 31), 47: (134, 72),
    8: (52, 34), 17: (178, 92), 91: (14, 5), 97: (21, 7),
}  # fmt: skip
_CAMPI: Final = Pesi(((1, 40), (2, 16), (3, 12), (29, 11), (36, 7), (47, 4), (8, 8), (97, 2)))
ENTE_URBANO: Final = 282
_TIPO_MAPPALE: Final = ("TM", "TIPO MAPPALE")


def assess(mondo: Mondo, caso: random.Random) -> None:
    """Give every parcel of a sheet its quality, class and incomes."""
    coltura = 1
    for particella in sorted(mondo.particelle, key=lambda p: p.madre is not None):
        # Neighbouring fields are mostly tilled alike.
        if caso.random() < 0.35:
            coltura = _CAMPI.draw(caso)
        anno = caso.randint(1970, 2010)
        dal = date(anno, caso.randint(1, 12), caso.randint(1, 28))
        nota = ("I" if anno < 1980 else "F", f"{caso.randint(1, 99999):06d}", anno)
        piu_vecchio = min((e.dal for e in particella.edifici), default=None)
        if piu_vecchio is not None and min(piu_vecchio, _before(particella)) < date(2021, 1, 1):
            particella.stati = [StatoTerreno(ENTE_URBANO, 0, 0, 0, dal, dal, nota=nota)]
            continue
        if particella.madre is not None and particella.madre.stati:
            coltura = particella.madre.stati[0].qualita
        stato = _assessed(particella, coltura, dal, nota, caso)
        particella.stati = [stato]
        if particella.dal > dal:
            stato.dal, stato.noto_dal = particella.dal, particella.noto_dal
            stato.nota = ("F", f"{particella.id % 1000000:06d}", stato.noto_dal.year)
            stato.causale = ("FRZ", "FRAZIONAMENTO")
        stato.al, stato.noto_al = particella.al, particella.noto_al
        if piu_vecchio is not None:
            build_on(particella, piu_vecchio, piu_vecchio + timedelta(days=40))


def _before(particella: Particella) -> date:
    """Return since when a building stands there, the one its own came out of included."""
    return min((e.madre.dal for e in particella.edifici if e.madre), default=date.max)


def _assessed(
    particella: Particella,
    coltura: int,
    dal: date,
    nota: tuple[str, str, int],
    caso: random.Random,
) -> StatoTerreno:
    if particella.uso in ("orto", "giardino", "parco") and caso.random() < 0.65:
        return StatoTerreno(ENTE_URBANO, 0, 0, 0, dal, dal, nota=nota)
    if particella.uso in ("orto", "giardino") or coltura == ENTE_URBANO:
        coltura = 17
    classe = caso.randint(1, 4)
    return StatoTerreno(
        coltura, classe, *incomes(coltura, classe, particella.mq), dal, dal, nota=nota
    )


def incomes(qualita: int, classe: int, mq: int) -> tuple[int, int]:
    """Return dominical and agrarian income in cents.

    >>> incomes(1, 1, 10000)
    (7200, 4500)
    """
    dominicale, agrario = REDDITI[qualita]
    riduzione = 0.78 ** (classe - 1)
    return round(mq / 100 * dominicale * riduzione), round(mq / 100 * agrario * riduzione)


def build_on(particella: Particella, dal: date, noto_dal: date) -> None:
    """Pass a parcel to the urban cadastre from a day on."""
    ultimo = particella.stati[-1]
    ultimo.al, ultimo.noto_al = dal, noto_dal
    particella.stati.append(
        StatoTerreno(
            ENTE_URBANO,
            0,
            0,
            0,
            dal,
            noto_dal,
            nota=("M", f"{particella.id % 1000000:06d}", noto_dal.year),
            causale=_TIPO_MAPPALE,
        )
    )


def is_taxed(particella: Particella) -> bool:
    """Tell whether a parcel bore an income on the first day, hence has holders."""
    return particella.stati[0].qualita < 270

"""What happens between the first supply and the last: buildings and parcels.

Runs before units and people are made, so that a new house has units, owners and
residents only from its own day on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import shapely

from ingest.generatore.caso import Obblighi
from ingest.generatore.modello import (
    MAI,
    Difetto,
    Edificio,
    Evento,
    Impronta,
    Mondo,
    Particella,
)
from ingest.generatore.poligoni import Anello, area2, area_mq, merge
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.sagome import contains

INIZIO: Final = date(2021, 1, 10)
FINE: Final = date(2024, 11, 30)
_GIORNI: Final = (FINE - INIZIO).days
_STACCATI: Final = frozenset({"villino", "capannone", "palazzina", "colonica"})
_ANNESSI: Final = frozenset({"rimessa", "tettoia", "fienile", "stalla"})


def some_day(caso: random.Random) -> date:
    """Return a day between the first and the last supply."""
    return INIZIO + timedelta(days=caso.randrange(_GIORNI))


def reshape(mondo: Mondo, numeri: Numeratore, caso: random.Random, obblighi: Obblighi) -> None:
    """Let buildings and parcels of a sheet change."""
    toccati: set[int] = set()
    _new_and_gone(mondo, caso, toccati, obblighi)
    _extend(mondo, caso, toccati, obblighi)
    _undeclared(mondo, caso, toccati, obblighi)
    _join_or_part(mondo, numeri, caso, toccati, obblighi)
    _redraw_fields(mondo, numeri, caso, obblighi)


def _free(mondo: Mondo, toccati: set[int], generi: frozenset[str]) -> Iterator[Edificio]:
    for edificio in mondo.edifici:
        if (
            edificio.genere in generi
            and edificio.id not in toccati
            and len(edificio.particelle) == 1
        ):
            yield edificio


def _name(edificio: Edificio) -> str:
    return f"E{edificio.id}"


def _new_and_gone(mondo: Mondo, caso: random.Random, toccati: set[int], obblighi: Obblighi) -> None:
    for edificio in _free(mondo, toccati, frozenset({"villino", "capannone", "palazzina"})):
        if obblighi.roll("nuova_costruzione", caso, 0.012):
            obblighi.done("nuova_costruzione")
            giorno = some_day(caso)
            for altro in edificio.particelle[0].edifici:
                toccati.add(altro.id)
                altro.dal = altro.impronte[0].dal = giorno
                altro.in_mappa_dal = giorno + timedelta(days=caso.randint(20, 90))
                altro.anno = giorno.year
                for civico in altro.civici:
                    civico.dal = giorno
                mondo.eventi.append(
                    Evento(
                        giorno,
                        "nuova_costruzione",
                        "edificio",
                        (),
                        (_name(altro),),
                        altro.in_mappa_dal,
                    )
                )
    for edificio in _free(mondo, toccati, _ANNESSI | {"casa", "capannone"}):
        if obblighi.roll("demolizione", caso, 0.004):
            obblighi.done("demolizione")
            toccati.add(edificio.id)
            giorno = some_day(caso)
            edificio.al = edificio.impronte[0].al = giorno
            mondo.eventi.append(
                Evento(
                    giorno,
                    "demolizione",
                    "edificio",
                    (_name(edificio),),
                    (),
                    giorno + timedelta(days=caso.randint(30, 200)),
                )
            )
            if len(edificio.particelle[0].edifici) == 1:
                for civico in edificio.civici:
                    civico.al = giorno


def _extend(mondo: Mondo, caso: random.Random, toccati: set[int], obblighi: Obblighi) -> None:
    """Enlarge detached houses; who does not declare it leaves the old outline on the map."""
    for edificio in _free(mondo, toccati, _STACCATI):
        if not obblighi.roll("ampliamento_non_dichiarato", caso, 0.02):
            continue
        prima = edificio.impronte[0]
        larga = _larger(prima.anello, edificio.particelle[0].anello, caso)
        if not larga:
            continue
        toccati.add(edificio.id)
        giorno = some_day(caso)
        prima.al = giorno
        edificio.impronte.append(Impronta(larga, [], giorno))
        mq = round(area_mq(larga) - area_mq(prima.anello))
        abusivo = obblighi.roll("ampliamento_non_dichiarato", caso, 0.4)
        obblighi.done("ampliamento_non_dichiarato")
        noto = MAI if abusivo else giorno + timedelta(days=caso.randint(30, 150))
        edificio.in_mappa = prima if abusivo else None
        mondo.eventi.append(
            Evento(
                giorno,
                "ampliamento",
                "edificio",
                (_name(edificio),),
                (_name(edificio),),
                noto,
                f"{mq} m2",
            )
        )
        if abusivo:
            mondo.difetti.append(
                Difetto(
                    "ampliamento_non_dichiarato",
                    "*",
                    "CTF",
                    _parcel_key(edificio),
                    _name(edificio),
                    f"{mq} m2",
                )
            )


def _larger(casa: Anello, lotto: Anello, caso: random.Random) -> Anello:
    """Push one side of a rectangle outwards, if the lot has room."""
    if len(casa) != 4:
        return []
    lati = [0, 1, 2, 3]
    caso.shuffle(lati)
    for i in lati:
        a, b, c = casa[i], casa[(i + 1) % 4], casa[(i + 2) % 4]
        d = ((c[0] - b[0]) ** 2 + (c[1] - b[1]) ** 2) ** 0.5
        k = caso.uniform(2.6e3, 5e3) / d
        nx, ny = round((b[0] - c[0]) * k), round((b[1] - c[1]) * k)
        nuova = list(casa)
        nuova[i] = (a[0] + nx, a[1] + ny)
        nuova[(i + 1) % 4] = (b[0] + nx, b[1] + ny)
        if contains(lotto, nuova, 600):
            return nuova
    return []


def _parcel_key(edificio: Edificio) -> str:
    particella = edificio.particelle[0]
    return f"{particella.foglio}/{particella.numero}"


def _undeclared(mondo: Mondo, caso: random.Random, toccati: set[int], obblighi: Obblighi) -> None:
    """Leave some outbuildings off the cadastral map altogether."""
    for edificio in _free(mondo, toccati, _ANNESSI):
        if edificio is edificio.particelle[0].edifici[0] or not obblighi.roll(
            "edificio_non_dichiarato", caso, 0.05
        ):
            continue
        obblighi.done("edificio_non_dichiarato")
        toccati.add(edificio.id)
        edificio.in_mappa_dal = MAI
        mondo.difetti.append(
            Difetto(
                "edificio_non_dichiarato",
                "*",
                "CTF",
                _parcel_key(edificio),
                _name(edificio),
                edificio.genere,
            )
        )


def _join_or_part(
    mondo: Mondo, numeri: Numeratore, caso: random.Random, toccati: set[int], obblighi: Obblighi
) -> None:
    """Split one building in two, or make one of two; the units stay where they are."""
    precedente: Edificio | None = None
    for edificio in list(_free(mondo, toccati, frozenset({"casa", "schiera"}))):
        vicino, precedente = precedente, edificio
        if vicino is None or vicino.id in toccati or not _next_door(vicino, edificio):
            continue
        sorte = _split_or_join("edifici", caso, obblighi)
        if not sorte:
            continue
        unito = _union(vicino.impronte[0].anello, edificio.impronte[0].anello)
        if not unito:
            continue
        obblighi.done(sorte)
        giorno = some_day(caso)
        numeri.edificio += 1
        intero = Edificio(
            numeri.edificio,
            edificio.genere,
            max(vicino.piani, edificio.piani),
            vicino.anno,
            [Impronta(unito, [], vicino.dal)],
            [vicino.particelle[0], edificio.particelle[0]],
            vicino.dal,
            in_mappa_dal=MAI,
        )
        parti = [vicino, edificio]
        intero.parti = parti
        if sorte.startswith("divisione"):
            intero.al = intero.impronte[0].al = giorno
            for parte in parti:
                parte.madre, parte.dal, parte.impronte[0].dal = intero, giorno, giorno
            prima, dopo = [intero], parti
        else:
            intero.dal = intero.impronte[0].dal = giorno
            for parte in parti:
                parte.figlia, parte.al, parte.impronte[0].al = intero, giorno, giorno
            prima, dopo = parti, [intero]
        toccati |= {vicino.id, edificio.id}
        mondo.edifici.append(intero)
        mondo.eventi.append(
            Evento(
                giorno,
                sorte.partition("_")[0],
                "edificio",
                tuple(map(_name, prima)),
                tuple(map(_name, dopo)),
                giorno,
            )
        )


def _split_or_join(cosa: str, caso: random.Random, obblighi: Obblighi) -> str:
    """Say whether two neighbours come out of one, become one, or stay."""
    for quale, probabilita in (("divisione", 0.008), ("fusione", 0.006)):
        if obblighi.roll(f"{quale}_{cosa}", caso, probabilita):
            return f"{quale}_{cosa}"
    return ""


def _next_door(a: Edificio, b: Edificio) -> bool:
    pa, pb = a.particelle[0], b.particelle[0]
    return (
        int(pb.numero) - int(pa.numero) == 1
        and len(pa.edifici) == 1
        and len(pb.edifici) == 1
        and not a.impronte[0].corte
        and not b.impronte[0].corte
    )


def _union(a: Anello, b: Anello) -> Anello:
    """Return the union of two touching outlines, empty when they do not make one."""
    unione = shapely.union(shapely.Polygon(a), shapely.Polygon(b), grid_size=20)
    if not isinstance(unione, shapely.Polygon) or unione.interiors:
        return []
    anello = [(round(x), round(y)) for x, y in unione.exterior.coords[:-1]]
    return anello if area2(anello) > 0 else anello[::-1]


def _redraw_fields(
    mondo: Mondo, numeri: Numeratore, caso: random.Random, obblighi: Obblighi
) -> None:
    """Divide a field in two, or join two: new numbers, old ones suppressed."""
    originali = list(mondo.particelle)
    usati: set[int] = set()
    for a, b in pairwise(originali):
        if a.uso != "campo" or b.uso != "campo" or a.edifici or b.edifici or usati & {a.id, b.id}:
            continue
        sorte = _split_or_join("particelle", caso, obblighi)
        if not sorte:
            continue
        unito = merge([a.anello, b.anello])
        if not unito:
            continue
        obblighi.done(sorte)
        usati |= {a.id, b.id}
        giorno = some_day(caso)
        noto = giorno + timedelta(days=caso.randint(3, 45))
        intera = _parcel(mondo, numeri, unito, a)
        if sorte.startswith("divisione"):
            # The whole was there first, under the number the left half had.
            a.numero, intera.numero = intera.numero, a.numero
            b.numero = _next_number(mondo)
            intera.al, intera.noto_al = giorno, noto
            for parte in (a, b):
                parte.dal, parte.noto_dal, parte.madre = giorno, noto, intera
            vecchie, nuove = [intera], [a, b]
        else:
            intera.dal, intera.noto_dal, intera.madre = giorno, noto, a
            b.madre = a
            for parte in (a, b):
                parte.al, parte.noto_al = giorno, noto
            vecchie, nuove = [a, b], [intera]
        mondo.eventi.append(
            Evento(
                giorno,
                "frazionamento" if sorte.startswith("divisione") else "fusione",
                "particella",
                tuple(f"P{p.id}" for p in vecchie),
                tuple(f"P{p.id}" for p in nuove),
                noto,
            )
        )


def _next_number(mondo: Mondo) -> str:
    return str(max(int(p.numero) for p in mondo.particelle) + 1)


def _parcel(mondo: Mondo, numeri: Numeratore, anello: Anello, modello: Particella) -> Particella:
    nuova = Particella(
        numeri.next("particella"),
        modello.foglio,
        _next_number(mondo),
        anello,
        modello.uso,
        modello.dal,
        modello.noto_dal,
        mq=max(1, round(area_mq(anello))),
        cella=modello.cella,
    )
    mondo.particelle.append(nuova)
    return nuova

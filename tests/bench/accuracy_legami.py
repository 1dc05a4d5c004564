"""The links of a registry beside the truth: what should be linked, and what is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from territorio import legame
from territorio.legame import Legame
from territorio.tables import FATTI
from territorio.vigenza import Quando, in_force
from tests.bench.verita import Nomi, Verita, deliveries, last, true_on

type Coppie = set[tuple[str, ...]]

COPPIE = {
    "edificio_particella": ("edificio_particella", "edificio", "particella"),
    "unita_particella": ("particella_unita", "unita", "particella"),
    "unita_edificio": ("unita_edificio", "unita", "edificio"),
    "civico_edificio": ("civico_edificio", "civico", "edificio"),
    "residente_civico": ("residenze", "persona", "civico_dichiarato"),
    "residente_unita": ("residenze", "persona", "unita"),
}
"""Kinds whose truth is a table with days: its name, and the columns of the two ends."""

ESTREMI = {
    "edificio_particella": ("edificio", "particella"),
    "unita_particella": ("unita_immobiliare", "particella"),
    "terreno_particella": ("particella_censuaria", "particella"),
    "unita_edificio": ("unita_immobiliare", "edificio"),
    "civico_edificio": ("civico", "edificio"),
    "unita_civico": ("unita_immobiliare", "civico"),
    "residente_civico": ("residenza.soggetto", "civico"),
    "residente_unita": ("residenza.soggetto", "unita_immobiliare"),
    "posizione_unita": ("posizione_imu", "unita_immobiliare"),
    "stesso_soggetto": ("soggetto", "soggetto"),
    "particella_zona": ("particella", "zona_urbanistica"),
}
"""The facts at the two ends: a pair is asked for only where both are in the registry."""


EDIFICI = ("edificio_particella", "unita_edificio", "civico_edificio")
"""Kinds that name a building: what stands is known by flight, not by day."""


@dataclass(slots=True)
class Esito:
    """True and stated pairs, counted over all the days asked about."""

    veri: int = 0
    confermati: int = 0
    giusti: int = 0
    proposti_giusti: int = 0

    def add(self, veri: Coppie, confermati: Coppie, proposti: Coppie) -> None:
        """Count the pairs of one day."""
        self.veri += len(veri)
        self.confermati += len(confermati)
        self.giusti += len(veri & confermati)
        self.proposti_giusti += len(veri & (proposti - confermati))

    @property
    def precisione(self) -> float:
        """Return the part of what is stated that is true."""
        return self.giusti / self.confermati if self.confermati else 1.0

    @property
    def richiamo(self) -> float:
        """Return the part of what is true that is stated."""
        return self.giusti / self.veri if self.veri else 1.0

    @property
    def con_proposti(self) -> float:
        """Return the part of what is true that is stated or at least proposed."""
        return (self.giusti + self.proposti_giusti) / self.veri if self.veri else 1.0


def measure(
    conn: sa.Connection, verita: Verita, nomi: Nomi, giorni: Iterable[date]
) -> dict[str, Esito]:
    """Compare every kind of link on each day, at the latest knowledge."""
    found = {tipo: Esito() for tipo in ESTREMI}
    for giorno in giorni:
        for tipo, esito in found.items():
            esito.add(*compare(conn, verita, nomi, tipo, Quando(giorno)))
    return found


def compare(
    conn: sa.Connection, verita: Verita, nomi: Nomi, tipo: str, quando: Quando
) -> tuple[Coppie, Coppie, Coppie]:
    """Return what should be linked, what is, and what is proposed, as of a day and a knowledge."""
    ends = tuple(_in_force(conn, verita.comune, fact, quando) for fact in ESTREMI[tipo])
    truth = _truth(conn, verita, nomi, tipo, quando.alla_data, ends)
    stated: dict[str, Coppie] = {"confermato": set(), "proposto": set()}
    for x in named_links(conn, verita, nomi, tipo, quando):
        stated[x[1].stato].add(x[0])
    return truth, stated["confermato"], stated["proposto"]


def named_links(
    conn: sa.Connection, verita: Verita, nomi: Nomi, tipo: str, quando: Quando
) -> list[tuple[tuple[str, ...], Legame]]:
    """Return the links of a kind with the names the truth has for their ends."""
    links = legame.search(conn, verita.comune, tipo, quando)
    if "zona" in tipo:
        links = _main_zone(conn, verita, quando.alla_data, links)
    pairs = ((_named(tipo, x, nomi), x) for x in links)
    return [(pair, x) for pair, x in pairs if pair is not None]


def by_method(
    conn: sa.Connection, verita: Verita, nomi: Nomi, giorni: Iterable[date]
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Count for each kind, method and state the links that are right and all of them."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for giorno in giorni:
        for tipo in ESTREMI:
            truth, *_ = compare(conn, verita, nomi, tipo, Quando(giorno))
            for pair, x in named_links(conn, verita, nomi, tipo, Quando(giorno)):
                right, all_of_them = found.get((tipo, x.metodo, x.stato), (0, 0))
                found[tipo, x.metodo, x.stato] = right + (pair in truth), all_of_them + 1
    return found


def area_error(conn: sa.Connection, verita: Verita, nomi: Nomi, giorno: date) -> float:
    """Return the relative error of the shared areas, all together."""
    truth = {
        (r["edificio"], r["particella"]): float(r["mq"])
        for r in verita.table("edificio_particella")
        if true_on(r, giorno)
    }
    wrong = total = 0.0
    for x in legame.search(conn, verita.comune, "edificio_particella", Quando(giorno)):
        real = truth.get((nomi.get(x.da, ""), nomi.get(x.a, "")))
        if real is not None and x.misura is not None:
            wrong += abs(float(x.misura) - real)
            total += real
    return wrong / total if total else 0.0


def _in_force(conn: sa.Connection, comune: str, fact: str, quando: Quando) -> set[int]:
    """Return the identities that are in the registry as of a day and a knowledge."""
    nome, _, column = fact.partition(".")
    c = FATTI[nome].c
    where = sa.and_(c.comune == comune, in_force(c, quando))
    return set(conn.execute(sa.select(c[column or "id"]).where(where)).scalars())


def _named(tipo: str, x: Legame, nomi: Nomi) -> tuple[str, ...] | None:
    """Return a link in the names of the truth; None where it has no name for an end."""
    if tipo == "stesso_soggetto":
        # Here the question is which identities are one person.
        return (str(x.da), str(x.a)) if x.da in nomi and x.a in nomi else None
    if tipo == "particella_zona":
        return (nomi[x.da], str(x.evidenza["sigla"])) if x.da in nomi else None
    return (nomi[x.da], nomi[x.a]) if x.da in nomi and x.a in nomi else None


def _truth(
    conn: sa.Connection,
    verita: Verita,
    nomi: Nomi,
    tipo: str,
    giorno: date,
    ends: tuple[set[int], ...],
) -> Coppie:
    """Return the pairs that should be linked, of objects both in the registry.

    A building split or joined between two flights is unknown until the second: which one a
    thing belongs to is asked for the day of the last flight.
    """
    if tipo in EDIFICI:
        giorno = last(deliveries(conn, verita.comune, "edifici"), giorno)
    if tipo == "stesso_soggetto":
        same: dict[str, list[int]] = defaultdict(list)
        for number in sorted(n for n in ends[0] if n in nomi):
            same[nomi[number]].append(number)
        return {
            (str(one), str(other))
            for numbers in same.values()
            for one in numbers
            for other in numbers
            if one < other
        }
    pairs: Coppie
    left, right = ({nomi[n] for n in end if n in nomi} for end in ends)
    match tipo:
        case "terreno_particella":
            pairs = {(name, f"P{name[1:]}") for name in left}
        case "unita_civico":
            pairs = {(r["unita"], r["civico"]) for r in verita.table("unita")}
        case "posizione_unita":
            pairs = {(f"K{r['codice_utenza']}", r["unita"]) for r in verita.table("posizioni")}
        case "particella_zona":
            return _zones(verita, giorno, left)
        case _:
            pairs = verita.pairs(*COPPIE[tipo], giorno)
    return {(da, a) for da, a in pairs if da in left and a in right}


def _zones(verita: Verita, giorno: date, left: set[str]) -> Coppie:
    """Return the zone of each parcel under the plan of the day."""
    column = "zona_2025" if giorno >= date(2025, 1, 1) else "zona_2021"
    return {
        (r["particella"], r[column])
        for r in verita.table("particelle")
        if r["particella"] in left and r[column]
    }


def _main_zone(
    conn: sa.Connection, verita: Verita, giorno: date, links: list[Legame]
) -> list[Legame]:
    """Keep for each parcel the zone that holds most of it, with its label."""
    z = FATTI["zona_urbanistica"].c
    where = sa.and_(z.comune == verita.comune, in_force(z, Quando(giorno)))
    labels = {row.id: row.sigla for row in conn.execute(sa.select(z.id, z.sigla).where(where))}
    largest: dict[int, Legame] = {}
    for x in links:
        if x.da not in largest or (x.misura or 0) > (largest[x.da].misura or 0):
            largest[x.da] = x
    for x in largest.values():
        x.evidenza["sigla"] = labels[x.a]
    return list(largest.values())

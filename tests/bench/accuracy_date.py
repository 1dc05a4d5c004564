"""Answers with a date beside the truth: what held on a day, as it was known on another.

The truth is what the register itself stated, mistakes included: an answer is right when it
says what the delivery of the day of knowledge said about the day asked.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

import sqlalchemy as sa

from territorio.schema import fornitura, registrazione
from territorio.tables import FATTI
from territorio.vigenza import Quando, in_force
from tests.bench.accuracy_legami import Esito, compare
from tests.bench.verita import Nomi, Verita, deliveries, last, outlines, true_on

type Voci = set[tuple[str, ...]]


RISPOSTE = (
    "stato delle unità",
    "titolari di unità e terreni",
    "edificio delle unità",
    "edificio dei civici",
    "residenti",
)
LEGAMI = {"edificio delle unità": "unita_edificio", "edificio dei civici": "civico_edificio"}
"""Answers that are links: the kind of each."""


@dataclass(slots=True)
class Risposte:
    """Answers about single objects, each for a day asked about and a day of knowledge."""

    domande: int = 0
    chieste: int = 0
    giuste: int = 0

    def add(self, veri: Voci, detti: Voci) -> None:
        """Count the objects of one question; an answer is right when it is so as a whole."""
        truth, stated = _by_object(veri), _by_object(detti)
        self.domande += 1
        self.chieste += len(truth.keys() | stated.keys())
        self.giuste += sum(stated.get(name) == said for name, said in truth.items())

    @property
    def quota(self) -> float:
        """Return the share of right answers."""
        return self.giuste / self.chieste if self.chieste else 1.0


def _by_object(voci: Voci) -> dict[str, Voci]:
    found: dict[str, Voci] = {}
    for voce in voci:
        found.setdefault(voce[0], set()).add(voce)
    return found


def knowledge(conn: sa.Connection, comune: str) -> dict[date, int]:
    """Return the last registrazione of the deliveries up to each day."""
    rows = conn.execute(
        sa.select(fornitura.c.data_riferimento, sa.func.max(fornitura.c.registrazione))
        .where(fornitura.c.comune == comune, fornitura.c.registrazione.is_not(None))
        .group_by(fornitura.c.data_riferimento)
        .order_by(fornitura.c.data_riferimento)
    )
    return {row[0]: row[1] for row in rows}


def measure(conn: sa.Connection, verita: Verita, nomi: Nomi) -> dict[str, Risposte]:
    """Compare the answers on each day of delivery, as known after each delivery."""
    found = {name: Risposte() for name in RISPOSTE}
    known = knowledge(conn, verita.comune)
    linked = _linked(conn, verita.comune, known)
    census = deliveries(conn, verita.comune, "catasto_fabbricati")
    land = deliveries(conn, verita.comune, "catasto_terreni")
    register = deliveries(conn, verita.comune, "anagrafe_lac")
    for day, number in known.items():
        written = last(census, day)
        cadastre = {"U": written, "P": last(land, day)}
        for asked in (d for d in known if d <= day):
            quando = Quando(asked, number)
            found["stato delle unità"].add(
                _true_states(verita, asked, written), _states(conn, verita, quando)
            )
            found["titolari di unità e terreni"].add(
                _true_holders(verita, asked, cadastre), _holders(conn, verita, nomi, quando)
            )
            if day in linked:
                quando = Quando(asked, linked[day])
                for name, tipo in LEGAMI.items():
                    truth, stated, _ = compare(conn, verita, nomi, tipo, quando)
                    found[name].add(truth, stated)
        # The list has no day of leaving: it answers for its own day.
        counted = last(register, day)
        found["residenti"].add(
            {(r["persona"],) for r in verita.table("residenze") if true_on(r, counted)},
            _residents(conn, verita, nomi, Quando(counted, number)),
        )
    return found


def recognition(conn: sa.Connection, verita: Verita) -> Esito:
    """Compare which outlines are the same building from one delivery to the next."""
    deliveries: dict[date, dict[int, str]] = {}
    for day, number, name in outlines(conn, verita):
        deliveries.setdefault(day, {})[number] = name
    esito = Esito()
    days = sorted(deliveries)
    for before, after in pairwise(days):
        old, new = deliveries[before], deliveries[after]
        back = {name: number for number, name in new.items()}
        truth: Voci = {(str(n), str(back[name])) for n, name in old.items() if name in back}
        stated: Voci = {(str(n), str(n)) for n in old if n in new}
        esito.add(truth, stated, set())
    return esito


def _linked(conn: sa.Connection, comune: str, known: Mapping[date, int]) -> dict[date, int]:
    """Return, for each day of delivery, the registrazione of the links computed after it.

    Days whose links were not computed before the next deliveries came are left out.
    """
    c = registrazione.c
    computed = sorted(
        conn.execute(sa.select(c.numero).where(c.comune == comune, c.causa == "calcolo")).scalars()
    )
    found = {}
    days = [*known.items(), (date.max, sys.maxsize)]
    for (day, number), (_, following) in pairwise(days):
        after = [n for n in computed if number < n < following]
        if after:
            found[day] = max(after)
    return found


def _stated(row: Mapping[str, str], asked: date, known: date) -> bool:
    """Tell whether the register, on the day of knowledge, said that a row held.

    Until it knows of an end it says that the thing goes on.
    """
    day = known.isoformat()
    if row["nota_da"] > day:
        return False
    ended = row["al"] if row["nota_fino"] and row["nota_fino"] <= day else ""
    return true_on({"dal": row["dal"], "al": ended}, asked)


def _true_states(verita: Verita, asked: date, known: date) -> Voci:
    return {
        (r["unita"], r["categoria"], _cents(r["rendita"]))
        for r in verita.table("unita_stati")
        if _stated(r, asked, known)
    }


def _cents(text: str) -> str:
    return str(Decimal(text) / 100) if text else ""


def _states(conn: sa.Connection, verita: Verita, quando: Quando) -> Voci:
    c = FATTI["unita_immobiliare"].c
    query = sa.select(c.identificativo, c.categoria, c.rendita).where(
        c.comune == verita.comune, in_force(c, quando)
    )
    return {
        (f"U{number}", category or "", "" if rent is None else str(Decimal(rent).normalize() + 0))
        for number, category, rent in conn.execute(query)
    }


def _true_holders(verita: Verita, asked: date, known: Mapping[str, date]) -> Voci:
    return {
        (r["oggetto"], r["soggetto"], r["diritto"])
        for r in verita.table("titolari")
        if _stated(r, asked, known[r["oggetto"][0]])
    }


def _holders(conn: sa.Connection, verita: Verita, nomi: Nomi, quando: Quando) -> Voci:
    c = FATTI["titolarita"].c
    query = sa.select(c.soggetto, c.unita, c.terreno, c.diritto).where(
        c.comune == verita.comune, in_force(c, quando)
    )
    return {
        (nomi.get(unit or land, "?").replace("T", "P"), nomi.get(who, "?"), right)
        for who, unit, land, right in conn.execute(query)
    }


def _residents(conn: sa.Connection, verita: Verita, nomi: Nomi, quando: Quando) -> Voci:
    c = FATTI["residenza"].c
    query = sa.select(c.soggetto).where(c.comune == verita.comune, in_force(c, quando))
    return {(nomi.get(who, "?"),) for who in conn.execute(query).scalars()}

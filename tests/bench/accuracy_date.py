"""Answers with a date beside the truth: what held on a day, as it was known on another.

The truth is what the register itself stated, mistakes included: an answer is right when it
says what the delivery of the day of knowledge said about the day asked.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

import sqlalchemy as sa

from territorio.schema import fornitura
from territorio.tables import FATTI
from territorio.vigenza import Quando, in_force
from tests.bench.accuracy_legami import Esito
from tests.bench.verita import Nomi, Verita, outlines, true_on

type Voci = set[tuple[str, ...]]


def knowledge(conn: sa.Connection, comune: str) -> dict[date, int]:
    """Return the last registrazione of the deliveries up to each day."""
    rows = conn.execute(
        sa.select(fornitura.c.data_riferimento, sa.func.max(fornitura.c.registrazione))
        .where(fornitura.c.comune == comune, fornitura.c.registrazione.is_not(None))
        .group_by(fornitura.c.data_riferimento)
        .order_by(fornitura.c.data_riferimento)
    )
    return {row[0]: row[1] for row in rows}


def measure(conn: sa.Connection, verita: Verita, nomi: Nomi) -> dict[str, Esito]:
    """Compare the answers on each day of delivery, as known after each delivery."""
    found = {name: Esito() for name in ("stato delle unità", "titolari", "residenti")}
    known = knowledge(conn, verita.comune)
    census = _days_of(conn, verita.comune, "catasto_fabbricati")
    land = _days_of(conn, verita.comune, "catasto_terreni")
    register = _days_of(conn, verita.comune, "anagrafe_lac")
    for day, number in known.items():
        last = _last(census, day)
        for asked in (d for d in known if d <= day):
            quando = Quando(asked, number)
            found["stato delle unità"].add(
                _true_states(verita, asked, last), _states(conn, verita, quando), set()
            )
            found["titolari"].add(
                _true_holders(verita, asked, {"U": last, "P": _last(land, day)}),
                _holders(conn, verita, nomi, quando),
                set(),
            )
        # The list has no day of leaving: it answers for its own day.
        counted = _last(register, day)
        found["residenti"].add(
            {(r["persona"],) for r in verita.table("residenze") if true_on(r, counted)},
            _residents(conn, verita, nomi, Quando(counted, number)),
            set(),
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


def _days_of(conn: sa.Connection, comune: str, fonte: str) -> list[date]:
    c = fornitura.c
    query = sa.select(c.data_riferimento).where(c.comune == comune, c.fonte == fonte).distinct()
    return sorted(conn.execute(query).scalars())


def _last(days: list[date], day: date) -> date:
    """Return the last delivery of a source up to a day."""
    return max((d for d in days if d <= day), default=date.min)


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
        (r["soggetto"], r["oggetto"], r["diritto"])
        for r in verita.table("titolari")
        if _stated(r, asked, known[r["oggetto"][0]])
    }


def _holders(conn: sa.Connection, verita: Verita, nomi: Nomi, quando: Quando) -> Voci:
    c = FATTI["titolarita"].c
    query = sa.select(c.soggetto, c.unita, c.terreno, c.diritto).where(
        c.comune == verita.comune, in_force(c, quando)
    )
    return {
        (nomi.get(who, "?"), nomi.get(unit or land, "?").replace("T", "P"), right)
        for who, unit, land, right in conn.execute(query)
    }


def _residents(conn: sa.Connection, verita: Verita, nomi: Nomi, quando: Quando) -> Voci:
    c = FATTI["residenza"].c
    query = sa.select(c.soggetto).where(c.comune == verita.comune, in_force(c, quando))
    return {(nomi.get(who, "?"),) for who in conn.execute(query).scalars()}

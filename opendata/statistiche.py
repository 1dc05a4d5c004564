"""Statistics by census section: counted once for a publication, and kept as they were said.

Nobody can ask for them of a day of their own choosing: what stands in the registry is the
publications there were, and a new one comes at the earliest after ``DISTANZA`` (ADR 13).
Counts of persons pass through :func:`opendata.conteggi.protect` before they are written.
"""

from datetime import date, timedelta

import sqlalchemy as sa

from opendata.conteggi import Conto, Visibile, protect
from territorio import db, pubblicato
from territorio.errors import Conflict
from territorio.log import get
from territorio.schema_statistiche import GRUPPI, ZONE, statistica_sezione

log = get(__name__)

DISTANZA = timedelta(days=90)
"""Publications nearer than this would tell who came and went."""
LOCK = 7_304_221
"""Advisory lock, with the municipality: no publication is made twice at the same time."""
_CONTI = (
    *("id", "edifici", "civici"),
    *(f"unita_{gruppo}" for gruppo in GRUPPI),
    *(f"zona_{zona}_mq" for zona in ZONE),
)


def publish(conn: sa.Connection, comune: str, giorno: date) -> int:
    """Count what is in each section on a day, publish it; return of how many sections.

    The same day again changes nothing. Raises Conflict for a day before the last publication
    or too soon after it.
    """
    conn.execute(
        sa.text("SELECT pg_advisory_xact_lock(:lock, hashtext(:comune))"),
        {"lock": LOCK, "comune": comune},
    )
    last = last_day(conn, comune)
    if last == giorno:
        return len(shown(conn, comune, giorno))
    if last is not None and giorno < last + DISTANZA:
        raise Conflict(
            f"le statistiche di {comune} sono state pubblicate il {last:%d/%m/%Y}: le prossime"
            f" dal {last + DISTANZA:%d/%m/%Y}, perché da due conteggi vicini si capirebbe chi è"
            " arrivato e chi è andato via"
        )
    rows = conn.execute(db.sql("opendata/conta_sezioni"), {"comune": comune, "giorno": giorno})
    counted = [row._mapping for row in rows]
    visible = protect(
        {
            r["id"]: Conto(r["residenti"], r["famiglie"], r["case_abitate"], r["edifici"])
            for r in counted
        },
        {} if last is None else shown(conn, comune, last),
    )
    if counted:
        conn.execute(
            sa.insert(statistica_sezione),
            [
                {
                    "comune": comune,
                    "pubblicazione": giorno,
                    **{name: r[name] for name in _CONTI},
                    **_persons(visible[r["id"]]),
                }
                for r in counted
            ],
        )
        told = set(visible) | (set() if last is None else set(shown(conn, comune, last)))
        pubblicato.republish(conn, comune, told)
    silent = sum(one is None for one in visible.values())
    log.info("statistics published", comune=comune, sections=len(counted), silent=silent)
    return len(counted)


def last_day(conn: sa.Connection, comune: str) -> date | None:
    """Return the day of the last publication of a municipality, None if there was none."""
    c = statistica_sezione.c
    query = sa.select(sa.func.max(c.pubblicazione)).where(c.comune == comune)
    found: date | None = conn.execute(query).scalar_one()
    return found


def shown(conn: sa.Connection, comune: str, giorno: date) -> dict[int, Visibile | None]:
    """Return what the publication of a day showed of the persons of each section."""
    c = statistica_sezione.c
    rows = conn.execute(
        sa.select(c.id, c.residenti, c.famiglie).where(
            c.comune == comune, c.pubblicazione == giorno
        )
    )
    return {
        row.id: None if row.residenti is None else Visibile(row.residenti, row.famiglie)
        for row in rows
    }


def _persons(one: Visibile | None) -> dict[str, int | None]:
    if one is None:
        return {"residenti": None, "famiglie": None}
    return {"residenti": one.residenti, "famiglie": one.famiglie}

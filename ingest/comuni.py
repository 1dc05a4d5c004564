"""For which municipalities a delivery is read: what it says, or what can be told."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from ingest.accept import Consegna
from territorio.errors import Refused
from territorio.schema import comune, comune_catastale

_ISTAT = 6


def assign(
    conn: sa.Connection, deliveries: Iterable[Consegna], wanted: str | None
) -> list[Consegna]:
    """Return each delivery once for each municipality administered here that it is about.

    ``wanted`` is the municipality the caller named. A file that names none belongs to the
    only one the other files name, or to the only one there is.
    """
    known = set(conn.execute(sa.select(comune.c.comune)).scalars())
    if wanted is not None and wanted not in known:
        raise Refused(wanted, f"il comune non è amministrato qui: {_add(wanted)}")
    assigned: list[Consegna] = []
    silent: list[Consegna] = []
    for delivery in deliveries:
        if delivery.ambito.comuni:
            assigned += _shared(conn, delivery, wanted)
        elif delivery.ambito.comune_catastale:
            assigned.append(_for(delivery, _own(conn, delivery, wanted)))
        else:
            silent.append(delivery)
    named = {wanted} if wanted else {delivery.ambito.comune for delivery in assigned} or known
    for delivery in silent:
        if len(named) != 1:
            raise Refused(
                delivery.nome,
                "il file non dice di quale comune è: aggiungi «--comune CODICE»",
            )
        assigned.append(_for(delivery, next(iter(named))))
    return assigned


def _own(conn: sa.Connection, delivery: Consegna, wanted: str | None) -> str:
    """Return the municipality of a delivery that names one code."""
    code = delivery.ambito.comune_catastale
    found = _resolve(conn, code)
    if wanted is not None and found not in (None, wanted):
        raise Refused(delivery.nome, f"il file è del comune {found} ({code}), non di {wanted}")
    if found is None and wanted is None:
        raise Refused(
            delivery.nome,
            f"il codice {code} non appartiene a nessun comune amministrato qui: {_add(code)}",
        )
    return found or wanted or ""


def _shared(conn: sa.Connection, delivery: Consegna, wanted: str | None) -> list[Consegna]:
    """Return the delivery of several municipalities, once for each that counts here."""
    pairs = [(code, _resolve(conn, code)) for code in delivery.ambito.comuni]
    mine = [(code, found) for code, found in pairs if found and wanted in (None, found)]
    if not mine:
        raise Refused(
            delivery.nome,
            f"il file non contiene il comune {wanted}"
            if wanted
            else "il file non contiene nessun comune amministrato qui",
        )
    return [_for(delivery, found, code) for code, found in mine]


def _for(delivery: Consegna, found: str, code: str | None = None) -> Consegna:
    """Return the delivery as read for one municipality."""
    ambito = delivery.ambito
    code = ambito.comune_catastale if code is None else code
    return replace(delivery, ambito=replace(ambito, comune_catastale=code, comune=found))


def _resolve(conn: sa.Connection, code: str) -> str | None:
    """Return the municipality that a code of the cadastre, or of ISTAT, stands for today."""
    if len(code) == _ISTAT and code.isdecimal():
        query = sa.select(comune.c.comune).where(comune.c.istat == code)
    else:
        query = sa.select(comune_catastale.c.comune).where(
            comune_catastale.c.comune_catastale == code
        )
    found: str | None = conn.execute(query.limit(1)).scalar()
    return found


def _add(code: str) -> str:
    """Return what to do about a municipality nobody has added."""
    return f"aggiungilo con «territorio comune aggiungi {code}»"

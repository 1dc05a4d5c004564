"""For which municipalities a delivery is read: what it says, or what can be told."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from catasto import belfiore, istat
from ingest.accept import Consegna
from territorio.errors import Refused
from territorio.schema import comune, comune_catastale
from territorio.tables import STAGING


def assign(
    conn: sa.Connection, deliveries: Iterable[Consegna], wanted: str | None
) -> list[Consegna]:
    """Return each delivery once for each municipality administered here that it is about.

    ``wanted`` is the municipality the caller named. A file that names none belongs to the
    only one the other files name, or to the only one there is.
    """
    known = set(conn.execute(sa.select(comune.c.comune)).scalars())
    if wanted is not None and wanted not in known:
        mine = _resolve(conn, wanted)
        if mine is None:
            raise Refused(wanted, f"il comune non è amministrato qui: {_add(wanted)}")
        wanted = mine
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
    if wanted is not None and found is None:
        raise Refused(
            delivery.nome,
            f"il file è del comune {_name(code)}, non di {wanted}: se ne è una parte (fusione), "
            f"dillo con «territorio comune aggiungi {wanted} --catastale {_belfiore(code)}»",
        )
    if found is None:
        raise Refused(
            delivery.nome,
            f"il codice {_name(code)} non appartiene a nessun comune amministrato qui: "
            f"{_add(_belfiore(code))}",
        )
    if wanted not in (None, found):
        raise Refused(
            delivery.nome, f"il file è del comune {found} ({_name(code)}), non di {wanted}"
        )
    return found


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
    """Return the municipality that a code of the cadastre, or of ISTAT, stands for today.

    Files go on using the ISTAT codes of provinces that are no more; a code that was given
    to several municipalities in turn means the latest of them.
    """
    codes = [code]
    if istat.is_istat(code):
        own = sa.select(comune.c.comune).where(comune.c.istat == code).limit(1)
        mine: str | None = conn.execute(own).scalar()
        if mine is not None:
            return mine
        codes = istat.belfiori(code)[:1]
    found: str | None = conn.execute(
        sa.select(comune_catastale.c.comune)
        .where(comune_catastale.c.comune_catastale.in_(codes))
        .limit(1)
    ).scalar()
    return found


def learn(conn: sa.Connection, codice: str) -> None:
    """Take the ISTAT code from the staged boundary, where the official lists had none."""
    s = STAGING["confine"].c
    said = sa.select(s.istat).where(s.comune == codice).order_by(s.n.desc()).limit(1)
    conn.execute(
        sa.update(comune)
        .where(comune.c.comune == codice, comune.c.istat.is_(None))
        .values(istat=said.scalar_subquery())
    )


def _belfiore(code: str) -> str:
    """Return the code of the cadastre for either code; as it is, if it is in no list."""
    return next(iter(istat.belfiori(code)), code)


def _name(code: str) -> str:
    """Return a code with the name it stands for, if it is in the lists."""
    story = belfiore.history(_belfiore(code))
    return f"{code} ({story[-1].nome})" if story else code


def _add(code: str) -> str:
    """Return what to do about a municipality nobody has added."""
    return f"aggiungilo con «territorio comune aggiungi {code}»"

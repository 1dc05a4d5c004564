"""Take a municipality into the registry: its name, its codes, the zone that measures it."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catasto import belfiore, istat
from territorio import vigenza
from territorio.comune import Comune
from territorio.errors import Conflict, InvalidInput
from territorio.schema import comune, comune_catastale

_OVEST = (
    "AL AO AT BG BI BO BS BZ CN CO CR FE FI GE GR IM LC LI LO LU MB MI MN MO MS NO OR PC PD PI"
    " PO PR PT PV RE RO SI SO SP SS CA NU SU SV TN TO VA VB VC VI VR VS CI OG OT AR"
)
ZONA_32 = frozenset(_OVEST.split())
"""Provinces that lie for the most part west of 12° E."""

UTM_32, UTM_33 = 7791, 7792
"""RDN2008 / UTM, east before north: what distances and buffers are measured in."""


def add(
    conn: sa.Connection,
    codice: str,
    denominazione: str | None = None,
    *,
    inventato: bool = False,
    catastali: Iterable[str] = (),
) -> Comune:
    """Take in a municipality by its Belfiore or ISTAT code; raise Conflict if it is there.

    Name, province and the other code come from the history of the codes. ``catastali`` are
    the other codes under which the cadastre still delivers parts of it (after a fusione);
    they may be added to one that is there.
    """
    today = vigenza.today()
    if istat.is_istat(codice):
        codice = istat.belfiore_or_none(codice, today) or codice
    known = belfiore.denominazione_or_none(codice, today)
    if not belfiore.is_belfiore(codice) or (known is None and denominazione is None):
        raise InvalidInput(
            "comune",
            f"«{codice}» non è il codice catastale o ISTAT di un comune di oggi: controllalo, "
            "oppure indica tu il nome con --denominazione",
        )
    if known is not None and known.provincia == "EE":
        raise InvalidInput("comune", f"«{codice}» è uno Stato estero: {known.nome}")
    provincia = known.provincia if known is not None else None
    row = Comune(
        comune=codice,
        denominazione=denominazione or (known.nome if known is not None else codice),
        istat=istat.istat_or_none(codice, today),
        provincia=provincia,
        utm=UTM_32 if provincia in ZONA_32 else UTM_33,
        inventato=inventato,
    )
    there = conn.execute(sa.select(comune.c.comune).where(comune.c.comune == codice))
    codes = {codice, *catastali}
    new = there.one_or_none() is None
    if not new and codes == {codice}:
        raise Conflict(f"Il comune {codice} c'è già.")
    if new:
        values = {name: getattr(row, name) for name in Comune.__slots__}
        conn.execute(sa.insert(comune).values(values))
    parts = insert(comune_catastale).values([_code(codice, one) for one in sorted(codes)])
    conn.execute(parts.on_conflict_do_nothing())
    return row


def _code(codice: str, catastale: str) -> dict[str, object]:
    """Return a code of the cadastre with the days on which it was a municipality's own."""
    if not belfiore.is_belfiore(catastale):
        raise InvalidInput("catastali", f"«{catastale}» non è un codice catastale")
    story = belfiore.history(catastale)
    days: tuple[date | None, date | None] = (None, None)
    if catastale != codice and story:
        days = (story[0].dal, story[-1].al)
    return {"comune": codice, "comune_catastale": catastale, "dal": days[0], "al": days[1]}

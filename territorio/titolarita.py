"""Rights: the section of the dossier that says who holds the units and the land."""

import sqlalchemy as sa

from catasto import codici
from territorio import vigenza
from territorio.schema import identita, legame
from territorio.schema_persone import titolarita
from territorio.sezione import Sezione, Voce
from territorio.vigenza import Quando


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section, shares and rights in words."""
    for riga in righe:
        valori = riga["valori"]
        above, below = valori.pop("quota_numeratore", None), valori.pop("quota_denominatore", None)
        if below:
            valori["quota"] = f"{above}/{below}"
        right = codici.diritto_or_none(valori["diritto"])
        if right is not None:
            valori["diritto_descrizione"] = right.descrizione
    return righe


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the persons who hold something today."""
    return {"titolari": len({r["di"] for r in righe if r["di"] and r["valori"].get("attuale")})}


def holder_or_none(conn: sa.Connection, edificio: int, quando: Quando) -> int | None:
    """Return a person who held a unit of a building, or None if nobody is known to.

    One whom other sources know too comes first: what is theirs says more. Always the same.
    """
    unit, same, held = legame.alias(), legame.alias(), titolarita.c
    # Its municipality first: without it no index leads to the few units of one building.
    home = sa.select(identita.c.comune).where(identita.c.id == edificio).scalar_subquery()
    elsewhere = sa.exists().where(
        same.c.comune == held.comune,
        same.c.tipo == "stesso_soggetto",
        same.c.stato != "rifiutato",
        sa.or_(same.c.da == held.soggetto, same.c.a == held.soggetto),
        vigenza.in_force(same.c, quando),
    )
    person: int | None = conn.execute(
        sa.select(held.soggetto)
        .join(unit, sa.and_(unit.c.comune == held.comune, unit.c.da == held.unita))
        .where(unit.c.comune == home, unit.c.tipo == "unita_edificio", unit.c.a == edificio)
        .where(unit.c.stato == "confermato", held.soggetto.is_not(None))
        .where(vigenza.in_force(unit.c, quando), vigenza.in_force(held, quando))
        .order_by(elsewhere.desc(), held.soggetto)
        .limit(1)
    ).scalar()
    return person


SEZIONE = Sezione("titolari", "titolari", ("titolarita",), voci, conta)

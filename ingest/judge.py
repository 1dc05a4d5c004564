"""Is a delivery fit to be taken? Too damaged, cut off, in the wrong place, or good."""

import sqlalchemy as sa

from ingest.accept import Consegna
from ingest.esito import Esito
from ingest.posizione import Posizione
from territorio.errors import Refused
from territorio.schema import fornitura, fornitura_ambito

TOLLERANZA = 0.05
"""Share of unreadable records above which a file is refused (DESIGN §4)."""
MINIMO = 0.5
"""A delivery with less than this share of the one before looks cut off."""
_FEW = 20
"""Below this many records half as many mean nothing."""


def records(nome: str, esito: Esito, tolleranza: float) -> None:
    """Raise Refused if more records than tolerated could not be read."""
    refused, letti = esito.rifiutati, esito.letti
    if len(refused) > tolleranza * letti:
        first = refused[0]
        where = f"alla riga {first.riga}" if first.riga is not None else "senza riga"
        raise Refused(
            nome,
            f"{len(refused)} record su {letti} non si leggono (oltre il {tolleranza:.0%}); "
            f"il primo {where}: {first.motivo}",
            [(nome, one.riga, one.motivo) for one in refused],
        )


def size(conn: sa.Connection, comune: str, delivery: Consegna, number: int, letti: int) -> None:
    """Raise Refused if the delivery is much smaller than the last of the same parts."""
    previous = _letti_before(conn, comune, delivery.fonte, number)
    if previous is not None and previous >= _FEW and letti < MINIMO * previous:
        raise Refused(
            delivery.nome,
            f"contiene {letti} record, la consegna precedente {previous}: sembra "
            "incompleto. Se è giusto così, ripeti con «--forza»",
        )


def _letti_before(conn: sa.Connection, comune: str, fonte: str, number: int) -> int | None:
    """Return how many records the last delivery of the same parts had."""
    part = fornitura_ambito.c
    spoken = sa.func.array_agg(sa.distinct(part.fatto + " " + part.ambito))
    here = part.comune == comune
    parts = sa.select(spoken).where(here, part.fornitura == fornitura.c.id).scalar_subquery()
    mine = sa.select(spoken).where(here, part.fornitura == number).scalar_subquery()
    # Those that share a part, before their parts are compared: a map comes a sheet a file.
    other = fornitura_ambito.alias()
    same = sa.and_(other.c.fatto == part.fatto, other.c.ambito == part.ambito)
    sharing = (
        sa.select(other.c.fornitura)
        .join_from(fornitura_ambito, other, same)
        .where(here, part.fornitura == number, other.c.comune == comune)
    )
    # A delivery that speaks for no part is as long as it happens to be.
    nothing = sa.exists().where(here, part.fornitura == number, part.ambito == "")
    letti: int | None = conn.execute(
        sa.select(fornitura.c.letti)
        .where(
            fornitura.c.comune == comune,
            fornitura.c.fonte == fonte,
            # Merged before, or read before by the same command.
            sa.or_(fornitura.c.registrazione.is_not(None), fornitura.c.letti > 0),
            fornitura.c.id != number,
            fornitura.c.id.in_(sharing),
            parts == mine,
            ~nothing,
        )
        .order_by(fornitura.c.data_riferimento.desc(), fornitura.c.id.desc())
        .limit(1)
    ).scalar()
    return letti


def place(delivery: Consegna, found: Posizione | None) -> None:
    """Raise Refused if the objects are not where the municipality is."""
    if found is not None and found.quota > delivery.sorgente.FONTE.fuori_confine:
        raise Refused(
            delivery.nome,
            f"{found.fuori} oggetti su {found.oggetti} sono a più di {found.metri} m {found.da}: "
            f"{found.guess(delivery.ambito.crs)}",
        )

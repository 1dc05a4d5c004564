"""Take a delivery in hand: is it new, does it come in time, what does it speak for."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ingest.accept import Consegna
from ingest.esito import Esito
from ingest.segnala import Segnalatore
from territorio import vigenza
from territorio.errors import Refused
from territorio.schema import fonte, fornitura, fornitura_ambito


@dataclass(slots=True)
class Presa:
    """A delivery that is being loaded."""

    consegna: Consegna
    comune: str
    id: int
    segnalatore: Segnalatore
    esito: Esito


def register(conn: sa.Connection, delivery: Consegna, comune: str) -> Presa:
    """Write the source, the delivery and what it speaks for."""
    about = delivery.sorgente.FONTE
    row = {
        "titolo": about.title,
        "editore": about.publisher,
        "licenza": about.licence,
        "cadenza": about.cadence,
        "conserva_giorni": about.conserva_giorni,
        "persone": about.persone,
    }
    stored = conn.execute(sa.select(fonte).where(fonte.c.codice == delivery.fonte)).one_or_none()
    if stored is None or any(stored._mapping[name] != value for name, value in row.items()):
        # Written only when it differs: the row would hold up loads of other municipalities.
        known = insert(fonte).values(codice=delivery.fonte, **row)
        conn.execute(known.on_conflict_do_update(index_elements=["codice"], set_=row))
    ambito = delivery.ambito
    number: int = conn.execute(
        sa.insert(fornitura)
        .values(
            comune=comune,
            fonte=delivery.fonte,
            sha256=delivery.sha256,
            nome=delivery.nome,
            byte=delivery.byte,
            data_riferimento=ambito.data_riferimento,
            data_elaborazione=ambito.data_elaborazione,
            originale_fino=vigenza.today() + timedelta(days=about.conserva_giorni),
        )
        .returning(fornitura.c.id)
    ).scalar_one()
    parts = [
        {"comune": comune, "fornitura": number, "fatto": fatto, "ambito": part}
        for fatto in about.facts
        for part in ambito.parti.get(fatto, ("*",)) or ("",)
    ]
    conn.execute(sa.insert(fornitura_ambito), parts)
    return Presa(
        delivery, comune, number, Segnalatore(conn, comune, number), _esito(delivery, comune)
    )


def already_loaded(conn: sa.Connection, comune: str, delivery: Consegna) -> Esito | None:
    """Return the outcome of a delivery that was loaded before: nothing changes."""
    row = conn.execute(
        sa.select(fornitura).where(
            fornitura.c.comune == comune,
            fornitura.c.fonte == delivery.fonte,
            fornitura.c.sha256 == delivery.sha256,
            fornitura.c.data_riferimento == delivery.ambito.data_riferimento,
        )
    ).one_or_none()
    if row is None:
        return None
    esito = _esito(delivery, comune)
    esito.gia_caricata = True
    esito.letti = row.letti
    esito.invariati = row.letti - row.rifiutati
    return esito


def check_order(conn: sa.Connection, comune: str, delivery: Consegna) -> None:
    """Raise Refused for a delivery that comes too late for a source that has no keys."""
    if delivery.sorgente.FONTE.tardive:
        return
    last: date | None = conn.execute(
        sa.select(sa.func.max(fornitura.c.data_riferimento)).where(
            fornitura.c.comune == comune,
            fornitura.c.fonte == delivery.fonte,
            fornitura.c.registrazione.is_not(None),
        )
    ).scalar()
    day = delivery.ambito.data_riferimento
    if last is not None and day is not None and day < last:
        raise Refused(
            delivery.nome,
            f"è del {day:%d/%m/%Y}, ma ne è già caricata una del {last:%d/%m/%Y}: gli edifici si "
            "riconoscono da una consegna alla successiva, quindi vanno caricate in ordine di data",
        )


def _esito(delivery: Consegna, comune: str) -> Esito:
    """Return an outcome without figures yet."""
    return Esito(
        delivery.nome,
        sha256=delivery.sha256,
        fonte=delivery.fonte,
        comune=comune,
        data_riferimento=str(delivery.ambito.data_riferimento),
    )

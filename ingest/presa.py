"""Take a delivery in hand: is it new, does it come in time, what does it speak for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ingest.accept import Consegna
from ingest.contract import Fonte
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


def take(conn: sa.Connection, deliveries: Sequence[Consegna]) -> tuple[list[Presa], list[Esito]]:
    """Write what is new among the deliveries; return it, and the outcome of what is not.

    A source of hundreds of sheets brings hundreds of files: they are written together.
    """
    known = _loaded_before(conn, deliveries)
    fresh: dict[_Chiave, Consegna] = {}
    outcome: list[Esito] = []
    for delivery in deliveries:
        key = _key(delivery)
        if key in known or key in fresh:
            outcome.append(_again(delivery, *known.get(key, (0, 0))))
            continue
        check_order(conn, delivery)
        fresh[key] = delivery
    return _register(conn, list(fresh.values())), outcome


def _register(conn: sa.Connection, deliveries: Sequence[Consegna]) -> list[Presa]:
    """Write the sources, the deliveries and what they speak for."""
    if not deliveries:
        return []
    for codice, about in {d.fonte: d.sorgente.FONTE for d in deliveries}.items():
        _write_source(conn, codice, about)
    numbers = conn.execute(
        sa.insert(fornitura).returning(fornitura.c.id, sort_by_parameter_order=True),
        [
            {
                "comune": d.ambito.comune,
                "fonte": d.fonte,
                "sha256": d.sha256,
                "nome": d.nome,
                "byte": d.byte,
                "data_riferimento": d.ambito.data_riferimento,
                "data_elaborazione": d.ambito.data_elaborazione,
                "originale_fino": vigenza.today()
                + timedelta(days=d.sorgente.FONTE.conserva_giorni),
            }
            for d in deliveries
        ],
    ).scalars()
    taken = list(zip(numbers, deliveries, strict=True))
    parts = [
        {"comune": d.ambito.comune, "fornitura": number, "fatto": fatto, "ambito": part}
        for number, d in taken
        for fatto in d.sorgente.FONTE.facts
        for part in d.ambito.parti.get(fatto, ("*",)) or ("",)
    ]
    conn.execute(sa.insert(fornitura_ambito), parts)
    return [
        Presa(d, d.ambito.comune, n, Segnalatore(conn, d.ambito.comune, n), _esito(d))
        for n, d in taken
    ]


def _write_source(conn: sa.Connection, codice: str, about: Fonte) -> None:
    """Write a source as its module describes it.

    Only when it differs: the row would hold up loads of other municipalities.
    """
    row = {
        "titolo": about.title,
        "editore": about.publisher,
        "licenza": about.licence,
        "cadenza": about.cadence,
        "conserva_giorni": about.conserva_giorni,
        "persone": about.persone,
    }
    stored = conn.execute(sa.select(fonte).where(fonte.c.codice == codice)).one_or_none()
    if stored is None or any(stored._mapping[name] != value for name, value in row.items()):
        known = insert(fonte).values(codice=codice, **row)
        conn.execute(known.on_conflict_do_update(index_elements=["codice"], set_=row))


def _loaded_before(
    conn: sa.Connection, deliveries: Iterable[Consegna]
) -> dict["_Chiave", tuple[int, int]]:
    """Return how many records each delivery that was loaded before had, and how many refused."""
    c = fornitura.c
    rows = conn.execute(
        sa.select(c.comune, c.fonte, c.sha256, c.data_riferimento, c.letti, c.rifiutati).where(
            c.comune.in_({d.ambito.comune for d in deliveries}),
            c.sha256.in_({d.sha256 for d in deliveries}),
        )
    )
    return {tuple(row[:4]): (row.letti, row.rifiutati) for row in rows}


type _Chiave = tuple[str, str, str, date | None]


def _key(delivery: Consegna) -> _Chiave:
    """Return what a delivery is known by: the same file may be of two sources, or of two days."""
    ambito = delivery.ambito
    return ambito.comune, delivery.fonte, delivery.sha256, ambito.data_riferimento


def _again(delivery: Consegna, letti: int, rifiutati: int) -> Esito:
    """Return the outcome of a delivery that was loaded before: nothing changes."""
    esito = _esito(delivery)
    esito.gia_caricata = True
    esito.letti = letti
    esito.invariati = letti - rifiutati
    return esito


def check_order(conn: sa.Connection, delivery: Consegna) -> None:
    """Raise Refused for a delivery that comes too late for a source that has no keys."""
    if delivery.sorgente.FONTE.tardive:
        return
    last: date | None = conn.execute(
        sa.select(sa.func.max(fornitura.c.data_riferimento)).where(
            fornitura.c.comune == delivery.ambito.comune,
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


def _esito(delivery: Consegna) -> Esito:
    """Return an outcome without figures yet."""
    return Esito(
        delivery.nome,
        sha256=delivery.sha256,
        fonte=delivery.fonte,
        comune=delivery.ambito.comune,
        data_riferimento=str(delivery.ambito.data_riferimento),
    )

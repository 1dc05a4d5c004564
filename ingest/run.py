"""Load deliveries: all of what one command names, or nothing.

Everything happens in one transaction. First each file is read and staged; then, in the
order of the days they speak for, the deliveries are merged, each under a registrazione of
its own. A crash at any moment leaves the registry as it was.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ingest import accept, edifici, merge
from ingest.accept import Consegna, Ignoto
from ingest.contract import Avviso, Manca, Progress, Rifiuto
from ingest.esito import Esito
from ingest.segnala import report
from ingest.stage import Stager
from territorio import db, registrazione, vigenza
from territorio.errors import Refused
from territorio.log import get
from territorio.schema import comune_catastale, fonte, fornitura, fornitura_ambito

log = get(__name__)

TOLLERANZA = 0.05
"""Share of unreadable records above which a file is refused (DESIGN §4)."""
MINIMO = 0.5
"""A delivery with less than this share of the one before looks cut off."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    giorno: date | None = None
    comune: str | None = None
    tolleranza: float = TOLLERANZA
    forza: bool = False
    autore: str = "territorio ingest"


@dataclass(slots=True)
class _Staged:
    """A delivery whose records stand in staging."""

    consegna: Consegna
    comune: str
    id: int
    avvisi: list[Avviso]
    esito: Esito


def quiet(_phase: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def ingest(
    engine: sa.Engine,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress = quiet,
) -> list[Esito]:
    """Load the files, folders and archives; return what came of each file.

    Raises Refused, with nothing changed, if any file is damaged beyond the tolerance,
    cannot be placed, or if no file at all is recognised.
    """
    options = options or Options()
    with accept.unpacked(list(paths)) as files, db.transaction(engine) as conn:
        found = [accept.identify(nome, path, options.giorno) for nome, path in files]
        unknown = [item for item in found if isinstance(item, Ignoto)]
        deliveries = sorted(
            (item for item in found if isinstance(item, Consegna)),
            key=lambda item: (item.ambito.data_riferimento or date.min, item.fonte, item.nome),
        )
        if not deliveries:
            names = ", ".join(item.nome for item in unknown) or "nessun file"
            raise Refused(
                names, "nessuna fonte riconosce il contenuto: vedi «territorio ingest --help»"
            )
        outcome = _load(conn, deliveries, options, progress)
    outcome += [
        Esito(item.nome, rifiutati=[Rifiuto(None, "nessuna fonte riconosce questo file")])
        for item in unknown
    ]
    return outcome


def _load(
    conn: sa.Connection, deliveries: list[Consegna], options: Options, progress: Progress
) -> list[Esito]:
    """Stage every delivery, then merge them in the order of their days."""
    outcome: list[Esito] = []
    staged: list[_Staged] = []
    places = _places(conn, deliveries, options)
    for delivery in deliveries:
        comune = places[delivery.ambito.comune_catastale]
        if (known := _already(conn, comune, delivery)) is not None:
            outcome.append(known)
            continue
        started = time.monotonic()
        item = _stage(conn, delivery, comune, options, progress)
        item.esito.secondi = time.monotonic() - started
        staged.append(item)
    for done, item in enumerate(staged):
        progress("unione", done, len(staged))
        started = time.monotonic()
        _merge(conn, item, options)
        item.esito.secondi += time.monotonic() - started
        outcome.append(item.esito)
    return outcome


def _places(conn: sa.Connection, deliveries: list[Consegna], options: Options) -> dict[str, str]:
    """Return, for each code the files name, the municipality that administers it today.

    A file that names none (most vector files) belongs to the one municipality that the
    other files of the command name, or to the only one of this installation.
    """
    codes = {delivery.ambito.comune_catastale: delivery.nome for delivery in deliveries}
    if options.comune is not None:
        return dict.fromkeys(codes, options.comune)
    known = {
        row.comune_catastale: row.comune
        for row in conn.execute(
            sa.select(comune_catastale.c.comune_catastale, comune_catastale.c.comune)
        )
    }
    for code, nome in codes.items():
        if code and code not in known:
            raise Refused(
                nome,
                f"il codice {code} non appartiene a nessun comune amministrato qui: "
                f"aggiungilo con «territorio comune aggiungi {code}»",
            )
    places = {code: known[code] for code in codes if code}
    if "" in codes:
        candidates = set(places.values()) or set(known.values())
        if len(candidates) != 1:
            raise Refused(
                codes[""], "il file non dice di quale comune è: aggiungi «--comune CODICE»"
            )
        places[""] = candidates.pop()
    return places


def _already(conn: sa.Connection, comune: str, delivery: Consegna) -> Esito | None:
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


def _esito(delivery: Consegna, comune: str) -> Esito:
    """Return an outcome without figures yet."""
    return Esito(
        delivery.nome,
        sha256=delivery.sha256,
        fonte=delivery.fonte,
        comune=comune,
        data_riferimento=str(delivery.ambito.data_riferimento),
    )


def _register(conn: sa.Connection, delivery: Consegna, comune: str) -> int:
    """Write the source, the delivery and what it speaks for; return the delivery's id."""
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
        {"fornitura": number, "fatto": fatto, "ambito": part}
        for fatto in about.facts
        for part in ambito.parti.get(fatto, ("*",)) or ("",)
    ]
    conn.execute(sa.insert(fornitura_ambito), parts)
    return number


def _stage(
    conn: sa.Connection, delivery: Consegna, comune: str, options: Options, progress: Progress
) -> _Staged:
    """Read a file into staging; raise Refused if too much of it is unreadable."""
    number = _register(conn, delivery, comune)
    esito = _esito(delivery, comune)
    stager = Stager(conn, comune, delivery.fonte, number, delivery.ambito.crs)
    avvisi: list[Avviso] = []
    try:
        for said in delivery.sorgente.read(delivery.path, delivery.ambito):
            if isinstance(said, Avviso):
                avvisi.append(said)
            elif isinstance(said, Rifiuto):
                esito.rifiutati.append(said)
            else:
                stager.add(said)
                if stager.righe % 50_000 == 0:
                    progress(f"lettura {delivery.nome}", stager.righe, None)
    except Manca as missing:
        raise Refused(
            delivery.nome, f"manca la colonna obbligatoria «{missing}»: il file non è completo"
        ) from None
    stager.finish()
    esito.letti = stager.righe + len(esito.rifiutati)
    _judge(conn, delivery, comune, esito, options)
    return _Staged(delivery, comune, number, avvisi + stager.avvisi, esito)


def _judge(
    conn: sa.Connection, delivery: Consegna, comune: str, esito: Esito, options: Options
) -> None:
    """Raise Refused if the file is too damaged or looks cut off."""
    bad = len(esito.rifiutati)
    if bad > options.tolleranza * esito.letti:
        first = esito.rifiutati[0]
        raise Refused(
            delivery.nome,
            f"{bad} record su {esito.letti} non si leggono (oltre il "
            f"{options.tolleranza:.0%}); il primo alla riga {first.riga}: {first.motivo}",
        )
    previous: int | None = conn.execute(
        sa.select(fornitura.c.letti)
        .where(
            fornitura.c.comune == comune,
            fornitura.c.fonte == delivery.fonte,
            fornitura.c.registrazione.is_not(None),
        )
        .order_by(fornitura.c.data_riferimento.desc(), fornitura.c.id.desc())
        .limit(1)
    ).scalar()
    whole = not delivery.ambito.parti
    if whole and not options.forza and previous and esito.letti < MINIMO * previous:
        raise Refused(
            delivery.nome,
            f"contiene {esito.letti} record, la consegna precedente {previous}: sembra "
            "incompleto. Se è giusto così, ripeti con «--forza»",
        )


def _merge(conn: sa.Connection, item: _Staged, options: Options) -> None:
    """Merge one staged delivery under its own registrazione and write its figures."""
    delivery, comune, esito = item.consegna, item.comune, item.esito
    number = registrazione.begin(
        conn, "fornitura", autore=options.autore, comune=comune, fornitura=item.id
    )
    total = merge.Conteggio()
    for fatto in delivery.sorgente.FONTE.facts:
        if fatto == "particella":
            conn.execute(db.sql("ingest/riunisci_parti"), {"comune": comune, "fornitura": item.id})
        if fatto == "edificio":
            edifici.recognise(conn, comune, delivery.fonte, item.id, number)
        total += merge.merge(conn, comune, delivery.fonte, fatto, item.id, number)
    esito.inseriti, esito.cambiati = total.inseriti, total.cambiati
    # A record said twice, or superseded by a later delivery, changes nothing.
    esito.invariati = esito.letti - len(esito.rifiutati) - total.inseriti - total.cambiati
    esito.chiusi = total.chiusi
    conn.execute(
        sa.update(fornitura)
        .where(fornitura.c.id == item.id)
        .values(
            registrazione=number,
            letti=esito.letti,
            inseriti=esito.inseriti,
            cambiati=esito.cambiati,
            invariati=esito.invariati,
            chiusi=esito.chiusi,
            rifiutati=len(esito.rifiutati),
        )
    )
    report(conn, comune, item.id, esito.rifiutati, item.avvisi)
    log.info(
        "fornitura merged",
        fonte=delivery.fonte,
        comune=comune,
        fornitura=item.id,
        read=esito.letti,
        inserted=esito.inseriti,
        changed=esito.cambiati,
        closed=esito.chiusi,
        refused=len(esito.rifiutati),
    )

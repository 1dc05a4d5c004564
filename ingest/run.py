"""Load deliveries: all of what one command names, or nothing.

Everything happens in one transaction. First each file is read and staged; then, in the
order of the days they speak for, the deliveries are merged, each under a registrazione of
its own. A crash at any moment leaves the registry as it was.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from catasto.errors import CatastoError
from ingest import accept, comuni, edifici, judge, merge, posizione
from ingest.accept import Consegna, Ignoto
from ingest.contract import Avviso, Manca, Progress, Rifiuto
from ingest.esito import Esito
from ingest.ripetuti import repeated
from ingest.segnala import Segnalatore
from ingest.stage import Stager
from territorio import db, registrazione, vigenza
from territorio.archivio import Archivio
from territorio.errors import Refused
from territorio.log import get
from territorio.schema import fonte, fornitura, fornitura_ambito

log = get(__name__)

_HOPELESS = 10_000
"""So many refusals in a file, and it is judged before its end."""
_HALF = 0.5
_TELL = 50_000


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    giorno: date | None = None
    comune: str | None = None
    tolleranza: float = judge.TOLLERANZA
    forza: bool = False
    mappa: Path | None = None
    autore: str = "territorio ingest"


@dataclass(slots=True)
class _Staged:
    """A delivery whose records stand in staging."""

    consegna: Consegna
    comune: str
    id: int
    segnalatore: Segnalatore
    esito: Esito


def quiet(_phase: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def ingest(
    engine: sa.Engine,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress = quiet,
    archivio: Archivio | None = None,
) -> list[Esito]:
    """Load the files, folders and archives; return what came of each file.

    What is loaded is kept in ``archivio``, when one is given, before the load commits.
    Raises Refused, with nothing changed, if any file is damaged beyond the tolerance,
    cannot be placed, or if no file at all is recognised.
    """
    with db.transaction(engine) as conn:
        return load(conn, paths, options, progress, archivio)


def load(
    conn: sa.Connection,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress = quiet,
    archivio: Archivio | None = None,
) -> list[Esito]:
    """Load in the running transaction, which the caller ends; otherwise as ``ingest``.

    What is refused leaves no trace in it.
    """
    options = options or Options()
    with accept.unpacked(list(paths), options.mappa) as files, conn.begin_nested():
        found = [
            accept.identify(nome, path, options.giorno, files.scratch)
            for nome, path in _announced(files.file, progress)
        ]
        unknown = [item for item in found if isinstance(item, Ignoto)]
        known = [item for item in found if isinstance(item, Consegna)]
        if not known:
            names = ", ".join(item.nome for item in unknown) or "nessun file"
            raise Refused(
                names, "nessuna fonte riconosce il contenuto: vedi «territorio ingest --help»"
            )
        deliveries = sorted(comuni.assign(conn, known, options.comune), key=_order)
        outcome = _load(conn, deliveries, options, progress)
        if archivio is not None:
            _keep(archivio, deliveries, progress)
    outcome += [
        Esito(item.nome, rifiutati=[Rifiuto(None, "nessuna fonte riconosce questo file")])
        for item in unknown
    ]
    return outcome


def _announced(files: list[tuple[str, Path]], progress: Progress) -> Iterator[tuple[str, Path]]:
    """Yield the files, telling how many have been looked at."""
    for done, item in enumerate(files):
        progress("riconoscimento", done, len(files))
        yield item


def _order(delivery: Consegna) -> tuple[object, ...]:
    """Return what puts deliveries in order: day, boundaries first, as they check the others."""
    day = delivery.ambito.data_riferimento or date.min
    return day, delivery.fonte != "confine", delivery.fonte, delivery.nome


def _keep(archivio: Archivio, deliveries: list[Consegna], progress: Progress) -> None:
    """Keep the originals; what is there already is not written again."""
    for done, delivery in enumerate(deliveries):
        progress("conservazione degli originali", done, len(deliveries))
        if not archivio.holds(delivery.sha256):
            archivio.keep(delivery.originale)


def _load(
    conn: sa.Connection, deliveries: list[Consegna], options: Options, progress: Progress
) -> list[Esito]:
    """Stage every delivery, then merge them in the order of their days."""
    outcome: list[Esito] = []
    staged: list[_Staged] = []
    for delivery in deliveries:
        comune = delivery.ambito.comune
        if (known := _already(conn, comune, delivery)) is not None:
            outcome.append(known)
            continue
        _check_order(conn, comune, delivery)
        started = time.monotonic()
        item = _stage(conn, delivery, comune, options, progress)
        item.esito.secondi = time.monotonic() - started
        staged.append(item)
    done = 0
    for items in _together(staged):
        progress("unione", done, len(staged))
        started = time.monotonic()
        _merge(conn, items, options)
        for item in items:
            item.esito.secondi += (time.monotonic() - started) / len(items)
            outcome.append(item.esito)
        done += len(items)
    return outcome


def _check_order(conn: sa.Connection, comune: str, delivery: Consegna) -> None:
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
    place = posizione.boundary(conn, comune) if delivery.fonte != "confine" else None
    stager = Stager(conn, comune, delivery.fonte, number, delivery.ambito.crs, place)
    item = _Staged(
        delivery, comune, number, Segnalatore(conn, comune, number), _esito(delivery, comune)
    )
    try:
        _read(item, stager, options, progress)
    except Manca as missing:
        raise Refused(
            delivery.nome, f"manca la colonna obbligatoria «{missing}»: il file non è completo"
        ) from None
    except CatastoError as error:
        raise Refused(delivery.nome, str(error)) from None
    stager.finish()
    item.segnalatore.extend(stager.avvisi)
    item.esito.letti = stager.righe + len(item.esito.rifiutati)
    judge.records(delivery.nome, item.esito, options.tolleranza)
    if not options.forza:
        judge.size(conn, comune, delivery, number, item.esito.letti)
        judge.place(delivery, place)
    return item


def _read(item: _Staged, stager: Stager, options: Options, progress: Progress) -> None:
    """Take what the source says, record by record; stop early a file that is all wrong."""
    delivery, refused = item.consegna, item.esito.rifiutati
    for said in delivery.sorgente.read(delivery.path, delivery.ambito):
        if isinstance(said, Avviso):
            item.segnalatore.add(said)
        elif isinstance(said, Rifiuto):
            refused.append(said)
            stager.refuse(said)
            item.segnalatore.add(said)
            if len(refused) % _HOPELESS == 0:
                item.esito.letti = stager.righe + len(refused)
                judge.records(delivery.nome, item.esito, max(options.tolleranza, _HALF))
        else:
            stager.add(said)
            if stager.righe % _TELL == 0:
                progress(f"lettura {delivery.nome}", stager.righe, None)


def _together(staged: list[_Staged]) -> Iterator[list[_Staged]]:
    """Yield the deliveries that are merged in one go: of one source, day and municipality.

    Buildings are recognised from one delivery to the next, so theirs go one by one.
    """

    def kind(item: _Staged) -> tuple[object, ...]:
        alone = "edificio" in item.consegna.sorgente.FONTE.facts
        day = item.consegna.ambito.data_riferimento
        return day, item.consegna.fonte, item.comune, item.id if alone else 0

    for _, items in groupby(sorted(staged, key=lambda i: (_order(i.consegna), i.comune)), kind):
        yield list(items)


def _merge(conn: sa.Connection, items: list[_Staged], options: Options) -> None:
    """Merge staged deliveries under a registrazione of their own and write their figures."""
    first = items[0]
    about, comune, numbers = first.consegna.sorgente.FONTE, first.comune, [i.id for i in items]
    number = registrazione.begin(
        conn,
        "fornitura",
        autore=options.autore,
        comune=comune,
        fornitura=first.id if len(items) == 1 else None,
        motivo=None if len(items) == 1 else f"{len(items)} file di {first.consegna.fonte}",
    )
    reports = {item.id: item.segnalatore for item in items}
    total = dict.fromkeys(numbers, merge.Conteggio())
    for fatto in about.facts:
        if fatto == "particella":
            conn.execute(db.sql("ingest/riunisci_parti"), {"comune": comune, "forniture": numbers})
        if fatto == "edificio":
            edifici.recognise(conn, comune, first.consegna.fonte, first.id, number)
        for of, avviso in repeated(conn, comune, fatto, numbers):
            reports[of].add(avviso)
        counted = merge.merge(
            conn, comune, first.consegna.fonte, fatto, numbers, number, dal_debole=about.dal_debole
        )
        total = {n: total[n] + counted[n] for n in numbers}
    for item in items:
        _close(conn, item, total[item.id], number)


def _close(conn: sa.Connection, item: _Staged, total: merge.Conteggio, number: int) -> None:
    """Write the figures of a delivery that was merged, and what it is about in its reports."""
    esito = item.esito
    esito.inseriti, esito.cambiati = total.inseriti, total.cambiati
    # A record said twice, or superseded by a later delivery, changes nothing.
    esito.invariati = esito.letti - len(esito.rifiutati) - total.inseriti - total.cambiati
    esito.chiusi = total.chiusi
    figures = {
        "letti": esito.letti,
        "inseriti": esito.inseriti,
        "cambiati": esito.cambiati,
        "invariati": esito.invariati,
        "chiusi": esito.chiusi,
        "rifiutati": len(esito.rifiutati),
    }
    conn.execute(
        sa.update(fornitura)
        .where(fornitura.c.id == item.id)
        .values(registrazione=number, **figures)
    )
    item.segnalatore.tell_objects()
    log.info(
        "fornitura merged",
        fonte=item.consegna.fonte,
        comune=item.comune,
        fornitura=item.id,
        read=esito.letti,
        inserted=esito.inseriti,
        changed=esito.cambiati,
        closed=esito.chiusi,
        refused=len(esito.rifiutati),
    )

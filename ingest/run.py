"""Load deliveries: all of what one command names, or nothing.

Everything happens in one transaction. In the order of the days they speak for, the
deliveries of a source are staged and merged together, under a registrazione of their own;
while the database merges, others are read ahead. A crash at any moment leaves the registry
as it was.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from ingest import (
    accept,
    comuni,
    confini,
    edifici,
    fuori_posto,
    ignoto,
    judge,
    lettura,
    merge,
    posizione,
)
from ingest.accept import Consegna, Ignoto
from ingest.chiavi import PERSONALI
from ingest.colonne import columns
from ingest.conteggio import Conteggio
from ingest.contract import Progress, Rifiuto
from ingest.esito import Esito
from ingest.lettura import Lettore, Lettori
from ingest.preparazione import Blocco, Compito, Letto, Osservazioni
from ingest.presa import Presa, take
from ingest.ripetuti import find_repeated, repeated
from ingest.segnala import Segnalatore
from ingest.stage import filling, remember_unread, take_figures, write
from territorio import cancellazione, db, registrazione
from territorio.archivio import Archivio
from territorio.atti import dissenso
from territorio.cancellazione_impronta import Impronte
from territorio.log import get
from territorio.schema import fornitura

log = get(__name__)

_HOPELESS = 10_000
"""So many refusals in a file, and it is judged before its end."""
_HALF = 0.5
_FIGURES = sa.text("SET LOCAL default_statistics_target = 10")
"""The figures taken here are for one command; those of every day are autovacuum's work."""
CONFINE = "confine"
"""The source of the boundaries."""
LOCK = 7_304_216
"""Advisory lock, with the municipality: two loads of one municipality wait for each other."""
ATTI = frozenset({"edificio", "odonimo", "civico"})
"""Kinds of facts of which acts of the office speak too."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to load."""

    giorno: date | None = None
    comune: str | None = None
    tolleranza: float = judge.TOLLERANZA
    forza: bool = False
    mappa: Path | None = None
    autore: str = "territorio ingest"


def quiet(_phase: str, _done: int, _total: int | None) -> None:
    """Report progress to nobody."""


def ingest(
    engine: sa.Engine,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress = quiet,
    archivio: Archivio | None = None,
    impronte: Impronte | None = None,
) -> list[Esito]:
    """Load the files, folders and archives; return what came of each file.

    What is loaded is kept in ``archivio``, when one is given, before the load commits. With
    ``impronte`` who was erased by law is recognised, and does not come back.
    Raises Refused, with nothing changed, if any file is damaged beyond the tolerance,
    cannot be placed, or if no file at all is recognised.
    """
    with db.transaction(engine) as conn:
        return load(conn, paths, options, progress, archivio, impronte)


def load(
    conn: sa.Connection,
    paths: Iterable[Path],
    options: Options | None = None,
    progress: Progress = quiet,
    archivio: Archivio | None = None,
    impronte: Impronte | None = None,
) -> list[Esito]:
    """Load in the running transaction, which the caller ends; otherwise as ``ingest``.

    What is refused leaves no trace in it.
    """
    options = options or Options()
    conn.execute(_FIGURES)
    with (
        accept.unpacked(list(paths), options.mappa) as files,
        lettura.processes(sum(path.stat().st_size for _, path in files.file)) as readers,
        conn.begin_nested(),
    ):
        found = [
            accept.identify(nome, path, options.giorno, files.scratch)
            for nome, path in _announced(files.file, progress)
        ]
        unknown = [item for item in found if isinstance(item, Ignoto)]
        known = [item for item in found if isinstance(item, Consegna)]
        why = {item.nome: ignoto.reason(item.path) for item in unknown}
        if not known:
            raise accept.nothing({**files.accessori, **why})
        deliveries = sorted(comuni.assign(conn, known, options.comune), key=_order)
        outcome = _load(conn, deliveries, options, progress, readers, impronte)
        if archivio is not None:
            _keep(archivio, deliveries, progress)
    outcome += [Esito(nome, rifiutati=[Rifiuto(None, motivo)]) for nome, motivo in why.items()]
    return outcome


def _announced(files: list[tuple[str, Path]], progress: Progress) -> Iterator[tuple[str, Path]]:
    """Yield the files, telling how many have been looked at."""
    for done, item in enumerate(files):
        progress("riconoscimento", done, len(files))
        yield item


def _order(delivery: Consegna) -> tuple[object, ...]:
    """Return what puts deliveries in order: day, boundaries first, as they check the others."""
    day = delivery.ambito.data_riferimento or date.min
    return day, delivery.fonte != CONFINE, delivery.fonte, delivery.nome


def _keep(archivio: Archivio, deliveries: list[Consegna], progress: Progress) -> None:
    """Keep the originals; what is there already is not written again."""
    for done, delivery in enumerate(deliveries):
        progress("conservazione degli originali", done, len(deliveries))
        if not archivio.holds(delivery.sha256):
            archivio.keep(delivery.originale)


def _load(
    conn: sa.Connection,
    deliveries: list[Consegna],
    options: Options,
    progress: Progress,
    readers: list[Lettore],
    impronte: Impronte | None,
) -> list[Esito]:
    """Stage and merge every delivery in the order of their days."""
    _take_turn(conn, {delivery.ambito.comune for delivery in deliveries})
    items, outcome = take(conn, deliveries)
    # Boundaries before all others, which are checked against them while they are read.
    first = [item for item in items if item.consegna.fonte == CONFINE]
    lettori = Lettori([_task(item, None) for item in first], readers)
    for n, item in enumerate(first):
        _stage(conn, item, lettori.read(n), options, progress)
    places = {c: confini.boundary(conn, c) for c in {item.comune for item in items}}
    for item in first:
        comuni.learn(conn, item.comune)
        item.segnalatore.extend(fuori_posto.loaded(conn, item.comune, places[item.comune]))
    groups = list(_together(items))
    others = [item for group in groups for item in group if item.consegna.fonte != CONFINE]
    lettori = Lettori([_task(item, places[item.comune]) for item in others], readers)
    with filling(conn, others):
        n = 0
        for done, group in enumerate(groups):
            progress("unione", done, len(groups))
            for item in group:
                if item.consegna.fonte != CONFINE:
                    _stage(conn, item, lettori.read(n), options, progress)
                    n += 1
            _erase_again(conn, group, impronte)
            _merge(conn, group, options)
            _contradicted(conn, group)
            outcome += [item.esito for item in group]
    return outcome


def _take_turn(conn: sa.Connection, comuni_: Iterable[str]) -> None:
    """Wait for the loads of the same municipalities that are under way.

    What they bring decides whether a delivery is new and comes in time. In order, so that two
    loads of several never wait for each other.
    """
    for code in sorted(comuni_):
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK, sa.func.hashtext(code))))


def _task(item: Presa, place: posizione.Posizione | None) -> Compito:
    """Return what whoever reads a delivery must know."""
    c = item.consegna
    # Each delivery has a count of its own.
    fresh = None if place is None else replace(place, oggetti=0, fuori=0, campione=[])
    told = {fatto: columns(fatto) for fatto in c.sorgente.FONTE.facts}
    return Compito(c.nome, c.fonte, c.path, c.ambito, item.comune, item.id, fresh, told)


def _stage(
    conn: sa.Connection,
    item: Presa,
    read: Iterable[Letto],
    options: Options,
    progress: Progress,
) -> None:
    """Write what a file says to staging; raise Refused if too much of it is unreadable."""
    started, delivery, esito = time.monotonic(), item.consegna, item.esito
    place: posizione.Posizione | None = None
    for letto in read:
        if isinstance(letto, Blocco):
            write(conn, letto)
            item.segnalatore.extend(letto.avvisi)
            esito.letti += letto.righe
            progress(f"lettura {delivery.nome}", esito.letti, None)
        elif isinstance(letto, Osservazioni):
            _observe(item, letto, options)
        else:
            item.segnalatore.extend(letto.avvisi)
            if place is None or letto.posizione is None:
                place = letto.posizione
            else:
                place.add(letto.posizione)
    remember_unread(conn, item.comune, item.id, esito.rifiutati)
    judge.records(delivery.nome, esito, options.tolleranza)
    if not options.forza:
        judge.size(conn, item.comune, delivery, item.id, esito.letti)
        judge.place(delivery, place)
    # The next delivery is compared with this one, merged or not.
    conn.execute(sa.update(fornitura).where(fornitura.c.id == item.id).values(letti=esito.letti))
    esito.secondi += time.monotonic() - started


def _observe(item: Presa, read: Osservazioni, options: Options) -> None:
    """Report what could not be taken; stop early a file that is all wrong."""
    esito = item.esito
    refused = [said for said in read.detti if isinstance(said, Rifiuto)]
    item.segnalatore.extend(read.detti)
    esito.rifiutati += refused
    esito.letti += len(refused)
    if len(esito.rifiutati) >= _HOPELESS:
        judge.records(item.consegna.nome, esito, max(options.tolleranza, _HALF))


def _together(items: list[Presa]) -> Iterator[list[Presa]]:
    """Yield the deliveries that are merged in one go: of one source and municipality.

    What a source says is a function of all its deliveries: merged one by one, each but the
    last would be compared, written and closed again for nothing. Buildings are recognised from
    one delivery to the next, so theirs go one by one.
    """

    def kind(item: Presa) -> tuple[object, ...]:
        _, later, fonte, _ = _order(item.consegna)
        alone = "edificio" in item.consegna.sorgente.FONTE.facts
        return later, fonte, item.comune, item.id if alone else 0

    for _, together in groupby(sorted(items, key=kind), kind):
        yield list(together)


def _erase_again(conn: sa.Connection, items: list[Presa], impronte: Impronte | None) -> None:
    """Take out of what was staged whom an order of erasure forbids to come back."""
    for item in items:
        if not PERSONALI.isdisjoint(item.consegna.sorgente.FONTE.facts):
            item.segnalatore.flush()  # what was reported of a line may quote it
            cancellazione.scrub_delivery(conn, impronte, item.id)


def _contradicted(conn: sa.Connection, items: list[Presa]) -> None:
    """Report where merged deliveries disagree with what the office wrote by acts."""
    for item in items:
        if not ATTI.isdisjoint(item.consegna.sorgente.FONTE.facts):
            dissenso.report(conn, item.comune, item.id)


def _merge(conn: sa.Connection, items: list[Presa], options: Options) -> None:
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
    total = dict.fromkeys(numbers, Conteggio())
    for fatto in about.facts:
        take_figures(conn, fatto)
        if fatto == "edificio":
            edifici.recognise(conn, comune, first.consegna.fonte, first.id, number)
        if twice := find_repeated(conn, comune, fatto, numbers):
            _settle_repeated(conn, comune, fatto, numbers, reports)
        counted = merge.merge(
            conn,
            comune,
            first.consegna.fonte,
            fatto,
            numbers,
            number,
            dal_debole=about.dal_debole,
            ripetuti=twice,
        )
        total = {n: total[n] + counted[n] for n in numbers}
    for item in items:
        _close(conn, item, total[item.id], number)


def _settle_repeated(
    conn: sa.Connection,
    comune: str,
    fatto: str,
    numbers: list[int],
    reports: dict[int, Segnalatore],
) -> None:
    """Join the parts of a parcel; report what else was said more than once."""
    if fatto == "particella":
        conn.execute(db.sql("ingest/riunisci_parti"), {"comune": comune, "forniture": numbers})
    for of, avviso in repeated(conn, comune, fatto):
        reports[of].add(avviso)


def _close(conn: sa.Connection, item: Presa, total: Conteggio, number: int) -> None:
    """Write the figures of a delivery that was merged, and what it is about in its reports."""
    esito = item.esito
    esito.inseriti, esito.cambiati = total.inseriti, total.cambiati
    # A record said twice, or superseded by a later delivery, changes nothing.
    esito.invariati = esito.letti - len(esito.rifiutati) - total.inseriti - total.cambiati
    esito.chiusi = total.chiusi
    figures = {
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

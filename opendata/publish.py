"""Publish a dataset of a municipality: a new version if anything changed, whole or not at all.

The files are written into a folder beside their place, which gets its name when they are all
on the disk; then the version is registered, and only what is registered is served. A process
that is killed before leaves a folder that the next one clears away.
"""

import hashlib
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from opendata import differenza, estrazione, formats, metadati_file, pubblicazione
from opendata.dataset import BY_NAME, DATASETS, Dataset
from opendata.ente import Ente
from opendata.estrazione import Estrazione, Lettore
from opendata.formats import FORMATI, Formato
from opendata.licenze import provenance
from opendata.metadati_file import METADATI, Racconto
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from opendata.variazioni import Stato
from territorio import archivio, db, vigenza
from territorio.errors import InvalidInput, NotFound
from territorio.log import get
from territorio.schema import comune as comuni
from territorio.schema_pubblicazione import pubblicazione as versioni
from territorio.schema_pubblicazione import pubblicazione_file

log = get(__name__)

LOCK = 7_304_219
"""Advisory lock, with dataset and municipality: no version is made twice at the same time."""

PUBBLICATA, INVARIATA, COMPLETATA = "pubblicata", "invariata", "completata"
VUOTA, SCRITTA = "vuota", "scritta"


@dataclass(frozen=True, slots=True)
class Richiesta:
    """What is to be published; without names of formats, in all that the dataset can have."""

    dataset: Dataset
    comune: str
    formati: tuple[str, ...] = ()
    giorno: date = field(default_factory=vigenza.today)


@dataclass(frozen=True, slots=True)
class Esito:
    """What came of it; ``numero`` is the version that stands now (0: none yet)."""

    dataset: str
    comune: str
    esito: str
    numero: int = 0
    righe: int = 0
    cambi: Mapping[str, int] = field(default_factory=dict)
    file: tuple[FilePubblicato, ...] = ()
    """What was written."""
    secondi: float = 0.0


@dataclass(frozen=True, slots=True)
class _Redazione:
    """What a version is made with."""

    conn: sa.Connection
    cartella: Path
    lettore: Lettore
    racconto: Racconto


def requests(
    conn: sa.Connection, comuni_: Sequence[str], datasets: Sequence[str], formati: Sequence[str]
) -> list[Richiesta]:
    """Return what to publish: all, or these municipalities, datasets and formats.

    Raises NotFound for a municipality or a dataset that there is not, InvalidInput for a format.
    """
    known = list(conn.execute(sa.select(comuni.c.comune).order_by(comuni.c.comune)).scalars())
    for codice in comuni_:
        if codice not in known:
            raise NotFound("comune", codice)
    for nome in datasets:
        if nome not in BY_NAME:
            raise NotFound("dataset", nome)
    chosen = [dataset for dataset in DATASETS if not datasets or dataset.nome in datasets]
    require(formati)
    return [
        Richiesta(dataset, codice, tuple(formati))
        for codice in known
        if not comuni_ or codice in comuni_
        for dataset in chosen
    ]


def name_of(cosa: Estrazione, formato: Formato) -> str:
    """Return the name of a file: it is the same in every version."""
    return f"{cosa.dataset.nome}_{cosa.comune or 'tutti'}{formato.estensione}"


def publish(engine: sa.Engine, cartella: Path, ente: Ente, richiesta: Richiesta) -> Esito:
    """Publish a dataset of a municipality; write nothing if nothing changed."""
    began = time.monotonic()
    wanted = asked(richiesta.dataset, richiesta.formati)
    with _alone(engine, richiesta) as conn:
        racconto = tell(conn, ente, richiesta)
        snapshot: str = conn.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        with estrazione.read(engine.url, racconto.cosa, snapshot) as lettore:
            made = _publish(_Redazione(conn, cartella, lettore, racconto), wanted)
    about = {"dataset": made.dataset, "comune": made.comune, "version": made.numero}
    log.info("dataset published", outcome=made.esito, **about)
    return replace(made, secondi=time.monotonic() - began)


def asked(dataset: Dataset, names: Sequence[str]) -> list[Formato]:
    """Return the formats to write; raise InvalidInput for one that there is not."""
    require(names)
    # A CSV goes with its description.
    chosen = {*names, *(["csvw"] if "csv" in names else [])}
    return [f for f in formats.formats_of(dataset) if not names or f.nome in chosen]


def require(names: Sequence[str]) -> None:
    """Raise InvalidInput for a format that there is not."""
    unknown = sorted(set(names) - FORMATI.keys())
    if unknown:
        raise InvalidInput("formato", f"«{', '.join(unknown)}» non è uno fra {', '.join(FORMATI)}")


def deliver(engine: sa.Engine, cartella: Path, ente: Ente, richiesta: Richiesta) -> Esito:
    """Write a dataset of a municipality into any folder; it is no version and is not served."""
    began = time.monotonic()
    nome, comune = richiesta.dataset.nome, richiesta.comune
    cartella.mkdir(parents=True, exist_ok=True)
    with _alone(engine, richiesta) as conn:
        racconto = tell(conn, ente, richiesta)
        snapshot: str = conn.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        with estrazione.read(engine.url, racconto.cosa, snapshot) as lettore:
            redazione = _Redazione(conn, cartella, lettore, racconto)
            made = _version(redazione, 0, differenza.read_state(lettore))
            if not made.righe:
                return Esito(nome, comune, VUOTA)
            wanted = [
                f for f in asked(richiesta.dataset, richiesta.formati) if not f.vuoto(lettore)
            ]
            name = f"{nome}_{comune}.{METADATI}"
            written = _write(redazione, cartella, made, wanted, name)
    seconds = time.monotonic() - began
    return Esito(nome, comune, SCRITTA, 0, made.righe, {}, written, seconds)


def tell(conn: sa.Connection, ente: Ente, richiesta: Richiesta) -> Racconto:
    """Return what is read and what is told of it; raise NotFound for an unknown municipality."""
    c = comuni.c
    query = sa.select(c.denominazione).where(c.comune == richiesta.comune)
    name = conn.execute(query).scalar()
    if name is None:
        raise NotFound("comune", richiesta.comune)
    fonti, escluse = provenance(conn, richiesta.dataset, richiesta.comune, richiesta.giorno)
    senza = frozenset(one.codice for one in escluse)
    cosa = Estrazione(richiesta.dataset, richiesta.comune, richiesta.giorno, senza)
    return Racconto(cosa, ente, name, tuple(fonti), tuple(escluse))


def _publish(redazione: _Redazione, wanted: Sequence[Formato]) -> Esito:
    """Make a version, or what is missing of the one that stands, or nothing."""
    lettore, cosa = redazione.lettore, redazione.racconto.cosa
    nome, comune = cosa.dataset.nome, str(cosa.comune)
    last = pubblicazione.last_or_none(redazione.conn, nome, comune)
    stato = differenza.read_state(lettore)
    if last is None and not stato.righe:
        return Esito(nome, comune, VUOTA)
    present = [formato for formato in wanted if not formato.vuoto(lettore)]
    if last is None or last.impronta != stato.impronta:
        return _new(redazione, last, stato, present)
    lost = _missing(redazione, last, present)
    if not lost:
        return Esito(nome, comune, INVARIATA, last.numero, last.righe)
    folder = pubblicazione.folder_of(redazione.cartella, nome, comune, last.numero)
    folder.mkdir(parents=True, exist_ok=True)
    written = _write(redazione, folder, last, lost)
    _register_files(redazione.conn, last, written)
    return Esito(nome, comune, COMPLETATA, last.numero, last.righe, file=written)


def _new(
    redazione: _Redazione, last: Pubblicazione | None, stato: Stato, wanted: Sequence[Formato]
) -> Esito:
    """Write the files of the next version, give them their place and register it."""
    conn, cosa = redazione.conn, redazione.racconto.cosa
    nome, comune = cosa.dataset.nome, str(cosa.comune)
    made = _version(redazione, last.numero + 1 if last else 1, stato)
    folder = pubblicazione.folder_of(redazione.cartella, nome, comune, made.numero)
    scratch = folder.with_name(f".{folder.name}.parziale")
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed one left
    scratch.mkdir(parents=True)
    try:
        written = _write(redazione, scratch, made, wanted)
        row = {name: getattr(made, name) for name in Pubblicazione.__slots__ if name != "file"}
        conn.execute(sa.insert(versioni), row)
        _register_files(conn, made, written)
        changes = differenza.record(conn, cosa, made.numero)
        # A place that is not registered was left by one that was killed before it could be.
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
        archivio.sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return Esito(nome, comune, PUBBLICATA, made.numero, made.righe, changes, written)


def _version(redazione: _Redazione, numero: int, stato: Stato) -> Pubblicazione:
    """Return a version that has no files yet."""
    cosa = redazione.racconto.cosa
    return Pubblicazione(
        dataset=cosa.dataset.nome,
        comune=str(cosa.comune),
        numero=numero,
        quando=redazione.conn.execute(sa.select(sa.func.now())).scalar_one(),
        giorno=cosa.giorno,
        registrazione=_registrazione(redazione.conn),
        righe=stato.righe,
        impronta=stato.impronta,
        file=(),
    )


def _write(
    redazione: _Redazione,
    folder: Path,
    versione: Pubblicazione,
    wanted: Sequence[Formato],
    metadati: str = METADATI,
) -> tuple[FilePubblicato, ...]:
    """Write files of a version and what is told of them all."""
    written = []
    for formato in wanted:
        file = folder / name_of(redazione.racconto.cosa, formato)
        formats.write(redazione.lettore, formato, file)
        written.append(_seen(file, formato.nome, formato.media_type))
    names = {one.nome for one in written}
    before = tuple(one for one in versione.file if one.nome not in names)
    file = folder / metadati
    with formats.whole(file) as scratch:
        told = replace(versione, file=(*before, *written))
        metadati_file.write(scratch, redazione.racconto, told)
    return (*written, _seen(file, "metadati", metadati_file.MEDIA_TYPE))


def _seen(file: Path, formato: str, media_type: str) -> FilePubblicato:
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return FilePubblicato(formato, file.name, file.stat().st_size, digest, media_type)


def _missing(
    redazione: _Redazione, last: Pubblicazione, wanted: Sequence[Formato]
) -> list[Formato]:
    """Return the formats of which a version has no file, or has lost it (a restored registry)."""
    folder = pubblicazione.folder_of(redazione.cartella, last.dataset, last.comune, last.numero)
    there = {one.nome for one in last.file if _stands(folder / one.nome, one.byte)}
    return [f for f in wanted if name_of(redazione.racconto.cosa, f) not in there]


def _stands(file: Path, size: int) -> bool:
    return file.is_file() and file.stat().st_size == size


def _registrazione(conn: sa.Connection) -> int:
    view = sa.table("versione", sa.column("numero"), schema="pubblico")
    number: int = conn.execute(sa.select(view.c.numero)).scalar_one()
    return number


def _register_files(
    conn: sa.Connection, versione: Pubblicazione, files: Sequence[FilePubblicato]
) -> None:
    key = {name: getattr(versione, name) for name in ("comune", "dataset", "numero")}
    rows = [{**key, **{n: getattr(one, n) for n in FilePubblicato.__slots__}} for one in files]
    statement = insert(pubblicazione_file)
    anew = {name: statement.excluded[name] for name in ("formato", "byte", "sha256", "media_type")}
    conn.execute(
        statement.on_conflict_do_update(constraint=pubblicazione_file.primary_key, set_=anew), rows
    )


@contextmanager
def _alone(engine: sa.Engine, richiesta: Richiesta) -> Iterator[sa.Connection]:
    """Open a transaction in which nobody else publishes the same and the data stand still.

    The lock comes before the transaction: what is seen must not be older than the lock.
    """
    key = {"lock": LOCK, "what": f"{richiesta.dataset.nome} {richiesta.comune}"}
    with engine.connect() as plain:
        conn = plain.execution_options(isolation_level="REPEATABLE READ")
        conn.execute(sa.text("SELECT pg_advisory_lock(:lock, hashtext(:what))"), key)
        conn.commit()
        try:
            with conn.begin():
                db.restrict(conn, ("*",))
                # Two states of a million objects are compared with each other.
                conn.execute(sa.text("SET LOCAL work_mem = '128MB'"))
                yield conn
        finally:
            conn.execute(sa.text("SELECT pg_advisory_unlock(:lock, hashtext(:what))"), key)
            conn.commit()

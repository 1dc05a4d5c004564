"""Restore: the registry, or one municipality of it, as a backup holds it; or no change.

Everything happens in one transaction, which commits only when the rows have the hashes of
the manifest and the erasures made since the backup are done again. Identities, numbers and
the log of readings are kept; what readers saw is never rolled back.
"""

import gzip
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from territorio import archivio, cancellazione, db, migrazioni, prepared, registrazione, tassello
from territorio import ripristino_fogli as fogli
from territorio import ripristino_letture as letture
from territorio.archivio import Archivio
from territorio.bulk import identifier
from territorio.config import Settings
from territorio.errors import Conflict, Refused, detail
from territorio.log import get
from territorio.ripristino_fogli import Intestazione, Manifesto
from territorio.salvataggio import (
    FORMATO,
    MANIFEST,
    Progress,
    key_mark,
    quiet,
    schema_version,
    wanted_files,
)
from territorio.salvataggio_tavole import (
    LETTURA,
    TAVOLE,
    arrived,
    columns,
    hashes,
    insert_arrived,
    of_comune,
)
from territorio.schema import fonte
from territorio.schema import registrazione as registrazioni

log = get(__name__)

TAVOLA = {table.fullname: table for table in TAVOLE}
"""The tables of a backup, by the names they have in it."""

WAIT = "60s"
"""How long to wait for a load that is running."""


@dataclass(frozen=True, slots=True)
class Ripristino:
    """What was brought back."""

    comune: str | None
    creato: str
    righe: int
    file: int
    cancellazioni: int
    """Erasures made since the backup, done again."""
    avvisi: tuple[str, ...]


@dataclass(slots=True)
class _Opera:
    """A restore being done."""

    conn: sa.Connection
    settings: Settings
    nome: str
    comune: str | None
    intestazione: Intestazione
    fatte: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    file: int = 0
    cancellazioni: int = 0


def restore(
    engine: sa.Engine,
    settings: Settings,
    file: Path,
    comune: str | None = None,
    progress: Progress = quiet,
) -> Ripristino:
    """Bring back the whole registry, or one municipality, from a backup.

    Raises Refused, with nothing changed, if the file is not a whole backup of this
    version, or Conflict if a load is running.
    """
    with _members(file) as members, db.transaction(engine) as conn:
        opera = _begin(conn, settings, file, comune, next(members, None))
        _lock(conn)
        before = conn.execute(sa.select(sa.func.max(registrazioni.c.numero))).scalar() or 0
        _clear(opera)
        manifest = _take(opera, members, progress)
        _compare(opera, manifest)
        _advance(opera)
        tassello.empty(conn)
        _register(opera, before)
        warnings = _warnings(opera, manifest)
        created = str(opera.intestazione["creato"])
    with db.transaction(engine) as conn:
        archivio.sweep(conn, settings)
    if opera.cancellazioni:
        cancellazione.vacuum(engine)
    rows = sum(int(str(g["righe"])) for groups in opera.fatte.values() for g in groups.values())
    log.info("backup restored", comune=opera.comune, rows=rows, erasures=opera.cancellazioni)
    return Ripristino(opera.comune, created, rows, opera.file, opera.cancellazioni, tuple(warnings))


@contextmanager
def _members(file: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Go through a backup from its beginning; raise Refused where it is damaged."""
    try:
        with (
            file.open("rb") as raw,
            gzip.open(raw) as packed,
            _parsed(lambda: tarfile.open(fileobj=packed, mode="r|")) as tar,
        ):
            yield _each(tar, packed, file.name)
    except FileNotFoundError:
        raise Refused(str(file), "il file non esiste") from None
    except IsADirectoryError:
        raise Refused(str(file), "è una cartella, non un salvataggio") from None
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _unlike("il file è incompleto o rovinato", file, error) from None
    except (DataError, psycopg.DataError) as error:
        raise _unlike("una riga non si legge", file, error) from None
    except (IntegrityError, psycopg.IntegrityError) as error:
        raise _unlike("alcuni suoi numeri sono già in uso qui", file, error) from None


def _unlike(what: str, file: Path, error: Exception) -> Refused:
    """Say what is wrong with a file that is no backup as it was written."""
    advice = "prendi un’altra copia del salvataggio, o uno fatto da questa installazione"
    return Refused(file.name, f"{what}: {advice}{detail(error)}")


def _parsed[T](read: Callable[[], T]) -> T:
    """Read on in the archive: of a bad number in a header the library makes no TarError."""
    try:
        return read()
    except ValueError as error:
        raise tarfile.ReadError(str(error)) from None


def _each(
    tar: tarfile.TarFile, packed: gzip.GzipFile, nome: str
) -> Iterator[tuple[str, IO[bytes]]]:
    while (info := _parsed(tar.next)) is not None:
        content = tar.extractfile(info)
        name = info.name.encode(errors="replace").decode()  # bytes that are no text cannot be told
        if content is None:
            raise Refused(nome, f"contiene «{name}», che non è un file")
        yield name, content
    while packed.read(1 << 20):  # to the checksum at its end
        pass


def _begin(
    conn: sa.Connection,
    settings: Settings,
    file: Path,
    comune: str | None,
    first: tuple[str, IO[bytes]] | None,
) -> _Opera:
    """Read the header; raise Refused if the backup does not fit this program or this wish."""
    header = fogli.header(file.name, first)
    if header["formato"] != FORMATO or header["schema"] != schema_version(conn):
        raise Refused(
            file.name,
            f"è stato fatto con lo schema {header['schema']}, qui c'è {schema_version(conn)}: "
            "ripristina con la versione del programma che lo ha fatto, poi aggiorna",
        )
    if header["colonne"] != {table.fullname: columns(table) for table in TAVOLE}:
        raise Refused(file.name, "le sue tabelle hanno altre colonne di quelle di qui")
    own = header["comune"]
    if own is not None and comune not in (None, own):
        raise Refused(file.name, f"contiene il solo comune {own}, non {comune}")
    return _Opera(conn, settings, file.name, comune or own, header)


def _lock(conn: sa.Connection) -> None:
    """Wait until no load, act or migration is running; raise Conflict if it takes long."""
    conn.execute(sa.text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": WAIT})
    try:
        for number in (migrazioni.LOCK, registrazione.LOCK):
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})
    except OperationalError:
        raise Conflict("È in corso un caricamento: riprova quando è finito.") from None


def _take(opera: _Opera, members: Iterator[tuple[str, IO[bytes]]], progress: Progress) -> Manifesto:
    """Fill the tables, replay erasures, take in the files; return the manifest."""
    open_table: sa.Table | None = None
    archives: dict[str, tuple[Archivio, set[str]]] | None = None
    for name, content in members:
        kind, _, rest = name.partition("/")
        if kind == "tavole":
            table = TAVOLA.get(rest.rpartition("/")[0])
            if table is None or archives is not None:
                raise Refused(opera.nome, f"contiene «{name}», che non è al suo posto")
            if table is not open_table:
                _finish(opera, open_table)
                if table.fullname in opera.fatte:
                    raise Refused(opera.nome, f"contiene due volte la tabella {table.fullname}")
                progress(f"tabella {table.fullname}", len(opera.fatte), len(TAVOLE))
                _receive(opera, table)
                open_table = table
            _copy(opera, table, content)
            continue
        if archives is None:
            # All rows are in: from here on the registry speaks, erasures included.
            _finish(opera, open_table)
            archives = _after_tables(opera)
        if name == MANIFEST:
            manifest = fogli.manifest(opera.nome, content)
            for extra, _ in members:
                raise Refused(opera.nome, f"dopo il manifesto c'è ancora «{extra}»")
            return manifest
        _keep(opera, archives, name, content)
    raise Refused(opera.nome, "il salvataggio non è intero: manca il manifesto finale")


def _target(opera: _Opera, table: sa.Table) -> sql.Identifier:
    """Return where the rows are copied to: beside, if they must be sifted first."""
    if opera.comune is None and table is not LETTURA:
        return identifier(table)
    return sql.Identifier("pg_temp", arrived(table))


def _clear(opera: _Opera) -> None:
    """Make room: all rows, or those of one municipality; readings stay."""
    tables = [table for table in TAVOLE if table is not LETTURA]
    if opera.comune is None:
        names = sql.SQL(", ").join(map(identifier, tables))
        prepared.driver(opera.conn).execute(sql.SQL("TRUNCATE {}").format(names))
        return
    for table in tables:
        if table is not fonte:
            opera.conn.execute(sa.delete(table).where(of_comune(table, opera.comune)))


def _receive(opera: _Opera, table: sa.Table) -> None:
    """Make a table beside for rows that must be sifted first."""
    if _target(opera, table) != identifier(table):
        prepared.driver(opera.conn).execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                sql.Identifier(arrived(table)),
                sql.SQL(", ").join(map(sql.Identifier, columns(table))),
                identifier(table),
            )
        )


def _copy(opera: _Opera, table: sa.Table, content: IO[bytes]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        _target(opera, table), sql.SQL(", ").join(map(sql.Identifier, columns(table)))
    )
    with prepared.driver(opera.conn).cursor() as cursor, cursor.copy(statement) as copy:
        while block := content.read(1 << 20):
            copy.write(block)


def _finish(opera: _Opera, table: sa.Table | None) -> None:
    """Put the sifted rows in their place."""
    if table is None:
        return
    if table is LETTURA:
        letture.merge(opera.conn, opera.settings, opera.comune)
    elif opera.comune is not None:
        _insert_part(opera, table, opera.comune)
    opera.fatte[table.fullname] = {}


def _insert_part(opera: _Opera, table: sa.Table, comune: str) -> None:
    """Take over the rows of one municipality; of what is common to all, those missing here."""
    missing = sql.SQL("true ON CONFLICT DO NOTHING")
    mine = sql.SQL("comune = {}").format(sql.Literal(comune))
    if table is fonte:
        insert_arrived(opera.conn, table, missing)
        return
    if table is registrazioni:
        insert_arrived(opera.conn, table, sql.SQL("comune IS NULL AND ") + missing)
    insert_arrived(opera.conn, table, mine)


def _after_tables(opera: _Opera) -> dict[str, tuple[Archivio, set[str]]]:
    """Take the hashes, replay the erasures; return which files are wanted now."""
    conn = opera.conn
    for table in TAVOLE:
        opera.fatte[table.fullname] = {
            whose: asdict(one) for whose, one in hashes(conn, table, opera.comune).items()
        }
    scope = None if opera.comune is None else {opera.comune}
    opera.cancellazioni = cancellazione.replay(conn, opera.settings, scope)
    return {
        name: (archive, set(wanted))
        for name, archive, wanted in wanted_files(conn, opera.settings, opera.comune)
    }


def _keep(
    opera: _Opera,
    archives: dict[str, tuple[Archivio, set[str]]],
    name: str,
    content: IO[bytes],
) -> None:
    """Put a sealed file back into its archive, if the rows still want it."""
    kind, _, rest = name.partition("/")
    sha256, _, digest = rest.partition("/")
    if kind not in archives or not digest or "/" in digest:
        raise Refused(opera.nome, f"contiene «{name}», che non è di un salvataggio di territorio")
    archive, wanted = archives[kind]
    if sha256 in wanted:
        archive.take_in(sha256, content, digest)
        opera.file += 1


def _compare(opera: _Opera, manifest: Manifesto) -> None:
    """Raise Refused unless the rows are those of the manifest."""
    if manifest["tavole"].keys() != TAVOLA.keys():
        raise Refused(opera.nome, "il manifesto non nomina tutte le tabelle, o ne nomina altre")
    for name, groups in manifest["tavole"].items():
        if name == LETTURA.fullname or (name == fonte.fullname and opera.comune is not None):
            continue
        if opera.comune is not None:
            groups = {whose: one for whose, one in groups.items() if whose == opera.comune}
        if opera.fatte[name] != groups:
            raise Refused(opera.nome, f"le righe di {name} non hanno l'impronta del manifesto")


def _advance(opera: _Opera) -> None:
    """Move the counters past all that was ever issued, here or there: never back."""
    conn = opera.conn
    conn.execute(
        sa.text(
            "SELECT setval('registro.oggetto', greatest(:there, (SELECT last_value"
            " FROM registro.oggetto)))"
        ),
        {"there": opera.intestazione["oggetti"]},
    )
    for table in TAVOLE:
        for column in table.columns:
            if column.identity is not None:
                counter = sa.func.pg_get_serial_sequence(table.fullname, column.name)
                largest = sa.select(sa.func.max(column)).scalar_subquery()
                conn.execute(
                    sa.select(
                        sa.func.setval(counter, sa.func.greatest(sa.func.nextval(counter), largest))
                    )
                )


def _register(opera: _Opera, before: int) -> None:
    """Register the restore, under a number that was never given, here or there."""
    number = registrazione.begin(
        opera.conn,
        "calcolo",
        autore="territorio ripristina",
        comune=opera.comune,
        motivo=f"ripristino del salvataggio del {opera.intestazione['creato']}",
    )
    if number <= before:
        opera.conn.execute(
            sa.update(registrazioni)
            .where(registrazioni.c.numero == number)
            .values(numero=before + 1)
        )


def _warnings(opera: _Opera, manifest: Manifesto) -> list[str]:
    said = []
    if opera.intestazione["chiave"] != key_mark(opera.settings):
        said.append(
            "la chiave dell'archivio non è quella del salvataggio: gli originali non si "
            "leggono e le persone cancellate non si riconoscono"
        )
    if manifest["mancanti"]:
        said.append(f"il salvataggio è senza {len(manifest['mancanti'])} file originali")
    return said

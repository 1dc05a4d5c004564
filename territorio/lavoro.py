"""Long jobs: asked for in one transaction with what caused them, watched, cancelled, taken up.

``registro.lavoro`` says how far a job is, for people; the queue behind it is Procrastinate's,
in a schema of its own on the same database. Whoever runs a job holds an advisory lock on it
for as long as it lives: a job that is under way and whose lock is free belongs to a worker
that died, and is put back. What a job does must therefore bear to be begun again; a job
that has ended is never run twice.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from procrastinate import App, SyncPsycopgConnector
from procrastinate import __version__ as procrastinate_version
from procrastinate.schema import SchemaManager

from territorio import db, prepared
from territorio.errors import Conflict, NotFound, TerritorioError
from territorio.lavoro_schema import lavoro
from territorio.log import get

log = get(__name__)

SCHEMA = "lavori"
QUEUE = "lavori"
TASK = "esegui"
LOCK_CLASS = 7_304_214
"""First half of the advisory locks of running jobs; the second is the job's number."""

TELL_SECONDS = 0.5
"""How often progress is written and the wish to cancel is read."""

IN_CODA, IN_CORSO, FINITO, FALLITO = "in coda", "in corso", "finito", "fallito"
CHIESTO, ANNULLATO = "annullamento chiesto", "annullato"
ENDED = (FINITO, FALLITO, ANNULLATO)

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Lavoro:
    """One long job: what was asked, how far it is, what came of it."""

    id: int
    comune: str | None
    compito: str
    argomenti: Mapping[str, Any]
    chiesto_da: str
    chiesto: datetime
    iniziato: datetime | None
    finito: datetime | None
    stato: str
    fase: str | None
    fatto: int
    totale: int | None
    esito: Mapping[str, Any] | None


Compito = Callable[[Lavoro, Progress], Mapping[str, Any]]
"""What does a job: told how to report progress, returns what came of it."""


class Annullato(Exception):
    """Somebody asked to cancel the job that is running."""


class Occupato(TerritorioError):
    """Another worker is running the job: look again later."""


def ask(
    conn: sa.Connection,
    compito: str,
    argomenti: Mapping[str, Any],
    *,
    chiesto_da: str,
    comune: str | None = None,
    unico: bool = False,
) -> Lavoro:
    """Ask for a job in the running transaction: it begins only if that is committed.

    Jobs of one municipality follow each other. With ``unico`` one that waits already, and
    will see all that is committed before it begins, is enough.
    """
    if unico and (waiting := _waiting(conn, compito, comune)) is not None:
        return find(conn, waiting)
    number: int = conn.execute(
        sa.insert(lavoro)
        .values(comune=comune, compito=compito, argomenti=dict(argomenti), chiesto_da=chiesto_da)
        .returning(lavoro.c.id)
    ).scalar_one()
    with _queue_path(conn) as driver:
        _APP.configure_task(TASK, queue=QUEUE, lock=comune or "*", connection=driver).defer(
            lavoro=number
        )
    return find(conn, number)


def _waiting(conn: sa.Connection, compito: str, comune: str | None) -> int | None:
    """Return a job of the kind that has not begun; it will not begin before we commit."""
    found: int | None = conn.execute(
        sa.select(lavoro.c.id)
        .where(
            lavoro.c.compito == compito,
            lavoro.c.comune.is_not_distinct_from(comune),
            lavoro.c.stato == IN_CODA,
        )
        .order_by(lavoro.c.id)
        .limit(1)
        .with_for_update(key_share=True)
    ).scalar()
    return found


def find(conn: sa.Connection, numero: int) -> Lavoro:
    """Return a job; raise NotFound."""
    row = conn.execute(sa.select(lavoro).where(lavoro.c.id == numero)).one_or_none()
    if row is None:
        raise NotFound("lavoro", numero)
    return Lavoro(**row._mapping)


def search(conn: sa.Connection, *, prima_di: int | None = None, limite: int = 50) -> list[Lavoro]:
    """Return the jobs, the latest first; those before a number (paging)."""
    query = sa.select(lavoro).order_by(lavoro.c.id.desc()).limit(limite)
    if prima_di is not None:
        query = query.where(lavoro.c.id < prima_di)
    return [Lavoro(**row._mapping) for row in conn.execute(query)]


def count(conn: sa.Connection) -> int:
    """Return how many jobs there are."""
    number: int = conn.execute(sa.select(sa.func.count()).select_from(lavoro)).scalar_one()
    return number


def cancel(conn: sa.Connection, numero: int) -> Lavoro:
    """Ask that a job stop; one that waits is over at once. Raises Conflict if it has ended."""
    waits = lavoro.c.stato == IN_CODA
    values = {
        "stato": sa.case((waits, ANNULLATO), else_=CHIESTO),
        "finito": sa.case((waits, sa.func.now())),
    }
    asked = conn.execute(
        sa.update(lavoro)
        .where(lavoro.c.id == numero, lavoro.c.stato.not_in(ENDED))
        .values(**values)
    )
    found = find(conn, numero)
    if not asked.rowcount:
        raise Conflict(f"Il lavoro {numero} è già {found.stato}.")
    return found


def run(
    engine: sa.Engine,
    numero: int,
    compiti: Mapping[str, Compito],
    interrupted: Callable[[], bool] = lambda: False,
) -> None:
    """Do a job to its end, for a worker.

    One that has ended, or was cancelled while it waited, is left alone. ``interrupted``
    tells that the worker must go: the job is put back as it was. Raises Occupato if another
    worker is at it, and again whatever broke the job.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watch:
        held = sa.func.pg_try_advisory_lock(LOCK_CLASS, numero)
        if not watch.execute(sa.select(held)).scalar_one():
            raise Occupato(f"Il lavoro {numero} è già in mano a un altro esecutore.")
        try:
            _run_held(watch, find(watch, numero), compiti, interrupted)
        finally:
            watch.execute(sa.select(sa.func.pg_advisory_unlock(LOCK_CLASS, numero)))


def _run_held(
    watch: sa.Connection,
    job: Lavoro,
    compiti: Mapping[str, Compito],
    interrupted: Callable[[], bool],
) -> None:
    if not _begin(watch, job.id):
        if find(watch, job.id).stato == CHIESTO:  # its worker died before it could obey
            _end(watch, job.id, ANNULLATO, None)
        return
    if job.compito not in compiti:
        _end(watch, job.id, FALLITO, {"errore": f"«{job.compito}» non è un lavoro che so fare"})
        return
    log.info("job started", job=job.id, task=job.compito)
    try:
        esito = compiti[job.compito](job, _reporter(watch, job.id, interrupted))
    except Annullato:
        _end(watch, job.id, ANNULLATO, None)
    except InterruptedError:
        # Who asked meanwhile that it stop is obeyed by the next worker.
        back = sa.case((lavoro.c.stato == CHIESTO, CHIESTO), else_=IN_CODA)
        _write(watch, job.id, stato=back, iniziato=None, fase=None, fatto=0)
        raise
    except TerritorioError as error:
        _end(watch, job.id, FALLITO, {"errore": str(error)})
    except Exception as error:
        # The text of an unforeseen error may quote values: people get a sentence.
        _end(watch, job.id, FALLITO, {"errore": f"errore interno ({type(error).__name__})"})
        raise
    else:
        # Progress is told now and then: the last word may be short of the end.
        whole = sa.func.coalesce(lavoro.c.totale, lavoro.c.fatto)
        _write(watch, job.id, fatto=whole, totale=whole)
        _end(watch, job.id, FINITO, dict(esito))


def stalled(conn: sa.Connection) -> list[int]:
    """Return the entries of the queue whose worker is gone: under way, and nobody holds them."""
    return list(conn.execute(db.sql("territorio/lavori_fermi"), {"classe": LOCK_CLASS}).scalars())


def install(conn: sa.Connection) -> None:
    """Bring the queue's own schema to the version of the installed Procrastinate.

    Its statements name their tables without a schema: the path is set around them.
    """
    conn.execute(sa.schema.CreateSchema(SCHEMA, if_not_exists=True))
    known = conn.execute(
        sa.text("SELECT obj_description(to_regnamespace(:s), 'pg_namespace')"), {"s": SCHEMA}
    ).scalar()
    if known != procrastinate_version:
        with _queue_path(conn) as driver:
            if known is None:
                driver.execute(SchemaManager.get_schema())
            else:
                for path in _steps_since(str(known)):
                    driver.execute(path.read_bytes())
            driver.execute(
                psycopg.sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                    psycopg.sql.Identifier(SCHEMA), psycopg.sql.Literal(procrastinate_version)
                )
            )
    db.execute_file(conn, Path(__file__).parent / "sql" / "lavori_permessi.sql")


def _steps_since(version: str) -> list[Path]:
    """Return Procrastinate's own migrations after a version, in their order."""

    def number(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", text)[:3])

    folder = Path(SchemaManager.get_migrations_path())
    return [p for p in sorted(folder.glob("*.sql")) if number(p.name) > number(version)]


@contextmanager
def _queue_path(conn: sa.Connection) -> Iterator[psycopg.Connection]:
    """Let unqualified names mean the queue's for a few statements of the transaction."""
    path = sa.text("SELECT set_config('search_path', :path, true)")
    conn.execute(path, {"path": f"{SCHEMA}, public"})
    yield prepared.driver(conn)
    conn.execute(path, {"path": "public"})


def _reporter(watch: sa.Connection, numero: int, interrupted: Callable[[], bool]) -> Progress:
    """Return what a job calls to say how far it is; it raises if the job has to stop."""
    last = 0.0

    def report(fase: str, fatto: int, totale: int | None) -> None:
        nonlocal last
        if time.monotonic() - last < TELL_SECONDS:
            return
        last = time.monotonic()
        if interrupted():
            raise InterruptedError
        wanted = _write(watch, numero, fase=fase, fatto=fatto, totale=totale)
        if wanted == CHIESTO:
            raise Annullato

    return report


def _begin(watch: sa.Connection, numero: int) -> bool:
    """Note that a job is under way; tell whether it still waited to be.

    In one statement: between a look and a word somebody may have cancelled it.
    """
    begun = watch.execute(
        sa.update(lavoro)
        .where(lavoro.c.id == numero, lavoro.c.stato.in_((IN_CODA, IN_CORSO)))
        .values(stato=IN_CORSO, iniziato=sa.func.now(), fase=None, fatto=0, totale=None)
    )
    return bool(begun.rowcount)


def _end(watch: sa.Connection, numero: int, stato: str, esito: dict[str, Any] | None) -> None:
    _write(watch, numero, stato=stato, finito=sa.func.now(), esito=esito)
    log.info("job ended", job=numero, state=stato)


def _write(watch: sa.Connection, numero: int, **values: object) -> str:
    """Write into the row of a job; return the state it now has."""
    statement = sa.update(lavoro).where(lavoro.c.id == numero).values(**values)
    state: str = watch.execute(statement.returning(lavoro.c.stato)).scalar_one()
    return state


_APP = App(connector=SyncPsycopgConnector())
"""Never opened: it only knows how to put a job into the queue on our own connection."""

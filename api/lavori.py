"""The tasks of long jobs, and the worker that does them.

A task translates what was asked into one function of the rooms below; the queue and the
state of jobs are in ``territorio.lavoro``.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.jobs import DeleteJobCondition

from territorio import archivio, cluster, db, lavoro, salvataggio
from territorio.cancellazione_impronta import Impronte
from territorio.config import Settings
from territorio.lavoro import Compito, Lavoro, Occupato, Progress
from territorio.log import get

log = get(__name__)

GRACE_SECONDS = 5
"""How long a job may go on once the worker was told to end; then it is put back."""
LOOK_AGAIN_SECONDS = 5
AGAIN = RetryStrategy(wait=LOOK_AGAIN_SECONDS, retry_exceptions={Occupato, InterruptedError})


def compiti(settings: Settings, engine: sa.Engine) -> dict[str, Compito]:
    """Return every task by its name."""

    def ingest(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        """Load the deliveries that stand under these paths."""
        # Imported here: readers of files are heavy, and only the worker loads.
        from ingest.run import Options
        from ingest.run import ingest as load

        giorno = job.argomenti.get("data")
        options = Options(
            giorno=date.fromisoformat(giorno) if giorno else None,
            comune=job.comune,
            autore=job.chiesto_da,
        )
        paths = [Path(path) for path in job.argomenti["file"]]
        kept = archivio.originali(settings)
        outcome = load(engine, paths, options, progress, kept, Impronte.of(settings))
        # Asked for whatever was loaded, now or before a crash: what follows may run again.
        with db.transaction(engine) as conn:
            for comune in sorted({esito.comune for esito in outcome if esito.comune}):
                lavoro.ask(
                    conn, "elabora", {}, chiesto_da=job.chiesto_da, comune=comune, unico=True
                )
        return {"file": [esito.as_dict() for esito in outcome]}

    def elabora(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        """Bring up to date what follows from the facts of a municipality."""
        from territorio import elaborazione

        titles: list[str] = []

        @contextmanager
        def tell(title: str) -> Iterator[None]:
            progress(title, len(titles), len(elaborazione.PASSI))
            yield
            titles.append(title)

        elaborazione.run(engine, str(job.comune), tell)
        with db.transaction(engine) as conn:
            lavoro.ask(conn, "tasselli", {}, chiesto_da=job.chiesto_da, unico=True)
        return {"passi": titles}

    def tasselli(_: Lavoro, progress: Progress) -> Mapping[str, Any]:
        """Draw the squares of the published collections that the store has not."""
        from opendata.ogc import deposito

        return {"tasselli": deposito.fill(engine, progress)}

    def salva(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        """Write a backup into the data folder."""
        folder = settings.data / "salvataggi"
        archivio.private_folder(folder)
        name = f"{job.comune or 'tutto'}-{job.chiesto:%Y%m%d%H%M%S}-{job.id}.tar.gz"
        made = salvataggio.save(engine, settings, folder / name, job.comune, progress)
        return {"file": str(made.file), "righe": made.righe, "byte": made.byte}

    def pubblica(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        """Publish datasets as files: those named, or all, of a municipality or of all."""
        from opendata import pubblicazione, publish
        from opendata.ente import Ente

        asked = [job.argomenti.get(name, ()) for name in ("dataset", "formato")]
        with db.transaction(engine) as conn:
            wanted = publish.requests(conn, [job.comune] if job.comune else [], *asked)
        done = []
        for number, request in enumerate(wanted):
            progress(f"{request.comune} {request.dataset.nome}", number, len(wanted))
            where = pubblicazione.place(settings)
            done.append(publish.publish(engine, where, Ente.of(settings), request))
        return {
            "pubblicazioni": [
                {"dataset": one.dataset, "comune": one.comune, "esito": one.esito}
                | {"versione": one.numero, "righe": one.righe, "file": len(one.file)}
                for one in done
            ]
        }

    return {
        "ingest": ingest,
        "elabora": elabora,
        "tasselli": tasselli,
        "salva": salva,
        "pubblica": pubblica,
    }


def run_worker(settings: Settings) -> None:
    """Do the jobs that come in, one after the other, until told to end."""
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    url = cluster.admin_url(settings)
    engine = db.engine(url, db.Role.MIGRAZIONE, pool_size=4)
    app = worker_app(settings, engine, url)
    try:
        async with app.open_async():
            guardian = asyncio.create_task(_take_up_again(app, engine))
            try:
                await app.run_worker_async(
                    queues=[lavoro.QUEUE],
                    delete_jobs=DeleteJobCondition.ALWAYS,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                )
            finally:
                guardian.cancel()
                await asyncio.gather(guardian, return_exceptions=True)
    finally:
        engine.dispose()


def worker_app(settings: Settings, engine: sa.Engine, url: str) -> App:
    """Return Procrastinate's application with our one task; it is not open yet."""
    address = db.url_for(url, db.Role.MIGRAZIONE).set(drivername="postgresql")
    app = App(
        connector=PsycopgConnector(
            conninfo=address.render_as_string(hide_password=False),
            kwargs={"options": f"-c search_path={lavoro.SCHEMA}", "application_name": "lavori"},
            min_size=1,
            max_size=4,
        )
    )
    tasks = compiti(settings, engine)

    @app.task(name=lavoro.TASK, queue=lavoro.QUEUE, pass_context=True, retry=AGAIN)
    def esegui(context: JobContext, *, lavoro: int) -> None:
        run_job(engine, lavoro, tasks, context)

    @app.periodic(cron="17 3 * * *")
    @app.task(name="pulizia", queue=lavoro.QUEUE)
    def pulizia(timestamp: int) -> None:
        """Destroy, every night, the kept files whose term is over; draw the squares of the day."""
        log.info("nightly sweep", scheduled=timestamp)
        with db.transaction(engine) as conn:
            archivio.sweep(conn, settings)
            lavoro.ask(conn, "tasselli", {}, chiesto_da="lavori", unico=True)

    return app


def run_job(
    engine: sa.Engine, numero: int, tasks: Mapping[str, Compito], context: JobContext
) -> None:
    """Do one job; a worker that has to end puts it back."""
    lavoro.run(engine, numero, tasks, context.should_abort)


async def _take_up_again(app: App, engine: sa.Engine) -> None:
    """Put back, again and again, the jobs whose worker died."""
    while True:
        for number in await asyncio.to_thread(_stalled, engine):
            log.warning("job taken up again", entry=number)
            await app.job_manager.retry_job_by_id_async(number, _now())
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _stalled(engine: sa.Engine) -> list[int]:
    with db.transaction(engine) as conn:
        return lavoro.stalled(conn)


def _now() -> datetime:
    return datetime.now(UTC)

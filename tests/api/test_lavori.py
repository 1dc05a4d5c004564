"""The worker: does what comes in, dies at any moment, and nothing is done twice or lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import db, lavoro
from territorio.config import Settings
from territorio.db import Role
from territorio.lavoro import ENDED, Lavoro
from tests.factories import new_comune

WORKER = """
import os, sys, time
from pathlib import Path
import sqlalchemy as sa
from api import lavori
from territorio import db, lavoro
from territorio.config import Settings

def compiti(settings, engine):
    def conta(job, progress):
        # Like a load: all in one transaction, and what is there already changes nothing.
        with db.transaction(engine) as conn:
            for step in range(job.argomenti["passi"]):
                conn.execute(sa.text("INSERT INTO registro.passo VALUES (:j, :s)"
                                     " ON CONFLICT DO NOTHING"), {"j": job.id, "s": step})
                progress("passo", step, job.argomenti["passi"])
                time.sleep(0.05)
        return {"passi": job.argomenti["passi"]}
    return {"conta": conta, **interi(settings, engine)}

interi = lavori.compiti
lavori.compiti = compiti
lavori.LOOK_AGAIN_SECONDS = 0.5
lavoro.TELL_SECONDS = 0
lavori.run_worker(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))
"""


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    steps = "CREATE TABLE registro.passo (lavoro bigint, passo int, UNIQUE (lavoro, passo))"
    with db.transaction(engine) as conn:
        conn.execute(sa.text(steps))
        new_comune(conn)
    yield engine
    engine.dispose()


@pytest.fixture
def here(fresh_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url=fresh_url)


@contextmanager
def worker(here: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker; what is left of it ends with the block."""
    args = [sys.executable, "-c", WORKER, str(here.data), str(here.database_url)]
    process = subprocess.Popen(args, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask(engine: sa.Engine, compito: str, **argomenti: object) -> int:
    with db.transaction(engine) as conn:
        return lavoro.ask(conn, compito, argomenti, chiesto_da="io", comune="X999").id


def wait(engine: sa.Engine, number: int, *stati: str) -> Lavoro:
    """Wait until a job is in one of these states."""
    deadline = time.monotonic() + 60
    while True:
        with db.transaction(engine) as conn:
            job = lavoro.find(conn, number)
        if job.stato in stati:
            return job
        assert time.monotonic() < deadline, f"job {number} is {job.stato}"
        time.sleep(0.05)


def steps(engine: sa.Engine) -> int:
    with db.transaction(engine) as conn:
        number: int = conn.execute(sa.text("SELECT count(*) FROM registro.passo")).scalar_one()
    return number


def queued(engine: sa.Engine) -> int:
    with db.transaction(engine) as conn:
        query = sa.text("SELECT count(*) FROM lavori.procrastinate_jobs")
        number: int = conn.execute(query).scalar_one()
    return number


def test_a_job_is_done_and_leaves_the_queue(engine: sa.Engine, here: Settings) -> None:
    number = ask(engine, "conta", passi=3)
    with worker(here):
        assert wait(engine, number, *ENDED).esito == {"passi": 3}
        later = ask(engine, "salva")
        saved = wait(engine, later, *ENDED)
        # The work is told to be done before the queue forgets it.
        deadline = time.monotonic() + 30
        while queued(engine) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert queued(engine) == 0
    assert saved.stato == "finito", saved.esito
    assert saved.esito is not None
    assert Path(saved.esito["file"]).stat().st_size == saved.esito["byte"]


SHEET = """codice_catastale;anno;fattispecie;aliquota;delibera;data_delibera
X999;2024;altri_fabbricati;1,06;12;2023-12-20
"""


def test_a_delivery_is_loaded_and_what_follows_is_asked_for(
    engine: sa.Engine, here: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "IMU_aliquote_X999_20240101.csv"
    file.write_text(SHEET)
    number = ask(engine, "ingest", file=[str(file)])
    with worker(here):
        loaded = wait(engine, number, *ENDED)
        assert loaded.esito is not None
        assert [one.get("inseriti") for one in loaded.esito["file"]] == [1]
        follows = wait(engine, number + 1, *ENDED)
    assert (follows.compito, follows.stato) == ("elabora", "finito")
    assert len(list((tmp_path / "originali").glob("??/*"))) == 1


def test_a_job_whose_worker_was_killed_is_taken_up_again(
    engine: sa.Engine, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(engine, "conta", passi=40)
    dice = random.Random(3)  # noqa: S311 # moments, not secrets
    for _ in range(2):
        with worker(here) as process:
            wait(engine, number, "in corso")
            time.sleep(dice.uniform(0, 1))
            os.kill(process.pid, signal.SIGKILL)
        age(engine)
        assert steps(engine) in (0, 40)
    with worker(here):
        job = wait(engine, number, *ENDED)
    assert (job.stato, steps(engine)) == ("finito", 40)


def age(engine: sa.Engine) -> None:
    """Let the seconds pass in which a job may just have been fetched."""
    with db.transaction(engine) as conn:
        conn.execute(sa.text("UPDATE lavori.procrastinate_events SET at = at - interval '1 min'"))


def test_a_running_job_is_cancelled_and_changes_nothing(engine: sa.Engine, here: Settings) -> None:
    number = ask(engine, "conta", passi=1000)
    with worker(here):
        wait(engine, number, "in corso")
        with db.transaction(engine) as conn:
            lavoro.cancel(conn, number)
        assert wait(engine, number, *ENDED).stato == "annullato"
    assert steps(engine) == 0


def test_a_worker_told_to_end_puts_its_job_back(engine: sa.Engine, here: Settings) -> None:
    number = ask(engine, "conta", passi=1000)
    with worker(here) as process:
        wait(engine, number, "in corso")
        process.terminate()
        process.wait(30)
        assert process.returncode == 0
    assert wait(engine, number, "in coda").iniziato is None
    assert steps(engine) == 0

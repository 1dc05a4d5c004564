"""Pieces of work that are measured from outside: ``python -m tests.bench.figlio WORK ...``.

Each ends with one line of JSON.
"""

import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import sqlalchemy as sa

from ingest.generatore import genera
from ingest.run import ingest
from territorio import comune_aggiungi, db, elaborazione, log
from territorio.accessi.policy import Visto
from territorio.fascicolo import fascicolo
from territorio.schema import identita
from territorio.vigenza import Quando, today
from tests.bench.particelle import write

COMUNE = "M043"
SEME = 1


def draw(folder: str, edifici: str) -> dict[str, float]:
    """Generate a town."""
    path, started = Path(folder), time.monotonic()
    shutil.rmtree(path, ignore_errors=True)
    genera(COMUNE, int(edifici), SEME, path)
    return {"genera": time.monotonic() - started}


def load(url: str, folder: str, which: str) -> dict[str, float]:
    """Load all deliveries of a town, or the ``last``, as one command does; compile a dossier."""
    engine = db.engine(url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        comune_aggiungi.add(conn, COMUNE, inventato=True)
    supplies = sorted(path for path in Path(folder).iterdir() if path.name[:2] == "20")
    started = time.monotonic()
    ingest(engine, supplies if which == "all" else supplies[-1:])
    loaded = time.monotonic()
    with db.transaction(engine) as conn:
        elaborazione.refresh(conn, COMUNE)
    linked = time.monotonic()
    with db.transaction(engine) as conn:
        query = sa.select(identita.c.id).where(identita.c.tipo == "edificio").limit(1)
        fascicolo(conn, conn.execute(query).scalar_one(), Quando(today()), Visto())
    return {
        "ingest": loaded - started,
        "collega": linked - loaded,
        "fascicolo": time.monotonic() - linked,
    }


def particelle(path: str, quante: str) -> dict[str, float]:
    """Write a GML of so many parcels."""
    return {"scritte": write(Path(path), COMUNE, int(quante))}


def gml(url: str, path: str) -> dict[str, float]:
    """Load one file of parcels: read, checked, versioned, indexed."""
    engine = db.engine(url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        comune_aggiungi.add(conn, COMUNE, inventato=True)
    started = time.monotonic()
    (esito,) = ingest(engine, [Path(path)])
    return {"secondi": time.monotonic() - started, "inseriti": esito.inseriti}


@contextmanager
def peak() -> Iterator[list[float]]:
    """Collect the memory of this process and those it starts, in MB, four times a second.

    Proportional: a page that several of them share (a library, mostly) counts once among them,
    not once for each. The kernel keeps no peak of that, hence the looking.
    """
    seen, ended = [0.0], Event()

    def look() -> None:
        while not ended.wait(0.25):
            seen.append(sum(map(proportional_mb, ["self", *started()])))

    watch = Thread(target=look)
    watch.start()
    try:
        yield seen
    finally:
        ended.set()
        watch.join()


def started() -> list[str]:
    """Return the processes that this one started, whichever of its threads did."""
    found: list[str] = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread may end while it is looked at
            found += (thread / "children").read_text().split()
    return found


def proportional_mb(process: str) -> float:
    """Return the memory of a process, its share of what it shares; 0 once it has ended."""
    try:
        status = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1000 if found else 0.0


WORKS: dict[str, Callable[..., dict[str, float]]] = {
    "draw": draw,
    "load": load,
    "particelle": particelle,
    "gml": gml,
}


if __name__ == "__main__":
    log.configure("ERROR")
    with peak() as seen:
        told = WORKS[sys.argv[1]](*sys.argv[2:])
    told["mb"] = max(seen)
    sys.stdout.write(json.dumps(told) + "\n")

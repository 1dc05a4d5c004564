"""Pieces of work that are measured from outside: ``python -m tests.bench.figlio WORK ...``.

Each ends with one line of JSON.
"""

import json
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from ingest import lettura
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


def peak_mb(process: str) -> float:
    """Return the most memory a process held; what it shares with others counts for each.

    Not what ``getrusage`` says: that counts the process it was started from, too.
    """
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


@contextmanager
def readers_peaks() -> Iterator[list[float]]:
    """Collect the most memory each reader of a load held, taken before it is ended."""
    peaks: list[float] = []
    end = lettura.Lettore.end

    def look_and_end(reader: lettura.Lettore) -> None:
        peaks.append(peak_mb(str(reader.process.pid)))
        end(reader)

    lettura.Lettore.end = look_and_end  # type: ignore[method-assign, assignment] # seen from outside
    yield peaks


WORKS: dict[str, Callable[..., dict[str, float]]] = {
    "draw": draw,
    "load": load,
    "particelle": particelle,
    "gml": gml,
}


if __name__ == "__main__":
    log.configure("ERROR")
    with readers_peaks() as readers:
        told = WORKS[sys.argv[1]](*sys.argv[2:])
    told["mb"] = peak_mb("self") + sum(readers)
    sys.stdout.write(json.dumps(told) + "\n")

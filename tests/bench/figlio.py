"""Pieces of work that are measured from outside: ``python -m tests.bench.figlio WORK ...``.

Each ends with one line of JSON.
"""

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from ingest.generatore import genera
from ingest.lettura import MOST
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


WORKS: dict[str, Callable[..., dict[str, float]]] = {
    "draw": draw,
    "load": load,
    "particelle": particelle,
    "gml": gml,
}


if __name__ == "__main__":
    log.configure("ERROR")
    told = WORKS[sys.argv[1]](*sys.argv[2:])
    # The readers of a load are processes too: each at its most, though not at one time.
    told["mb_lettori"] = MOST * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    sys.stdout.write(json.dumps(told) + "\n")

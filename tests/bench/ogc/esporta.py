"""The published buildings as files: ours beside ogr2ogr and geopandas.

``python -m tests.bench.ogc.esporta WHO FORMAT URL FILE`` writes one file in a process of its
own and ends with a line of JSON: rows, seconds, and the most memory that was held.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from tests.bench.figlio import peak
from tests.bench.misura import Misura

type Say = Callable[[str], None]
type Told = dict[str, float]

BARRE = {"gpkg": ("GPKG", 2.0), "fgb": ("FlatGeobuf", 1.7), "parquet": ("geopandas", 5.0)}
"""For each format its peer (a driver of ogr2ogr, or geopandas), and how many times its rate."""

MEMORIA_MB = 400
MOLTE = 500_000
"""Rows from which on a file says something of its format."""


def measure(url: str, folder: Path, say: Say) -> list[Misura]:
    """Write every format, the peer before us and after us: the machine then meets both alike.

    Of a small municipality it is only told: half of the time is the start of a program.
    """
    found: list[Misura] = []
    for formato, (peer, bar) in BARRE.items():
        if peer != "geopandas" and shutil.which("ogr2ogr") is None:
            say("ogr2ogr is not on this machine: no comparison")
            continue
        before = _child("pari", formato, url, folder)
        ours = _child("nostro", formato, url, folder)
        after = _child("pari", formato, url, folder)
        if ours["righe"] != before["righe"]:
            raise RuntimeError(f"{formato}: {ours['righe']:.0f} rows, not {before['righe']:.0f}")
        rate = ours["righe"] / ours["secondi"]
        beside = 2 * before["righe"] / (before["secondi"] + after["secondi"])
        say(
            f"export {formato}: {ours['secondi']:.1f} s and {ours['mb']:.0f} MB,"
            f" {peer} {before['secondi']:.1f} and {after['secondi']:.1f} s"
        )
        if ours["righe"] < MOLTE:
            continue
        found += [
            Misura(f"export {formato}, beside {peer}", rate, "rows/s", bar, "almeno", beside),
            Misura("  its memory", ours["mb"], "MB", MEMORIA_MB, "al massimo"),
        ]
    return found


def _child(who: str, formato: str, url: str, folder: Path) -> Told:
    file = folder / f"{who}.{formato}"
    file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.bench.ogc.esporta", who, formato, url, str(file)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: Told = json.loads(done.stdout.splitlines()[-1])
    file.unlink()
    return told


def ours(formato: str, url: str, file: Path) -> int:
    """Write the buildings as they are published; return how many."""
    # Imported here: what a peer holds must not count as ours, nor the other way round.
    from opendata import formats
    from opendata.dataset import BY_NAME
    from opendata.estrazione import Estrazione

    return formats.export(url, Estrazione(BY_NAME["edifici"]), formato, file)


def theirs(formato: str, url: str, file: Path) -> int:
    """Write the same buildings as a peer does, from a table of its own."""
    peer = BARRE[formato][0]
    if peer == "geopandas":
        return _geopandas(url, file)
    command = ["ogr2ogr", "-f", peer, str(file), _ogr(make_url(url)), "-nln", "edifici",
               "-sql", "SELECT * FROM pari.edifici"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    engine = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as conn:
        rows: int = conn.execute(sa.text("SELECT count(*) FROM pari.edifici")).scalar_one()
    return rows


def _geopandas(url: str, file: Path) -> int:
    import geopandas

    engine = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as conn:
        frame = geopandas.read_postgis("SELECT * FROM pari.edifici", conn, geom_col="geometria")
    frame.to_parquet(file)
    return len(frame)


def _ogr(place: URL) -> str:
    return (
        f"PG:host={place.query['host']} port={place.query['port']} user={place.username}"
        f" dbname={place.database}"
    )


if __name__ == "__main__":
    who, formato, url, file = sys.argv[1:]
    work = ours if who == "nostro" else theirs
    with peak() as seen:
        started = time.monotonic()
        rows = work(formato, url, Path(file))
        seconds = time.monotonic() - started
    sys.stdout.write(json.dumps({"righe": rows, "secondi": seconds, "mb": max(seen)}) + "\n")

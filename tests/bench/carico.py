"""How fast files become a registry: the whole spine, and one large file beside ogr2ogr."""

import hashlib
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import make_url

import territorio
from tests.bench.banco import Banco, child
from tests.bench.misura import Misura

type Say = Callable[[str], None]

PICCOLO, GRANDE = 3_000, 100_000
PARTICELLE = 100_000
MEMORIA_MB = 600


def spine(banco: Banco, say: Say) -> tuple[str, list[Misura]]:
    """Measure generate, load, link and first dossier of a small town; return its database."""
    folder, name = banco.settings.data / f"citta_{PICCOLO}", f"citta_{PICCOLO}"
    url = banco.create("in_carico")
    say(f"a town of {PICCOLO} buildings: generate, load, link, first dossier")
    drawn = child("draw", str(folder), str(PICCOLO))
    loaded = child("load", url, str(folder), "all")
    parts = {**drawn.detto, **loaded.detto}
    say("  " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in parts.items()))
    banco.rename("in_carico", name)
    return name, [
        Misura(f"{PICCOLO} buildings, to the first dossier", sum(parts.values()), "s", 60,
               "al massimo"),
        Misura("  memory of the generator", drawn.mb, "MB", MEMORIA_MB, "al massimo"),
        Misura("  memory of the load", loaded.mb, "MB", MEMORIA_MB, "al massimo"),
    ]  # fmt: skip


def large_town(banco: Banco, say: Say) -> str:
    """Return the database of the large town, made at the first use and kept.

    Made again when the schema is another one than that it was made with.
    """
    town = f"citta_{GRANDE}"
    name = f"{town}_{schema_mark()}"
    if banco.has(name):
        return name
    banco.drop_beginning(town)
    folder = banco.settings.data / town
    say(f"a town of {GRANDE} buildings, once: generate")
    if not (folder / "verita.json").exists():
        child("draw", str(folder), str(GRANDE))
    say("  load its last delivery and link")
    done = child("load", banco.create("in_carico"), str(folder), "last")
    parts = [f"{what} {seconds:.1f} s" for what, seconds in done.detto.items()]
    say("  " + ", ".join([*parts, f"{done.mb:.0f} MB"]))
    banco.rename("in_carico", name)
    return name


def schema_mark() -> str:
    """Return a mark that is another one for every schema: of the migrations, functions, views."""
    root = Path(territorio.__file__).parent
    files = [*root.glob("migrations/**/*.py"), *root.glob("sql/[0-9]*.sql")]
    text = b"".join(path.read_bytes() for path in sorted(files))
    return hashlib.sha256(text).hexdigest()[:8]


def parcels(banco: Banco, say: Say) -> list[Misura]:
    """Measure one GML of many parcels against ogr2ogr into the same cluster."""
    path = banco.settings.data / f"M043_BENCH_{PARTICELLE}_ple.gml"
    if not path.exists():
        say(f"a file of {PARTICELLE} parcels, once")
        unfinished = path.with_suffix(".parte")
        child("particelle", str(unfinished), str(PARTICELLE))
        unfinished.rename(path)
    say(f"load a file of {PARTICELLE} parcels, and the same by ogr2ogr before and after")
    url = banco.create("particelle")
    before = _ogr2ogr(url, path)
    ours = child("gml", url, str(path))
    after = _ogr2ogr(url, path)
    banco.drop("particelle")
    if ours.detto["inseriti"] != PARTICELLE:
        raise RuntimeError(f"{ours.detto['inseriti']:.0f} of {PARTICELLE} parcels came in")
    rate = PARTICELLE / ours.detto["secondi"]
    found = [
        Misura("cadastral features, file to merged rows", rate, "/s", 5_000, "almeno"),
        Misura("  memory of the load", ours.mb, "MB", MEMORIA_MB, "al massimo"),
    ]
    if before is None or after is None:
        say("  ogr2ogr is not on this machine: no comparison")
        return found
    peer = 2 * PARTICELLE / (before + after)
    return [
        *found[:1],
        Misura("  beside ogr2ogr (PG_USE_COPY)", rate, "/s", 0.5, "almeno", peer),
        *found[1:],
    ]


def _ogr2ogr(url: str, path: Path) -> float | None:
    """Return the seconds ogr2ogr takes for the file, or None where it is missing."""
    program = shutil.which("ogr2ogr")
    if program is None:
        return None
    place = make_url(url)
    target = (
        f"PG:host={place.query['host']} port={place.query['port']} user={place.username}"
        f" dbname={place.database}"
    )
    # GDAL leaves a .gfs beside the file; a second run would read it and be spared a pass.
    path.with_suffix(".gfs").unlink(missing_ok=True)
    command = [program, "-f", "PostgreSQL", target, str(path), "-nln", "public.pari", "-overwrite",
               "--config", "PG_USE_COPY", "YES"]  # fmt: skip
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - started

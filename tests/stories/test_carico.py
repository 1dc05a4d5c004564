"""Loading: once or twice, in this order or that, with bad lines, with the power cut."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from ingest.run import ingest
from territorio import db
from territorio.config import Settings
from territorio.errors import Refused
from territorio.salvataggio_tavole import state
from territorio.schema import fornitura
from tests.conftest import _database
from tests.stories import citta as town
from tests.stories.citta import COMUNE, Citta
from tests.stories.contenuto import contents, differences, reports

KILLS = int(os.environ.get("TERRITORIO_PROVE_INTERRUZIONI", "5"))
"""How often a load is killed; 100 for the long run (issue 2 §8)."""

ORDERS = int(os.environ.get("TERRITORIO_PROVE_ORDINI", "1"))
"""How many other orders of the same deliveries are tried."""


def hashes(engine: sa.Engine) -> object:
    with db.transaction(engine) as conn:
        return state(conn)


def test_the_same_deliveries_again_change_nothing(citta: Citta) -> None:
    before = hashes(citta.engine)
    outcome = ingest(citta.engine, [citta.supply(day) for day in citta.giorni])
    town.settle(citta.engine, citta.comune)
    assert len(outcome) == len(list(town.files(citta.cartella)))
    assert [e.file for e in outcome if not e.gia_caricata] == []
    assert sum(e.inseriti + e.cambiati + e.chiusi for e in outcome) == 0
    assert hashes(citta.engine) == before


def test_a_file_with_too_many_bad_lines_is_refused_and_nothing_changes(
    citta: Citta, tmp_path: Path
) -> None:
    last, later = citta.supply(citta.ultimo), "20250601"
    spoiled = tmp_path / f"LAC_{COMUNE}_{later}.csv"
    head, *lines = next(last.glob("LAC_*")).read_text().splitlines()
    lines[::4] = [line[: len(line) // 3] for line in lines[::4]]
    spoiled.write_text("\n".join((head, *lines)) + "\n")
    good = tmp_path / f"INDIR_{COMUNE}_{later}.csv"
    shutil.copy(next(last.glob("INDIR_*")), good)
    before = hashes(citta.engine)
    with pytest.raises(Refused, match=spoiled.name):
        ingest(citta.engine, [good, spoiled])
    assert hashes(citta.engine) == before


@pytest.mark.parametrize("seed", range(ORDERS))
def test_another_legal_order_answers_the_same_on_every_day(
    citta: Citta, cluster_settings: Settings, worker_id: str, seed: int
) -> None:
    batches = _shuffled(citta, random.Random(seed))  # noqa: S311 -- an order, not a secret
    with _database(cluster_settings, f"ordine_{worker_id}") as url:
        engine = town.open_for(url, COMUNE)
        for batch in batches:
            ingest(engine, batch)
        town.settle(engine, COMUNE)
        with db.transaction(engine) as conn:
            shuffled = contents(conn, COMUNE)
        engine.dispose()
    with db.transaction(citta.engine) as conn:
        ordered = contents(conn, COMUNE)
    assert len(ordered) > 1000
    assert differences(ordered, shuffled)[:5] == []


def _shuffled(citta: Citta, chance: random.Random) -> list[list[Path]]:
    """Return the files in a few batches; outlines of buildings stay in order (ADR 3)."""
    batches: list[list[Path]] = [[] for _ in range(5)]
    outlines = []
    for path in town.files(citta.cartella):
        if path.name.startswith("edifici_"):
            outlines.append(path)
        else:
            chance.choice(batches).append(path)
    places = sorted(chance.choices(range(len(batches)), k=len(outlines)))
    for place, path in zip(places, outlines, strict=True):
        batches[place].append(path)
    return [batch for batch in batches if batch]


@pytest.fixture
def deliveries(citta: Citta) -> list[Path]:
    """Return a few deliveries of one day, of every kind of reader."""
    kinds = ("*_ple.gml", "*FABBRICATI*", "LAC_*", "STRAD_*", "INDIR_*", "edifici_*", "*0200.CTF")
    first = citta.supply(date(2021, 1, 1))
    return [path for kind in kinds for path in first.glob(kind)]


@pytest.fixture
def two_urls(cluster_settings: Settings, worker_id: str) -> Iterator[tuple[str, str]]:
    with (
        _database(cluster_settings, f"quieto_{worker_id}") as quiet,
        _database(cluster_settings, f"ucciso_{worker_id}") as killed,
    ):
        yield quiet, killed


def test_a_load_killed_at_any_moment_and_begun_again_ends_the_same(
    two_urls: tuple[str, str], deliveries: list[Path]
) -> None:
    assert len(deliveries) == 7
    engines = [town.open_for(url, COMUNE) for url in two_urls]
    quiet, killed = engines
    started = time.monotonic()
    ingest(quiet, deliveries)
    town.settle(quiet, COMUNE)
    lasted = time.monotonic() - started
    for moment in range(KILLS):
        # Spread over the whole load, shaken a little.
        part = (moment + random.random()) / KILLS  # noqa: S311 -- a moment, not a secret
        _load_and_kill(two_urls[1], deliveries, lasted * part)
        with db.transaction(killed) as conn:
            loaded = conn.execute(sa.select(sa.func.count()).select_from(fornitura)).scalar_one()
        assert loaded in {0, len(deliveries)}, "a part of a load was kept"
    ingest(killed, deliveries)
    town.settle(killed, COMUNE)
    said, reported = [], []
    for engine in engines:
        with db.transaction(engine) as conn:
            said.append(contents(conn, COMUNE))
            reported.append(reports(conn, COMUNE))
        engine.dispose()
    assert len(said[0]) > 1000
    assert differences(*said)[:5] == []
    assert reported[0] == reported[1]


def _load_and_kill(url: str, paths: list[Path], seconds: float) -> None:
    """Load in another process, kill it after a while, and wait until the server knows."""
    command = [sys.executable, "-m", "tests.stories.carico", url, COMUNE, *map(str, paths)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "via\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as conn:
        while _others(conn):
            assert time.monotonic() < deadline, "the server still works for a client that is dead"
            time.sleep(0.05)


def _others(conn: psycopg.Connection) -> bool:
    """Tell whether a transaction of the killed process still runs."""
    row = conn.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        " AND backend_type = 'client backend'"
    ).fetchone()
    return row is not None and row[0] > 0

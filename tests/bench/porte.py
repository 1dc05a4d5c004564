"""How fast the doors answer, one client at a time, on a loaded town."""

import http.client
import math
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from psycopg import sql

from territorio.accessi.policy import Ruolo, readable
from territorio.fascicolo import SEZIONI, ULTIMO, statement
from territorio.identita import Codice
from territorio.vigenza import today
from tests.bench.banco import Banco
from tests.bench.misura import Misura, percentile

type Say = Callable[[str], None]

FASCICOLI, RICERCHE, TESSERE = 600, 800, 400
CALDO = 40
"""Requests before the clock runs: connections, plans and templates are there then."""

STRATI = "zone_urbanistiche,particelle,edifici,vincoli,fogli,conteggi,fogli_punti,civici"


def measure(banco: Banco, name: str, say: Say) -> list[Misura]:
    """Measure dossier, search and map on a database."""
    url = banco.url(name)
    chance = random.Random(7)  # noqa: S311 -- which objects are asked for
    with psycopg.connect(url, autocommit=True) as conn, _serving(banco, url) as port:
        buildings = [
            row[0]
            for row in conn.execute(
                "SELECT id FROM registro.edificio WHERE nota_fino IS NULL AND valida_al IS NULL"
                " ORDER BY id"
            )
        ]
        say(f"{name}: {len(buildings)} buildings; dossier, search, map")
        asked = [chance.choice(buildings) for _ in range(FASCICOLI)]
        return [
            *_dossiers(conn, port, asked, Ruolo.PUBBLICO),
            *_dossiers(conn, port, asked, Ruolo.TRIBUTI),
            _search(conn, port, chance),
            *_tiles(conn, port, chance),
        ]


@contextmanager
def _serving(banco: Banco, url: str) -> Iterator[int]:
    """Run the server as it is run, its log included."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.server:application",
               "--port", str(port), "--no-access-log", "--loop", "uvloop", "--http",
               "httptools"]  # fmt: skip
    settings = {"TERRITORIO_DATABASE_URL": url, "TERRITORIO_DATA": str(banco.settings.data)}
    with (banco.settings.data / "server.log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer: see server.log")


def _ask(port: int, addresses: Sequence[str]) -> tuple[list[float], list[int]]:
    """Ask one after the other on one connection; return milliseconds and bytes of each."""
    took, weighed = [], []
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n, address in enumerate((*addresses[:CALDO], *addresses)):
        started = time.perf_counter()
        conn.request("GET", address, headers={"Accept-Encoding": "gzip"})
        response = conn.getresponse()
        body = response.read()
        spent = (time.perf_counter() - started) * 1000
        if response.status not in {200, 204}:
            raise RuntimeError(f"{address}: {response.status}")
        if n >= CALDO:
            took.append(spent)
            weighed.append(len(body))
    conn.close()
    return took, weighed


def _dossiers(
    conn: psycopg.Connection, port: int, asked: Sequence[int], ruolo: Ruolo
) -> list[Misura]:
    """Measure the dossier by HTTP between two runs of its SQL through psycopg."""
    query = "" if ruolo is Ruolo.PUBBLICO else f"?visto_da={ruolo}&scopo=misura"
    addresses = [f"/api/v1/edifici/{Codice(n)}/fascicolo{query}" for n in asked]
    before = _by_sql(conn, asked, ruolo)
    took, _ = _ask(port, addresses)
    after = _by_sql(conn, asked, ruolo)
    peer = 2 * len(asked) / (before + after)
    rate = 1000 * len(took) / sum(took)
    return [
        Misura(f"dossier by HTTP ({ruolo}), beside its SQL", rate, "/s", 0.5, "almeno", peer),
        Misura("  p99", percentile(took, 0.99), "ms", 25, "al massimo"),
    ]


def _by_sql(conn: psycopg.Connection, asked: Sequence[int], ruolo: Ruolo) -> float:
    """Return the seconds that the statement alone takes for these buildings."""
    allowed = readable(ruolo, ruolo is not Ruolo.PUBBLICO)
    text = statement(tuple(s.query for s in SEZIONI if s.query and s.nome in allowed))
    row = conn.execute("SELECT comune FROM registro.comune").fetchone()
    if row is None:
        raise RuntimeError("no municipality")
    day = today()
    settings = "SET jit = off; SET max_parallel_workers_per_gather = 0; SET ROLE {}"
    conn.execute(sql.SQL(settings).format(sql.Identifier("territorio_ufficio")))
    conn.execute("SELECT set_config('territorio.comuni', '*', false)")
    started = 0.0
    for n, building in enumerate((*asked[:CALDO], *asked)):
        if n == CALDO:
            started = time.perf_counter()
        with psycopg.RawCursor(conn) as cursor:
            cursor.execute(text, (row[0], building, day, ULTIMO), prepare=True).fetchall()
    spent = time.perf_counter() - started
    conn.execute("RESET ROLE")
    return spent


def _search(conn: psycopg.Connection, port: int, chance: random.Random) -> Misura:
    """Measure the suggestions for addresses as they are typed, letter by letter."""
    addresses = [
        f"{street} {number}"
        for street, number in conn.execute(
            "SELECT o.denominazione, c.numero FROM registro.civico AS c"
            " JOIN registro.odonimo AS o ON o.comune = c.comune AND o.id = c.odonimo"
            " WHERE c.nota_fino IS NULL AND o.nota_fino IS NULL AND c.numero IS NOT NULL"
            " ORDER BY c.id LIMIT 5000"
        )
    ]
    typed: list[str] = []
    while len(typed) < RICERCHE:
        text = chance.choice(addresses)
        typed += [text[:n] for n in range(3, len(text) + 1)]
    took, _ = _ask(port, [f"/frammenti/suggerimenti?q={quote(t)}" for t in typed[:RICERCHE]])
    return Misura("search as you type, p99", percentile(took, 0.99), "ms", 50, "al massimo")


def _tiles(conn: psycopg.Connection, port: int, chance: random.Random) -> list[Misura]:
    """Measure the squares a visitor's map would ask for, around buildings."""
    points = conn.execute(
        "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Centroid(geometria) AS p FROM registro.edificio"
        " WHERE nota_fino IS NULL AND valida_al IS NULL ORDER BY id LIMIT 5000) AS e"
    ).fetchall()
    addresses = []
    for _ in range(TESSERE):
        z = chance.choice((10, 11, 12, 13, 14, 14, 15, 16, 17))
        lon, lat = chance.choice(points)
        x = int((lon + 180) / 360 * 2**z)
        y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
        addresses.append(f"/tiles/{STRATI}/{z}/{x}/{y}.mvt")
    took, weighed = _ask(port, addresses)
    return [
        Misura("tile, p99", percentile(took, 0.99), "ms", 50, "al massimo"),
        Misura("  the heaviest, compressed", max(weighed) / 1000, "kB", 300, "al massimo"),
    ]

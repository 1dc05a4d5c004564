"""How fast the doors answer, one client at a time, on a loaded town."""

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

import httptools
import psycopg
from psycopg import sql
from psycopg.types.numeric import Int8

from territorio.accessi.policy import Ruolo, readable
from territorio.fascicolo import SEZIONI
from territorio.fascicolo_righe import ULTIMO, statement
from territorio.identita import Codice
from territorio.vigenza import today
from tests.bench.banco import Banco
from tests.bench.misura import Misura, percentile

type Say = Callable[[str], None]

FASCICOLI, RICERCHE, TESSERE = 600, 800, 400
TURNO = 50
"""How many dossiers are asked one way before the same are asked the other way."""

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
        _warm(conn)
        say(f"{name}: {len(buildings)} buildings; dossier, search, map")
        asked = [chance.choice(buildings) for _ in range(FASCICOLI)]
        return [
            *_dossiers(conn, port, asked, Ruolo.PUBBLICO),
            *_dossiers(conn, port, asked, Ruolo.TRIBUTI),
            _search(conn, port, chance),
            *_tiles(conn, port, chance),
        ]


def _warm(conn: psycopg.Connection) -> None:
    """Read what the doors read into the memory of the machine.

    There it is after a load and in a registry in use. A town that was kept may not have been
    read since the machine was switched on: its disk would be measured, first by whoever asks
    first.
    """
    conn.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
    conn.execute(
        "SELECT sum(pg_prewarm(r.oid, 'read')) FROM pg_class AS t"
        " CROSS JOIN LATERAL ("
        "  SELECT t.oid UNION SELECT t.reltoastrelid WHERE t.reltoastrelid <> 0"
        "  UNION SELECT i.indexrelid FROM pg_index AS i"
        "  WHERE i.indrelid IN (t.oid, t.reltoastrelid)"
        " ) AS r(oid)"
        " WHERE t.relkind = 'r' AND t.relnamespace IN ('registro'::regnamespace,"
        " 'persone'::regnamespace)"
    )


@contextmanager
def _serving(banco: Banco, url: str) -> Iterator[int]:
    """Run the server as it is run, its log included."""
    settings = {"TERRITORIO_DATABASE_URL": url, "TERRITORIO_DATA": str(banco.settings.data)}
    with socket.socket() as door, (banco.settings.data / "server.log").open("w") as log:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        command = [sys.executable, "-m", "api.server", str(os.getpid()), "web", str(door.fileno())]
        server = subprocess.Popen(
            command,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(door.fileno(),),
        )
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


class Client:
    """Asks one address after the other on one connection, and weighs as little as it can.

    What is measured is the server: the peer's client is a thin layer over a C library, and the
    standard library's takes as long for the headers as we for the answer.
    """

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.whole = False
        self.bytes = 0

    def ask(self, address: str) -> tuple[float, int]:
        """Return the milliseconds and the bytes of the answer."""
        head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n"
        started = time.perf_counter()
        self.socket.sendall(head.encode())
        parser = httptools.HttpResponseParser(self)
        self.whole, self.bytes = False, 0
        while not self.whole:
            data = self.socket.recv(1 << 18)
            if not data:
                raise RuntimeError(f"{address}: the server hung up")
            parser.feed_data(data)
        spent = (time.perf_counter() - started) * 1000
        if parser.get_status_code() not in {200, 204}:
            raise RuntimeError(f"{address}: {parser.get_status_code()}")
        return spent, self.bytes

    def on_body(self, body: bytes) -> None:
        """Weigh a piece of the answer (called by the parser)."""
        self.bytes += len(body)

    def on_message_complete(self) -> None:
        """Note that the answer is whole (called by the parser)."""
        self.whole = True


def _ask(
    port: int, addresses: Sequence[str], before: Sequence[str] = ()
) -> tuple[list[float], list[int]]:
    """Ask one after the other, ``before`` or the first to warm up; return milliseconds, bytes."""
    client = Client(port)
    for address in before or addresses[:CALDO]:
        client.ask(address)
    answers = [client.ask(address) for address in addresses]
    return [spent for spent, _ in answers], [weighed for _, weighed in answers]


def _dossiers(
    conn: psycopg.Connection, port: int, asked: Sequence[int], ruolo: Ruolo
) -> list[Misura]:
    """Measure the dossier by HTTP beside its SQL through psycopg, a few of each in turn.

    In turn, since the machine may have something else to do: it then meets both alike.
    """
    query = "" if ruolo is Ruolo.PUBBLICO else f"?visto_da={ruolo}&scopo=misura"
    sql_of, client = _by_sql(conn, ruolo), Client(port)
    took, alone = [], 0.0
    for n in (*asked[:CALDO], *asked[:CALDO]):
        sql_of(n)
        client.ask(f"/api/v1/edifici/{Codice(n)}/fascicolo{query}")
    for start in range(0, len(asked), TURNO):
        turn = asked[start : start + TURNO]
        addresses = [f"/api/v1/edifici/{Codice(n)}/fascicolo{query}" for n in turn]
        # Who comes second finds the pages in memory: each does half of the time.
        if start // TURNO % 2:
            took += [client.ask(address)[0] for address in addresses]
        alone += sum(map(sql_of, turn))
        if not start // TURNO % 2:
            took += [client.ask(address)[0] for address in addresses]
    conn.execute("RESET ROLE")
    peer, rate = 1000 * len(asked) / alone, 1000 * len(took) / sum(took)
    return [
        Misura(f"dossier by HTTP ({ruolo}), beside its SQL", rate, "/s", 0.5, "almeno", peer),
        Misura("  p99", percentile(took, 0.99), "ms", 25, "al massimo"),
    ]


def _by_sql(conn: psycopg.Connection, ruolo: Ruolo) -> Callable[[int], float]:
    """Return what tells the milliseconds that the statement alone takes for a building."""
    allowed = readable(ruolo, ruolo is not Ruolo.PUBBLICO)
    text = statement(tuple(s.query for s in SEZIONI if s.query and s.nome in allowed))
    row = conn.execute("SELECT comune FROM registro.comune").fetchone()
    if row is None:
        raise RuntimeError("no municipality")
    comune, day = row[0], today()
    # As the door does it: the role and what it may see, and one plan for all buildings.
    settings = (
        "SET jit = off; SET max_parallel_workers_per_gather = 0;"
        " SET plan_cache_mode = force_generic_plan; SET ROLE {}"
    )
    conn.execute(sql.SQL(settings).format(sql.Identifier("territorio_ufficio")))
    conn.execute("SELECT set_config('territorio.comuni', '*', false)")
    cursor = psycopg.RawCursor(conn)

    def run(building: int) -> float:
        started = time.perf_counter()
        cursor.execute(text, (comune, Int8(building), day, Int8(ULTIMO)), prepare=True).fetchall()
        return (time.perf_counter() - started) * 1000

    return run


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
    # Of another day: what is measured has not been drawn before.
    took, weighed = _ask(port, addresses, [f"{a}?alla_data=2024-02-29" for a in addresses[:CALDO]])
    drawn: dict[str, float] = {}
    for address, milliseconds in zip(addresses, took, strict=True):
        drawn.setdefault(address, milliseconds)
    return [
        Misura("tile, p99", percentile(took, 0.99), "ms", 50, "al massimo"),
        Misura(
            "  of those drawn for the first time",
            percentile([*drawn.values()], 0.99),
            "ms",
            50,
            "al massimo",
        ),
        Misura("  the heaviest, compressed", max(weighed) / 1000, "kB", 300, "al massimo"),
    ]

"""The servers side by side: two processes each, on the same database."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from sqlalchemy.engine import URL, make_url

from api import supervisor
from territorio.config import Settings
from tests.bench.ogc.lavori import Server

CLONE = Path(__file__).parents[3]
PARI = CLONE / ".peers" / "bin"
"""Where ``make setup-bench`` puts the peers."""

PROCESSI = 2
PRONTO_SECONDI = 90
RIPOSO = 10
"""Per cent of a processor: a process that takes less has begun to wait for requests."""

_UVICORN = ("--workers", str(PROCESSI), "--loop", "uvloop", "--http", "httptools",
            "--no-access-log", "--log-level", "error", "--host", "127.0.0.1")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Servente:
    """A server that answers on a port."""

    porta: int
    processi: tuple[psutil.Process, ...]

    @property
    def memoria_mb(self) -> tuple[float, float]:
        """RSS and PSS of all its processes: what they share counts once in the second."""
        rss = pss = 0
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                info = process.memory_full_info()
                rss, pss = rss + info.rss, pss + info.pss
        return rss / 1e6, pss / 1e6

    def _all(self) -> list[psutil.Process]:
        below = [child for one in self.processi for child in one.children(recursive=True)]
        return [*self.processi, *below]


@contextmanager
def all_of_them(url: str, folder: Path, data: Path) -> Iterator[dict[Server, Servente]]:
    """Start every server that is there; the two forms of the floor are one."""
    address = make_url(url)
    with ExitStack() as stack:
        floor = stack.enter_context(_floor(address, folder))
        found: dict[Server, Servente] = {"semplice": floor, "floor": floor}
        if (PARI / "pygeoapi").exists():
            found["pygeoapi"] = stack.enter_context(_pygeoapi(address, folder))
            found["tipg"] = stack.enter_context(_tipg(address, folder))
        found["nostro"] = stack.enter_context(_ours(url, data))
        yield found


@contextmanager
def _floor(address: URL, folder: Path) -> Iterator[Servente]:
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.bench.ogc.floor:application"]
    public = address.set(username="territorio_pubblico")
    # Its simple form reads what was made for the peers.
    settings = {"FLOOR_DATABASE_URL": _dsn(public), "PYTHONPATH": str(CLONE)}
    with _uvicorn("floor", command, settings, folder) as servente:
        yield servente


@contextmanager
def _tipg(address: URL, folder: Path) -> Iterator[Servente]:
    """Run tipg, with the settings under which the database answers it best."""
    settings = {
        # pydantic wants a host where libpq would take the folder of a socket as a parameter.
        "DATABASE_URL": (
            f"postgresql://{address.username}@{quote(str(address.query['host']), safe='')}"
            f":{address.query['port']}/{address.database}?max_parallel_workers_per_gather=0"
        ),
        "TIPG_DB_SCHEMAS": '["pari"]',
        "TIPG_DB_TABLES": '["pari.edifici"]',
    }
    command = [str(PARI / "python"), "-m", "uvicorn", "tipg.main:app"]
    with _uvicorn("tipg", command, settings, folder) as servente:
        yield servente


@contextmanager
def _pygeoapi(address: URL, folder: Path) -> Iterator[Servente]:
    """Run pygeoapi with its own provider, as it works: with CRS84 declared (specs/misure.md)."""
    port = _free_port()
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    # JSON is YAML.
    config.write_text(json.dumps(_configuration(address, port)))
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    with (folder / "openapi.log").open("wb") as log:
        subprocess.run(
            [PARI / "pygeoapi", "openapi", "generate", config, "--output-file", openapi],
            env={**_environment(), **settings},
            stdout=log,
            stderr=log,
            check=True,
        )
    command = [str(PARI / "python"), "-m", "uvicorn", "pygeoapi.starlette_app:APP"]
    with _uvicorn("pygeoapi", command, settings, folder, port) as servente:
        yield servente


def _configuration(address: URL, port: int) -> dict[str, object]:
    crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    words = {"title": "banco", "description": "banco", "keywords": ["banco"]}
    place = {
        "host": address.query["host"],
        "port": int(str(address.query["port"])),
        "dbname": address.database,
        "user": address.username,
        "password": "",
        "search_path": ["pari", "public"],
    }
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": place,
        "options": {"options": "-c max_parallel_workers_per_gather=0"},
        "id_field": "id",
        "table": "edifici",
        "geom_field": "geometria",
        "storage_crs": crs84,
        "crs": [crs84],
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["it-IT"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "https://tile.invalid/{z}/{x}/{y}.png", "attribution": "banco"},
            "pretty_print": False,
            "gzip": False,
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                **words,
                "keywords_type": "theme",
                "terms_of_service": "CC0",
                "url": "https://example.invalid",
            },
            "license": {"name": "CC0", "url": "https://example.invalid"},
            "provider": {"name": "banco", "url": "https://example.invalid"},
            "contact": {"name": "banco"},
        },
        "resources": {
            "edifici": {
                "type": "collection",
                **words,
                "links": [],
                "extents": {"spatial": {"bbox": [6, 35, 19, 48], "crs": crs84}},
                "providers": [provider],
            }
        },
    }


@contextmanager
def _ours(url: str, data: Path) -> Iterator[Servente]:
    """Run the server as it is run, by the code of its supervisor, its log included."""
    settings = Settings(data=data, database_url=url)
    # The last is the worker, which has nothing to do here.
    *children, _ = supervisor.children(settings, door := supervisor.bind(0))
    here = {"TERRITORIO_DATABASE_URL": url, "TERRITORIO_DATA": str(data)}
    try:
        for child in children:
            child.variables = {**child.variables, **here}
            child.start()
            child.go()
        porta: int = door.getsockname()[1]
        supervisor.wait_ready(children[0], porta)
        started = [child.process for child in children if child.process is not None]
        servente = Servente(porta, tuple(psutil.Process(process.pid) for process in started))
        for process in servente.processi:
            # The other may still be reading its code.
            while process.cpu_percent(0.5) > RIPOSO:
                pass
        yield servente
    finally:
        supervisor.end_children(children)
        door.close()


@contextmanager
def _uvicorn(
    name: str, command: list[str], settings: Mapping[str, str], folder: Path, port: int = 0
) -> Iterator[Servente]:
    port = port or _free_port()
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *_UVICORN, "--port", str(port)],
            cwd=folder,
            env={**_environment(), **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(name, port, process, folder)
            yield Servente(port, (psutil.Process(process.pid),))
        finally:
            _end(process)


def _environment() -> dict[str, str]:
    """Return the environment of a program that is not ours."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _dsn(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(name: str, port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PRONTO_SECONDI
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"«{name}» does not answer: {(folder / f'{name}.log').read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

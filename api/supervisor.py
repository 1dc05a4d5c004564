"""Keep the processes of an installation running, and end them all together.

The supervisor holds the socket: a server that died is started again on the same one, and
whoever asks meanwhile waits instead of being refused.
"""

import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from territorio import cluster
from territorio.config import Settings
from territorio.errors import AlreadyRunning, NotReady
from territorio.log import get

log = get(__name__)

HOST = "127.0.0.1"
READY_SECONDS = 60
END_SECONDS = 15
LOG_BYTES = 20_000_000
SERVERS = ("server", "server-2")
"""The processes that answer: one Python answers on one processor."""
QUICK_SECONDS = 5
QUICK_DEATHS = 5
"""A process that ends five times in a row within seconds of its start will go on doing so."""
RETRY_SECONDS = 10
"""How long a database that does not start (a full disk) is left alone."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A supervisor that is running."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """The address of its pages."""
        return f"http://{HOST}:{self.port}"


@dataclass(slots=True)
class Child:
    """One process to keep running: its arguments, and how it has fared."""

    name: str
    arguments: list[str]
    log: Path
    fds: tuple[int, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = field(default=0)

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone.

        It reads its code, which takes seconds, and waits for ``go``.
        """
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                pass_fds=self.fds,
                env={**os.environ, **self.variables},
                start_new_session=True,
            )
        self.started = time.monotonic()

    def go(self) -> None:
        """Let it begin: the end of its input is the sign."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it again after it ended by itself; raise NotReady if that is of no use."""
        assert self.process is not None  # noqa: S101 - only what was started is revived
        quick = time.monotonic() - self.started < QUICK_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        log.warning("process ended", name=self.name, code=self.process.returncode)
        if self.quick_deaths >= QUICK_DEATHS:
            raise NotReady(f"Il processo «{self.name}» non resta in funzione: {tail(self.log)}")
        self.go()  # closes our end of the old one's input
        self.start()
        self.go()


@dataclass(slots=True)
class Database:
    """The private PostgreSQL of an installation, if it has one, to be kept running."""

    settings: Settings
    not_before: float = 0.0

    def revive(self) -> bool:
        """Start it again if it ended; tell whether whoever uses it has to look for it anew.

        Where it does not start, pages say so meanwhile, and it is tried again.
        """
        ours = self.settings.database_url is None
        if not ours or cluster.status(self.settings) or time.monotonic() < self.not_before:
            return False
        log.warning("database ended")
        try:
            cluster.start(self.settings)
        except NotReady as error:
            log.warning("database does not start", reason=str(error))
            self.not_before = time.monotonic() + RETRY_SECONDS
            return False
        return True


@contextmanager
def instance(settings: Settings) -> Iterator[None]:
    """Be the one supervisor of the installation while the block runs."""
    settings.data.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (settings.data / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = running(settings)
            where = f" ({other.url}, processo {other.pid})" if other else ""
            raise AlreadyRunning(f"territorio è già in funzione{where}.") from None
        record = settings.data / "server.json"
        record.write_text(json.dumps({"pid": os.getpid(), "port": settings.port}))
        try:
            yield
        finally:
            record.unlink(missing_ok=True)


def running(settings: Settings) -> Instance | None:
    """Return the supervisor of the installation, if one is running."""
    try:
        with (settings.data / "server.lock").open() as lock:
            # The lock is let go by the system even where the process could not tidy up.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        with suppress(FileNotFoundError, ValueError):  # just starting, or just ending
            return Instance(**json.loads((settings.data / "server.json").read_text()))
    return None


def end(settings: Settings) -> bool:
    """Ask the installation's supervisor to end, and wait; tell whether there was one."""
    found = running(settings)
    if found is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(found.pid, signal.SIGTERM)
    deadline = time.monotonic() + 4 * END_SECONDS
    while running(settings) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def bind(port: int) -> socket.socket:
    """Take the port; raise AlreadyRunning if another program has it."""
    sock = socket.socket()
    # Connections of the last run that linger for a minute are no other program.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise AlreadyRunning(
            f"La porta {port} è occupata da un altro programma: scegline un'altra con "
            "TERRITORIO_PORT."
        ) from None
    return sock


def children(settings: Settings, sock: socket.socket) -> list[Child]:
    """Return the processes of an installation: a server first, then the others, the worker last.

    All servers take requests from the same socket; what they count stands in files of all.
    """
    logs = settings.data / "log"
    logs.mkdir(mode=0o711, exist_ok=True)
    command = [sys.executable, "-m", "api.server", str(os.getpid())]
    fd, counted = sock.fileno(), _empty(settings.data / "misure")
    servers = [
        Child(name, [*command, "web", str(fd)], _log_file(logs / f"{name}.log"), (fd,), counted)
        for name in SERVERS
    ]
    return [*servers, Child("worker", [*command, "worker"], _log_file(logs / "worker.log"))]


def _empty(folder: Path) -> dict[str, str]:
    """Empty the folder of the counters; return the variable by which prometheus finds it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def wait_ready(server: Child, port: int) -> None:
    """Wait until the server answers that it is well; raise NotReady if it does not."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if not server.alive:
            raise NotReady(f"Il server non parte: {tail(server.log)}")
        if answers(port):
            return
        time.sleep(0.05)
    raise NotReady(f"Il server non risponde entro {READY_SECONDS} s: {tail(server.log)}")


def keep_running(processes: list[Child], database: Database) -> None:
    """Start again what ends by itself, until interrupted."""
    while True:
        if database.revive():
            # It has another port than the one they know.
            end_children(processes)
        for child in processes:
            if not child.alive:
                child.revive()
        time.sleep(0.2)


def end_children(processes: list[Child]) -> None:
    """End the processes, by their own pids: politely, then at once."""
    started = [child.process for child in processes if child.process is not None]
    for process in started:
        process.terminate()
    for child in processes:
        child.go()  # closes our end
    deadline = time.monotonic() + END_SECONDS
    for process in started:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tail(path: Path, lines: int = 5) -> str:
    """Return where a log is and its last lines."""
    with suppress(FileNotFoundError):
        last = path.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join([f"{path}", *last])
    return str(path)


def answers(port: int) -> bool:
    """Tell whether the server of a port answers, its database with it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/api/v1/stato")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _log_file(path: Path) -> Path:
    """Make the file for us alone; one that has grown long is kept as the last but one."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path

"""The private PostgreSQL of an installation: make it, start it, stop it, ask after it.

With ``TERRITORIO_DATABASE_URL`` set nothing is started: that server is used instead.
The cluster listens on a socket in a folder that only its user (and root) can enter, and on
a free loopback port where a password is asked; the package's own cluster is left alone.
"""

import fcntl
import os
import secrets
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

from territorio import cluster_binaries, cluster_conf, cluster_place, cluster_process
from territorio.cluster_binaries import Binaries
from territorio.cluster_place import Place
from territorio.cluster_process import Postmaster
from territorio.config import Settings
from territorio.errors import NotReady
from territorio.log import get

log = get(__name__)

DATABASE = "territorio"
SUPERUSER = "postgres"
LOCALE = "C.UTF-8"
"""In every glibc without being generated; sorting for people is done by query."""

COLLATION = "C"
"""The same order, that of the bytes, without asking the C library: indexes of texts take new
rows in half the time."""

START_SECONDS = 300
"""A server killed in the middle of a load replays its journal before it answers."""


def ensure_running(settings: Settings) -> str:
    """Return the address of the database, starting the private cluster if need be."""
    if settings.database_url is None:
        start(settings)
    return admin_url(settings)


def admin_url(settings: Settings, database: str = DATABASE) -> str:
    """Return the address of the database as its administrator; raise NotReady if it is down."""
    if settings.database_url is not None:
        return settings.database_url
    server = status(settings)
    if server is None:
        raise NotReady("PostgreSQL non è in funzione: avvialo con «territorio up».")
    return _url(server, database)


def status(settings: Settings) -> Postmaster | None:
    """Return the private cluster that is running, or None."""
    return cluster_process.postmaster(cluster_place.place(settings))


def start(settings: Settings, *, durable: bool = True) -> Postmaster:
    """Start the private cluster, making it first if it is not there.

    Not durable (tests only) means: faster, and lost if the machine stops.
    """
    where = cluster_place.place(settings)
    cluster_place.prepare(where)
    with _locked(where):
        for _ in range(3):
            if cluster_process.postmaster(where) is None:
                _begin(where, durable=durable)
            # One that was being killed as we looked is gone by now: then once more.
            if server := _answering(where):
                return server
    raise NotReady(f"PostgreSQL non risponde: i suoi messaggi sono in {where.log}.")


def stop(settings: Settings) -> bool:
    """Stop the private cluster; tell whether there was one to stop."""
    where = cluster_place.place(settings)
    if not where.root.is_dir():
        return False
    with _locked(where):
        server = cluster_process.postmaster(where)
        if server is None:
            return False
        cluster_process.end(where, server)
    log.info("cluster stopped", pid=server.pid)
    return True


def _url(server: Postmaster, database: str) -> str:
    url = URL.create(
        "postgresql",
        username=SUPERUSER,
        database=database,
        query={"host": str(server.socket), "port": str(server.port)},
    )
    return url.render_as_string(hide_password=False)


@contextmanager
def _locked(where: Place) -> Iterator[None]:
    """Hold the cluster's lock: of two starts at once the second finds it running."""
    with where.lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _version(data: Path) -> int | None:
    """Return the version that made the data folder, or None if there is none."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _begin(where: Place, *, durable: bool) -> None:
    """Start a server on the data folder, made first if it is not there."""
    cluster_place.prepare_folders(where)
    binaries = cluster_binaries.find(_version(where.data))
    if not where.data.exists():
        _create(where, binaries, durable=durable)
    cluster_process.clear_after_crash(where)
    _launch(where, binaries, durable=durable)


def _create(where: Place, binaries: Binaries, *, durable: bool) -> None:
    """Make the data folder beside its place and move it there when it is whole."""
    shutil.rmtree(where.fresh, ignore_errors=True)
    cluster_place.private_folder(where.fresh, where.owner)
    where.password.unlink(missing_ok=True)
    where.password.touch(mode=0o600)
    where.password.write_text(secrets.token_urlsafe(32) + "\n")
    where.owner.owns(where.password)
    command = [
        *(binaries.program("initdb"), "--pgdata", str(where.fresh)),
        *("--username", SUPERUSER, "--pwfile", str(where.password)),
        *("--encoding", "UTF8", "--locale", LOCALE, "--lc-collate", COLLATION),
        *("--auth-local", "trust", "--auth-host", "scram-sha-256"),
    ]
    if not durable:
        command.append("--no-sync")
    result = _run(where, command)
    if result.returncode != 0:
        raise NotReady(f"Non riesco a creare la base di dati in {where.data}: {result.stderr}")
    where.fresh.rename(where.data)
    log.info("cluster created", version=binaries.version)


def _launch(where: Place, binaries: Binaries, *, durable: bool) -> None:
    """Start the server; try again if another program takes its port in between."""
    first_words = where.log / "avvio.log"
    where.hba.write_text(cluster_conf.HBA)
    options = shlex.join(["-c", f"config_file={where.config}"])
    for _ in range(3):
        where.config.write_text(cluster_conf.render(where, _free_port(), durable=durable))
        first_words.unlink(missing_ok=True)
        command = [
            *(binaries.program("pg_ctl"), "start", "--pgdata", str(where.data)),
            *("--log", str(first_words), "--options", options),
            *("--wait", "--timeout", str(START_SECONDS)),
        ]
        _run(where, command)
        if server := cluster_process.postmaster(where):
            log.info("cluster started", pid=server.pid, port=server.port)
            return
    reason = _tail(first_words) or "nessun messaggio"
    raise NotReady(f"PostgreSQL non parte ({where.log}): {reason}")


def _tail(path: Path) -> str:
    """Return the last lines a server wrote before it gave up."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return " ".join(lines[-3:])


def _run(where: Place, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the owner of the cluster."""
    owner = where.owner
    # Only root may change user; for the owner itself there is nothing to change.
    as_owner = os.geteuid() == 0
    return subprocess.run(
        command,
        user=owner.uid if as_owner else None,
        group=owner.gid if as_owner else None,
        extra_groups=[] if as_owner else None,
        umask=0o077,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": LOCALE, "HOME": str(where.root)},
        stdin=subprocess.DEVNULL,
        # A file, not a pipe: the server inherits it and would hold a pipe open for ever.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if "initdb" in command[0] else subprocess.DEVNULL,
        text=True,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answering(where: Place) -> Postmaster | None:
    """Wait until the server answers, and return it; None if it ended meanwhile."""

    def settled() -> bool:
        # Another start may have left it replaying its journal.
        server = cluster_process.postmaster(where)
        return server is None or server.ready

    cluster_process.wait_until(settled, seconds=START_SECONDS)
    server = cluster_process.postmaster(where)
    if server is None or not server.ready:
        return None
    try:
        _ensure_database(server)
    except psycopg.OperationalError:
        cluster_process.wait_until(lambda: cluster_process.postmaster(where) is None, seconds=5)
        return None
    return server


def _ensure_database(server: Postmaster) -> None:
    """Make the database of the registry if it is not there."""
    url = _url(server, "postgres")
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as conn:
        found = conn.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if found is None:
            name = psycopg.sql.Identifier(DATABASE)
            conn.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(name))

"""Fixtures for all: one cluster a session, one database a worker, one transaction a test.

``conn`` is what most tests ask for: a connection of the owning role whose transaction is
rolled back at the end. Code that commits by itself takes ``fresh_url`` (a database of its
own, 0.2 s); code that reads as an office or as the public takes ``engine_ufficio`` or
``engine_pubblico``. A test that asks for any of them is marked ``database`` by that alone.
"""

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import make_url

from territorio import cluster, log
from territorio.config import Settings

PREFIX = "territorio-prove-"
ROOT = pytest.StashKey[Path]()
LOOPBACK = ("127.", "::1", "localhost")

# On a shared machine a slow example is no fault of the code.
hypothesis.settings.register_profile("territorio", deadline=None)
hypothesis.settings.load_profile("territorio")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-snapshots",
        action="store_true",
        help="write the snapshots instead of comparing; read the diff before committing it",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the session's folder: made by the controller, told to its workers."""
    sys.addaudithook(_refuse_network)
    log.configure("WARNING")
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        config.stash[ROOT] = Path(worker["root"])
        return
    _sweep()
    root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    root.chmod(0o711)  # the cluster's user passes through
    config.stash[ROOT] = root


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the session's cluster is."""
    node.workerinput["root"] = str(node.config.stash[ROOT])  # type: ignore[attr-defined] # untyped


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the session's cluster, once all workers are done with it."""
    if ROOT in config.stash and not hasattr(config, "workerinput"):
        _remove(config.stash[ROOT])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the database or a browser by the fixtures it asks for."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & {"cluster_settings", "private_folder", "installation"}:
            item.add_marker(pytest.mark.database)
        if asked & {"browser", "page"}:
            item.add_marker(pytest.mark.browser)
            # One worker holds the browser and its town; the others go on meanwhile.
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def cluster_settings(request: pytest.FixtureRequest) -> Settings:
    """Return the settings of the session's cluster, started and migrated once."""
    root = request.config.stash[ROOT]
    settings = Settings(data=root / "dati", database_url=None)
    with _locked(root / "modello.lock"):
        cluster.start(settings, durable=False)
        done = root / "modello"
        if not done.exists():
            # Imported here: `make fast` needs none of it.
            from territorio import migrazioni

            url = cluster.admin_url(settings)
            migrazioni.prepare(url)
            migrazioni.migrate(url)
            done.touch()
    return settings


@pytest.fixture(scope="session")
def database_url(cluster_settings: Settings, worker_id: str) -> Iterator[str]:
    """Return the address of this worker's database."""
    with _database(cluster_settings, f"prova_{worker_id}") as url:
        yield url


@pytest.fixture
def fresh_url(cluster_settings: Settings, worker_id: str) -> Iterator[str]:
    """Return the address of an empty database for this test alone, for code that commits."""
    with _database(cluster_settings, f"nuova_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[sa.Engine]:
    """Connect as the role that owns the tables."""
    yield from _engine(database_url, "MIGRAZIONE")


@pytest.fixture(scope="session")
def engine_ufficio(database_url: str) -> Iterator[sa.Engine]:
    """Connect as the offices do: row-level security holds."""
    yield from _engine(database_url, "UFFICIO")


@pytest.fixture(scope="session")
def engine_pubblico(database_url: str) -> Iterator[sa.Engine]:
    """Connect as the public doors do."""
    yield from _engine(database_url, "PUBBLICO")


@pytest.fixture
def conn(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open a transaction for all municipalities, rolled back at the end of the test."""
    from territorio import db

    with engine.connect() as connection, connection.begin() as transaction:
        db.restrict(connection, ("*",))
        yield connection
        transaction.rollback()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Return settings for this worker's database, with a data folder of the test's own."""
    return Settings(data=tmp_path / "dati", database_url=database_url)


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> "Snapshot":
    """Compare a text with a file that is committed (``make snapshots`` rewrites them)."""
    return Snapshot(accept=bool(request.config.getoption("--accept-snapshots")))


class Snapshot:
    """Golden texts: what was read and accepted once must come out again."""

    def __init__(self, *, accept: bool) -> None:
        self.accept = accept

    def check(self, path: Path, text: str) -> None:
        """Fail unless the file holds exactly this text."""
        if self.accept:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert text == path.read_text()


@contextmanager
def shared_folder(config: pytest.Config) -> Iterator[Path]:
    """Make a folder that a cluster's user may pass through: pytest's own are closed."""
    path = Path(tempfile.mkdtemp(dir=config.stash[ROOT]))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path)


def _engine(url: str, role: str) -> Iterator[sa.Engine]:
    from territorio import db

    engine = db.engine(url, db.Role[role], pool_size=4)
    yield engine
    engine.dispose()


@contextmanager
def _database(settings: Settings, name: str) -> Iterator[str]:
    """Make a database from the migrated one; drop it in the end."""
    target, template = sql.Identifier(name), sql.Identifier(cluster.DATABASE)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target)
    admin = cluster.admin_url(settings, "postgres")
    with psycopg.connect(admin, autocommit=True) as conn:
        conn.execute(drop)
        conn.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(target, template)
        )
        # What the administrator granted on the first database is not copied with it.
        conn.execute(
            sql.SQL("GRANT CREATE, CONNECT ON DATABASE {} TO territorio_migrazione").format(target)
        )
        yield make_url(admin).set(database=name).render_as_string(hide_password=False)
        conn.execute(drop)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sweep() -> None:
    """End the clusters of sessions that were killed before they could."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).split("-")[0]
        if left.owner() == Path("/proc/self").owner() and not Path("/proc", pid).exists():
            _remove(left)


def _remove(root: Path) -> None:
    cluster.stop(Settings(data=root / "dati", database_url=None))
    shutil.rmtree(root, ignore_errors=True)


def _refuse_network(event: str, args: tuple[object, ...]) -> None:
    """Let Python's sockets reach this machine only."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
        if not host.startswith(LOOPBACK):
            raise RuntimeError(f"a test tried to reach {host}: tests use no network")

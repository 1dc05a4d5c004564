"""The private cluster: real initdb, real crashes."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from territorio import cluster, cluster_conf, cluster_place, cluster_process
from territorio.config import Settings
from territorio.errors import NotReady
from tests.conftest import shared_folder


@pytest.fixture
def private_folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    with shared_folder(request.config) as folder:
        yield folder


@pytest.fixture
def private(private_folder: Path) -> Iterator[Settings]:
    settings = Settings(data=private_folder / "dati", database_url=None)
    yield settings
    cluster.stop(settings)


def start(settings: Settings) -> cluster_process.Postmaster:
    return cluster.start(settings, durable=False)


def count(settings: Settings, statement: str) -> object:
    with psycopg.connect(cluster.admin_url(settings)) as conn:
        row = conn.execute(statement.encode()).fetchone()
        assert row is not None
        return row[0]


def test_it_is_made_started_found_running_stopped_and_started_again(private: Settings) -> None:
    first = start(private)
    with psycopg.connect(cluster.admin_url(private)) as conn:
        conn.execute("CREATE TABLE prova AS SELECT 7 AS n")
    assert cluster.ensure_running(private) == cluster.admin_url(private)
    assert cluster.status(private) == first
    assert cluster.stop(private) is True
    assert cluster.status(private) is None
    assert cluster.stop(private) is False

    assert start(private).pid != first.pid
    assert count(private, "SELECT n FROM prova") == 7


def test_what_was_committed_is_there_after_the_server_was_killed(private: Settings) -> None:
    server = cluster.start(private)
    with psycopg.connect(cluster.admin_url(private), autocommit=True) as conn:
        conn.execute("CREATE TABLE prova AS SELECT generate_series(1, 1000) AS n")
        conn.execute("BEGIN")
        conn.execute("INSERT INTO prova VALUES (1001)")
        os.kill(server.pid, signal.SIGKILL)
        # Its sessions may go on for a while: the new server has to wait for them.
        again = cluster.start(private)
        conn.close()
    assert again.pid != server.pid
    assert count(private, "SELECT count(*) FROM prova") == 1000


def test_a_pid_file_that_names_another_living_process_does_not_stop_it(private: Settings) -> None:
    start(private)
    where = cluster_place.place(private)
    pid_file = where.data / "postmaster.pid"
    text = pid_file.read_text()
    cluster.stop(private)
    owner = where.owner if os.geteuid() == 0 else None
    other = subprocess.Popen(["sleep", "60"], user=owner.uid if owner else None)
    try:
        pid_file.write_text("\n".join([str(other.pid), *text.splitlines()[1:]]) + "\n")
        where.owner.owns(pid_file)
        assert cluster.status(private) is None
        assert start(private).pid != other.pid
    finally:
        other.kill()
        other.wait()


def test_two_starts_at_once_make_one_cluster(private: Settings) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: start(private), range(2))
    assert one == two


def test_a_making_that_was_cut_short_is_begun_anew(private: Settings) -> None:
    where = cluster_place.place(private)
    where.fresh.mkdir(parents=True)
    (where.fresh / "PG_VERSION").write_text("15\n")
    start(private)
    assert not where.fresh.exists()
    assert count(private, "SELECT 1") == 1


def test_only_its_user_enters_by_the_socket_and_tcp_asks_for_the_password(
    private: Settings,
) -> None:
    server = start(private)
    where = cluster_place.place(private)
    for closed in (where.socket, where.data, where.log):
        assert closed.stat().st_mode & 0o077 == 0
    assert where.password.stat().st_mode & 0o077 == 0
    tcp = f"postgresql://postgres@127.0.0.1:{server.port}/territorio"
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(tcp)
    password = where.password.read_text().strip()
    with psycopg.connect(tcp, password=password) as conn:
        assert conn.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_values_of_a_failing_statement_stay_out_of_the_log(private: Settings) -> None:
    start(private)
    marker = "BNCGLI80A41H501X"
    with psycopg.connect(cluster.admin_url(private), autocommit=True) as conn:
        conn.execute("CREATE TABLE prova (codice text PRIMARY KEY)")
        conn.execute("INSERT INTO prova VALUES (%s)", (marker,))
        # The session is told the value; the log is not.
        with pytest.raises(psycopg.errors.UniqueViolation, match=marker):
            conn.execute("INSERT INTO prova VALUES (%s)", (marker,))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match=marker):
            conn.execute(f"SELECT '{marker}'::integer".encode())
    cluster.stop(private)  # writes the log to its end
    log = "".join(p.read_text() for p in cluster_place.place(private).log.iterdir())
    assert "ready to accept connections" in log
    assert marker not in log


def test_a_long_path_gets_a_short_socket(private_folder: Path) -> None:
    deep = private_folder.joinpath(*["cartella-dal-nome-lungo"] * 4)
    settings = Settings(data=deep, database_url=None)
    try:
        server = start(settings)
        assert count(settings, "SELECT 1") == 1
        assert not server.socket.is_relative_to(deep)
    finally:
        cluster.stop(settings)
        shutil.rmtree(cluster_place.place(settings).socket)


def test_with_an_address_nothing_is_started(tmp_path: Path) -> None:
    url = "postgresql://altrove.example/territorio"
    settings = Settings(data=tmp_path / "dati", database_url=url)
    assert cluster.ensure_running(settings) == url
    assert not settings.data.exists()


def test_without_a_running_cluster_the_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="territorio up"):
        cluster.admin_url(Settings(data=tmp_path, database_url=None))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the cluster as another user")
def test_a_folder_the_cluster_cannot_enter_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(NotReady, match=rf"non può entrare in {tmp_path}:"):
        start(Settings(data=tmp_path / "dati", database_url=None))


def test_a_socket_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    owner = cluster_place.Owner("chiunque", os.geteuid(), os.getegid())
    (tmp_path / "aperta").mkdir(mode=0o755)
    (tmp_path / "legame").symlink_to(tmp_path / "aperta")
    for name in ("aperta", "legame"):
        with pytest.raises(NotReady, match=name):
            cluster_place.private_folder(tmp_path / name, owner)


def test_settings_follow_the_memory_and_survive_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = cluster_place.place(Settings(data=tmp_path / "l'archivio", database_url=None))
    monkeypatch.setattr(cluster_conf, "memory_bytes", lambda: 4096 * cluster_conf.MEGABYTE)
    text = cluster_conf.render(where, 5555)
    assert "shared_buffers = '512MB'" in text
    assert "maintenance_work_mem = '128MB'" in text
    assert "l''archivio" in text
    assert "fsync" not in text

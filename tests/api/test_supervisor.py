"""Start and stop: one supervisor, its children, the port, the signals."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from api import supervisor
from territorio import cluster
from territorio.config import Settings
from territorio.errors import AlreadyRunning, NotReady
from tests.conftest import shared_folder

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print('on', flush=True); time.sleep(60)",
]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def eventually(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def test_a_taken_port_is_one_sentence(taken: int) -> None:
    with pytest.raises(AlreadyRunning, match=rf"La porta {taken} è occupata.*TERRITORIO_PORT"):
        supervisor.bind(taken)


def test_there_is_one_supervisor_an_installation(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=8123)
    assert supervisor.running(settings) is None
    with supervisor.instance(settings):
        assert supervisor.running(settings) == supervisor.Instance(os.getpid(), 8123)
        with (
            pytest.raises(AlreadyRunning, match=r"già in funzione \(http://127\.0\.0\.1:8123"),
            supervisor.instance(settings),
        ):
            pass
    assert supervisor.running(settings) is None


def test_a_record_left_behind_is_no_supervisor(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(json.dumps({"pid": 1, "port": 8000}))
    (tmp_path / "server.lock").touch()
    settings = Settings(data=tmp_path)
    assert supervisor.running(settings) is None
    assert supervisor.end(settings) is False


def test_a_process_that_keeps_ending_is_given_up(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    child = supervisor.Child("prova", [sys.executable, "-c", "print('perché no')"], log)
    child.start()
    with pytest.raises(NotReady, match=r"«prova» non resta in funzione.*\n(perché no\n?)+"):
        supervisor.keep_running(
            [child], supervisor.Database(Settings(database_url="postgresql://altrove/"))
        )
    assert log.read_text().count("perché no") == supervisor.QUICK_DEATHS


def test_a_process_waits_for_its_sign(tmp_path: Path) -> None:
    script = "from api.server import wait_for_go\nwait_for_go()\nprint('via')"
    child = supervisor.Child("prova", [sys.executable, "-c", script], tmp_path / "x.log")
    child.start()
    time.sleep(0.5)
    assert child.alive
    child.go()
    eventually(lambda: not child.alive)
    assert child.log.read_text() == "via\n"


def test_ending_is_polite_first_and_sure_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "END_SECONDS", 0.5)
    polite = supervisor.Child("a", SLEEP, tmp_path / "a.log")
    stubborn = supervisor.Child("b", STUBBORN, tmp_path / "b.log")
    never_started = supervisor.Child("c", SLEEP, tmp_path / "c.log")
    for child in (polite, stubborn):
        child.start()
    eventually(lambda: stubborn.log.read_text() == "on\n")
    supervisor.end_children([polite, stubborn, never_started])
    assert polite.process is not None
    assert stubborn.process is not None
    assert polite.process.returncode == -signal.SIGTERM
    assert stubborn.process.returncode == -signal.SIGKILL


def test_a_server_that_ends_before_it_answers_shows_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('manca la chiave')"]
    server = supervisor.Child("server", command, tmp_path / "server.log")
    server.start()
    server.go()
    with pytest.raises(NotReady, match=r"Il server non parte: .*\nmanca la chiave"):
        supervisor.wait_ready(server, free_port())


class Installation:
    """One installation under test, run as a person would run it."""

    def __init__(self, folder: Path) -> None:
        self.pids = folder / "pids"
        shutil.rmtree(self.pids, ignore_errors=True)
        self.pids.mkdir(parents=True)
        self.port = free_port()
        self.settings = Settings(data=folder / "dati", port=self.port, database_url=None)
        self.env = os.environ | {
            "TERRITORIO_DATA": str(self.settings.data),
            "TERRITORIO_PORT": str(self.port),
            "PIDS": str(self.pids),
        }
        self.env.pop("TERRITORIO_DATABASE_URL", None)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.api.installation", *arguments],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def foreground(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.installation", "up", "--foreground"],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        self.lines = []
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("pronto:"):
                break
        else:
            raise AssertionError(process.communicate())
        return process

    def pid(self, name: str) -> int:
        return int((self.pids / name).read_text() or 0)

    def ask(self) -> bytes:
        url = f"http://127.0.0.1:{self.port}/api/v1/stato"
        with urllib.request.urlopen(url, timeout=10) as answer:
            body: bytes = answer.read()
            return body


@pytest.fixture(scope="module")
def made_once(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return a folder whose cluster is made by the first test and found by the others."""
    with shared_folder(request.config) as folder:
        yield folder


@pytest.fixture
def installation(made_once: Path) -> Iterator[Installation]:
    made = Installation(made_once)
    yield made
    supervisor.end(made.settings)
    cluster.stop(made.settings)


def test_a_signal_ends_server_worker_and_cluster(installation: Installation) -> None:
    process = installation.foreground()
    url = f"http://127.0.0.1:{installation.port}"
    assert installation.lines[-2:] == [
        f"Un edificio diviso in due: {url}/edifici/abc",
        f"pronto: {url}",
    ]
    assert installation.ask() == str(installation.pid("server")).encode()
    eventually((installation.pids / "worker").exists)
    database = cluster.status(installation.settings)
    assert database is not None
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    assert (rest, process.returncode) == ("", 0)
    for pid in (installation.pid("server"), installation.pid("worker"), database.pid):
        assert gone(pid)


def test_a_server_that_was_killed_comes_back_on_the_same_port(installation: Installation) -> None:
    process = installation.foreground()
    killed = installation.pid("server")
    os.kill(killed, signal.SIGKILL)
    # Asked while nobody serves: the socket is held, the answer waits for the new server.
    assert int(installation.ask()) != killed
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert cluster.status(installation.settings) is None


def test_a_database_that_was_killed_comes_back_with_all_that_use_it(
    installation: Installation,
) -> None:
    process = installation.foreground()
    eventually((installation.pids / "worker").exists)
    before = {name: installation.pid(name) for name in ("server", "worker")}
    killed = cluster.status(installation.settings)
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)

    def back() -> bool:
        found = cluster.status(installation.settings)
        return found is not None and found.ready

    eventually(back, seconds=60)

    # Its port is another one: who knew the old one is started anew.
    def anew(name: str) -> bool:
        return installation.pid(name) not in {0, before[name]}

    for name, pid in before.items():
        eventually(partial(anew, name), seconds=60)
        assert gone(pid)
    assert int(installation.ask()) == installation.pid("server")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert cluster.status(installation.settings) is None


def test_a_database_that_does_not_start_is_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def full(_settings: Settings) -> None:
        tries.append(time.monotonic())
        raise NotReady("PostgreSQL non parte: disco pieno")

    monkeypatch.setattr(cluster, "start", full)
    monkeypatch.setattr(supervisor, "RETRY_SECONDS", 0.2)
    database = supervisor.Database(Settings(data=tmp_path, database_url=None))
    assert [database.revive() for _ in range(3)] == [False, False, False]
    assert len(tries) == 1
    time.sleep(0.25)
    assert database.revive() is False
    assert len(tries) == 2


def test_children_end_with_a_supervisor_that_was_killed(installation: Installation) -> None:
    process = installation.foreground()
    eventually((installation.pids / "worker").exists)
    process.kill()
    process.communicate(timeout=60)
    for name in ("server", "worker"):
        pid = installation.pid(name)
        eventually(partial(gone, pid))
    # The cluster goes on; stop finds it, and the next start would have too.
    assert cluster.status(installation.settings) is not None
    assert installation.command("stop").stdout == "Fermato.\n"
    assert cluster.status(installation.settings) is None


def test_up_in_the_background_answers_and_stop_ends_it(installation: Installation) -> None:
    up = installation.command("up")
    assert up.returncode == 0, up.stderr
    assert up.stdout.splitlines()[-1] == f"pronto: http://127.0.0.1:{installation.port}"
    assert installation.ask()
    again = installation.command("up")
    assert again.stdout == f"pronto: http://127.0.0.1:{installation.port}\n"
    foreground = installation.command("up", "--foreground")
    assert foreground.returncode == 2
    assert "già in funzione" in foreground.stderr
    installation.env["TERRITORIO_PORT"] = str(free_port())  # of a shell that was not told
    status = installation.command("status")
    assert status.returncode == 0
    assert f"server: http://127.0.0.1:{installation.port}" in status.stdout
    assert installation.command("stop").stdout == "Fermato.\n"
    status = installation.command("status")
    assert status.returncode == 1
    assert "PostgreSQL: fermo\nserver: fermo\n" in status.stdout


def test_status_is_good_only_while_all_of_it_runs(installation: Installation) -> None:
    process = installation.foreground()
    assert installation.command("status").returncode == 0
    os.kill(process.pid, signal.SIGSTOP)  # else it would start what is stopped again
    try:
        assert cluster.stop(installation.settings)
        status = installation.command("status")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert status.returncode == 1
    assert "PostgreSQL: fermo\n" in status.stdout
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


@pytest.mark.parametrize("mode", [("up",), ("up", "--foreground")])
def test_a_taken_port_ends_the_command_with_two(
    tmp_path: Path, taken: int, mode: tuple[str, ...]
) -> None:
    made = Installation(tmp_path)
    made.env["TERRITORIO_PORT"] = str(taken)
    result = made.command(*mode)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"La porta {taken} è occupata da un altro programma: scegline un'altra con "
        "TERRITORIO_PORT.\n"
    )
    assert cluster.status(made.settings) is None

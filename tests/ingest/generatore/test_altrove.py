"""Maps drawn in a process of their own: the same folder, or an error of the whole."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ingest.generatore import altrove, genera
from ingest.generatore.comune import find
from tests.ingest.generatore.conftest import COMUNE


def contents(cartella: Path) -> dict[Path, bytes]:
    """Return every file of a folder."""
    return {f.relative_to(cartella): f.read_bytes() for f in cartella.rglob("*") if f.is_file()}


def drawing_for(process: psutil.Process) -> list[psutil.Process]:
    """Return the processes that draw for one."""
    return [p for p in process.children() if "ingest.generatore.disegnatore" in p.cmdline()]


def wait_for[T](look: Callable[[], list[T]]) -> list[T]:
    """Look until something is there."""
    for _ in range(300):
        if trovati := look():
            return trovati
        time.sleep(0.1)
    raise TimeoutError


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have even a small town drawn in another process, on any machine."""
    monkeypatch.setattr(altrove, "_CONVIENE", 100)
    monkeypatch.setattr(altrove, "sched_getaffinity", lambda _pid: {0, 1})


@pytest.mark.usefixtures("apart")
def test_two_processes_write_what_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with altrove.drawing(find(COMUNE), 120, 5, tmp_path / "nessuno") as disegno:
        assert isinstance(disegno, altrove.Altrove)
    genera(COMUNE, 120, 5, tmp_path / "due")
    monkeypatch.setattr(altrove, "sched_getaffinity", lambda _pid: {0})
    genera(COMUNE, 120, 5, tmp_path / "uno")
    uno = contents(tmp_path / "uno")
    assert len(uno) > 60
    assert contents(tmp_path / "due") == uno


@pytest.mark.usefixtures("apart")
def test_what_the_other_process_cannot_write_is_an_error_of_the_whole(tmp_path: Path) -> None:
    # A folder stands where the footprints of the truth should be written.
    (tmp_path / "verita" / "impronte.csv").mkdir(parents=True)
    with pytest.raises(IsADirectoryError, match=r"impronte\.csv"):
        genera(COMUNE, 120, 5, tmp_path)
    assert not (tmp_path / "verita.json").exists()


@pytest.mark.usefixtures("apart")
def test_a_town_whose_maps_were_cut_short_is_never_complete(tmp_path: Path) -> None:
    def kill(_fatti: int, _di: int) -> None:
        for disegna in drawing_for(psutil.Process()):
            disegna.kill()

    with pytest.raises(RuntimeError, match="died with -9"):
        genera(COMUNE, 400, 5, tmp_path, kill)
    assert not (tmp_path / "verita.json").exists()


@pytest.mark.usefixtures("apart")
def test_who_draws_ends_when_the_registers_do(tmp_path: Path) -> None:
    def interrupt(_fatti: int, _di: int) -> None:
        assert len(drawing_for(psutil.Process())) == 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        genera(COMUNE, 400, 5, tmp_path, interrupt)
    assert drawing_for(psutil.Process()) == []
    assert not (tmp_path / "verita.json").exists()


def test_who_draws_ends_when_whom_it_draws_for_is_killed(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from tests.ingest.generatore import test_altrove as t; t.main()",
    ]
    with subprocess.Popen([*command, str(tmp_path)]) as process:
        (disegna,) = wait_for(lambda: drawing_for(psutil.Process(process.pid)))
        process.kill()
    _, vivi = psutil.wait_procs([disegna], timeout=30)
    assert vivi == []


def main() -> None:
    """Generate a town large enough to be killed half-way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(altrove, "sched_getaffinity", lambda _pid: {0, 1})
        genera(COMUNE, 3000, 5, Path(sys.argv[1]))

"""An interrupt sent to make and to nobody else ends what make began."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api import parent

COMANDO = """
import signal, sys, time
from api import parent
def ended(*_):
    print("ended", flush=True)
    sys.exit(0)
signal.signal(signal.SIGINT, ended)
if sys.argv[1] == "watch":
    parent.watch()
print("ready", flush=True)
time.sleep(float(sys.argv[2]))
print("went on", flush=True)
"""


@pytest.mark.parametrize(("watches", "seconds", "said"), [("watch", 30, "ended"),
                                                          ("no", 2, "went on")])  # fmt: skip
def test_make_alone_is_interrupted(tmp_path: Path, watches: str, seconds: int, said: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(COMANDO)
    root = Path(parent.__file__).parent.parent
    (tmp_path / "Makefile").write_text(
        f"run:\n\t@exec {sys.executable} {program} {watches} {seconds}\n"
    )
    # The suite is itself begun by make, whose variables are for its own children.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env["PYTHONPATH"] = str(root)
    with subprocess.Popen(
        ["make", "--no-print-directory", "run"],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as make:
        assert make.stdout is not None
        assert make.stdout.readline() == "ready\n"
        make.send_signal(signal.SIGINT)
        assert make.stdout.readline() == f"{said}\n"
        make.wait(15)


def test_whoever_was_not_begun_by_make_watches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "MAKE", frozenset({"nobody"}))
    monkeypatch.setattr(parent, "Thread", None)  # to start one would fail
    parent.watch()

"""The processes of a private cluster, read from the system rather than believed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from territorio.cluster_place import Place

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a running server wrote of itself in postmaster.pid."""

    pid: int
    port: int
    socket: Path
    ready: bool


def postmaster(where: Place) -> Postmaster | None:
    """Return the server that runs on the data folder, or None; a stale file is no server."""
    try:
        lines = (where.data / "postmaster.pid").read_text().splitlines()
        pid, port, socket = int(lines[0]), int(lines[3]), Path(lines[4])
    except (OSError, ValueError, IndexError):
        return None
    if not is_postmaster(pid, where):
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(pid, port, socket, ready)


def is_postmaster(pid: int, where: Place) -> bool:
    """Tell whether a process is the server of this folder: pids are used again."""
    arguments = _command_line(pid)
    return "-D" in arguments and str(where.data) in arguments


def orphans(where: Place) -> list[int]:
    """Return the cluster's processes that go on without their server.

    Their titles name the cluster; the links in /proc that would tell more are hidden from
    root in a container.
    """
    title = f"postgres: {where.name}: "
    return [pid for pid in _pids() if " ".join(_command_line(pid)).startswith(title)]


def clear_after_crash(where: Place) -> None:
    """Wait for what a killed server left behind, so that a new one may start."""
    if not wait_until(lambda: not orphans(where), seconds=5):
        for sig in (signal.SIGQUIT, signal.SIGKILL):
            for pid in orphans(where):
                with suppress(ProcessLookupError):
                    os.kill(pid, sig)
            if wait_until(lambda: not orphans(where), seconds=5):
                break
    stale = where.data / "postmaster.pid"
    # PostgreSQL itself recovers from a stale file, unless the pid now belongs to another
    # process of the same user: then it would refuse for ever.
    try:
        pid = int(stale.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if (PROC / str(pid)).exists() and not is_postmaster(pid, where):
        stale.unlink()


def end(where: Place, server: Postmaster, *, seconds: float = 60) -> None:
    """End a server and wait for it: politely first, at once after the given time."""
    # SIGINT is PostgreSQL's fast shutdown: sessions are cut, data are checkpointed.
    for sig, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        with suppress(ProcessLookupError):
            os.kill(server.pid, sig)
        if wait_until(lambda: not is_postmaster(server.pid, where), seconds=patience):
            return


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait until the condition holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _command_line(pid: int) -> list[str]:
    """Return the arguments of a process; nothing for one that is gone or a zombie."""
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(part) for part in raw.split(b"\0") if part]

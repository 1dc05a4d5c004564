"""Notice an interrupt that was sent to ``make`` alone.

Ctrl-C reaches every process of the terminal, and make passes on SIGTERM. At a SIGINT sent to its
own number, as a program would, GNU make only waits for its command to end, and tells it
nothing. From outside one thing can be seen: it no longer catches that signal (``SigCgt`` of
proc(5)).
"""

import os
import signal
import time
from pathlib import Path
from threading import Thread

MAKE = frozenset({"make", "gmake"})
PROC = Path("/proc")
LOOK_SECONDS = 0.3


def watch() -> None:
    """Interrupt this process, from a thread of its own, once the make that began it was."""
    parent = PROC / str(os.getppid())
    if _name(parent) in MAKE and _catches(parent, signal.SIGINT):
        Thread(target=_wait, args=(parent,), daemon=True).start()


def _wait(parent: Path) -> None:
    while _catches(parent, signal.SIGINT):
        time.sleep(LOOK_SECONDS)
    if _name(parent) in MAKE:  # it is there, and was interrupted
        os.kill(os.getpid(), signal.SIGINT)


def _name(process: Path) -> str:
    """Return the name of a process, empty if it is not there."""
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""


def _catches(process: Path, number: signal.Signals) -> bool:
    """Tell whether a process has a handler for a signal."""
    try:
        lines = (process / "status").read_text().splitlines()
    except OSError:
        return False
    masks = [int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:")]
    return any(mask >> (number - 1) & 1 for mask in masks)

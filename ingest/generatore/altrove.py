"""Have the maps drawn in a process of its own, while this one writes the registers.

Both build every sheet, which is quick and comes out the same; each then writes its own
files. On one core, or for a small town, all is done here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing import Pipe
from os import sched_getaffinity
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from ingest.generatore.disegnato import Disegnato

if TYPE_CHECKING:
    from ingest.generatore.comune import Comune
    from ingest.generatore.modello import Mondo
    from ingest.generatore.quadro import Quadro
    from ingest.generatore.zone import Zonizzazione

#: From so many buildings on, a process is worth its start.
_CONVIENE: Final = 600
_END_SECONDS: Final = 10


class Disegnatore(Protocol):
    """Whoever draws what stands, sheet by sheet."""

    def enter(self, quadro: Quadro, zone: Zonizzazione) -> None:
        """Begin a square."""

    def write(self, mondo: Mondo) -> None:
        """Draw a sheet."""

    def finish(self) -> Disegnato:
        """End the drawings and say what they are."""


@contextmanager
def drawing(comune: Comune, edifici: int, seme: int, cartella: Path) -> Iterator[Disegnatore]:
    """Give somebody who draws: another process where that is worth it; end it at the end.

    To be called early: it takes the process half a second to be there.
    """
    if edifici < _CONVIENE or len(sched_getaffinity(0)) == 1:
        # Imported here: it brings GDAL, which whoever leaves the drawing to another does
        # not wait for.
        from ingest.generatore.disegno import Disegno

        disegnatore: Disegno | Altrove = Disegno(comune, cartella, seme)
    else:
        disegnatore = Altrove(comune, edifici, seme, cartella)
    with closing(disegnatore):
        yield disegnatore


class Altrove:
    """A process that draws, watched while this one goes its way."""

    def __init__(self, comune: Comune, edifici: int, seme: int, cartella: Path) -> None:
        self._connection, other = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 - its own interpreter
            [
                sys.executable,
                "-m",
                "ingest.generatore.disegnatore",
                str(other.fileno()),
                comune.belfiore,
                str(edifici),
                str(seme),
                str(cartella),
            ],
            stdin=subprocess.DEVNULL,
            pass_fds=(other.fileno(),),
        )
        other.close()
        self._disegnato: Disegnato | None = None

    def enter(self, quadro: Quadro, zone: Zonizzazione) -> None:  # noqa: ARG002 - it lays out its own
        """See that it is well."""
        self._listen(0)

    def write(self, mondo: Mondo) -> None:  # noqa: ARG002 - it builds its own
        """See that it is well."""
        self._listen(0)

    def finish(self) -> Disegnato:
        """Wait for it."""
        while self._disegnato is None:
            self._listen(None)
        return self._disegnato

    def _listen(self, seconds: float | None) -> None:
        """Take what it says, once; raise what it met."""
        if self._disegnato is not None or not self._connection.poll(seconds):
            return
        try:
            detto: Disegnato | OSError = self._connection.recv()
        except (EOFError, ConnectionResetError):
            code = self._process.wait(_END_SECONDS)
            raise RuntimeError(f"the process that draws died with {code}") from None
        if isinstance(detto, OSError):
            raise detto
        self._disegnato = detto

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        self._connection.close()

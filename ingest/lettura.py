"""Read deliveries ahead, in processes of their own, while the database merges others.

Reading is Python's work and merging the database's: on two cores they go on side by side.
Small loads are read here, since a process takes a second to start.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from os import sched_getaffinity
from queue import SimpleQueue
from threading import Condition, Lock, Thread

from isal import isal_zlib

from ingest.preparazione import Blocco, Compito, Fine, Letto, prepare, shareable
from territorio.errors import Refused

WORTH_BYTES = 4_000_000
"""From so many bytes on, processes are worth their start."""
AHEAD_BYTES = 8_000_000
"""What one process may have read before anybody takes it, packed: a quarter of what it was."""
MOST = 2
"""More readers than this would wait for the database."""
SHARE_BYTES = 16_000_000
"""From so many bytes on, readers share a file, where its source allows it."""
_END_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Respinta:
    """A delivery that cannot be read at all: an exception that travels."""

    file: str
    motivo: str


@dataclass(frozen=True, slots=True)
class _Caduto:
    """The process that read it has died."""

    codice: int | None


_Messaggio = Letto | Respinta | _Caduto


@contextmanager
def processes(size: int) -> Iterator[list["Lettore"]]:
    """Start processes that read so many bytes, where they are worth it; end them at the end.

    To be called early: it takes them half a second to be there.
    """
    made: list[Lettore] = []
    cores = len(sched_getaffinity(0))
    try:
        if size >= WORTH_BYTES and cores > 1:
            made.extend(Lettore() for _ in range(min(MOST, cores)))
        yield made
    finally:
        for reader in made:
            reader.end()


class Lettori:
    """Whoever reads the deliveries; what each says is asked for in their order."""

    def __init__(self, compiti: Sequence[Compito], readers: Sequence["Lettore"] = ()) -> None:
        """Have the processes read; without any, it is done here when it is asked for."""
        self._compiti = compiti
        self._readers = readers
        self._queues: list[SimpleQueue[tuple[_Messaggio, _Scorta]]] = [
            SimpleQueue() for _ in compiti
        ]
        self._parts = [len(readers) if _is_shared(compito) else 1 for compito in compiti]
        self._next = iter(
            [
                (n, replace(compito, parte=(part, self._parts[n])))
                for n, compito in enumerate(compiti)
                for part in range(self._parts[n])
            ]
        )
        self._lock = Lock()
        for reader in readers:
            reader.listen(self._work)

    def read(self, n: int) -> Iterator[Letto]:
        """Yield what was read of a delivery; raise Refused where it cannot be read.

        Each is asked for once, in their order: a process that is ahead waits.
        """
        if not self._readers:
            yield from prepare(self._compiti[n])
            return
        parts = self._parts[n]
        while parts:
            said, store = self._queues[n].get()
            store.give_back(said)
            match said:
                case Respinta(file, motivo):
                    raise Refused(file, motivo)
                case _Caduto(codice):
                    nome = self._compiti[n].nome
                    raise RuntimeError(f"the reader of {nome} died with {codice}")
            yield said if not isinstance(said, Blocco) else unpacked(said)
            parts -= isinstance(said, Fine)

    def _work(self, reader: "Lettore") -> None:
        """Hand one process a delivery after the other, and keep what it says."""
        while True:
            with self._lock:
                n, compito = next(self._next, (0, None))
            if compito is None:
                return
            last: _Messaggio | None = None
            try:
                reader.connection.send(compito)
                while not isinstance(last, Fine | Respinta):
                    last = reader.connection.recv()
                    reader.store.take(last)
                    self._queues[n].put((last, reader.store))
            except (EOFError, OSError):
                self._queues[n].put((_Caduto(reader.process.poll()), reader.store))
                return


def _is_shared(compito: Compito) -> bool:
    """Tell whether several readers are worth having for one file."""
    return compito.path.stat().st_size >= SHARE_BYTES and shareable(compito.fonte) is not None


class Lettore:
    """One process that reads, and the thread that listens to it."""

    def __init__(self) -> None:
        self.connection, other = Pipe()
        self.store = _Scorta()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ingest.lettore", str(other.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=(other.fileno(),),
        )
        other.close()
        self._thread: Thread | None = None

    def listen(self, work: "Callable[[Lettore], None]") -> None:
        """Have a thread hand the process its work."""
        self._thread = Thread(target=work, args=(self,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the process and the thread."""
        self.store.close()
        self.process.terminate()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_END_SECONDS)
        self.connection.close()


class _Scorta:
    """What was read and not yet taken, as many bytes as may be kept."""

    def __init__(self) -> None:
        self._held = 0
        self._closed = False
        self._changed = Condition()

    def take(self, said: _Messaggio) -> None:
        """Wait until there is room."""
        size = _size(said)
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or not self._held or self._held + size <= AHEAD_BYTES
            )
            self._held += size

    def give_back(self, said: _Messaggio) -> None:
        """Say that it was taken."""
        with self._changed:
            self._held -= _size(said)
            self._changed.notify()

    def close(self) -> None:
        """Let everything in: nobody will take it."""
        with self._changed:
            self._closed = True
            self._changed.notify()


def packed(said: Letto) -> Letto:
    """Return what was read as it travels and waits: rows repeat themselves."""
    if not isinstance(said, Blocco):
        return said
    return replace(said, testo=isal_zlib.compress(said.testo, 1))


def unpacked(said: Blocco) -> Blocco:
    """Return a block as COPY takes it."""
    return replace(said, testo=isal_zlib.decompress(said.testo))


def _size(said: _Messaggio) -> int:
    return len(said.testo) if isinstance(said, Blocco) else 0

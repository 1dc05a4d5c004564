"""Squares of the map that were drawn already: given again as long as the data are the same.

All visitors see the same squares, and those of a dense place cost the database a twentieth of
a second each. They are kept as they are sent, compressed and with their tag.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from api.formats import Finito

MASSIMO_BYTE = 64_000_000
"""What is kept; the squares asked for longest ago go first."""

type Chiave = tuple[str, int, int, int, str]
"""Layers, zoom, column, row and day."""


@dataclass(slots=True)
class Quadrati:
    """The squares drawn in one state of the data."""

    massimo: int = MASSIMO_BYTE
    _stato: str = ""
    _byte: int = 0
    _tenuti: OrderedDict[Chiave, Finito] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, stato: str, chiave: Chiave) -> Finito | None:
        """Return a square drawn in this state of the data, or None."""
        with self._lock:
            if stato != self._stato:
                return None
            found = self._tenuti.get(chiave)
            if found is not None:
                self._tenuti.move_to_end(chiave)
            return found

    def keep(self, stato: str, chiave: Chiave, quadrato: Finito) -> None:
        """Keep a square; those of another state are of no more use."""
        with self._lock:
            if stato != self._stato:
                self._stato, self._byte = stato, 0
                self._tenuti.clear()
            before = self._tenuti.pop(chiave, None)
            self._tenuti[chiave] = quadrato
            self._byte += len(quadrato) - (0 if before is None else len(before))
            while self._byte > self.massimo:
                self._byte -= len(self._tenuti.popitem(last=False)[1])

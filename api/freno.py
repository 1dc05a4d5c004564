"""How much one client may ask in a minute (ModI: ``X-RateLimit-*`` headers, 429 with Retry-After).

Counted in this process, by the address the client comes from, in whole minutes: nothing is kept
of who asked what. The limit is high enough for a map or a harvester, and there for who asks
without end.
"""

import time
from dataclasses import dataclass, field

FINESTRA = 60
"""Seconds after which everybody begins anew."""

MOLTI = 100_000
"""Clients that are told apart; beyond, they share one count."""


@dataclass(frozen=True, slots=True)
class Conto:
    """Where a client stands: what it may still ask, and after how many seconds it begins anew."""

    limite: int
    restano: int
    fra: int

    @property
    def troppe(self) -> bool:
        """Tell whether it has asked too much."""
        return self.restano < 0

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers that say so."""
        found = [
            (b"x-ratelimit-limit", b"%d" % self.limite),
            (b"x-ratelimit-remaining", b"%d" % max(0, self.restano)),
            (b"x-ratelimit-reset", b"%d" % self.fra),
        ]
        return [*found, (b"retry-after", b"%d" % self.fra)] if self.troppe else found


@dataclass(slots=True)
class Freno:
    """Counts the requests of each client."""

    limite: int
    _finestra: int = 0
    _chiesto: dict[str, int] = field(default_factory=dict)

    def count(self, client: str, now: float | None = None) -> Conto:
        """Count a request; return where its client stands after it."""
        moment = time.time() if now is None else now
        window, passed = divmod(int(moment), FINESTRA)
        if window != self._finestra:
            self._finestra = window
            self._chiesto.clear()
        if client not in self._chiesto and len(self._chiesto) >= MOLTI:
            client = ""
        asked = self._chiesto[client] = self._chiesto.get(client, 0) + 1
        return Conto(self.limite, self.limite - asked, FINESTRA - passed)

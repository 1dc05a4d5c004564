"""What the pages of open data show of all datasets at once, kept until something changes.

Counting a large registry takes seconds. So it is counted by one request at a time; the others
see what was counted before. And after a change it is counted again only when twenty times as
long has passed as it took: a registry that changes all the time is not counted all the time.
"""

import time
from dataclasses import dataclass, replace
from threading import Lock

import sqlalchemy as sa
from fastapi import Request

from api import deps
from opendata import contenuto, metadati, pubblicazione
from opendata.contenuto import Contenuto
from opendata.ente import Ente
from opendata.metadati import Fonte, Metadati
from opendata.pubblicazione import Pubblicazione
from territorio import vigenza

QUIETE = 20
"""So many times as long as it took, what was counted is good enough."""


@dataclass(frozen=True, slots=True)
class Quadro:
    """What there is of every dataset, as of a state of the registry."""

    stato: tuple[object, ...]
    contenuti: dict[str, Contenuto]
    metadati: list[Metadati]
    ultime: list[Pubblicazione]
    """The latest version of each dataset and municipality."""

    fatto: float
    durata: float

    def latest_of(self, dataset: str) -> list[Pubblicazione]:
        """Return the latest version of each municipality."""
        return [one for one in self.ultime if one.dataset == dataset]

    def told_of(self, dataset: str, comune: str | None) -> list[Metadati]:
        """Return the metadata of a dataset, and of its edition for a municipality if any."""
        leaving = self.contenuti[dataset].uscenti
        fonti = tuple(Fonte(one.titolo, one.editore, one.licenza) for one in leaving)
        return [
            replace(one, fonti=fonti)
            for one in self.metadati
            if one.dataset.nome == dataset and (one.comune is None or one.comune == comune)
        ]


class Quadri:
    """Keeps the last one; an application has one of these."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._kept: Quadro | None = None

    def read(self, request: Request) -> Quadro:
        """Return what was counted, counting anew if that is no longer good enough."""
        with deps.pubblico(request) as conn:
            now = (*metadati.state(conn), vigenza.today())
        kept = self._kept
        if kept is not None and _is_good(kept, now):
            return kept
        if kept is not None and self._lock.locked():
            return kept
        with self._lock:
            made = self._kept
            # Made, it may be, by the one that was waited for.
            if made is None or not _is_good(made, now):
                with deps.pubblico(request) as conn:
                    made = self._kept = _count(conn, Ente.of(request.app.state.settings), now)
            return made


def _is_good(kept: Quadro, now: tuple[object, ...]) -> bool:
    return kept.stato == now or time.monotonic() - kept.fatto < QUIETE * kept.durata


def _count(conn: sa.Connection, ente: Ente, now: tuple[object, ...]) -> Quadro:
    began = time.monotonic()
    held = contenuto.search(conn, vigenza.today())
    told = metadati.search(conn, ente)
    ultime = pubblicazione.search(conn, solo_ultime=True)
    done = time.monotonic()
    return Quadro(now, held, told, ultime, done, done - began)

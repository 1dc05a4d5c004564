"""Two municipalities, served; and what would give one of their persons away.

Who needs it finds the fixtures in the conftest: the second municipality is loaded once.
"""

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import httpx
import pytest
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from api import deps
from api.app import create_app
from api.protocol import Protocol
from ingest.run import ingest
from territorio import comune_aggiungi, db
from territorio.config import Settings
from territorio.schema_fatti import odonimo
from territorio.schema_persone import soggetto
from tests.stories import citta as town
from tests.stories.citta import VICINO, Citta, supplies

WORD = re.compile(r"[^\W_]+")


@pytest.fixture(scope="session")
def vicino(citta: Citta, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Load a second municipality beside the town."""
    folder = town.draw(tmp_path_factory.mktemp("vicino"), VICINO, 100, 8)
    kinds = ("*_ple.gml", "*FABBRICATI*", "LAC_*", "STRAD_*", "INDIR_*", "edifici_*")
    first = supplies(folder)[0]
    with db.transaction(citta.engine) as conn:
        comune_aggiungi.add(conn, VICINO, inventato=True)
    ingest(citta.engine, [path for kind in kinds for path in first.glob(kind)])
    town.settle(citta.engine, VICINO)
    return VICINO


@dataclass(frozen=True, slots=True)
class Persone:
    """What would give a person away: words nobody else uses, and pairs of words."""

    parole: frozenset[str]
    coppie: frozenset[tuple[str, str]]

    def found(self, text: str) -> set[object]:
        """Return the marks of persons in a text."""
        words = WORD.findall(text.upper())
        pairs = set(pairwise(words))
        return {*self.parole.intersection(words), *self.coppie.intersection(pairs)}


@pytest.fixture(scope="session")
def persone(citta: Citta, vicino: str) -> Persone:
    """Gather names and codes of everyone; a surname only if no street or place bears it.

    Of both municipalities, whichever test comes first: the crawl meets the streets of both.
    """
    assert vicino != citta.comune
    with db.transaction(citta.engine) as conn:
        people = conn.execute(
            sa.select(soggetto.c.cognome, soggetto.c.nome).where(soggetto.c.cognome.is_not(None))
        ).all()
        streets = conn.execute(
            sa.select(sa.func.string_agg(odonimo.c.denominazione, " "))
        ).scalar_one()
    public = set(WORD.findall(streets.upper()))
    pairs, words = set(), set()
    for surname, name in people:
        last, first = WORD.findall(surname.upper()), WORD.findall((name or "").upper())
        if first and len(last) == 1:
            pairs |= {(last[0], first[0]), (first[0], last[0])}
        words |= {word for word in last if len(word) > 5 and word not in public}
    words |= {r["codice_fiscale"] for r in citta.table("soggetti") if r["tipo"] == "P"}
    assert len(pairs) > 100
    assert len(words) > 100
    streets_named_for = {p for p in pairs if set(p) <= public}
    return Persone(frozenset(words), frozenset(pairs - streets_named_for))


@pytest.fixture(scope="session")
def app(citta: Citta, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=citta.url))
    yield app
    deps.close(app)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve the application on a free port, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, http=Protocol, log_level="warning"))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{sock.getsockname()[1]}"
        with httpx.Client(base_url=base, timeout=60, follow_redirects=True) as client:
            yield client
        server.should_exit = True
        thread.join(10)

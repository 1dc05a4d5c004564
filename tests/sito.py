"""The real application over a known town, served on the loopback, for tests of every door.

Who needs it imports the fixtures into a conftest: each folder has a town of its own.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from api import deps
from api.app import create_app
from api.protocol import Protocol
from opendata import pubblicazione, publish
from opendata.dataset import BY_NAME
from opendata.ente import Ente
from territorio import db
from territorio.config import Settings
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.pages.town import Town, fill

_NUMBERS = count()

PUBBLICATI = ("edifici", "odonimi")
"""Datasets of the town that stand as files; of the others there is what the registry holds."""


@pytest.fixture(scope="session")
def town_settings(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, Town]]:
    """Fill a database of its own once, and say who is who in it."""
    with _database(cluster_settings, f"sito_{worker_id}_{next(_NUMBERS)}") as url:
        engine = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            town = fill(conn)
        settings = Settings(data=tmp_path_factory.mktemp("dati"), database_url=url)
        for nome in PUBBLICATI:
            wanted = publish.Richiesta(BY_NAME[nome], COMUNE)
            publish.publish(engine, pubblicazione.place(settings), Ente.of(settings), wanted)
        engine.dispose()
        yield settings, town


@pytest.fixture(scope="session")
def town(town_settings: tuple[Settings, Town]) -> Town:
    return town_settings[1]


@pytest.fixture(scope="session")
def app(town_settings: tuple[Settings, Town]) -> Iterator[FastAPI]:
    application = create_app(town_settings[0])
    yield application
    deps.close(application)


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, http=Protocol, log_level="critical"))
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    sock.close()


@pytest.fixture(scope="session")
def site(app: FastAPI) -> Iterator[str]:
    with serve(app) as address:
        yield address


@pytest.fixture(scope="session")
def http(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=60) as client:
        yield client

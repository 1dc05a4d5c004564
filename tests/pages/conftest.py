"""The real application over a known town, asked by HTTP and by a headless Chromium."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.types import ASGIApp

from api import deps
from api.app import create_app
from api.protocol import Protocol
from territorio import db
from territorio.config import Settings
from tests.conftest import _database
from tests.pages.town import Town, fill

CHROMIUM_ARGS = [
    "--no-sandbox",  # root in containers and CI
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",  # no attempts to reach the outside
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",  # WebGL2 in software, quiet
]
TIMEOUT = 30_000


@pytest.fixture(scope="session")
def town_settings(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Settings, Town]]:
    """Fill a database of its own once, and say who is who in it."""
    with _database(cluster_settings, f"pagine_{worker_id}") as url:
        engine = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            town = fill(conn)
        engine.dispose()
        yield Settings(data=tmp_path_factory.mktemp("dati"), database_url=url), town


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it the tests fail, they are never skipped in silence."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "Chromium manca: installa il pacchetto «chromium»"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield started
        started.close()


class Watched:
    """A browser context in which nothing may go wrong unseen."""

    def __init__(self, browser: Browser, site: str, **options: object) -> None:
        self.site = site
        self.problems: list[str] = []
        defaults: dict[str, object] = {
            "locale": "it-IT",
            "timezone_id": "Europe/Rome",
            "viewport": {"width": 1024, "height": 640},
            "reduced_motion": "reduce",
        }
        self.context: BrowserContext = browser.new_context(
            base_url=site,
            **{**defaults, **options},  # type: ignore[arg-type] # names of Playwright's options
        )

    def open(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.on("pageerror", lambda e: self.problems.append(f"script error: {e}"))
        page.on("request", lambda request: self._host(request.url))
        page.on("console", lambda message: self._policy(message.text))
        return page

    def _host(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"other host: {url}")

    def _policy(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.problems.append(text)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Open a page; other hosts, script errors and policy violations fail every test."""
    watched = Watched(browser, site)
    yield watched.open()
    assert watched.problems == []
    watched.context.close()


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """Open a page as wide as a phone."""
    watched = Watched(browser, site, viewport={"width": 390, "height": 844}, has_touch=True)
    yield watched.open()
    assert watched.problems == []
    watched.context.close()

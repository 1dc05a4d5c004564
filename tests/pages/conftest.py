"""A headless Chromium, in which nothing may go wrong unseen."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.sito import app, http, site, town, town_settings

__all__ = ["app", "http", "site", "town", "town_settings"]


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

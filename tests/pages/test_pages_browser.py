"""Every page in Chromium: axe, keyboard, narrow windows, budgets, print (U02-U11)."""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from api.assets import Assets
from tests.pages.addresses import all_pages
from tests.pages.conftest import Watched
from tests.pages.town import Town

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
KNOWN = tomllib.loads((Path(__file__).parent / "axe_known.toml").read_text()).get("known", [])
ALLOWED = ("Titillium Web", "Lora", "Roboto Mono")
FONTS = """[...new Set([...document.querySelectorAll("h1,h2,h3,h4,p,a,dt,dd,td,th,label,button")]
  .filter((e) => e.textContent.trim()).map((e) => getComputedStyle(e).fontFamily))]"""
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), b = e.getBoundingClientRect();
  return {
    what: e.tagName + "#" + e.id + " " + (e.textContent || e.value || "").trim().slice(0, 40),
    seen: (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none",
    shown: b.width > 0 && b.height > 0,
    top: b.top,
  };
}"""


def settle(page: Page, address: str) -> None:
    """Open a page and wait until it is there."""
    page.goto(address, wait_until="load")
    if address.startswith("/mappa"):
        page.wait_for_selector("#mappa[data-stato=pronta]")
    if address.startswith("/sviluppatori/prova"):
        page.wait_for_selector("#swagger[data-stato=pronta]")


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it stands, without what is known."""
    found: list[dict[str, Any]] = (
        Axe()
        .run(
            page,
            options={"runOnly": RULES, "resultTypes": ["violations"]},
        )
        .response["violations"]
    )
    here = urlsplit(page.url).path
    known = {entry["id"] for entry in KNOWN if entry["page"] == here}
    return [
        f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]} x{len(v['nodes'])}"
        for v in found
        if v["id"] not in known
    ]


def test_every_page_on_a_wide_window(page: Page, town: Town) -> None:
    """axe finds nothing, fonts are the allowed three, double letters scroll nothing sideways."""
    for address in all_pages(town):
        settle(page, address)
        assert violations(page) == [], address
        fonts: list[str] = page.evaluate(FONTS)
        assert fonts, address
        for font in fonts:
            assert font.strip('"').startswith(ALLOWED), (address, font)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 1024, (address, wide)


def test_every_page_on_a_phone(phone: Page, town: Town) -> None:
    """axe finds nothing, and nothing scrolls sideways at 390 and at 320 pixels."""
    for address in all_pages(town):
        settle(phone, address)
        assert violations(phone) == [], address
        for width in (390, 320):
            phone.set_viewport_size({"width": width, "height": 844})
            wide = phone.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (address, wide)
        phone.set_viewport_size({"width": 390, "height": 844})


def test_axe_sees_planted_faults(page: Page) -> None:
    page.goto("/note-legali")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        ' \'<img src="/static/favicon.svg"><a href="/"></a>\')'
    )
    found = " ".join(violations(page))
    assert "image-alt" in found
    assert "link-name" in found


@pytest.mark.parametrize("address", ["/", "/note-legali", "/edifici/{pieno}", "/mappa"])
def test_the_first_tab_leads_into_the_content(page: Page, town: Town, address: str) -> None:
    settle(page, address.format(pieno=town.pieno))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Vai ai contenuti"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenuto"


@pytest.mark.parametrize(
    "address", ["/", "/edifici/{pieno}", "/cerca?q=via+roma", "/selezione", "/segnala"]
)
def test_every_stop_of_the_keyboard_is_seen_and_none_traps(
    page: Page, town: Town, address: str
) -> None:
    settle(page, address.format(pieno=town.pieno))
    stops: list[str] = []
    for _ in range(160):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        assert stop["seen"], stop["what"]
        assert stop["shown"], stop["what"]
        stops.append(stop["what"])
    assert len(stops) > 15
    assert len(stops) < 160, "the keyboard does not come out of the page"
    for expected in reversed(stops[-5:]):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(FOCUS)["what"] == expected


BUDGETS = {
    "/": (15, 250_000, 50_000),
    "/cerca?q=via+roma": (15, 250_000, 50_000),
    "/segnala": (15, 250_000, 50_000),
    "/dati": (15, 250_000, 50_000),
    "/dati/edifici": (15, 250_000, 50_000),
    "/edifici/{pieno}": (15, 300_000, 50_000),
    "/mappa": (22, 720_000, 500_000),
}


@pytest.mark.parametrize("address", BUDGETS)
def test_a_visit_stays_within_its_budget(
    browser: Browser, site: str, town: Town, address: str
) -> None:
    requests, most, script = BUDGETS[address]
    watched = Watched(browser, site, viewport={"width": 390, "height": 844})
    page = watched.open()
    weights: list[tuple[str, int]] = []

    def weigh(request: Request) -> None:
        if "/tiles/" not in request.url and not request.url.startswith(("data:", "blob:")):
            weights.append((request.url, request.sizes()["responseBodySize"]))

    page.on("requestfinished", weigh)
    settle(page, address.format(pieno=town.pieno))
    page.wait_for_load_state("networkidle")
    total = sum(size for _, size in weights)
    code = sum(size for url, size in weights if ".js" in url or ".mjs" in url)
    assert len(weights) <= requests, [url for url, _ in weights]
    assert total <= most, sorted(weights, key=lambda w: -w[1])[:5]
    assert code <= script
    weights.clear()
    settle(page, address.format(pieno=town.pieno))
    page.wait_for_load_state("networkidle")
    assert sum(size for _, size in weights) <= 40_000, weights
    assert watched.problems == []
    watched.context.close()


def test_our_own_scripts_are_small() -> None:
    scripts = [a for a in Assets().by_path.values() if not a.vendored and a.path.endswith(".js")]
    assert len(scripts) >= 4
    assert sum(len(a.compressed or b"") for a in scripts) <= 15_000


def test_the_phone_menu_opens_closes_and_gives_the_focus_back(phone: Page) -> None:
    phone.goto("/note-legali")
    button = phone.locator(".custom-navbar-toggler")
    button.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#navigazione :focus")).to_be_visible()
    assert button.get_attribute("aria-expanded") == "true"
    assert violations(phone) == []
    phone.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert button.get_attribute("aria-expanded") == "false"


def test_printing_shows_the_dossier_alone_and_unfolded(page: Page, town: Town) -> None:
    page.goto(f"/edifici/{town.grande}")
    page.emulate_media(media="print")
    for hidden in (".it-header-wrapper", ".it-footer", ".barra-tempo", ".indice-fascicolo"):
        assert not page.locator(hidden).first.is_visible(), hidden
    folded = page.locator("details.blocco:not([open])")
    assert folded.count() > 0
    assert folded.first.locator("tbody tr").first.is_visible()
    assert page.locator("h2#titolo-particelle").is_visible()
    assert page.locator(".solo-stampa").is_visible()


def test_without_scripts_content_menu_and_search_are_there(browser: Browser, site: str) -> None:
    watched = Watched(
        browser, site, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = watched.open()
    page.goto("/")
    assert page.locator(".navbar-nav a", has_text="Mappa").is_visible()
    page.fill("#q", "via dei tigli 3")
    page.click(".ricerca button")
    assert "via dei tigli" in page.locator("h1").inner_text().lower() or "/edifici/" in page.url
    page.goto("/mappa")
    assert page.get_by_text("La mappa ha bisogno di JavaScript").is_visible()
    watched.context.close()

"""The map in Chromium: drawing, picking, keyboard, dates, layers, and what happens without it."""

import math
import re
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import lxml.html
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.deps import parse_id
from tests.factory_defaults import punto
from tests.pages.conftest import CHROMIUM_ARGS, Watched
from tests.pages.town import COLONNE, DIVISO, PIENO, Town, corner

READY = "#mappa[data-stato=pronta]"
TITLE = "#pannello-titolo"


def inner(n: int) -> tuple[float, float]:
    """Return a point inside the n-th building of the grid, away from its middle."""
    x, y = corner(n)
    place = punto(x + 10, y + 11)
    return place.x, place.y


def at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Return where a point of the ground is on the screen."""
    found: dict[str, float] = page.evaluate(
        "([lon, lat]) => { const p = mappa.project([lon, lat]);"
        " const b = mappa.getCanvas().getBoundingClientRect();"
        " return {x: b.left + p.x, y: b.top + p.y}; }",
        [lon, lat],
    )
    return found["x"], found["y"]


def open_map(page: Page, query: str = "") -> None:
    page.goto(f"/mappa{query}")
    page.wait_for_selector(READY)


def view(n: int, zoom: float = 18) -> str:
    """Return the address of the map over the n-th building."""
    lon, lat = inner(n)
    return f"?v={zoom}/{lat:.6f}/{lon:.6f}"


def ids(page: Page, layer: str) -> set[int]:
    """Return which objects of a layer are drawn."""
    found: list[int] = page.evaluate(
        "(layer) => [...new Set(mappa.queryRenderedFeatures({layers: [layer]}).map(f => f.id))]",
        layer,
    )
    return set(found)


def chosen(page: Page, layer: str = "edifici") -> int:
    number: int = page.evaluate(f"mappa.getFilter('{layer}-scelto')[2]")
    return number


def test_the_whole_town_is_drawn(page: Page, town: Town) -> None:
    x, y = punto(COLONNE * 17.0, 11 * 17.0).coords[0]
    open_map(page, f"?v=15.2/{y:.6f}/{x:.6f}")
    # The building that was split is no more; its two children stand in its place.
    assert len(ids(page, "edifici")) == town.edifici
    assert parse_id("edificio", town.diviso) not in ids(page, "edifici")


def test_a_click_opens_the_panel_and_escape_gives_the_focus_back(page: Page, town: Town) -> None:
    open_map(page, view(PIENO))
    page.mouse.click(*at(page, *inner(PIENO)))
    expect(page.locator(TITLE)).to_contain_text(town.pieno)
    expect(page.locator(TITLE)).to_be_focused()
    assert f"edificio={town.pieno}" in page.url
    assert chosen(page) == parse_id("edificio", town.pieno)
    assert page.locator(".pannello-fatti dt").count() <= 10
    page.keyboard.press("Escape")
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    assert "edificio=" not in page.url
    assert chosen(page) == -1


def test_a_shared_address_opens_cold_with_its_panel(
    page: Page, http: httpx.Client, town: Town
) -> None:
    address = f"/mappa?edificio={town.pieno}"
    raw: Any = lxml.html.fromstring(http.get(address).text)
    assert town.pieno in raw.get_element_by_id("pannello").text_content()
    open_map(page, f"?edificio={town.pieno}")
    assert chosen(page) == parse_id("edificio", town.pieno)
    assert chosen(page) in ids(page, "edifici")


def test_the_keyboard_alone_finds_a_building(page: Page, town: Town) -> None:
    open_map(page)
    page.locator("#q").focus()
    # A pause in the typing asks too, and its answer would be replaced under our hands.
    with page.expect_response(lambda answer: answer.url.endswith("q=via+dei+tigli+1")):
        page.keyboard.type("via dei tigli 1")
    expect(page.locator("[role=option]").nth(1)).to_be_visible()
    expect(page.locator("[role=option]").first).to_contain_text("TIGLI 1")
    second = page.locator("[role=option]").nth(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute(
        "aria-activedescendant", second.get_attribute("id") or ""
    )
    target = re.search(r"/edifici/([^?]+)", second.get_attribute("data-href") or "")
    page.keyboard.press("Enter")
    assert target is not None
    expect(page.locator(TITLE)).to_contain_text(target[1])


def test_enter_on_the_map_opens_what_is_nearest_the_centre(page: Page, town: Town) -> None:
    lon, lat = inner(PIENO)
    open_map(page, f"?v=18/{lat - 0.00008:.6f}/{lon:.6f}")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => !mappa.isMoving()")
    assert page.locator(".mirino").is_visible()
    page.keyboard.press("Enter")
    expect(page.locator(TITLE)).to_contain_text(town.pieno)


def test_a_click_beside_the_building_opens_the_parcel(page: Page, town: Town) -> None:
    open_map(page, view(PIENO))
    x, y = corner(PIENO)
    beside = punto(x + 2, y + 2)
    page.mouse.click(*at(page, beside.x, beside.y))
    expect(page.locator(TITLE)).to_contain_text("Particella")
    expect(page.locator(TITLE)).to_contain_text("foglio 1 part. 100")
    assert f"particella={town.particella}" in page.url
    assert chosen(page, "particelle") == parse_id("particella", town.particella)
    page.get_by_role("link", name=town.pieno).click()
    expect(page.locator(TITLE)).to_contain_text(town.pieno)


def test_of_two_buildings_that_share_a_wall_the_clicked_one_opens(page: Page, town: Town) -> None:
    open_map(page, view(DIVISO, 19))
    x, y = corner(DIVISO)
    for child, metres in zip(town.figli, (3, 13), strict=True):
        place = punto(x + 7 + metres, y + 12)
        page.mouse.click(*at(page, place.x, place.y))
        expect(page.locator(TITLE)).to_contain_text(child)


def test_an_earlier_day_shows_what_stood_then_and_back_restores(page: Page, town: Town) -> None:
    open_map(page, view(DIVISO))
    before = parse_id("edificio", town.diviso)
    assert before not in ids(page, "edifici")
    page.fill("#alla_data", "2020-01-01")
    page.locator("#alla_data").dispatch_event("change")
    page.wait_for_function(
        "(id) => mappa.areTilesLoaded() && mappa.queryRenderedFeatures({layers: ['edifici']})"
        ".some(f => f.id === id)",
        arg=before,
    )
    assert "alla_data=2020-01-01" in page.url
    page.go_back()
    page.wait_for_function(
        "(id) => mappa.areTilesLoaded() && !mappa.queryRenderedFeatures({layers: ['edifici']})"
        ".some(f => f.id === id)",
        arg=before,
    )
    assert "alla_data" not in page.url


def test_layers_follow_their_boxes_and_the_address(page: Page) -> None:
    open_map(page, view(PIENO, 17))
    assert ids(page, "zone_urbanistiche") == set()
    page.locator("input[value=zone_urbanistiche]").check()
    page.wait_for_function(
        "() => mappa.areTilesLoaded()"
        " && mappa.queryRenderedFeatures({layers: ['zone_urbanistiche']}).length > 0"
    )
    assert "zone_urbanistiche" in page.url
    page.locator("input[value=edifici]").uncheck()
    page.wait_for_function("() => mappa.queryRenderedFeatures({layers: ['edifici']}).length === 0")
    page.go_back()
    expect(page.locator("input[value=edifici]")).to_be_checked()
    page.wait_for_function("() => mappa.queryRenderedFeatures({layers: ['edifici']}).length > 0")


def test_every_drawn_class_is_in_the_legend_in_words(page: Page) -> None:
    open_map(page, view(PIENO, 16))
    classes: list[str] = page.evaluate(
        "[...new Set(mappa.queryRenderedFeatures({layers: ['edifici']})"
        ".map(f => f.properties.classe))]"
    )
    assert {"residenziale", "commerciale"} <= set(classes)
    words = page.locator(".legenda").inner_text()
    for expected in ("Residenziale", "Commerciale o ricettivo", "Produttivo", "Rurale"):
        assert expected in words


def test_a_drawn_area_becomes_a_selection(page: Page) -> None:
    open_map(page, view(PIENO, 18))
    page.get_by_role("button", name="Disegna un’area").click()
    x, y = corner(PIENO)
    for east, north in ((-4, -4), (34, -4), (34, 28), (-4, 28)):
        place = punto(x + east, y + north)
        page.mouse.click(*at(page, place.x, place.y))
    expect(page.locator("#disegna-aiuto")).to_contain_text("4 vertici")
    page.get_by_role("button", name="Usa quest’area").click()
    expect(page.locator("h2#titolo-insieme")).to_have_text("Un edificio")


def test_tiles_that_fail_give_one_notice(page: Page) -> None:
    page.route("**/tiles/**", _broken)
    page.goto("/mappa")
    expect(page.locator("#mappa-avviso")).to_contain_text("non si è caricata")
    assert page.locator("#mappa-avviso").count() == 1


def _broken(route: Route) -> None:
    route.fulfill(status=500, body="")


@pytest.fixture
def blind(browser: Browser) -> Iterator[Browser]:
    """Start a browser that cannot draw in three dimensions."""
    args = [a for a in CHROMIUM_ARGS if "angle" not in a and "swiftshader" not in a]
    started = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=[*args, "--disable-3d-apis"]
    )
    yield started
    started.close()


def test_without_webgl_there_is_another_way(blind: Browser, site: str, town: Town) -> None:
    watched = Watched(blind, site)
    page = watched.open()
    page.goto(f"/mappa?edificio={town.pieno}")
    expect(page.locator("#mappa-guasta")).to_be_visible()
    expect(page.locator("#mappa-guasta a")).to_have_attribute("href", "/cerca")
    expect(page.locator(TITLE)).to_contain_text(town.pieno)
    assert watched.problems == []
    watched.context.close()


def test_tiles_are_small_tagged_and_empty_where_nothing_is(http: httpx.Client) -> None:
    style: dict[str, Any] = http.get("/mappa/stile.json").json()
    address = style["sources"]["base"]["tiles"][0]
    tile = http.get(address.format(z=16, x=_column(11.001, 16), y=_row(44.001, 16)))
    assert tile.status_code == 200
    assert 0 < len(tile.content) <= 200_000
    again = http.get(str(tile.url), headers={"If-None-Match": tile.headers["etag"]})
    assert again.status_code == 304
    assert http.get(address.format(z=16, x=0, y=0)).status_code == 204
    assert http.get("/tiles/boh/16/1/1.mvt").status_code == 422
    assert http.get("/tiles/edifici/99/1/1.mvt").status_code == 422


def _column(lon: float, zoom: int) -> int:
    return int((lon + 180) / 360 * 2**zoom)


def _row(lat: float, zoom: int) -> int:
    turn = math.log(math.tan(math.radians(lat)) + 1 / math.cos(math.radians(lat)))
    return int((1 - turn / math.pi) / 2 * 2**zoom)

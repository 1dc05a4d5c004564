"""Search: by address, reference, code, point, with mistakes; suggestions never out of order."""

from typing import Any

import httpx
import lxml.html
import pytest
from fastapi import Request
from playwright.sync_api import Page, Route, expect

from api.pages import search, suggerimenti
from api.pronta import Risposta
from tests.pages.town import Town


def parse(response: httpx.Response) -> Any:
    return lxml.html.fromstring(response.text)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("via dei tigli 1", "/edifici/{pieno}"),
        ("{pieno}", "/edifici/{pieno}"),
        ("1/100", "/particelle/{particella}"),
        ("1/100/1", "/unita-immobiliari/{unita}"),
        ("{civico}", "/civici/{civico}"),
    ],
)
def test_what_names_one_thing_opens_it(
    http: httpx.Client, town: Town, text: str, target: str
) -> None:
    names = {name: getattr(town, name) for name in ("pieno", "particella", "unita", "civico")}
    response = http.get("/cerca", params={"q": text.format(**names)})
    assert response.status_code == 303, parse(response).xpath("string(//main)")[:300]
    assert response.headers["location"] == target.format(**names)


def test_a_point_finds_the_building_that_stands_there(http: httpx.Client, town: Town) -> None:
    response = http.get("/cerca", params={"q": "44.000130, 11.000190"}, follow_redirects=True)
    assert town.pieno in response.text


def test_a_spelling_mistake_still_finds_the_street(http: httpx.Client) -> None:
    page = parse(http.get("/cerca", params={"q": "via dei tilli"}))
    assert any("TIGLI" in title for title in page.xpath("//ol[@class='risultati']//h2/a/text()"))


def test_nothing_found_says_how_to_write(http: httpx.Client) -> None:
    page = parse(http.get("/cerca", params={"q": "qwzx kkjj"}))
    words = page.xpath("string(//main)")
    assert "Nessun risultato per «qwzx kkjj»" in words
    assert "12/345" in words
    assert page.xpath("//main//a[@href='/mappa']")


def test_markup_in_the_box_is_shown_as_text(http: httpx.Client) -> None:
    response = http.get("/cerca", params={"q": "<b>grassetto</b><script>alert(1)</script>"})
    assert "<script>alert" not in response.text
    page = parse(response)
    assert page.xpath("//input[@id='q']/@value") == ["<b>grassetto</b><script>alert(1)</script>"]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 201,
        "q=via&pagina=0",
        "q=via&pagina=mille",
        "q=via&pagina=99999999999999999999",
        "q=via&alla_data=domani",
        "q=%00%ff%fe",
        "q=via%20%ED%9F%BF",
        "q=via%20%F4%8F%BF%BF",
        "q=' OR 1=1 --",
        "q=1/99999999999999999999",
    ],
)
def test_bad_input_is_never_a_crash(http: httpx.Client, query: str) -> None:
    assert http.get(f"/cerca?{query}").status_code in {200, 303, 422}
    assert http.get(f"/frammenti/suggerimenti?{query}").status_code in {200, 422}


def test_several_results_are_counted_and_filtered(http: httpx.Client) -> None:
    page = parse(http.get("/cerca", params={"q": "del"}))
    assert page.xpath("string(//p[@class='risultati-conto'])") == "2 risultati."
    assert "odonimo" in page.xpath("//select[@id='tipo']/option/@value")
    one = parse(http.get("/cerca", params={"q": "del", "tipo": "odonimo"}))
    kinds = set(one.xpath("//ol[@class='risultati']//span[contains(@class, 'badge')]/text()"))
    assert kinds == {"Via o luogo"}
    assert one.xpath("//a[contains(@class, 'chip')]/@href") == ["/cerca?q=del"]


def test_results_come_twenty_a_page(monkeypatch: pytest.MonkeyPatch, http: httpx.Client) -> None:
    monkeypatch.setattr(search, "PER_PAGINA", 5)
    first = parse(http.get("/cerca", params={"q": "tigli 1", "tipo": "civico"}))
    second = parse(http.get("/cerca", params={"q": "tigli 1", "tipo": "civico", "pagina": 2}))
    titles = "//ol[@class='risultati']//h2/a/text()"
    assert len(first.xpath(titles)) == 5
    assert not set(first.xpath(titles)) & set(second.xpath(titles))
    assert "pagina=2" in first.xpath("//nav//a[contains(., 'Successiva')]/@href")[0]
    assert "Pagina 2 di" in second.xpath("string(//nav[@class='pagination-wrapper'])")


def test_options_are_at_most_eight_with_kind_and_municipality(http: httpx.Client) -> None:
    page = parse(http.get("/frammenti/suggerimenti", params={"q": "tigli 1"}))
    options = page.xpath("//li[@role='option']")
    assert 2 <= len(options) <= 8
    for option in options:
        assert "Borgo Sereno" in option.text_content()
        assert option.get("data-href").startswith("/")


@pytest.mark.parametrize(
    "query",
    [
        "q=tigli+1",
        "q=tigli%201&alla_data=2024-02-29",
        "q=tigli&al=2024-02-29&visto_da=anagrafe&scopo=prova",
        "q=tigli&alla_data=29/02/2024",
        "q=tigli&alla_data=9999-01-01",
        "q=tigli&noto_al=n1",
        "q=tigli&visto_da=nessuno",
        "q=a&q=tigli",
        "",
        "q=%20",
        "q=" + "x" * 201,
        "q=tigli&al=" + "x" * 41,
    ],
)
def test_the_shorter_way_suggests_what_the_other_does(http: httpx.Client, query: str) -> None:
    read, asked = suggerimenti.PRONTA.read, []

    async def watched(request: Request) -> Risposta | None:
        asked.append(query)
        return await read(request)

    async def never(_: Request) -> None:
        return None

    answers = []
    for reader in (watched, never):
        object.__setattr__(suggerimenti.PRONTA, "read", reader)
        try:
            answers.append(http.get(f"/frammenti/suggerimenti?{query}"))
        finally:
            object.__setattr__(suggerimenti.PRONTA, "read", read)
    assert asked == [query]
    ours, theirs = answers
    assert (ours.status_code, ours.text) == (theirs.status_code, theirs.text)
    assert ours.headers["cache-control"] == theirs.headers["cache-control"]
    assert ours.headers["content-type"] == theirs.headers["content-type"]


def test_the_box_is_a_combobox_that_says_how_many(page: Page) -> None:
    page.goto("/")
    box = page.locator("#q")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.focus()
    # The pauses of slow typing ask too: what counts is the answer to the whole text.
    with page.expect_response(lambda answer: answer.url.endswith("q=tigli+1")) as whole:
        page.keyboard.type("tigli 1")
    count = whole.value.text().count('role="option"')
    assert count > 1
    expect(page.locator("[data-ricerca] [role=status]")).to_have_text(f"{count} suggerimenti")
    expect(page.locator("[role=option]")).to_have_count(count)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "q-opzione-0")
    expect(page.locator("#q-opzione-0")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_be_focused()


def test_enter_without_a_choice_goes_to_the_results(page: Page) -> None:
    page.goto("/")
    page.fill("#q", "roma")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("roma")
    assert "/cerca?q=roma" in page.url


def test_a_slow_first_answer_never_overwrites_a_later_one(page: Page) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if not held:
            held.append(route)
        else:
            route.continue_()

    page.goto("/")
    page.route("**/frammenti/suggerimenti*", hold_the_first)
    page.locator("#q").focus()
    page.keyboard.type("via roma")
    for _ in range(250):  # the first question goes out after a pause
        if held:
            break
        page.wait_for_timeout(20)
    assert len(held) == 1
    page.keyboard.type(" 2")
    expect(page.locator("[role=option]").first).to_contain_text("ROMA 2")
    held[0].fulfill(status=200, body='<li role="option" data-href="/"><span>vecchio</span></li>')
    page.wait_for_timeout(300)
    assert "vecchio" not in page.locator("[role=listbox]").inner_text()

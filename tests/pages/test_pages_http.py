"""Every page without a browser: headings, titles, links, no inline code (U01, U08, U10)."""

import re
from collections.abc import Iterator
from itertools import pairwise

import httpx
import lxml.html
import pytest

from tests.pages.addresses import all_pages
from tests.pages.town import PERSONE, Town

MARKERS = (
    "personal-area-login",
    "accessibility-link",
    "privacy-policy-link",
    "legal-notes",
    "faq",
    "report-inefficiency",
)
OFFICE = "visto_da="


@pytest.fixture(scope="module")
def pages(http: httpx.Client, town: Town) -> dict[str, lxml.html.HtmlElement]:
    """Read every page once."""
    found = {}
    for address in all_pages(town):
        response = http.get(address)
        assert response.status_code == 200, address
        assert response.headers["content-type"].startswith("text/html"), address
        found[address] = lxml.html.fromstring(response.text)
    assert len(found) >= 25
    return found


def test_each_page_has_one_heading_a_title_and_speaks_italian(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    for address, page in pages.items():
        assert len(page.xpath("//h1")) == 1, address
        assert page.get("lang") == "it", address
        title = page.findtext(".//title") or ""
        assert title.endswith("Comune di Borgo Sereno"), (address, title)
        if address != "/":
            assert " - " in title, (address, title)
        levels = [int(h.tag[1]) for h in page.xpath("//main//*[self::h1 or self::h2 or self::h3]")]
        assert levels[0] == 1, address
        assert all(b - a <= 1 for a, b in pairwise(levels)), (address, levels)


def test_no_page_has_inline_code_or_style(pages: dict[str, lxml.html.HtmlElement]) -> None:
    for address, page in pages.items():
        assert page.xpath("//*[@style]") == [], address
        assert page.xpath("//style") == [], address
        assert page.xpath("//@*[starts-with(name(), 'on')]") == [], address
        inline = page.xpath(
            "//script[not(@src)][not(@type='application/json' or @type='application/ld+json')]"
        )
        assert inline == [], address


def test_ids_are_unique_and_references_lead_somewhere(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    for address, page in pages.items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), (address, sorted(i for i in ids if ids.count(i) > 1))
        for name in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
            for value in page.xpath(f"//@{name}"):
                assert set(value.split()) <= set(ids), (address, name, value)
        for href in page.xpath("//a/@href[starts-with(., '#')]"):
            assert href[1:] in ids, (address, href)


def test_every_field_has_a_label(pages: dict[str, lxml.html.HtmlElement]) -> None:
    for address, page in pages.items():
        labelled = set(page.xpath("//label/@for"))
        wrapped = set(page.xpath("//label//input | //label//select"))
        fields = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
        for field in fields:
            assert field.get("id") in labelled or field in wrapped, (address, field.get("name"))


def _internal_links(pages: dict[str, lxml.html.HtmlElement]) -> Iterator[str]:
    for page in pages.values():
        for element in page.xpath("//a[@href] | //link[@href] | //script[@src]"):
            target = element.get("href") or element.get("src")
            if target.startswith("/"):
                yield target.split("#")[0]


def test_all_internal_links_answer(
    http: httpx.Client, pages: dict[str, lxml.html.HtmlElement]
) -> None:
    links = sorted(set(_internal_links(pages)))
    assert len(links) > 40
    # One PDF of each kind is enough: they are slow, and have tests of their own.
    seen_pdf: set[str] = set()
    for link in links:
        kind = re.sub(r"/[a-z-]+-[a-z0-9]\.", "/X.", link.split("?")[0])
        if ".pdf" in kind:
            if kind in seen_pdf:
                continue
            seen_pdf.add(kind)
        response = http.get(link, follow_redirects=True)
        assert response.status_code < 400, (link, response.status_code)


def test_the_frame_carries_the_national_markers(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    for address, page in pages.items():
        found = set(page.xpath("//@data-element"))
        assert set(MARKERS) <= found, (address, set(MARKERS) - found)
        if address != "/":
            assert "breadcrumb" in found, address


def test_most_classes_are_of_bootstrap_italia(
    http: httpx.Client, pages: dict[str, lxml.html.HtmlElement]
) -> None:
    sheet = pages["/"].xpath("//link[contains(@href, 'bootstrap-italia.css')]/@href")[0]
    known = set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", http.get(sheet).text))
    for address, page in pages.items():
        used = [name for value in page.xpath("//@class") for name in value.split()]
        share = sum(name in known for name in used) / len(used)
        assert share >= 0.3, (address, round(share, 2))


def test_every_page_of_an_invented_town_says_so(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    for address, page in pages.items():
        assert "I dati di Borgo Sereno sono inventati" in page.text_content(), address


def test_no_public_page_names_a_person(
    http: httpx.Client, pages: dict[str, lxml.html.HtmlElement], town: Town
) -> None:
    public = {
        a: lxml.html.tostring(p, encoding="unicode") for a, p in pages.items() if OFFICE not in a
    }
    for address, text in public.items():
        for name in PERSONE:
            assert name not in text.upper(), (address, name)
    seen = http.get(f"/edifici/{town.pieno}?visto_da=ufficio").text
    assert PERSONE[0] in seen  # the marker is where the office looks


def test_pages_with_persons_are_kept_by_nobody(http: httpx.Client, town: Town) -> None:
    office = http.get(f"/edifici/{town.pieno}?visto_da=ufficio")
    public = http.get(f"/edifici/{town.pieno}")
    assert office.headers["cache-control"] == "no-store"
    assert public.headers["cache-control"] == "no-cache"
    assert http.get("/segnala").headers["cache-control"] == "no-store"


def test_a_public_page_is_answered_304_while_it_is_the_same(http: httpx.Client, town: Town) -> None:
    first = http.get(f"/edifici/{town.pieno}")
    again = http.get(f"/edifici/{town.pieno}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    for answer in (first, again):  # the same address shows an officer more
        assert "X-Visto-Da" in answer.headers["vary"]


def test_head_answers_like_get_without_a_body(http: httpx.Client) -> None:
    response = http.head("/note-legali")
    assert response.status_code == 200
    assert response.content == b""


def test_main_forms_work_without_scripts(pages: dict[str, lxml.html.HtmlElement]) -> None:
    search = pages["/"].xpath("//form[@role='search']")[0]
    assert (search.get("action"), search.get("method")) == ("/cerca", "get")
    assert search.xpath(".//input/@name") == ["q"]
    for address, page in pages.items():
        for form in page.xpath("//form"):
            assert form.xpath(".//button[@type='submit']"), address


def test_security_headers_are_on_every_answer(http: httpx.Client, town: Town) -> None:
    for address in ("/", f"/edifici/{town.pieno}.geojson", "/non-esiste", "/static/site.css"):
        headers = http.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])

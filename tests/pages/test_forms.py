"""Reports and selections: what is typed is kept, what is wrong is said, nothing is lost."""

import csv
import io
from typing import Any

import httpx
import lxml.html
import pytest
from playwright.sync_api import Page, expect

from tests.factory_defaults import punto
from tests.pages.town import Town


def parse(response: httpx.Response) -> Any:
    return lxml.html.fromstring(response.text)


@pytest.fixture
def client(site: str) -> Any:
    """Open a client with cookies of its own."""
    with httpx.Client(base_url=site, timeout=60) as own:
        yield own


def token(client: httpx.Client) -> str:
    page = parse(client.get("/segnala"))
    word: str = page.xpath("//input[@name='csrf']/@value")[0]
    return word


def test_a_report_gives_a_receipt_with_a_number(client: httpx.Client, town: Town) -> None:
    sent = {"csrf": token(client), "oggetto": town.vuoto, "testo": "Il piano terra è un garage."}
    response = client.post("/segnala", data=sent)
    assert response.status_code == 303
    receipt = client.get(response.headers["location"])
    assert receipt.status_code == 200
    words = parse(receipt).xpath("string(//main)")
    assert "La segnalazione è arrivata" in words
    assert "Aperta" in words
    assert "garage" not in receipt.text  # what was written may name somebody


def test_a_form_of_another_site_is_refused(client: httpx.Client, town: Town) -> None:
    sent = {"oggetto": town.pieno, "testo": "qualcosa"}
    assert client.post("/segnala", data=sent).status_code == 403
    token(client)
    assert client.post("/segnala", data={**sent, "csrf": "x" * 32}).status_code == 403


@pytest.mark.parametrize(
    ("oggetto", "testo", "campi"),
    [
        ("", "", ["oggetto", "testo"]),
        ("kedali-bupofe-7", "Manca un’unità", ["oggetto"]),
        ("{pieno}", "ab", ["testo"]),
        ("{pieno}", "x" * 2001, ["testo"]),
        ("123456789", "Manca un’unità", ["oggetto"]),
    ],
)
def test_a_wrong_form_comes_back_with_the_words_kept(
    client: httpx.Client, town: Town, oggetto: str, testo: str, campi: list[str]
) -> None:
    code = oggetto.format(pieno=town.pieno)
    response = client.post(
        "/segnala", data={"csrf": token(client), "oggetto": code, "testo": testo}
    )
    assert response.status_code == 422
    page = parse(response)
    assert (page.findtext(".//title") or "").startswith("Errore: ")
    assert [a[1:] for a in page.xpath("//*[@role='alert']//a/@href")] == campi
    assert page.xpath("//*[@aria-invalid='true']/@id") == campi
    assert page.xpath("//input[@id='oggetto']/@value") == [code]
    assert page.xpath("string(//textarea[@id='testo'])").strip() == testo.strip()


def test_errors_take_the_focus_and_lead_to_their_fields(page: Page) -> None:
    page.goto("/segnala")
    page.get_by_role("button", name="Invia la segnalazione").click()
    expect(page.locator("#errori")).to_be_focused()
    page.locator("#errori a").first.click()
    expect(page.locator("#oggetto")).to_be_focused()


def test_a_number_that_is_no_receipt_is_not_found(http: httpx.Client) -> None:
    assert http.get("/segnala/ricevuta/1").status_code == 404  # an issue of the office
    assert http.get("/segnala/ricevuta/999999").status_code == 404
    assert http.get("/segnala/ricevuta/0").status_code == 422


def rows(response: httpx.Response) -> list[str]:
    return [code.strip() for code in parse(response).xpath("//tbody/tr/th//text()")]


def test_a_pasted_list_resolves_codes_references_and_addresses(
    http: httpx.Client, town: Town
) -> None:
    listed = f"{town.vuoto}\n1/100\nvia roma 1; niente di simile"
    response = http.get("/selezione", params={"elenco": listed})
    codes = rows(response)
    assert codes[:2] == [town.vuoto, town.pieno]
    assert len(codes) == 3
    assert "niente di simile" in parse(response).xpath("string(//main)")


def test_table_csv_geojson_and_map_hold_the_same_set(http: httpx.Client, town: Town) -> None:
    query = {"intorno": town.pieno, "raggio": "60"}
    page = http.get("/selezione", params=query)
    codes = rows(page)
    assert codes[0] == town.pieno
    assert len(codes) >= 5
    text = http.get("/selezione.csv", params=query).text.removeprefix("\ufeff")
    table = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["codice"] for row in table] == codes
    assert all(row["fonte"] and row["data"] == "2025-12-04" for row in table)
    features = http.get("/selezione.geojson", params=query).json()["features"]
    assert [f["id"] for f in features] == codes
    link = parse(page).xpath("//a[starts-with(@href, '/mappa?selezione=')]/@href")[0]
    assert link.removeprefix("/mappa?selezione=").split(",") == codes
    red = parse(page).xpath("//figure//*[name()='path'][@stroke='#d40000']")
    assert len(red) == len(codes)


def test_an_area_takes_what_it_touches(http: httpx.Client, town: Town) -> None:
    corners = [punto(e, n) for e, n in ((-5, -5), (33, -5), (33, 29), (-5, 29))]
    area = ",".join(f"{p.x:.6f} {p.y:.6f}" for p in corners)
    assert rows(http.get("/selezione", params={"area": area})) == [town.pieno]


@pytest.mark.parametrize(
    ("query", "campo"),
    [
        ({"area": "11 44, 12 45"}, "area"),
        ({"area": "11 44, 12 45, boh"}, "area"),
        ({"area": "11 44, 12 45, 11 45, 12 44"}, "area"),
        ({"area": "11 44, 12 44, nan nan"}, "area"),
        ({"area": "10.9 43.9, 11.1 43.9, 11.1 44.1, inf 44"}, "area"),
        ({"intorno": "boh"}, "intorno"),
        ({"intorno": "123456789"}, "intorno"),
        ({"elenco": "\n".join(f"{n}/1" for n in range(501))}, "elenco"),
    ],
)
def test_a_selection_that_makes_no_sense_says_why_beside_its_field(
    http: httpx.Client, query: dict[str, str], campo: str
) -> None:
    response = http.get("/selezione", params=query)
    assert response.status_code == 422
    page = parse(response)
    assert page.xpath("//*[@role='alert']//a/@href") == [f"#{campo}"]
    assert page.xpath("//*[@aria-invalid='true']/@id") == [campo]
    name, value = next(iter(query.items()))
    kept = page.xpath(f"string(//*[@id='{name}']/@value | //textarea[@id='{name}'])")
    assert kept.split() == value.split()


def test_an_area_with_too_many_buildings_asks_for_a_smaller_one(http: httpx.Client) -> None:
    page = parse(http.get("/selezione", params={"intorno": "x", "raggio": "99999"}))
    assert "raggio" in page.xpath("string(//main)")


def test_cells_are_never_formulas() -> None:
    from api.pages.selezione import _safe

    assert [_safe(v) for v in ("=1+1", "+39", "-x", "@x", "via Roma")] == [
        "'=1+1",
        "'+39",
        "'-x",
        "'@x",
        "via Roma",
    ]


def test_an_officer_reads_what_was_reported_and_the_public_never_does(
    client: httpx.Client, town: Town
) -> None:
    words = "Ci abita <b>PRUDENZIA</b>, non al 12"
    sent = {"csrf": token(client), "oggetto": town.unita, "testo": words}
    number = client.post("/segnala", data=sent).headers["location"].rpartition("/")[2]
    for path in (f"/segnalazioni/{number}", f"/api/v1/segnalazioni/{number}"):
        closed = client.get(path)
        assert closed.status_code == 403
        assert "PRUDENZIA" not in closed.text
    opened = client.get(f"/segnalazioni/{number}?visto_da=tributi")
    page = parse(opened)
    assert page.get_element_by_id("testo").text_content() == words
    assert "registrata col numero" in page.text_content()
    assert opened.headers["cache-control"] == "no-store"
    data = client.get(f"/api/v1/segnalazioni/{number}?visto_da=tributi&scopo=verifica")
    assert data.json()["testo"] == words
    assert int(data.headers["x-lettura"]) > 0
    listed = parse(client.get("/segnalazioni?visto_da=tributi"))
    row = listed.xpath(f"//tbody/tr[th/a[contains(@href, '/segnalazioni/{number}?')]]")[0]
    link = row.xpath("./td[@data-titolo='Oggetto']/a")[0]
    assert link.get("href").startswith(f"/unita-immobiliari/{town.unita}")
    assert "sub\u00a01" in link.text
    assert row.xpath("string(./td[@data-titolo='Comune'])") == "Borgo Sereno"
    assert "PRUDENZIA" not in listed.text_content()
    assert "PRUDENZIA" not in client.get("/segnalazioni").text

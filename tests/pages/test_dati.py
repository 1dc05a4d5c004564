"""The pages of open data: the list and its filters, a dataset, and examples that run."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from opendata import contenuto
from opendata.dataset import BY_NAME, DATASETS
from opendata.formats import FORMATI
from territorio.schema_pubblicazione import pubblicazione, variazione
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.pages.town import Town
from tests.sito import PUBBLICATI

MAI_PUBBLICATO = "particelle"
VUOTO = "aree_pericolosita"


def get(http: httpx.Client, address: str) -> Any:
    response = http.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return lxml.html.fromstring(response.text)


def shown(http: httpx.Client, query: str) -> list[str]:
    """Return which datasets the list shows, by title."""
    page = get(http, f"/dati{query}")
    return [link.text for link in having(page, "scheda-dati", "//h3/a")]


def having(element: Any, name: str, below: str = "") -> Any:
    """Return what has a class, or what is below it."""
    own = f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
    return element.xpath(f".//*[{own}]{below}")


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def test_names_lead_a_browser_to_the_pages(http: httpx.Client) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    for name, page in [
        ("/opendata?q=strade", "/dati?q=strade"),
        ("/opendata/edifici", "/dati/edifici"),
        ("/ogc/collections?f=html", "/dati"),
        ("/ogc/collections/edifici?f=html", "/dati/edifici"),
    ]:
        answer = http.get(name, headers=browser, follow_redirects=True)
        assert (answer.status_code, answer.url.raw_path.decode()) == (200, page)


def test_the_list_shows_every_dataset_with_what_it_holds(http: httpx.Client, town: Town) -> None:
    page = get(http, "/dati")
    cards = having(page, "scheda-dati")
    assert len(cards) == len(DATASETS)
    buildings = next(card for card in cards if card.findtext(".//h3/a") == "Edifici")
    assert f"Oggetti oggi {town.edifici}" in re.sub(r"oggi(\d)", r"oggi \1", words(buildings))
    formats = [one.text for one in having(buildings, "formato")]
    assert formats == [
        "GeoPackage",
        "GeoParquet",
        "FlatGeobuf",
        "CSV",
        "GeoJSON",
        "PMTiles",
        "OGC API",
    ]
    never = next(c for c in cards if c.findtext(".//h3/a") == "Particelle catastali")
    assert [one.text for one in having(never, "formato")] == ["OGC API"]
    assert "non ancora" in words(never)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?q=pericolosita", ["Aree di pericolosità"]),
        ("?q=NUMERI+civici", ["Numeri civici", "Statistiche per sezione di censimento"]),
        ("?formato=pmtiles", ["Edifici"]),
        ("?formato=csv", ["Edifici", "Strade"]),
        ("?tema=ENVI", ["Aree di pericolosità"]),
        ("?tema=ENVI&formato=csv", []),
        ("?comune=H501", []),
    ],
)
def test_the_list_is_narrowed(http: httpx.Client, query: str, titles: list[str]) -> None:
    assert shown(http, query) == titles


def test_files_are_told_as_they_are_served(http: httpx.Client) -> None:
    page = get(http, "/dati/edifici")
    rows = having(page, "tabella-file", "//tbody/tr")
    assert len(rows) == len(FORMATI) + 1  # the metadata
    for row in rows:
        answer = http.get(row.find(".//a").get("href"))
        assert answer.status_code == 200
        digest = having(row, "impronta")[0].text
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert digest[:32] in answer.headers["etag"]


def test_what_was_never_published_says_so_and_shows_the_living_interface(
    http: httpx.Client,
) -> None:
    page = get(http, f"/dati/{MAI_PUBBLICATO}")
    assert "Nessun file è stato ancora pubblicato" in words(page.get_element_by_id("scarica"))
    assert "Nessuna versione" in words(page.get_element_by_id("versioni"))
    living = page.get_element_by_id("interroga").xpath(".//a/@href")
    assert f"/ogc/collections/{MAI_PUBBLICATO}/items?f=csv&limit=10" in living
    assert len(having(page, "anteprima", "//tbody/tr")) == contenuto.RIGHE


def test_a_dataset_without_objects_has_its_page_too(http: httpx.Client) -> None:
    page = get(http, f"/dati/{VUOTO}")
    assert "non ha ancora oggetti" in words(page.get_element_by_id("anteprima"))
    assert page.xpath("//*[@id='mostra-mappa']") == []


@pytest.mark.parametrize("nome", [d.nome for d in DATASETS])
def test_every_field_is_explained(http: httpx.Client, nome: str) -> None:
    table = get(http, f"/dati/{nome}").get_element_by_id("campi")
    fields = BY_NAME[nome].campi
    assert [one.text for one in table.xpath(".//tbody//th/code")] == [c.nome for c in fields]
    for row, campo in zip(table.xpath(".//tbody/tr"), fields, strict=True):
        assert campo.titolo in words(row)
        codes = [code.text for code in having(row, "codici", "//dt/code")]
        assert codes == list(campo.codici)
    kinds = {cell.text_content() for cell in table.xpath(".//td[@data-titolo='Tipo']")}
    assert {"testo", "data"} <= kinds


def reports(http: httpx.Client, nome: str) -> int:
    """Return how many open reports the page of a dataset counts."""
    text = words(get(http, f"/dati/{nome}").get_element_by_id("qualita"))
    found = re.search(r"(Una|Nessuna|\d+) segnalazion[ei] apert[ae]", text)
    assert found, text
    number = {"Nessuna": "0", "Una": "1"}.get(found[1], found[1])
    return int(number)


def test_open_reports_are_counted_by_kind(http: httpx.Client, town: Town) -> None:
    before = {nome: reports(http, nome) for nome in ("edifici", "fogli")}
    assert before["edifici"] >= 1
    body = {"oggetto": town.pieno, "testo": "Il tetto è piano."}
    assert http.post("/api/v1/segnalazioni", json=body).status_code == 201
    assert reports(http, "edifici") == before["edifici"] + 1
    assert reports(http, "fogli") == before["fogli"]


def test_rows_are_counted_by_source(http: httpx.Client, town: Town) -> None:
    quality = get(http, "/dati/edifici").get_element_by_id("qualita")
    (row,) = quality.xpath(".//tbody/tr")
    assert having(row, "numero")[0].text_content().strip() == str(town.edifici)


def test_an_unknown_dataset_or_municipality_is_refused(http: httpx.Client) -> None:
    assert http.get("/dati/case").status_code == 404
    assert http.get("/dati/edifici?comune=H501").status_code == 422
    assert http.get(f"/dati?q={'a' * 101}").status_code == 422


def test_a_search_is_text_and_nothing_else(http: httpx.Client) -> None:
    text = http.get("/dati", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in text


def test_search_engines_read_the_pages(http: httpx.Client) -> None:
    def said(address: str) -> list[Any]:
        found = get(http, address).xpath("//script[@type='application/ld+json']/text()")
        return [json.loads(text) for text in found]

    (catalogue,) = said("/dati")
    assert catalogue["@type"] == "DataCatalog"
    assert len(catalogue["dataset"]) == len(DATASETS)
    whole, edition = said("/dati/edifici")
    assert edition["isPartOf"]["@id"] == whole["@id"]
    assert len(edition["distribution"]) > len(whole["distribution"])
    (alone,) = said(f"/dati/{MAI_PUBBLICATO}")
    assert alone["@type"] == "Dataset"


def test_changes_of_versions_are_counted(conn: sa.Connection) -> None:
    f.new_comune(conn)
    key = {"comune": COMUNE, "dataset": "edifici"}
    told = [
        (1, 7, "nuovo"),
        (2, 7, "cambiato"),
        (2, 8, "nuovo"),
        (2, 9, "nuovo"),
        (3, 8, "cessato"),
    ]
    for numero in (1, 2, 3):
        row = {"giorno": date(2026, 1, numero), "registrazione": 1, "righe": 1}
        values = {**key, **row, "numero": numero, "impronta": "0" * 64, "quando": sa.func.now()}
        conn.execute(sa.insert(pubblicazione).values(values))
    for numero, number, evento in told:
        values = {**key, "numero": numero, "id": number, "evento": evento}
        said = {} if evento == "cessato" else {"impronta": "0" * 64, "testo": "{}"}
        conn.execute(sa.insert(variazione).values({**values, **said}))
    assert contenuto.changes(conn, "edifici", COMUNE, [2, 3]) == {
        2: {"cambiato": 1, "nuovo": 2},
        3: {"cessato": 1},
    }
    assert contenuto.changes(conn, "edifici", COMUNE, []) == {}


# ---- examples that run as written ----------------------------------------------------------


def written(http: httpx.Client, nome: str, linguaggio: str) -> list[str]:
    """Return the examples of a language as the page of a dataset shows them."""
    return written_on(http, f"/dati/{nome}", linguaggio)


def written_on(http: httpx.Client, address: str, linguaggio: str) -> list[str]:
    """Return the examples of a language as a page shows them."""
    page = get(http, address)
    return [one.text_content() for one in page.xpath(f"//pre[@data-linguaggio='{linguaggio}']")]


def run(command: list[str], folder: Path, text: str | None = None) -> str:
    """Run a program in a folder and return what it says; fail if it does."""
    plain = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    done = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, timeout=120, env=plain
    )
    assert done.returncode == 0, (command, text, done.stdout, done.stderr)
    return done.stdout


ESEMPI = [*PUBBLICATI, MAI_PUBBLICATO, VUOTO]


@pytest.mark.parametrize("nome", ESEMPI)
def test_the_curl_and_duckdb_examples_run(http: httpx.Client, tmp_path: Path, nome: str) -> None:
    commands = written(http, nome, "curl")
    assert len(commands) >= 3
    said = [run(["bash", "-ec", command], tmp_path) for command in commands]
    features = json.loads((tmp_path / f"{nome}.geojson").read_text())["features"]
    assert len(features) > 0 or nome == VUOTO
    if nome in PUBBLICATI:
        assert any("OK" in text for text in said)  # the checksum
        assert (tmp_path / f"{nome}_X999.gpkg").is_file()
    (query,) = written(http, nome, "sql")
    program = "import duckdb, json, sys; print(json.dumps(duckdb.sql(sys.stdin.read()).fetchall()))"
    rows = json.loads(run([sys.executable, "-c", program], tmp_path, query))
    assert sum(row[-1] for row in rows) == how_many(http, nome)


def how_many(http: httpx.Client, nome: str) -> int:
    answer = http.get(f"/ogc/collections/{nome}/items?f=json&limit=1")
    number: int = answer.json()["numberMatched"]
    return number


@pytest.mark.parametrize("nome", ESEMPI)
def test_the_python_examples_run(http: httpx.Client, tmp_path: Path, nome: str) -> None:
    programs = written(http, nome, "python")
    assert len(programs) == (2 if BY_NAME[nome].geometria else 1)
    said = [run([sys.executable, "-W", "error", "-c", one], tmp_path) for one in programs]
    assert said[-1].strip() == f"{how_many(http, nome)} oggetti"


def test_the_r_examples_run(http: httpx.Client, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("Rscript manca su questa macchina")
    (text,) = written(http, "edifici", "r")
    assert "codice" in run([program, "-e", text], tmp_path)


def test_the_address_for_qgis_is_that_of_the_ogc_api(http: httpx.Client) -> None:
    (address,) = written(http, "edifici", "testo")
    titles = [link["rel"] for link in http.get(address, params={"f": "json"}).json()["links"]]
    assert "service-desc" in titles


# ---- in the browser ------------------------------------------------------------------------


def test_an_example_is_copied(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/dati/edifici")
    block = page.locator("#esempio-curl-elementi")
    page.locator("[data-copia-da=esempio-curl-elementi]").click()
    expect(page.locator("#esito-curl-elementi")).to_have_text("Copiato.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == block.text_content()
    assert copied.startswith("curl --fail")


@pytest.mark.parametrize(("nome", "layer"), [("edifici", "aree"), ("civici", "punti")])
def test_the_map_is_drawn_when_asked_and_not_before(page: Page, nome: str, layer: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/dati/{nome}")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "maplibre" in url] == []
    page.click("#mostra-mappa")
    page.wait_for_selector("#mappa-dati[data-stato=pronta]")
    page.evaluate("mappa.jumpTo({zoom: 16.5})")
    page.wait_for_function(
        "(layer) => mappa.queryRenderedFeatures({layers: [layer]}).length > 20", arg=layer
    )
    assert page.locator("#mappa-dati-avviso").inner_text() == ""
    page.click("#mostra-mappa")
    expect(page.locator("#mappa-dati")).to_be_hidden()

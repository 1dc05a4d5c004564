"""Small things a reader stumbles on: counts, codes for words, who is invented, what overlaps."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
from playwright.sync_api import Page

from api import deps
from api.app import create_app
from api.pages import pannello
from api.pages.sito import ComuneServito, Sito
from territorio.config import Settings
from territorio.documenti import campi, prospetto
from territorio.documenti.parole import SEZIONI
from territorio.documenti.stampa import Intestazione
from tests.api.cliente import Cliente
from tests.pages.town import Town

INVENTATO = ComuneServito("X999", "Borgo Sereno", "XX", inventato=True)
VERO = ComuneServito("H501", "Roma", "RM")


def get(http: httpx.Client, address: str) -> Any:
    response = http.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return lxml.html.fromstring(response.text)


@pytest.fixture
def offline(tmp_path: Path) -> Iterator[Any]:
    """Return an application without a database, whose municipalities can be set."""
    app = create_app(Settings(data=tmp_path, database_url="postgresql://127.0.0.1:1/niente"))
    yield app
    deps.close(app)


@pytest.mark.parametrize(
    ("comuni", "said", "not_said"),
    [
        ((INVENTATO,), "importi di questo sito non esistono", "degli altri comuni"),
        ((INVENTATO, VERO), "importi di questo comune non esistono", "di questo sito non"),
        ((VERO,), "Pagina non trovata", "inventat"),
    ],
)
def test_the_banner_speaks_of_the_invented_municipalities_only(
    offline: Any, comuni: tuple[ComuneServito, ...], said: str, not_said: str
) -> None:
    offline.state.sito = Sito(comuni)
    page: Any = lxml.html.fromstring(Cliente(offline).get("/nulla").text)
    text = " ".join(page.text_content().split())
    if comuni != (VERO,):
        assert said in text
    assert ("I dati degli altri comuni sono veri" in text) == (len(comuni) == 2)
    assert not_said not in text


def test_the_head_of_a_document_names_the_registry_once() -> None:
    def head(sito: Sito) -> Intestazione:
        return Intestazione(sito.nome, sito.inventati, date(2025, 1, 1), date(2025, 1, 1), "", "")

    both = Sito((INVENTATO, VERO))
    assert head(both).titolo == "Anagrafe territoriale"
    assert head(both.only("H501")).titolo == "Comune di Roma, anagrafe territoriale"
    assert head(both.only("H501")).avviso == ""
    assert head(both.only("X999")).avviso == "I dati di Borgo Sereno sono inventati"


def section(nome: str, voci: list[dict[str, Any]]) -> prospetto.SezioneLetta:
    words = next(s for s in SEZIONI if s.nome == nome)
    return prospetto.lay_out(words, {"stato": "presente", "voci": voci}, {})


def said(tipo: str, number: int, valori: dict[str, Any]) -> dict[str, Any]:
    return {"tipo": tipo, "id": number, "fonte": "prova", "fornitura": 1, "valori": valori}


def test_a_badge_counts_what_is_shown() -> None:
    parcels = section(
        "particelle",
        [
            said("particella", 1, {"riferimento": "X999/_/1/10"}),
            said("particella", 2, {"riferimento": "X999/_/1/11"}),
            said("particella_censuaria", 3, {"riferimento": "X999/_/1/10"}),
        ],
    )
    assert parcels.oggetti == 2
    fact = pannello._of_section(parcels)
    assert fact is not None
    assert fact.testo.replace("\u00a0", " ") == "foglio 1 part. 10, foglio 1 part. 11"
    events = [said("modifica", 7, {"evento": "variazione", "cambiati": ["uso"]}) for _ in range(4)]
    assert section("cronologia", events).oggetti == 4


def test_the_badge_of_the_history_is_the_number_of_its_rows(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}")
    history = page.get_element_by_id("cronologia")
    rows = len(history.xpath(".//tbody/tr"))
    assert rows == 2
    assert f"({rows})" in history.xpath("string(./header)")


def test_every_change_says_what_changed(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}")
    row = page.xpath("//section[@id='cronologia']//tr[contains(., 'Cambiato')]")[0]
    assert "sagoma" in row.xpath("string(./td[@data-titolo='Che cosa è cambiato'])")


def test_codes_are_written_in_words() -> None:
    assert campi.write("parentela", "1") == "intestatario della scheda"
    assert campi.write("parentela", "3") == "figlio o figlia"
    assert campi.write("uso", "altri_fabbricati") == "altri fabbricati"
    assert campi.write("tipo", "imu.rendita_diversa") == "rendita IMU diversa dal catasto"
    born = {"cognome": "ROSSI", "data_nascita": "1960-05-20", "luogo_nascita": "H501"}
    assert campi.person(born).endswith("a Roma")


def test_the_link_to_a_building_reads_its_code(http: httpx.Client, town: Town) -> None:
    for address in (f"/particelle/{town.particella}", f"/unita-immobiliari/{town.unita}"):
        links = get(http, address).xpath("//section[@id='edificio']//tbody//a")
        assert [link.text for link in links] == [town.pieno]


def test_geometries_carry_no_frame(http: httpx.Client, town: Town) -> None:
    for address in (
        f"/edifici/{town.pieno}.geojson",
        f"/api/v1/edifici/{town.pieno}",
        f"/api/v1/particelle/{town.particella}",
        f"/api/v1/edifici/{town.pieno}/fascicolo",
    ):
        text = http.get(address).text
        assert '"coordinates"' in text, address
        assert '"crs"' not in text, address


def test_an_extract_says_that_the_town_is_invented(http: httpx.Client, town: Town) -> None:
    drawing = http.get(f"/estratto.svg?edificio={town.pieno}&scala=500").text
    assert "(dati inventati)" in drawing


def test_broken_json_is_a_fault_of_the_body(http: httpx.Client) -> None:
    answer = http.post(
        "/api/v1/segnalazioni", content=b'{"a":', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errori"] == [{"campo": "corpo", "motivo": "non è JSON valido"}]


def test_before_and_after_are_apart(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.diviso}/cronologia")
    assert ".Dopo:" not in "".join(page.text_content().split("\n"))


@pytest.mark.parametrize("address", ["/mappa", "/cerca"])
def test_on_a_phone_the_menu_button_leaves_the_name_alone(phone: Page, address: str) -> None:
    phone.goto(address)
    button = phone.locator(".custom-navbar-toggler").bounding_box()
    name = phone.locator("header .it-brand-wrapper a").bounding_box()
    assert button
    assert name
    assert button["x"] + button["width"] <= name["x"]

"""The stable address of an object, asked for as linked data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from rdflib import RDF, Graph, URIRef

from api import deps
from api.app import create_app
from opendata.oggetto_clv import CONTEXT
from territorio import db, elaborazione
from territorio.config import Settings
from territorio.identita import Codice, permute
from tests import factories as f
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.territorio.casa import NOMI, Casa, new_casa

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

BASE = "http://127.0.0.1"
LD = {"Accept": "application/ld+json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ADDRESS = URIRef(CONTEXT["clv"] + "Address")


@dataclass(frozen=True)
class Sito:
    """The application over a house with all that is published of it."""

    app: FastAPI
    casa: Casa
    odonimo: str

    def get(self, path: str, **more: object) -> httpx.Response:
        return Cliente(self.app).get(path, **more)


@pytest.fixture(scope="module")
def sito(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sito]:
    with _database(cluster_settings, f"identita_{worker_id}") as url:
        owner = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(owner) as conn:
            casa = new_casa(conn)
            via = f.new_odonimo(conn, denominazione="VIA DEI GLICINI")
            elaborazione.refresh(conn, COMUNE)
        owner.dispose()
        app = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=url))
        yield Sito(app, casa, str(Codice(via)))
        deps.close(app)


def codice(number: int) -> str:
    return str(Codice(number))


def test_linked_data_is_led_to_and_is_about_the_address(sito: Sito) -> None:
    this = f"/id/civico/{codice(sito.casa.civico)}"
    led = sito.get(this, headers=LD)
    assert (led.status_code, led.headers["vary"]) == (303, "Accept")
    assert led.headers["location"] == f"{this}?f=jsonld"
    found = sito.get(led.headers["location"])
    assert found.headers["content-type"] == "application/ld+json"
    graph = Graph().parse(data=found.text, format="json-ld")
    assert (URIRef(BASE + this), RDF.type, ADDRESS) in graph


@pytest.mark.parametrize(
    ("noun", "plural"),
    [("edificio", "edifici"), ("particella", "particelle"), ("civico", "civici")],
)
def test_people_and_programs_are_led_as_before(sito: Sito, noun: str, plural: str) -> None:
    code = codice(getattr(sito.casa, noun))
    page, data = f"/{plural}/{code}", f"/api/v1/{plural}/{code}"
    this, programs = f"/id/{noun}/{code}", {"Accept": "application/json"}

    def led(path: str, headers: dict[str, str]) -> str:
        return sito.get(path, headers=headers).headers["location"]

    assert (led(this, BROWSER), led(this, programs)) == (page, data)
    # The word in the address counts before the header.
    assert (led(f"{this}?f=html", LD), led(f"{this}?f=json", BROWSER)) == (page, data)


def test_what_has_no_page_is_led_to_its_collection(sito: Sito) -> None:
    this = f"/id/odonimo/{sito.odonimo}"
    assert sito.get(this, headers=BROWSER).headers["location"] == "/dati/odonimi"
    item = sito.get(this, headers={"Accept": "application/json"}).headers["location"]
    assert item == f"/ogc/collections/odonimi/items/{sito.odonimo}"
    assert sito.get(f"{this}?f=jsonld").json()["clv:toponymQualifier"] == "VIA"


def test_a_municipality_is_named_by_its_cadastral_code(sito: Sito) -> None:
    found = sito.get(f"/id/comune/{COMUNE}?f=jsonld")
    assert found.json()["@id"] == f"{BASE}/id/comune/{COMUNE}"
    assert sito.get(f"/id/comune/{COMUNE}", headers=BROWSER).headers["location"] == "/dati/comuni"


def test_who_has_it_already_is_told_so(sito: Sito) -> None:
    path = f"/id/edificio/{codice(sito.casa.edificio)}?f=jsonld"
    tag = sito.get(path).headers["etag"]
    assert sito.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert sito.get(path, headers={"If-None-Match": '"altro"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("edificio/boh", 404),
        ("edificio/1", 404),
        ("edificio/0", 404),
        ("edificio/999999999999999", 404),
        (f"edificio/{Codice(permute(987_654))}", 404),
        ("soggetto/boh", 404),
        ("comune/Z999", 404),
        ("comune/x999", 404),
        (f"comune/{COMUNE}?alla_data=ieri", 422),
    ],
)
def test_what_is_wrong_is_told_to_programs(sito: Sito, path: str, status: int) -> None:
    path, _, more = path.partition("?")
    answer = sito.get(f"/id/{path}?f=jsonld&{more}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_person_has_no_public_address(sito: Sito) -> None:
    for number in (sito.casa.proprietaria, sito.casa.residente):
        for kind in ("soggetto", "edificio", "residenza"):
            assert sito.get(f"/id/{kind}/{codice(number)}?f=jsonld").status_code == 404


def test_no_name_of_a_person_is_told(sito: Sito) -> None:
    said = "".join(
        sito.get(f"/id/{noun}/{codice(getattr(sito.casa, attribute))}?f=jsonld").text
        for noun, attribute in (
            ("edificio", "edificio"),
            ("civico", "civico"),
            ("particella", "particella"),
            ("unita-immobiliare", "unita"),
        )
    )
    assert json.dumps("clv:Address") in said
    assert [name for name in NOMI if name in said] == []

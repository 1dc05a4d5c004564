"""The doors of the catalogue, as harvesters, search engines and browsers find them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from lxml import etree
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from api import deps
from api.app import create_app
from opendata import ckan
from opendata.dataset import DATASETS
from opendata.dcat import DCATAPIT, HYDRA
from territorio import db, elaborazione
from territorio.config import Settings
from territorio.schema_pubblicazione import pubblicazione, pubblicazione_file
from tests import factories as f
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.territorio.casa import NOMI, new_casa

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

BASE = "http://127.0.0.1"
COMUNI = [COMUNE, *(f"Y{n:03}" for n in range(110))]
TUTTI = len(DATASETS) + len(COMUNI)
QUANDO = datetime(2026, 1, 1, tzinfo=UTC)
PARSER = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
TIPI = {
    "rdf": "application/rdf+xml",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
}


def publish(conn: sa.Connection, comune: str) -> None:
    key = {"comune": comune, "dataset": "edifici", "numero": 1}
    row = {"giorno": date(2026, 1, 1), "registrazione": 1, "righe": 7, "impronta": "0" * 64}
    conn.execute(sa.insert(pubblicazione).values(**key, **row, quando=QUANDO))
    for formato, media_type in (("csv", "text/csv"), ("gpkg", "application/geopackage+sqlite3")):
        file = {"nome": f"edifici_{comune}.{formato}", "formato": formato, "byte": 5}
        row = {**key, **file, "sha256": "1" * 64, "media_type": media_type}
        conn.execute(sa.insert(pubblicazione_file).values(row))


@pytest.fixture(scope="module")
def app(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    with _database(cluster_settings, f"catalogo_{worker_id}") as url:
        owner = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(owner) as conn:
            new_casa(conn)
            elaborazione.refresh(conn, COMUNE)
            for comune in COMUNI:
                f.new_comune(conn, comune, denominazione=f"Borgo {comune}")
                publish(conn, comune)
        owner.dispose()
        app = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=url))
        yield app
        deps.close(app)


@pytest.fixture
def http(app: FastAPI) -> Cliente:
    return Cliente(app)


def read(answer: httpx.Response, formato: str) -> Graph:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == TIPI[formato]
    return Graph().parse(answer.content, format=PARSER[formato])


@pytest.mark.parametrize("formato", PARSER)
def test_a_harvester_follows_the_pages_to_all_datasets(http: Cliente, formato: str) -> None:
    seen: set[str] = set()
    place, pages = f"/catalogo.{formato}", 0
    while place:
        graph = read(http.get(place), formato)
        seen |= {str(each) for each in graph.subjects(RDF.type, DCATAPIT.Dataset)}
        paging = next(graph.subjects(RDF.type, HYDRA.PagedCollection))
        after = graph.value(paging, HYDRA.next)
        place, pages = str(after or "").removeprefix(BASE), pages + 1
    assert (pages, len(seen)) == (2, TUTTI)
    assert f"{BASE}/opendata/edifici/X999" in seen


def test_the_catalogue_leads_each_reader_to_a_form(http: Cliente) -> None:
    for formato, media_type in TIPI.items():
        answer = http.get("/catalogo?page=2", headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["vary"]) == (303, "Accept")
        assert answer.headers["location"] == f"/catalogo.{formato}?page=2"
    assert http.get("/catalogo").headers["location"] == "/catalogo.rdf"
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert http.get("/catalogo", headers=browser).headers["location"] == "/dati"
    thing = http.get("/opendata/edifici/X999", headers={"Accept": "text/turtle"})
    assert thing.headers["location"] == "/opendata/edifici/X999.ttl"
    assert http.get("/opendata/edifici", headers=browser).headers["location"] == "/dati/edifici"


@pytest.mark.parametrize(
    "path",
    ["/catalogo.rdf", "/opendata/edifici.ttl", "/opendata/edifici/iso19139.xml", "/sitemap.xml"],
)
def test_who_has_it_already_is_told_so(http: Cliente, path: str) -> None:
    tag = http.get(path).headers["etag"]
    again = http.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert http.get(path, headers={"If-None-Match": '"altro"'}).status_code == 200


@pytest.mark.parametrize("formato", PARSER)
def test_every_dataset_and_edition_has_its_document(http: Cliente, formato: str) -> None:
    for place in ("edifici", "edifici/X999", "odonimi"):
        graph = read(http.get(f"/opendata/{place}.{formato}"), formato)
        this = URIRef(f"{BASE}/opendata/{place}")
        assert (this, RDF.type, DCAT.Dataset) in graph
        record = http.get(f"/opendata/{place}/iso19139.xml")
        assert record.headers["content-type"] == "application/xml"
        found = etree.fromstring(record.content).findtext(".//{*}fileIdentifier/{*}CharacterString")
        assert found == str(graph.value(this, DCTERMS.identifier))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/catalogo.json", 404),
        ("/catalogo.rdf?page=9", 404),
        ("/catalogo.rdf?page=0", 422),
        ("/catalogo.rdf?page=uno", 422),
        ("/opendata/case.rdf", 404),
        ("/opendata/case", 404),
        ("/opendata/case/iso19139.xml", 404),
        ("/opendata/edifici.xls", 404),
        ("/opendata/edifici/Z999.rdf", 404),
        ("/opendata/edifici/Z999/iso19139.xml", 404),
        ("/api/3/action/package_show?id=boh", 404),
        ("/api/3/action/package_show", 422),
        ("/api/3/action/package_search?rows=-1", 422),
        ("/api/3/action/package_search?fq=res_format:CSV", 422),
        ("/api/3/action/package_search?fq=metadata_modified:[9999-99 TO *]", 422),
        ("/api/3/action/organization_show?id=altra", 404),
    ],
)
def test_what_is_wrong_is_told_to_programs(http: Cliente, path: str, status: int) -> None:
    answer = http.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_what_is_no_municipality_is_left_to_other_doors(http: Cliente) -> None:
    answer = http.get("/opendata/edifici/qualcosa")
    assert answer.headers["content-type"] != "application/problem+json"


def action(http: Cliente, name: str, **params: object) -> object:
    answer = http.get(f"/api/3/action/{name}", params=params)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True
    return body["result"]


def test_a_ckan_harvester_reads_all_packages_once(http: Cliente) -> None:
    """As ckanext-harvest does it: rows and start, sorted by id, until a page is empty."""
    packages: list[dict[str, object]] = []
    while True:
        asked = {"rows": 50, "start": len(packages), "sort": "id asc"}
        found = action(http, "package_search", **asked)
        assert isinstance(found, dict)
        assert found["count"] == TUTTI
        if not found["results"]:
            break
        packages += found["results"]
    ids = [str(each["id"]) for each in packages]
    assert (len(set(ids)), ids) == (TUTTI, sorted(ids))
    names = action(http, "package_list")
    assert names == sorted(str(each["name"]) for each in packages)


def test_a_package_is_told_alike_by_name_and_by_id(http: Cliente) -> None:
    one = action(http, "package_show", id="edifici-x999")
    assert isinstance(one, dict)
    assert one == action(http, "package_show", id=one["id"])
    assert one["title"] == "Edifici - Comune di Borgo Sereno"
    formats = [(each["format"], each["url"]) for each in one["resources"]]
    assert formats[:2] == [
        ("CSV", f"{BASE}/opendata/edifici/X999/1/edifici_X999.csv"),
        ("GeoPackage", f"{BASE}/opendata/edifici/X999/1/edifici_X999.gpkg"),
    ]
    extras = {each["key"]: each["value"] for each in one["extras"]}
    assert extras["holder_identifier"] == "c_x999"
    assert one["metadata_modified"] == "2026-01-01T00:00:00.000000"


@pytest.mark.parametrize(
    ("fq", "count"),
    [
        ("metadata_modified:[2025-12-31T00:00:00Z TO *]", TUTTI),
        ("metadata_modified:[2026-06-01T00:00:00Z TO *]", len(DATASETS)),
        ("organization:ubs_dimostrazione", TUTTI),
        ("-organization:ubs_dimostrazione", 0),
        ("organization:altra OR organization:ubs_dimostrazione", TUTTI),
        ("organization:altra", 0),
    ],
)
def test_a_harvester_asks_for_what_changed_or_for_a_body(
    http: Cliente, fq: str, count: int
) -> None:
    found = action(http, "package_search", fq=fq, rows=0)
    assert isinstance(found, dict)
    assert (found["count"], found["results"]) == (count, [])


def test_words_narrow_the_search(http: Cliente) -> None:
    found = action(http, "package_search", q="strade toponomastica")
    assert isinstance(found, dict)
    assert [each["name"] for each in found["results"]] == ["odonimi"]


def test_the_body_that_publishes_is_the_one_organization(http: Cliente) -> None:
    assert action(http, "organization_list") == ["ubs_dimostrazione"]
    found = action(http, "organization_show", id="ubs_dimostrazione")
    assert isinstance(found, dict)
    assert found["package_count"] == TUTTI
    assert ckan.identificativo("ubs_dimostrazione") == found["id"]
    status = action(http, "status_show")
    assert isinstance(status, dict)
    assert status["site_url"] == BASE


def test_search_engines_find_the_pages_of_the_datasets(http: Cliente) -> None:
    robots = http.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {BASE}/sitemap.xml" in robots.text.splitlines()
    tree = etree.fromstring(http.get("/sitemap.xml").content)
    places = [urlsplit(each.text or "").path for each in tree.iter("{*}loc")]
    assert places[0] == "/"
    assert {f"/dati/{dataset.nome}" for dataset in DATASETS} <= set(places)
    assert len(places) < 50


def test_what_is_published_later_is_told_at_once(app: FastAPI, http: Cliente) -> None:
    before = action(http, "package_list")
    assert isinstance(before, list)
    url = app.state.settings.database_url
    owner = db.engine(url, db.Role.MIGRAZIONE)
    key = {"comune": COMUNE, "dataset": "civici", "numero": 1}
    row = {"giorno": date(2026, 1, 1), "registrazione": 1, "righe": 0, "impronta": "0" * 64}
    with db.transaction(owner) as conn:
        conn.execute(sa.insert(pubblicazione).values(**key, **row, quando=QUANDO))
    try:
        assert action(http, "package_list") == sorted([*before, "civici-x999"])
    finally:
        with db.transaction(owner) as conn:
            conn.execute(sa.delete(pubblicazione).where(pubblicazione.c.dataset == "civici"))
        owner.dispose()


def test_no_name_of_a_person_is_in_any_catalogue(http: Cliente) -> None:
    said = "".join(
        http.get(path).text
        for path in (
            "/catalogo.ttl",
            "/opendata/edifici/X999.jsonld",
            "/opendata/civici/iso19139.xml",
            "/api/3/action/package_search?rows=1000",
        )
    )
    assert "Borgo" in said
    assert [name for name in NOMI if name in said] == []

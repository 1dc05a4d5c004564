"""A stranger with the address of the catalogue alone loads every file, asks every interface."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef
from rdflib.term import Node

from api import deps
from api.app import create_app
from opendata import pubblicazione
from opendata.dataset import BY_NAME
from opendata.dcat import DCATAPIT, SPDX
from opendata.ente import Ente
from opendata.publish import Richiesta, publish
from territorio import db
from territorio.config import Settings
from territorio.db import Role
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.opendata.paese import new_paese

BASE = "http://127.0.0.1"
PUBBLICATI = ("edifici", "civici", "odonimi")


@pytest.fixture(scope="module")
def app(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    with _database(cluster_settings, f"straniero_{worker_id}") as url:
        folder: Path = tmp_path_factory.mktemp("straniero")
        settings = Settings(data=folder, database_url=url)
        engine = db.engine(url, Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            new_paese(conn)
        for nome in PUBBLICATI:
            asked = Richiesta(BY_NAME[nome], COMUNE)
            publish(engine, pubblicazione.place(settings), Ente.of(settings), asked)
        engine.dispose()
        app = create_app(settings)
        yield app
        deps.close(app)


def test_all_that_the_catalogue_leads_to_is_there(app: FastAPI) -> None:
    http = Cliente(app)
    # Squares have a door of their own, which may not be mounted; if one is there, all are.
    tiles = http.get("/ogc/collections/edifici/tiles").status_code != 404

    def get(address: Node | None) -> bytes:
        answer = http.get(str(address).removeprefix(BASE), follow_redirects=True)
        assert answer.status_code == 200, address
        return answer.content

    found = Graph().parse(get(URIRef(f"{BASE}/catalogo.rdf")), format="xml")
    editions = [d for d in found.subjects(RDF.type, DCATAPIT.Dataset) if str(d).endswith(COMUNE)]
    assert len(editions) == len(PUBBLICATI)
    files = 0
    for each in found.subjects(DCAT.downloadURL):
        data = get(found.value(each, DCAT.downloadURL))
        assert len(data) == int(str(found.value(each, DCAT.byteSize)))
        checksum = found.value(found.value(each, SPDX.checksum), SPDX.checksumValue)
        assert hashlib.sha256(data).hexdigest() == str(checksum)
        files += 1
    assert files >= 3 * len(PUBBLICATI)
    interfaces = list(found.subjects(DCAT.accessService))
    assert len(interfaces) >= len(BY_NAME) + len(PUBBLICATI)
    addresses = [str(found.value(each, DCAT.accessURL)) for each in interfaces]
    for address in addresses:
        if tiles or not address.endswith("/tiles"):
            assert get(URIRef(address)).startswith(b"{")
    documents = {*found.objects(None, FOAF.page), *found.objects(None, FOAF.isPrimaryTopicOf)}
    for document in documents:
        get(document)
    for edition in editions:
        said = Graph().parse(data=get(edition), format="xml")
        assert said.value(edition, DCTERMS.provenance) is not None

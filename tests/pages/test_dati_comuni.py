"""The pages of open data where there are several municipalities: one is chosen, none is mixed."""

from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from api import deps
from api.app import create_app
from territorio import db, elaborazione
from territorio.config import Settings
from territorio.schema_pubblicazione import pubblicazione
from tests import factories as f
from tests.api.cliente import Cliente
from tests.api.test_catalogo import publish
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.territorio.casa import new_casa

ALTRO, MUTO = "Y001", "Y002"
"""One that published, one that has nothing."""


@pytest.fixture(scope="module")
def http(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cliente]:
    with _database(cluster_settings, f"dati_comuni_{worker_id}") as url:
        owner = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(owner) as conn:
            new_casa(conn)
            f.new_comune(conn, ALTRO, denominazione="Altro Borgo")
            f.new_comune(conn, MUTO, denominazione="Borgo Muto")
            elaborazione.refresh(conn, COMUNE)
            publish(conn, ALTRO)
            conn.execute(
                sa.update(pubblicazione).values(righe=1234).where(pubblicazione.c.comune == ALTRO)
            )
        owner.dispose()
        app: FastAPI = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=url))
        yield Cliente(app)
        deps.close(app)


def get(http: Cliente, address: str) -> Any:
    answer = http.get(address)
    assert answer.status_code == 200, answer.text
    return lxml.html.fromstring(answer.text)


def files(page: Any) -> list[str]:
    found: list[str] = page.get_element_by_id("scarica").xpath(".//tbody//a/@href")
    return found


def test_without_a_municipality_its_files_are_asked_for(http: Cliente) -> None:
    page = get(http, "/dati/edifici")
    assert files(page) == []
    offered = page.xpath("//select[@id='comune']/option/@value")
    assert offered == [ALTRO]
    assert "scegli di quale" in page.get_element_by_id("versioni").text_content()


def test_the_files_are_those_of_the_municipality_chosen(http: Cliente) -> None:
    page = get(http, f"/dati/edifici?comune={ALTRO}")
    assert files(page) == [
        f"/opendata/edifici/{ALTRO}/1/edifici_{ALTRO}.gpkg",
        f"/opendata/edifici/{ALTRO}/1/edifici_{ALTRO}.csv",
    ]
    text = " ".join(page.get_element_by_id("scarica").text_content().split())
    assert "di Altro Borgo" in text
    assert "1 234 oggetti" in text
    assert f"{ALTRO}.ttl" in " ".join(page.get_element_by_id("metadati").xpath(".//a/@href"))


def test_a_municipality_without_files_shows_its_objects_and_offers_those_of_others(
    http: Cliente,
) -> None:
    page = get(http, f"/dati/edifici?comune={COMUNE}")
    assert files(page) == []
    rows = page.xpath("//table[contains(@class, 'anteprima')]/tbody/tr")
    assert len(rows) == 1
    assert rows[0].findtext("td") == COMUNE


def test_one_without_anything_is_refused(http: Cliente) -> None:
    assert http.get(f"/dati/edifici?comune={MUTO}").status_code == 422


@pytest.mark.parametrize(("comune", "count"), [("", 11), (ALTRO, 1), (MUTO, 0)])
def test_the_list_can_be_narrowed_to_a_municipality(http: Cliente, comune: str, count: int) -> None:
    page = get(http, f"/dati?comune={comune}")
    assert len(page.xpath("//ul[contains(@class, 'schede-dati')]/li")) == count
    assert set(page.xpath("//select[@id='comune']/option/@value")) == {"", COMUNE, ALTRO, MUTO}

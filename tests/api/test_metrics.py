"""Health and measures: true, by route, and without a word about anybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from api import deps, metrics
from api.app import create_app
from territorio import db
from territorio.config import Settings
from territorio.db import Role
from tests.api.cliente import Cliente
from tests.factories import new_fornitura, new_segnalazione, new_soggetto


@pytest.fixture
def here(fresh_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, database_url=fresh_url)


@pytest.fixture
def client(here: Settings) -> Iterator[Cliente]:
    """Return a client of an application with the measures and one other door."""
    app = create_app(here)

    @app.get("/persone/{nome}")
    def persona(nome: str) -> dict[str, str]:
        if nome == "guasto":
            raise ZeroDivisionError
        return {"nome": nome}

    yield Cliente(app)
    deps.close(app)


def measured(client: Cliente) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return every sample by its name and labels."""
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_health_is_an_answer_of_the_database(client: Cliente) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"stato": "sano"})


def test_requests_are_counted_by_route_not_by_address(client: Cliente) -> None:
    for nome in ("prudenzia-cavalieri", "luigi", "guasto"):
        client.get(f"/persone/{nome}")
    client.get("/non-esiste/prudenzia")
    client.request("BREW", "/persone/prudenzia")
    told = measured(client)
    route = ("rotta", "/persone/{nome}")
    counted = {
        labels: value
        for (name, labels), value in told.items()
        if name == "territorio_richieste_total"
    }
    assert counted[(("metodo", "GET"), route, ("stato", "200"))] == 2
    assert counted[(("metodo", "GET"), route, ("stato", "500"))] == 1
    assert counted[(("metodo", "GET"), ("rotta", "-"), ("stato", "404"))] == 1
    assert told[("territorio_richiesta_secondi_count", (route,))] >= 3
    assert "prudenzia" not in client.get("/metrics").text


def test_the_database_tells_of_deliveries_and_work_but_of_nobody(
    client: Cliente, fresh_url: str
) -> None:
    engine = db.engine(fresh_url, Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_fornitura(conn, fonte="catasto", inseriti=7, rifiutati=2)
        new_soggetto(conn, cognome="CAVALIERI")
        new_segnalazione(conn)
        conn.execute(sa.text("ANALYZE"))
    engine.dispose()
    told = measured(client)
    assert told[("territorio_forniture_total", (("fonte", "catasto"),))] == 1
    assert told[("territorio_record_total", (("esito", "inseriti"), ("fonte", "catasto")))] == 7
    assert told[("territorio_record_total", (("esito", "rifiutati"), ("fonte", "catasto")))] == 2
    assert told[("territorio_segnalazioni", (("stato", "aperta"),))] == 1
    assert told[("territorio_righe", (("tabella", "registro.fornitura"),))] >= 1
    assert told[("territorio_connessioni", (("ruolo", "ufficio"),))] == 0
    assert told[("territorio_connessioni_massime", (("ruolo", "ufficio"),))] == 8
    assert "CAVALIERI" not in client.get("/metrics").text
    assert "persone." not in client.get("/metrics").text


def test_a_database_that_is_down_is_no_health(tmp_path: Path) -> None:
    app = FastAPI()
    app.state.settings = Settings(data=tmp_path, database_url="postgresql://127.0.0.1:1/niente")
    app.include_router(metrics.router)
    assert Cliente(app).get("/healthz").status_code == 500  # here without the table of errors


def test_the_served_application_has_both_doors_and_names_nobody(here: Settings) -> None:
    engine = db.engine(str(here.database_url), Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_soggetto(conn, cognome="BELFIORITI", codice_fiscale="BLFPDN60E41X999K")
    engine.dispose()
    app = create_app(here)
    client = Cliente(app)
    assert client.get("/healthz").json() == {"stato": "sano"}
    client.get("/cerca?q=BELFIORITI")
    text = client.get("/metrics").text
    deps.close(app)
    assert 'territorio_richieste_total{metodo="GET",rotta="/cerca",stato="200"} 1.0' in text
    assert "belfior" not in text.lower()
    assert "BLFPDN" not in text

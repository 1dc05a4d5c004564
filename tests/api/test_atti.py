"""The doors of operators: acts, documents, jobs; closed to everybody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from shapely.geometry import mapping

from api import deps, errors
from api.v1 import API
from territorio import db
from territorio.config import Settings
from territorio.db import Role
from territorio.identita import Codice
from tests.api.cliente import Cliente
from tests.factories import new_civico, new_edificio, new_odonimo
from tests.factory_defaults import COMUNE, punto, rettangolo

COME = {"comune": COMUNE, "autore": "geom. Verdi", "atto": "Det. 45/2025", "motivo": "prova"}
TECNICO = "?visto_da=ufficio_tecnico"


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def client(fresh_url: str, tmp_path: Path) -> Iterator[Cliente]:
    """Return a client of the machine doors."""
    app = FastAPI()
    app.state.settings = Settings(data=tmp_path, database_url=fresh_url)
    errors.install(app)
    for router in API:
        app.include_router(router)
    yield Cliente(app)
    deps.close(app)


@pytest.fixture
def casa(engine: sa.Engine) -> str:
    with db.transaction(engine) as conn:
        return str(Codice(new_edificio(conn)))


def act(client: Cliente, tipo: str, **said: Any) -> Any:
    """Do an act and return what came of it."""
    answer = client.post(
        f"/api/v1/atti{TECNICO}", json={"tipo": tipo, "giorno": "2024-05-01", **COME, **said}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def geojson(est: float, largo: float = 10) -> dict[str, Any]:
    return dict(mapping(rettangolo(est, 5, largo, 10)))


def test_a_building_lives_through_its_acts(client: Cliente, casa: str) -> None:
    changed = act(client, "variazione", edificio=casa, campi={"piani": 3})
    assert changed["oggetti"] == [casa]
    corrected = act(client, "correzione", edificio=casa, campi={"anno": 1950})
    parts = [{"geometria": geojson(5)}, {"geometria": geojson(15), "piani": 1}]
    split = act(client, "divisione", edificio=casa, parti=parts)
    merged = act(client, "fusione", edifici=split["nuovi"], giorno="2025-01-01")
    (whole,) = merged["nuovi"]
    act(client, "cessazione", edificio=whole, giorno="2025-06-01")
    act(client, "ripristino", edificio=whole, giorno="2025-07-01")
    told = client.get(f"/api/v1/atti{TECNICO}&comune={COMUNE}&oggetto={whole}").json()
    assert told["numero"] == 3
    assert [a["tipo"] for a in told["elementi"]] == ["ripristino", "cessazione", "fusione"]
    number = corrected["registrazione"]
    one = client.get(f"/api/v1/atti/{number}{TECNICO}").json()
    assert (one["tipo"], one["autore"], one["motivo"]) == ("correzione", "geom. Verdi", "prova")


def test_an_act_is_undone_unless_another_rests_on_it(client: Cliente, casa: str) -> None:
    first = act(client, "variazione", edificio=casa, campi={"piani": 3})
    second = act(client, "variazione", edificio=casa, campi={"piani": 4})
    url = "/api/v1/atti/{}/annullamento" + TECNICO
    refused = client.post(url.format(first["registrazione"]), json=COME)
    assert refused.status_code == 409
    assert f"l'atto {second['registrazione']}" in refused.json()["detail"]
    for done in (second, first):
        undone = client.post(url.format(done["registrazione"]), json=COME)
        assert undone.status_code == 201
        assert undone.json()["annulla"] == done["registrazione"]


def test_addresses_are_written_too(client: Cliente, engine: sa.Engine, casa: str) -> None:
    with db.transaction(engine) as conn:
        street = new_odonimo(conn)
        number = str(Codice(new_civico(conn, odonimo=street)))
    road = str(Codice(street))
    door = dict(mapping(punto(15, 10)))
    new = {"odonimo": road, "numero": 7, "esponente": "A", "punto": door}
    assert len(act(client, "assegnazione civico", civico=new, edificio=casa)["nuovi"]) == 1
    assert act(client, "assegnazione civico", civico=number, edificio=casa)["nuovi"] == []
    named = act(client, "ridenominazione", odonimo=road, denominazione="VIA NUOVA")
    assert named["oggetti"] == [road]


def test_what_follows_from_acts_is_one_job(client: Cliente, casa: str) -> None:
    jobs = {act(client, "variazione", edificio=casa, campi={"piani": n})["lavoro"] for n in (3, 4)}
    (number,) = jobs
    job = client.get(f"/api/v1/lavori/{number}{TECNICO}").json()
    assert (job["compito"], job["stato"], job["comune"]) == ("elabora", "in coda", COMUNE)
    assert "argomenti" not in job
    cancelled = client.post(f"/api/v1/lavori/{number}/annullamento{TECNICO}")
    assert cancelled.json()["stato"] == "annullato"
    assert client.post(f"/api/v1/lavori/{number}/annullamento{TECNICO}").status_code == 409
    assert client.get(f"/api/v1/lavori/999{TECNICO}").status_code == 404
    page = client.get(f"/api/v1/lavori{TECNICO}").json()
    listed = page["elementi"]
    assert page["numero"] == len(listed)
    assert [one["id"] for one in listed] == [number]


def test_a_document_is_attached_sealed_and_read_on_record(
    client: Cliente, engine: sa.Engine, casa: str, tmp_path: Path
) -> None:
    photo = b"\xff\xd8\xff la facciata"
    form = {**COME, "giorno": "2024-05-01", "titolo": "Facciata"}
    url = f"/api/v1/edifici/{casa}/documenti{TECNICO}"
    answer = client.post(url, data=form, files={"file": ("f.jpg", photo)})
    assert answer.status_code == 201, answer.text
    (number,) = answer.json()["nuovi"]
    kept = list((tmp_path / "allegati").glob("??/*"))
    assert len(kept) == 1
    assert b"facciata" not in kept[0].read_bytes()
    read = client.get(f"/api/v1/documenti/{number}/contenuto{TECNICO}")
    assert read.content == photo
    assert read.headers["content-type"] == "image/jpeg"
    disposition = "attachment; filename=\"f.jpg\"; filename*=UTF-8''f.jpg"
    assert read.headers["content-disposition"] == disposition
    with db.transaction(engine) as conn:
        written = conn.execute(sa.text("SELECT numero, campi FROM persone.lettura")).one()
    assert written.campi == ["documento.contenuto"]
    assert read.headers["x-lettura"] == str(written.numero)
    again = client.post(url, data=form, files={"file": ("f.jpg", photo)})
    assert again.status_code == 409
    wrong = client.post(url, data=form, files={"file": ("f.exe", b"MZ")})
    assert (wrong.status_code, "JPEG" in wrong.json()["detail"]) == (422, True)


@pytest.mark.parametrize("role", ["", "?visto_da=proprietario", "?visto_da=tributi"])
def test_nobody_else_writes(client: Cliente, casa: str, role: str) -> None:
    new = {"tipo": "cessazione", "giorno": "2024-05-01", "edificio": casa, **COME}
    assert client.post(f"/api/v1/atti{role}", json=new).status_code == 403
    assert client.post(f"/api/v1/atti/1/annullamento{role}", json=COME).status_code == 403
    assert client.get(f"/api/v1/atti{role}", params={"comune": COMUNE}).status_code in (403, 422)
    form = {**COME, "giorno": "2024-05-01"}
    url = f"/api/v1/edifici/{casa}/documenti{role}"
    assert client.post(url, data=form, files={"file": ("f", b"%PDF-")}).status_code == 403
    refused = client.get(f"/api/v1/documenti/{casa}/contenuto{role}")
    assert (refused.status_code, "leggono" in refused.json()["detail"]) == (403, True)
    if role != "?visto_da=tributi":
        assert client.get(f"/api/v1/lavori{role}").status_code == 403


def test_the_office_of_another_municipality_changes_nothing(client: Cliente, casa: str) -> None:
    new = {"tipo": "cessazione", "giorno": "2024-05-01", "edificio": casa, **COME}
    answer = client.post(f"/api/v1/atti{TECNICO}", json={**new, "comune": "Y888"})
    assert answer.status_code == 404


BAD: list[dict[str, Any]] = [
    {"tipo": "demolizione"},
    {"tipo": "variazione", "campi": {"piani": -1}},
    {"tipo": "variazione", "campi": {"colore": "giallo"}},
    {"tipo": "variazione", "campi": {}},
    {"tipo": "variazione", "campi": {"geometria": {"type": "Polygon"}}},
    {"tipo": "variazione", "campi": {"geometria": {"type": "Polygon", "coordinates": [[[1]]]}}},
    {"tipo": "variazione", "campi": {"geometria": {"coordinates": 7}}},
    {
        "tipo": "variazione",
        "campi": {"geometria": {"type": "GeometryCollection", "geometries": []}},
    },
    {"tipo": "variazione", "campi": {"altezza_m": "NaN"}},
    {"tipo": "variazione", "campi": {"piani": 3}, "giorno": "2024-02-30"},
    {"tipo": "variazione", "campi": {"piani": 3}, "edificio": "kedali-bupofe-7"},
    {"tipo": "variazione", "campi": {"uso": "a\u0000b"}},
    {"tipo": "variazione", "campi": {"uso": "zzzz"}},
    {"tipo": "variazione", "campi": {"tipo": "0"}},
    {"tipo": "variazione", "campi": {"stato": "99"}},
    {"tipo": "variazione", "campi": {"anno": 2150}},
    {"tipo": "variazione", "campi": {"altezza_m": 900}},
    {"tipo": "variazione", "campi": {"anno": True}},
    {"tipo": "divisione", "parti": [{}, {}]},
    {"tipo": "cessazione", "motivo": ""},
    {"tipo": "cessazione", "motivo": "  "},
    {"tipo": "cessazione", "autore": "a\u0000b"},
    {"tipo": "cessazione", "comune": "tutti"},
]


@pytest.mark.parametrize("said", BAD, ids=lambda said: str(said)[:60])
def test_bad_input_is_a_422_in_italian(client: Cliente, casa: str, said: dict[str, Any]) -> None:
    new = {"giorno": "2024-05-01", "edificio": casa, **COME, **said}
    if said["tipo"] in {"divisione"}:
        new.setdefault("parti", [])
    answer = client.post(f"/api/v1/atti{TECNICO}", json=new)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_what_is_unknown_is_404(client: Cliente, casa: str) -> None:
    assert client.get(f"/api/v1/atti/77{TECNICO}").status_code == 404
    assert client.get(f"/api/v1/documenti/{casa}/contenuto{TECNICO}").status_code == 404
    new = {"tipo": "cessazione", "giorno": "2024-05-01", **COME, "edificio": str(Codice(77))}
    assert client.post(f"/api/v1/atti{TECNICO}", json=new).status_code == 404


@pytest.mark.parametrize(
    ("said", "campi"),
    [
        ({"tipo": "variazione", "campi": {"piani": -1}}, ["campi.piani"]),
        ({"tipo": "variazione", "campi": {"piani": True}}, ["campi.piani"]),
        ({"tipo": "variazione", "campi": {"altezza_m": True}}, ["campi.altezza_m"]),
        ({"tipo": "variazione", "campi": {"uso": "zzzz"}}, ["uso"]),
        ({"tipo": "variazione", "campi": {}, "edificio": None}, ["edificio"]),
        ({"tipo": "cessazione"}, ["edificio"]),
        ({"tipo": "cessazione", "edificio": "x", "altro": 1}, ["altro"]),
        (
            {"tipo": "assegnazione civico", "civico": {"odonimo": "x", "numero": -1}},
            ["civico", "civico.numero"],
        ),
        ({"tipo": "boh"}, ["tipo"]),
        ({}, ["tipo"]),
    ],
)
def test_a_refused_act_names_fields_of_the_request(
    client: Cliente, casa: str, said: dict[str, Any], campi: list[str]
) -> None:
    whole = {"giorno": "2024-05-01", **COME, **said}
    if said.get("tipo") == "variazione":
        whole.setdefault("edificio", casa)
    answer = client.post(f"/api/v1/atti{TECNICO}", json=whole)
    assert answer.status_code == 422
    errori = answer.json()["errori"]
    assert [e["campo"] for e in errori] == campi
    if campi == ["tipo"]:
        assert ("cessazione" in errori[0]["motivo"]) == ("tipo" in said)


def test_a_refused_word_of_the_address_is_named(client: Cliente) -> None:
    answer = client.post(f"/api/v1/atti{TECNICO}&soggetto={'x' * 41}", json={"tipo": "boh"})
    assert [e["campo"] for e in answer.json()["errori"]] == ["soggetto", "tipo"]

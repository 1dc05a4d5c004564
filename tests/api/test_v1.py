"""The machine doors: what each answers, to whom, and how it refuses."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from api import deps
from api.app import create_app
from api.v1 import API, fascicoli, modelli
from territorio import db, search
from territorio.accessi import lettura
from territorio.config import Settings
from territorio.identita import Codice
from territorio.standby import Standby
from tests import factories as f
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.territorio.casa import NOMI, Casa, new_casa


@dataclass(frozen=True)
class Sito:
    """The application over a house, and the database behind it."""

    app: FastAPI
    casa: Casa
    url: str
    segnalazione: int

    @property
    def http(self) -> Cliente:
        return Cliente(self.app)

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()


TAXED = {
    "tributi": {"categoria": "A02", "rendita": "654.32"},
    "catasto": {"categoria": "A02", "rendita": "710.13"},
}


@pytest.fixture(scope="module")
def sito(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sito]:
    with _database(cluster_settings, f"porte_{worker_id}") as url:
        owner = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(owner) as conn:
            casa = new_casa(conn)
            for n in range(4):
                f.new_edificio(conn)
                f.new_particella(conn, numero=str(20 + n))
            f.new_particella(conn, numero="STRADA001", classe="strada")
            issue = f.new_segnalazione(conn, oggetto=casa.unita)
            f.new_segnalazione(conn, oggetto=casa.unita, motivo="diversa", dati=TAXED)
            search.refresh(conn, "X999")
        owner.dispose()
        app = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=url))
        yield Sito(app, casa, url, issue)
        deps.close(app)


def codice(number: int) -> str:
    return str(Codice(number))


@pytest.fixture(scope="module")
def answers(sito: Sito) -> dict[str, tuple[type[pydantic.BaseModel], str]]:
    """Return every door with the shape it promises and an address that answers."""
    c = sito.casa
    return {
        "/api/v1/stato": (modelli.StatoServizio, ""),
        "/api/v1/cerca": (modelli.Trovati, "?q=via+roma+12/A"),
        "/api/v1/edifici": (modelli.Oggetti, ""),
        "/api/v1/edifici/{codice}": (modelli.Oggetto, codice(c.edificio)),
        "/api/v1/edifici/{codice}/fascicolo": (modelli.Fascicolo, codice(c.edificio)),
        "/api/v1/edifici/{codice}/eventi": (modelli.Sezione, codice(c.edificio)),
        "/api/v1/particelle": (modelli.Oggetti, ""),
        "/api/v1/particelle/{codice}": (modelli.Oggetto, codice(c.particella)),
        "/api/v1/unita-immobiliari": (modelli.Oggetti, ""),
        "/api/v1/unita-immobiliari/{codice}": (modelli.Oggetto, codice(c.unita)),
        "/api/v1/civici": (modelli.Oggetti, ""),
        "/api/v1/civici/{codice}": (modelli.Oggetto, codice(c.civico)),
        "/api/v1/comuni": (modelli.Comuni, ""),
        "/api/v1/forniture": (modelli.Forniture, ""),
        "/api/v1/forniture/{numero}": (modelli.FornituraLetta, "1"),
        "/api/v1/segnalazioni": (modelli.Segnalazioni, "?visto_da=tributi"),
        "/api/v1/segnalazioni/{numero}": (
            modelli.SegnalazioneIntera,
            f"{sito.segnalazione}?visto_da=tributi",
        ),
    }


def address(template: str, tail: str) -> str:
    if "{" not in template:
        return template + tail
    key, _, query = tail.partition("?")
    head, _, rest = template.partition("{")
    path = head + key + rest.partition("}")[2]
    return f"{path}?{query}" if query else path


def test_every_door_answers_in_the_shape_it_promises(
    sito: Sito, answers: dict[str, tuple[type[pydantic.BaseModel], str]]
) -> None:
    ours = {r.path for router in API for r in router.routes if "GET" in r.methods}  # type: ignore[attr-defined]
    read = {path for path in ours if path in answers}
    assert len(read) == len(answers)
    for template, (model, tail) in answers.items():
        body = sito.get(address(template, tail))
        model.model_validate(body)


def test_the_dossier_answers_in_its_shape_to_an_office_too(sito: Sito) -> None:
    body = sito.get(f"/api/v1/edifici/{sito.casa.edificio}/fascicolo?visto_da=tributi")
    modelli.Fascicolo.model_validate(body)
    assert body["sezioni"]["titolari"]["stato"] == "presente"


def test_the_description_is_valid_and_speaks_italian(sito: Sito) -> None:
    description = sito.get("/api/v1/openapi.json")
    validate(description)
    for path, operations in description["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["tags"], (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter["name"] != "x-visto-da"


def test_every_example_is_of_the_shape_it_illustrates(sito: Sito) -> None:
    seen = 0
    for route in (r for router in API for r in router.routes):
        model = getattr(route, "response_model", None)
        good = getattr(route, "responses", {}).get(200, {})
        example = good.get("content", {}).get("application/json", {}).get("example")
        if model is not None and example is not None:
            model.model_validate_json(json.dumps(example))
            seen += 1
    assert seen >= 15


def test_lists_answer_with_number_and_elements(sito: Sito) -> None:
    buildings = sito.get("/api/v1/edifici?limite=1")
    assert buildings["numero"] == 5
    assert len(buildings["elementi"]) == 1
    parcels = sito.get("/api/v1/particelle?comune=X999&limite=1")
    assert (parcels["numero"], len(parcels["elementi"])) == (5, 1)
    assert sito.get("/api/v1/particelle?comune=H501&limite=1") == {"numero": 0, "elementi": []}


@pytest.mark.parametrize("path", ["/api/v1/edifici", "/api/v1/particelle"])
def test_pages_lead_to_the_end_by_key(sito: Sito, path: str) -> None:
    first = sito.get(f"{path}?limite=2")
    second = sito.get(f"{path}?limite=2&dopo={first['dopo']}")
    third = sito.get(f"{path}?limite=2&dopo={second['dopo']}")
    seen = [element["id"] for page in (first, second, third) for element in page["elementi"]]
    assert len(seen) == len(set(seen)) == 5
    assert "dopo" not in third


def test_a_building_answers_by_code_and_by_number(sito: Sito) -> None:
    number = sito.casa.edificio
    by_code = sito.get(f"/api/v1/edifici/{codice(number)}/fascicolo")
    assert by_code == sito.get(f"/api/v1/edifici/{number}/fascicolo")
    assert by_code["edificio"]["id"] == number
    assert number in {one["id"] for one in sito.get("/api/v1/edifici?limite=50")["elementi"]}


@pytest.mark.parametrize("query", ["", "?visto_da=tributi&scopo=prova", "?alla_data=2024-05-01"])
def test_a_dossier_is_the_same_with_a_thread_and_without(
    sito: Sito, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    path = f"/api/v1/edifici/{sito.casa.edificio}/fascicolo{query}"
    asked: list[bool] = []
    at_once = fascicoli._at_once

    def counted(*arguments: Any) -> Any:
        asked.append(True)
        return at_once(*arguments)

    monkeypatch.setattr(fascicoli, "_at_once", counted)
    with monkeypatch.context() as nobody_ready:
        nobody_ready.setattr(Standby, "__len__", lambda _standby: 0)
        by_thread = sito.get(path)
    assert not asked
    assert sito.get(path) == by_thread  # in two halves
    monkeypatch.setattr(Standby, "spare", lambda _standby: None)
    assert sito.get(path) == by_thread
    assert asked == [True, True]


def test_who_has_the_answer_is_told_so(sito: Sito) -> None:
    path = f"/api/v1/edifici/{sito.casa.edificio}/fascicolo"
    first = sito.http.get(path)
    tag = first.headers["etag"]
    again = sito.http.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    other = sito.http.get(path + "?alla_data=2020-01-01", headers={"If-None-Match": tag})
    assert other.status_code == 200


def test_what_names_persons_is_kept_by_nobody_and_logged(sito: Sito) -> None:
    path = f"/api/v1/edifici/{sito.casa.edificio}/fascicolo"
    answer = sito.http.get(path + "?visto_da=anagrafe&scopo=accertamento")
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    engine = db.engine(sito.url, db.Role.UFFICIO)
    with db.transaction(engine) as conn:
        row = conn.execute(
            sa.text("SELECT ruolo, scopo, oggetto FROM persone.lettura WHERE numero = :n"),
            {"n": int(answer.headers["x-lettura"])},
        ).one()
        assert tuple(row) == ("anagrafe", "accertamento", sito.casa.edificio)
        assert lettura.broken_or_none(conn, "X999") is None
    engine.dispose()


def test_no_door_tells_the_public_of_a_person(
    sito: Sito, answers: dict[str, tuple[type[pydantic.BaseModel], str]]
) -> None:
    asked = 0
    for template, (_, tail) in answers.items():
        for extra in ("", "soggetto=" + codice(sito.casa.proprietaria)):
            path = address(template, tail.replace("?visto_da=tributi", ""))
            answer = sito.http.get(path + ("&" if "?" in path else "?") + extra)
            asked += 1
            for name in (*NOMI, "VENDITORINI"):
                assert name not in answer.text, path
    assert asked == 2 * len(answers)


def test_a_person_has_no_page_of_their_own(sito: Sito) -> None:
    for noun in ("edifici", "particelle", "unita-immobiliari", "civici"):
        sito.get(f"/api/v1/{noun}/{codice(sito.casa.proprietaria)}", 404)


def test_persons_are_searched_by_offices_only(sito: Sito) -> None:
    sito.get("/api/v1/cerca?q=belfioriti&persone=true", 403)
    found = sito.get("/api/v1/cerca?q=belfioriti&persone=true&visto_da=tributi&scopo=controllo")
    assert found["numero"] == 2
    assert found["elementi"][0]["edifici"] == [codice(sito.casa.edificio)]
    assert sito.get("/api/v1/cerca?q=belfioriti")["numero"] == 0


@pytest.mark.parametrize(
    ("path", "status", "campo"),
    [
        ("/api/v1/edifici/boh/fascicolo", 422, "edificio"),
        ("/api/v1/edifici/bababa-bababa-a/fascicolo", 422, "edificio"),
        ("/api/v1/edifici/99999/fascicolo", 404, None),
        ("/api/v1/edifici/999999999999999/fascicolo", 404, None),
        ("/api/v1/edifici?alla_data=ieri", 422, "alla_data"),
        ("/api/v1/edifici?alla_data=2999-01-01", 422, "alla_data"),
        ("/api/v1/edifici?noto_al=boh", 422, "noto_al"),
        ("/api/v1/edifici?limite=0", 422, "limite"),
        ("/api/v1/edifici?limite=1001", 422, "limite"),
        ("/api/v1/edifici?bbox=1,2,3", 422, "bbox"),
        ("/api/v1/edifici?comune=ROMA", 422, "comune"),
        ("/api/v1/edifici?dopo=99999", 404, None),
        ("/api/v1/unita-immobiliari?bbox=11,44,12,45", 422, "bbox"),
        ("/api/v1/edifici?visto_da=sindaco", 200, None),
        ("/api/v1/edifici/1?visto_da=sindaco", 422, "visto_da"),
        ("/api/v1/cerca", 422, "q"),
        ("/api/v1/forniture/999", 404, None),
        ("/api/v1/forniture/0", 422, "numero"),
        ("/api/v1/segnalazioni", 403, None),
        ("/api/v1/nulla", 404, None),
    ],
)
def test_what_is_wrong_is_said_in_italian(
    sito: Sito, path: str, status: int, campo: str | None
) -> None:
    answer = sito.http.get(path)
    assert answer.status_code == status, answer.text
    if status == 200:
        return
    assert answer.headers["content-type"] == "application/problem+json"
    body = modelli.Problema.model_validate(answer.json())
    assert body.status == status
    if campo:
        assert body.errori[0].campo == campo


def test_an_answer_changes_with_noto_al(sito: Sito) -> None:
    path = f"/api/v1/edifici/{sito.casa.edificio}"
    before = sito.get(path + "?noto_al=n0")
    assert before["voci"] == []
    assert len(sito.get(path + "?noto_al=n1")["voci"]) == 1


def test_anyone_may_report_an_error_and_gets_a_receipt(sito: Sito) -> None:
    words = "Il portone è il 14, ci abita ZANZARELLI"
    report = {"oggetto": codice(sito.casa.edificio), "testo": words}
    answer = sito.http.post("/api/v1/segnalazioni", json=report)
    assert answer.status_code == 201, answer.text
    receipt = modelli.Ricevuta.model_validate(answer.json())
    assert "ZANZARELLI" not in json.dumps(sito.get("/api/v1/segnalazioni?visto_da=tributi"))
    issue = sito.get(f"/api/v1/segnalazioni/{receipt.id}?visto_da=ufficio_tecnico")
    assert (issue["oggetto"], issue["stato"]) == (sito.casa.edificio, "aperta")


@pytest.mark.parametrize(
    ("ruolo", "seen"), [("tributi", True), ("ufficio_tecnico", False), ("anagrafe", False)]
)
def test_figures_of_the_tax_office_are_for_that_office(sito: Sito, ruolo: str, seen: bool) -> None:
    as_role = f"?visto_da={ruolo}"
    listed = sito.get(f"/api/v1/segnalazioni{as_role}")["elementi"]
    (taxed,) = [issue for issue in listed if "catasto" in issue["dati"]]
    single = sito.get(f"/api/v1/segnalazioni/{taxed['id']}{as_role}")
    for issue in (taxed, single):
        assert issue["dati"]["catasto"] == {"categoria": "A02", "rendita": "710.13"}
        assert ("tributi" in issue["dati"]) is seen
    dossier = f"/edifici/{codice(sito.casa.edificio)}"
    pages = (
        f"/api/v1{dossier}/fascicolo{as_role}",
        f"{dossier}{as_role}",
        f"/segnalazioni{as_role}",
        f"/segnalazioni/{taxed['id']}{as_role}",
    )
    for page in pages:
        answer = sito.http.get(page)
        assert answer.status_code == 200
        # Neither the figure nor its words.
        told = any(text in answer.text for text in ("654.32", "654,32"))
        assert told is seen, page


@pytest.mark.parametrize(
    ("body", "campo"),
    [
        ({"oggetto": "boh", "testo": "sbagliato"}, "oggetto"),
        ({"oggetto": "kedali-bupofe-6", "testo": "no"}, "testo"),
        ({"oggetto": "kedali-bupofe-6"}, "testo"),
        ({"oggetto": "kedali-bupofe-6", "testo": "sbagliato", "altro": 1}, "altro"),
    ],
)
def test_a_report_that_says_nothing_is_refused(
    sito: Sito, body: dict[str, Any], campo: str
) -> None:
    answer = sito.http.post("/api/v1/segnalazioni", json=body)
    assert answer.status_code == 422
    assert campo in {error["campo"] for error in answer.json()["errori"]}


TEXT = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30
)


@settings(max_examples=60)
@given(
    door=st.sampled_from(
        [
            "/api/v1/cerca",
            "/api/v1/edifici",
            "/api/v1/particelle",
            "/api/v1/civici",
            "/api/v1/forniture",
        ]
    ),
    params=st.dictionaries(
        st.sampled_from(
            ["q", "alla_data", "noto_al", "comune", "bbox", "dopo", "limite", "visto_da", "foglio"]
        ),
        TEXT | st.integers().map(str),
        max_size=4,
    ),
)
def test_no_question_breaks_a_door(sito: Sito, door: str, params: dict[str, str]) -> None:
    answer = sito.http.get(door, params=params)
    assert answer.status_code in (200, 403, 404, 422), answer.text


def test_the_zero_byte_is_refused_not_crashed_on(sito: Sito) -> None:
    for path in ("cerca?q=via%00roma", "particelle?foglio=%00", "edifici/%00/fascicolo"):
        assert sito.http.get(f"/api/v1/{path}").status_code == 422, path


def test_nothing_is_opened_before_it_is_asked(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, database_url="postgresql://nessuno@127.0.0.1:1/x"))
    assert Cliente(app).get("/api/v1/stato").status_code == 503

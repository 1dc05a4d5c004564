"""What was known before a correction: the public is refused, offices read it (DESIGN §3.14)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from api import deps
from api.app import create_app
from territorio import db, vigenza
from territorio.atti import annullamento, edificio
from territorio.config import Settings
from territorio.identita import Codice
from tests import factories as f
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.territorio.atti.racconto import DETERMINA
from tests.territorio.casa import Casa, new_casa


@dataclass(frozen=True)
class Sito:
    """The application over a house that nobody corrected, and one that an act did."""

    http: Cliente
    owner: sa.Engine
    casa: Casa
    corretta: int
    atto: int


@pytest.fixture(scope="module")
def sito(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sito]:
    with _database(cluster_settings, f"rettifica_{worker_id}") as url:
        owner = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(owner) as conn:
            casa = new_casa(conn)
            new = f.new_edificio(conn, piani=2)
            f.new_legame(conn, "edificio_particella", new, f.new_particella(conn, numero="77"))
        with db.transaction(owner) as conn:
            done = edificio.correct(conn, DETERMINA, new, vigenza.today(), {"piani": 3})
        app = create_app(Settings(data=tmp_path_factory.mktemp("dati"), database_url=url))
        yield Sito(Cliente(app), owner, casa, new, done.registrazione)
        deps.close(app)
        owner.dispose()


DOORS = (
    "/api/v1/edifici/{}",
    "/api/v1/edifici/{}/fascicolo",
    "/api/v1/edifici/{}/eventi",
    "/edifici/{}",
    "/edifici/{}/cronologia",
    "/edifici/{}.geojson",
)


@pytest.mark.parametrize("door", DOORS)
def test_the_public_is_not_told_what_was_known_before_a_correction(sito: Sito, door: str) -> None:
    address = door.format(Codice(sito.corretta))
    refused = sito.http.get(f"{address}?noto_al=n{sito.atto - 1}")
    assert refused.status_code == 403, refused.text
    assert "Lo stato precedente alla rettifica non è pubblico: togli" in refused.text
    for asked in (f"?noto_al=n{sito.atto}", "?noto_al=2999-12-31", ""):
        assert sito.http.get(address + asked).status_code == 200
    other = door.format(Codice(sito.casa.edificio))
    assert sito.http.get(f"{other}?noto_al=n{sito.atto - 1}").status_code == 200


def test_programs_are_told_in_their_form(sito: Sito) -> None:
    refused = sito.http.get(f"/api/v1/edifici/{sito.corretta}/fascicolo?noto_al=2001-01-01")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"].endswith("ciò che il registro sa adesso.")


def test_the_page_of_its_parcel_does_not_tell_either(sito: Sito) -> None:
    with db.transaction(sito.owner) as conn:
        query = "SELECT a FROM registro.legame WHERE tipo = 'edificio_particella' AND da = :casa"
        parcel = conn.execute(sa.text(query), {"casa": sito.corretta}).scalar_one()
    page = f"/particelle/{Codice(parcel)}"
    assert sito.http.get(f"{page}?noto_al=n{sito.atto - 1}").status_code == 403
    for asked in ("", f"?noto_al=n{sito.atto - 1}&visto_da=ufficio_tecnico"):
        assert sito.http.get(page + asked).status_code == 200
    other = f"/particelle/{Codice(sito.casa.particella)}?noto_al=n{sito.atto - 1}"
    assert sito.http.get(other).status_code == 200


def storeys(sito: Sito, asked: str) -> list[int]:
    """Return what the sources say of the storeys, the office's first, in dossier and door."""
    said = []
    for door in ("/fascicolo", ""):
        answer = sito.http.get(f"/api/v1/edifici/{sito.corretta}{door}{asked}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        said.append([v["valori"]["piani"] for v in body.get("edificio", body)["voci"]])
    assert said[0] == said[1]
    return said[0]


def test_an_office_reads_it_as_before(sito: Sito) -> None:
    asked = "?visto_da=ufficio_tecnico"
    assert storeys(sito, f"{asked}&noto_al=n{sito.atto - 1}") == [2]
    assert storeys(sito, asked)[0] == 3
    events = f"/api/v1/edifici/{sito.corretta}/eventi{asked}&noto_al=n{sito.atto - 1}"
    assert sito.http.get(events).status_code == 200


def test_a_correction_undone_hides_nothing(sito: Sito) -> None:
    with db.transaction(sito.owner) as conn:
        wrong = f.new_edificio(conn, piani=5)
    with db.transaction(sito.owner) as conn:
        done = edificio.correct(conn, DETERMINA, wrong, vigenza.today(), {"piani": 6})
    address = f"/api/v1/edifici/{wrong}/fascicolo?noto_al=n{done.registrazione - 1}"
    assert sito.http.get(address).status_code == 403
    with db.transaction(sito.owner) as conn:
        annullamento.undo(conn, DETERMINA, done.registrazione)
    (voce,) = sito.http.get(address).json()["edificio"]["voci"]
    assert voce["valori"]["piani"] == 5


def test_a_list_leaves_out_what_was_corrected_since(sito: Sito) -> None:
    def listed(asked: str) -> tuple[set[int], int]:
        body = sito.http.get(f"/api/v1/edifici?limite=50{asked}").json()
        return {one["id"] for one in body["elementi"]}, body["numero"]

    now, number = listed("")
    assert sito.corretta in now
    assert number == len(now) > 1
    assert listed(f"&noto_al=n{sito.atto - 1}") == (now - {sito.corretta}, number - 1)
    assert listed(f"&noto_al=n{sito.atto}") == (now, number)


SOUGHT = (
    "/api/v1/cerca?q=via+roma",
    "/cerca?q=via+roma",
    "/selezione?elenco=via+roma+1",
    "/selezione?area=12+42,12.1+42,12.1+42.1",
)


@pytest.mark.parametrize("door", SOUGHT)
def test_what_is_found_by_words_or_place_would_tell(sito: Sito, door: str) -> None:
    before = f"{door}&noto_al=n{sito.atto - 1}"
    assert sito.http.get(before).status_code == 403
    assert sito.http.get(f"{before}&visto_da=ufficio_tecnico").status_code == 200
    assert sito.http.get(f"{door}&noto_al=n{sito.atto}").status_code == 200
    assert sito.http.get(door).status_code == 200

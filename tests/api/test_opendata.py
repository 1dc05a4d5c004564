"""The doors of open data: files whole and in parts, what changed, which versions there are."""

import asyncio
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pyarrow.parquet as pq
import pyogrio
import pytest
import sqlalchemy as sa
from starlette.types import Message, Receive, Scope, Send

from api import deps
from api.app import create_app
from opendata import pubblicazione
from opendata.dataset import BY_NAME
from opendata.publish import Richiesta, publish
from opendata.variazioni import state_hash
from territorio import db
from territorio.config import Settings
from territorio.db import Role
from tests.api.cliente import Cliente
from tests.conftest import _database
from tests.factory_defaults import COMUNE
from tests.opendata.paese import new_paese
from tests.opendata.test_publish import ENTE
from tests.sito import serve
from tests.territorio.ciclo import run

NOME = f"edifici_{COMUNE}.geojson"
BASE = f"/opendata/edifici/{COMUNE}"


@pytest.fixture(scope="session")
def aperto(
    cluster_settings: Settings, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Return the settings of an installation that has published twice."""
    with _database(cluster_settings, f"aperto_{worker_id}") as url:
        settings = Settings(data=tmp_path_factory.mktemp("aperto"), database_url=url)
        engine = db.engine(url, Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            new_paese(conn)
        for nome, formati in (
            ("edifici", ("geojson", "csv", "parquet", "fgb")),
            ("civici", ("csv",)),
        ):
            request = Richiesta(BY_NAME[nome], COMUNE, formati)
            publish(engine, pubblicazione.place(settings), ENTE, request)
        with db.transaction(engine) as conn:
            conn.execute(
                sa.text(
                    "DELETE FROM pubblico.edifici"
                    " WHERE id = (SELECT min(id) FROM pubblico.edifici WHERE al > current_date)"
                )
            )
        publish(
            engine,
            pubblicazione.place(settings),
            ENTE,
            Richiesta(BY_NAME["edifici"], COMUNE, ("geojson",)),
        )
        engine.dispose()
        yield settings


@pytest.fixture
def client(aperto: Settings) -> Iterator[Cliente]:
    app = create_app(aperto)
    yield Cliente(app)
    deps.close(app)


def stored(aperto: Settings, numero: int = 1, nome: str = NOME) -> bytes:
    folder = pubblicazione.folder_of(pubblicazione.place(aperto), "edifici", COMUNE, numero)
    return (folder / nome).read_bytes()


def test_a_file_comes_whole_with_all_that_is_known_of_it(client: Cliente, aperto: Settings) -> None:
    answer = client.get(f"{BASE}/1/{NOME}", headers={"accept-encoding": "gzip, br"})
    data = stored(aperto)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-length"] == str(len(data))
    assert "content-encoding" not in answer.headers
    assert answer.headers["accept-ranges"] == "bytes"
    assert f'filename="{NOME}"' in answer.headers["content-disposition"]
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    assert answer.headers["content-location"] == f"{BASE}/1/{NOME}"


def test_the_last_version_has_an_address_of_its_own(client: Cliente, aperto: Settings) -> None:
    answer = client.get(f"{BASE}/ultima/{NOME}")
    assert answer.content == stored(aperto, 2)
    assert answer.headers["content-location"] == f"{BASE}/2/{NOME}"
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get(f"{BASE}/1/{NOME}").content == stored(aperto, 1)


@pytest.mark.parametrize(
    ("asked", "start", "stop"), [("0-9", 0, 10), ("5-", 5, None), ("-7", -7, None)]
)
def test_a_part_of_a_file_is_that_part(
    client: Cliente, aperto: Settings, asked: str, start: int, stop: int | None
) -> None:
    headers = {"range": f"bytes={asked}", "accept-encoding": "gzip"}
    answer = client.get(f"{BASE}/1/{NOME}", headers=headers)
    data = stored(aperto)
    assert (answer.status_code, answer.content) == (206, data[start:stop])
    first = start % len(data)
    said = f"bytes {first}-{first + len(answer.content) - 1}/{len(data)}"
    assert answer.headers["content-range"] == said


def test_a_part_beyond_the_end_cannot_be_had(client: Cliente) -> None:
    answer = client.get(f"{BASE}/1/{NOME}", headers={"range": "bytes=99999999-"})
    assert answer.status_code == 416


def test_a_part_of_another_content_is_the_whole(client: Cliente, aperto: Settings) -> None:
    headers = {"range": "bytes=0-9", "if-range": '"other"'}
    answer = client.get(f"{BASE}/1/{NOME}", headers=headers)
    assert (answer.status_code, answer.content) == (200, stored(aperto))


def test_who_has_the_content_is_told_so(client: Cliente) -> None:
    tag = client.get(f"{BASE}/1/{NOME}").headers["etag"]
    again = client.get(f"{BASE}/1/{NOME}", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_the_head_of_a_file_is_read_without_the_file(
    client: Cliente, aperto: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file is read")

    monkeypatch.setattr("anyio.open_file", refuse)
    answer = client.request("HEAD", f"{BASE}/1/{NOME}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(stored(aperto)))


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/3/{NOME}",
        f"{BASE}/1/edifici_X999.shp",
        f"{BASE}/prima/{NOME}",
        f"{BASE}/1/..%2F..%2Fx",
        f"/opendata/edifici/Z999/1/{NOME}",
        f"/opendata/niente/{COMUNE}/1/{NOME}",
        f"{BASE}/99999999999999999999/{NOME}",
        f"{BASE}/²/{NOME}",
        "/opendata/niente/variazioni",
        "/opendata/niente/versioni",
    ],
)
def test_what_was_not_published_is_not_found(client: Cliente, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    if "%2F" not in path:
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_that_is_not_registered_is_not_served(client: Cliente, aperto: Settings) -> None:
    folder = pubblicazione.folder_of(pubblicazione.place(aperto), "edifici", COMUNE, 9)
    folder.mkdir(exist_ok=True)
    (folder / NOME).write_text("half")
    assert client.get(f"{BASE}/9/{NOME}").status_code == 404


def test_a_file_that_is_not_as_registered_is_not_served(client: Cliente, aperto: Settings) -> None:
    folder = pubblicazione.folder_of(pubblicazione.place(aperto), "edifici", COMUNE, 1)
    file = folder / f"edifici_{COMUNE}.csv"
    data = file.read_bytes()
    try:
        file.write_bytes(data[:-1])
        assert client.get(f"{BASE}/1/{file.name}").status_code == 404
    finally:
        file.write_bytes(data)
    assert client.get(f"{BASE}/1/{file.name}").status_code == 200


def test_a_download_that_is_cancelled_holds_no_connection(aperto: Settings) -> None:
    app = create_app(aperto)
    held: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            held.append(app.state.motori.pubblico.pool.checkedout())
            raise OSError("the client has gone")

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    path = f"{BASE}/1/{NOME}"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "http_version": "1.1",
        "extensions": {},
    }
    try:
        run(lambda: app(scope, receive, send))
    finally:
        deps.close(app)
    assert held == [0]


def test_over_the_wire_gdal_reads_a_file_by_its_parts(aperto: Settings) -> None:
    app = create_app(aperto)
    asked: list[str] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked.append(f"{scope['method']} {message['status']}")
            await send(message)

        await app(scope, receive, heard)

    name = f"edifici_{COMUNE}.parquet"
    with serve(listening) as address:
        whole = io.BytesIO(httpx.get(f"{address}{BASE}/1/{name}").content)
        wanted = set(pq.read_table(whole)["id"].to_pylist())
        remote = pyogrio.read_dataframe(f"/vsicurl/{address}{BASE}/1/edifici_{COMUNE}.fgb")
    deps.close(app)
    assert wanted
    assert set(remote["id"]) == wanted
    assert any(one == "GET 206" for one in asked), asked


def elements(client: Cliente, asked: str) -> list[dict[str, Any]]:
    """Read the feed to its end."""
    found: list[dict[str, Any]] = []
    path: str | None = f"/opendata/edifici/variazioni?{asked}"
    while path:
        body = client.get(path).json()
        found += body["elementi"]
        path = body.get("successiva")
    return found


@pytest.mark.parametrize("limite", [1, 2, 1000])
def test_the_feed_is_replayed_page_by_page(client: Cliente, aperto: Settings, limite: int) -> None:
    state: dict[int, str] = {}
    changes = elements(client, f"limite={limite}")
    assert [one["evento"] for one in changes] == ["nuovo"] * 3 + ["cessato"]
    for one in changes:
        if one["oggetto"] is None:
            del state[one["id"]]
        else:
            assert one["oggetto"]["id"] == one["id"]
            state[one["id"]] = one["impronta"]
    last = client.get("/opendata/edifici/versioni").json()["elementi"][0]
    assert (last["numero"], last["righe"]) == (2, 2)
    assert state_hash(state.items()).impronta == last["impronta"]


def test_the_feed_begins_after_a_version_or_on_a_day(client: Cliente) -> None:
    assert [one["numero"] for one in elements(client, "dal=1")] == [2]
    assert elements(client, "dal=2") == []
    assert len(elements(client, f"dal=2020-01-01&comune={COMUNE}")) == 4
    assert elements(client, "dal=2999-01-01") == []
    assert elements(client, "comune=Z999") == []


def test_the_feed_comes_as_lines_too(client: Cliente) -> None:
    answer = client.get("/opendata/edifici/variazioni?f=jsonl&limite=3")
    assert answer.headers["content-type"] == "application/jsonl"
    lines = answer.text.splitlines()
    assert [json.loads(line)["evento"] for line in lines] == ["nuovo"] * 3
    for line in lines:
        text = line.partition('"oggetto":')[2].removesuffix("}")
        assert hashlib.sha256(text.encode()).hexdigest() == json.loads(line)["impronta"]
    following = answer.headers["link"].partition(">")[0].removeprefix("<")
    rest = client.get(following)
    assert [json.loads(line)["evento"] for line in rest.text.splitlines()] == ["cessato"]
    assert "link" not in rest.headers


WRONG = (
    *("dal=ieri", "dal=-1", "dal=2025-13-01", "dal=%00"),
    *("dopo=x", "dopo=X999.1.²", "dopo=X999.99999999999.1", "dopo=%00.1.1"),
    *("limite=0", "limite=10001", "comune=roma", "f=xml"),
)


@pytest.mark.parametrize("asked", WRONG)
def test_a_wrong_question_is_refused(client: Cliente, asked: str) -> None:
    answer = client.get(f"/opendata/edifici/variazioni?{asked}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_versions_lead_to_their_files(client: Cliente, aperto: Settings) -> None:
    found = client.get(f"/opendata/edifici/versioni?comune={COMUNE}").json()["elementi"]
    assert [one["numero"] for one in found] == [2, 1]
    files = [one for version in found for one in version["file"]]
    assert len(files) == 8
    for one in files:
        data = client.get(one["indirizzo"]).content
        assert hashlib.sha256(data).hexdigest() == one["sha256"]

"""A door that reads plain requests by itself answers what FastAPI would have answered."""

from datetime import date

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from api import deps, errors, pronta
from api.deps import MomentoRichiesto, VistoRichiesto
from territorio.errors import InvalidInput
from tests.api.cliente import Cliente

CAREFUL, PLAIN = "careful", "plain"


def _app() -> FastAPI:
    """Return the same door twice: as FastAPI reads it, and as ours does where it can."""

    def door(request: Request, momento: MomentoRichiesto, visto: VistoRichiesto) -> Response:
        seen: list[object] = [momento.alla_data.isoformat(), momento.noto_al]
        seen += [visto.ruolo, visto.scopo, visto.chi, visto.soggetto]
        return JSONResponse([*seen, getattr(request.state, "read", "by FastAPI")])

    async def reader(request: Request) -> pronta.Risposta | None:
        asked = deps.asked_of(request)
        momento, visto = await deps.plain_momento(asked), await deps.plain_visto(request, asked)
        if momento is None or visto is None:
            return None
        request.state.read = "by us"
        return lambda: door(request, momento, visto)

    app = FastAPI()
    errors.install(app)
    for name in (CAREFUL, PLAIN):
        app.add_api_route(f"/api/{name}", door)
    app.add_middleware(pronta.Pronte, porte=(pronta.Porta(f"/api/{PLAIN}", reader),))
    return app


@pytest.mark.parametrize(
    ("query", "ours"),
    [
        ("", True),
        ("alla_data=2024-02-29", True),
        ("alla_data=2024-02-29&alla_data=2023-01-01", True),
        ("noto_al=n12&altro=cosa", True),
        ("noto_al=", True),
        ("visto_da=tributi&scopo=accertamento", True),
        ("visto_da=cittadino&soggetto=161803398875", True),
        ("visto_da=nessuno", True),
        ("visto_da=tributi&scopo=%20", True),
        ("visto_da=tributi&scopo=controllo%0A%C2%A0a%20%20campione", True),
        ("visto_da=tributi&scopo=abc%00def", True),
        ("visto_da=tributi&soggetto=storto", True),
        ("alla_data=9999-01-01", True),
        ("alla_data=2024-02-30", False),
        ("alla_data=2024-W01-1", False),
        ("alla_data=1709164800", False),
        ("alla_data=", False),
        ("noto_al=" + "x" * 41, False),
        ("visto_da=" + "x" * 41, False),
        ("scopo=" + "x" * 201, False),
        ("soggetto=" + "x" * 41, False),
    ],
)
def test_both_ways_answer_the_same(query: str, ours: bool) -> None:
    http = Cliente(_app())
    careful, plain = (http.get(f"/api/{name}?{query}") for name in (CAREFUL, PLAIN))
    assert plain.status_code == careful.status_code
    if careful.status_code == 200:
        *expected, by_fastapi = careful.json()
        *seen, by = plain.json()
        assert (seen, by_fastapi) == (expected, "by FastAPI")
        assert by == ("by us" if ours else "by FastAPI")
        assert date.fromisoformat(seen[0])
    else:
        assert plain.json() == careful.json()


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("", "dimostrazione"),
        ("%20%09", "dimostrazione"),
        ("%20controllo%0A%C2%A0a%20campione", "controllo a campione"),
        ("abc%00def", None),
        ("abc%1Bdef", None),
    ],
)
def test_a_purpose_is_written_down_as_it_was_said_or_refused(
    given: str, written: str | None
) -> None:
    answer = Cliente(_app()).get(f"/api/{PLAIN}?visto_da=tributi&scopo={given}")
    if written is None:
        assert answer.status_code == 422
        assert "scopo" in answer.json()["detail"]
    else:
        assert answer.json()[3] == written


@pytest.mark.parametrize("threads", [True, False])
def test_what_is_refused_on_the_shorter_way_is_told_in_the_same_words(threads: bool) -> None:
    def refuse() -> Response:
        raise InvalidInput("codice", "non ha la forma di un codice")

    async def refuse_at_once() -> Response:
        return refuse()

    async def reader(_request: Request) -> pronta.Risposta | None:
        return refuse if threads else refuse_at_once()

    app = FastAPI()
    errors.install(app)
    app.add_api_route("/api/lunga", refuse)
    app.add_middleware(pronta.Pronte, porte=(pronta.Porta("/api/corta", reader),))
    long, short = (Cliente(app).get(path) for path in ("/api/lunga", "/api/corta"))
    assert (short.status_code, short.json()) == (422, long.json())


def test_other_methods_and_addresses_are_passed_on() -> None:
    async def reader(_request: Request) -> pronta.Risposta | None:
        raise AssertionError("was asked")

    app = FastAPI()
    app.add_api_route("/api/voce/{codice}", lambda codice: codice, methods=["POST"])
    app.add_api_route("/api/voce/{codice}/altro", lambda codice: codice)
    app.add_middleware(pronta.Pronte, porte=(pronta.Porta("/api/voce/{codice}", reader),))
    http = Cliente(app)
    assert http.post("/api/voce/uno").json() == "uno"
    assert http.get("/api/voce/uno/altro").json() == "uno"

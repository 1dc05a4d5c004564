"""What changed, page by page, and which versions there are."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import deps, formats
from api.macchina import Rotta
from opendata import pubblicazione, variazioni
from opendata.dataset import BY_NAME
from opendata.pubblicazione import Pubblicazione
from opendata.variazioni import Da, Variazione
from territorio.errors import InvalidInput, NotFound

router = APIRouter(include_in_schema=False, route_class=Rotta)

JSONL = "application/jsonl"
COMUNE = r"^[A-Z]\d{3}$"
MASSIMO = 10_000
GRANDE = 2**53

Nome = Annotated[str, Path(max_length=100)]
Comune = Annotated[str | None, Query(pattern=COMUNE, description="Codice catastale.")]


@router.get("/opendata/{dataset}/variazioni", name="variazioni")
def feed(
    request: Request,
    dataset: Nome,
    comune: Comune = None,
    dal: Annotated[str, Query(max_length=10)] = "0",
    dopo: Annotated[str | None, Query(max_length=40)] = None,
    limite: Annotated[int, Query(ge=1, le=MASSIMO)] = 1000,
    f: Annotated[str, Query(pattern="^(json|jsonl)$")] = "json",
) -> Response:
    """Give what changed after a version or from a day on; ``next`` leads on."""
    _require(dataset)
    since = _since(dal, dopo)
    with deps.pubblico(request) as conn:
        found = variazioni.search(conn, dataset, comune, since, limite + 1)
    page, more = found[:limite], len(found) > limite
    following = _next(request, page[-1]) if more else None
    response = _written(request, (dataset, dal, f), page, following)
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


@router.get("/opendata/{dataset}/versioni", name="versioni")
def versions(request: Request, dataset: Nome, comune: Comune = None) -> Response:
    """Give the versions that were published, the latest first."""
    _require(dataset)
    with deps.pubblico(request) as conn:
        found = pubblicazione.search(conn, dataset, comune)
    return formats.json(request, {"dataset": dataset, "elementi": [_shown(v) for v in found]})


def _require(dataset: str) -> None:
    if dataset not in BY_NAME:
        raise NotFound("dataset", dataset)


def _since(dal: str, dopo: str | None) -> Da:
    """Read where to begin: after the version of a number, or with those of a day."""
    after = None if dopo is None else _after(dopo)
    if dal.isdecimal() and dal.isascii() and len(dal) < 10:
        return Da(numero=int(dal), dopo=after)
    try:
        return Da(giorno=date.fromisoformat(dal), dopo=after)
    except ValueError:
        raise InvalidInput(
            "dal", "deve essere il numero di una versione o un giorno, per esempio 2025-12-31"
        ) from None


def _after(dopo: str) -> tuple[str, int, int]:
    comune, *numbers = dopo.split(".")
    plain = len(numbers) == 2 and all(n.isdecimal() and n.isascii() for n in numbers)
    if not plain or int(numbers[0]) >= 2**31 or int(numbers[1]) >= GRANDE:
        raise InvalidInput("dopo", "è il valore «dopo» della pagina precedente")
    return comune, int(numbers[0]), int(numbers[1])


def _next(request: Request, last: Variazione) -> str:
    asked = {**request.query_params, "dopo": last.chiave}
    return f"{request.url.path}?{urlencode(asked)}"


def _written(
    request: Request, asked: tuple[str, str, str], page: list[Variazione], following: str | None
) -> Response:
    """Return a page of the feed; features stay letter for letter, as their hashes want them."""
    dataset, dal, form = asked
    lines = variazioni.lines(page)
    if form == "jsonl":
        return formats.tagged(request, "".join(f"{line}\n" for line in lines).encode(), JSONL)
    after = f',"dopo":"{page[-1].chiave}","successiva":"{following}"' if following else ""
    body = (
        f'{{"dataset":"{dataset}","dal":"{dal}","elementi":[{",".join(lines)}]{after}}}'
    ).encode()
    return formats.tagged(request, body, formats.JSON)


def _shown(versione: Pubblicazione) -> dict[str, Any]:
    names = ("comune", "numero", "quando", "giorno", "registrazione", "righe", "impronta")
    base = f"/opendata/{versione.dataset}/{versione.comune}/{versione.numero}"
    files = [
        {
            "formato": one.formato,
            "nome": one.nome,
            "byte": one.byte,
            "sha256": one.sha256,
            "media_type": one.media_type,
            "indirizzo": f"{base}/{one.nome}",
        }
        for one in versione.file
    ]
    return {**{name: getattr(versione, name) for name in names}, "file": files}

"""The squares of the map: bytes from PostGIS, asked of the public role alone."""

import asyncio
import re
from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import deps, formats, pronta
from api.deps import MomentoRichiesto
from api.formats import Finito
from api.quadrati import Chiave, Quadrati
from maps import tile
from territorio import prepared
from territorio.prepared import Computation
from territorio.vigenza import Quando

MVT = "application/vnd.mapbox-vector-tile"
VERSIONED = "public, max-age=86400"
"""An address that names the version of the data and the day never changes its content."""

LUNGO, LUNGO_VERSIONE = 200, 20
"""How long the names of the layers and of the version may be."""

INSIEME = 2
"""How many parts of a square are drawn at the same time, each on a connection of its own."""

_NUMERO = re.compile(r"[0-9]{1,8}")


async def _plain(request: Request) -> pronta.Risposta | None:
    """Read a request for a square, if it reads plainly."""
    asked, path = deps.asked_of(request), request.path_params
    momento, v = await deps.plain_momento(asked), asked.get("v")
    place, strati = [path[name] for name in ("z", "x", "y")], path["strati"]
    whole = all(_NUMERO.fullmatch(number) for number in place) and int(place[0]) <= tile.MASSIMO
    if momento is None or not whole or len(strati) > LUNGO or len(v or "") > LUNGO_VERSIONE:
        return None
    z, x, y = map(int, place)
    if len(deps.motori_of(request).pubblico_in_attesa) < INSIEME:
        return partial(square, request, momento, strati, z, x, y, v)
    return _at_once(request, (strati, z, x, y, momento.alla_data.isoformat()), v)


async def _at_once(request: Request, chiave: Chiave, v: str | None) -> Response:
    async def answer[T](computation: Computation[T]) -> T:
        with prepared.bare(deps.motori_of(request).pubblico_in_attesa) as conn:
            return await prepared.compute_async(conn, computation)

    stato = await answer(tile.state())
    found = _kept(request).find(stato, chiave)
    if found is None:
        strati = tuple(chiave[0].split(","))
        several = len(deps.motori_of(request).pubblico_in_attesa) >= INSIEME
        shares = tile.shares(strati, chiave[1]) if several else [strati]
        drawn = await asyncio.gather(*(answer(_drawing(chiave, share)) for share in shares))
        found = Finito.of(b"".join(drawn))
        _kept(request).keep(stato, chiave, found)
    return _answer(request, found, v)


router = APIRouter(include_in_schema=False)

INDIRIZZO = "/tiles/{strati}/{z}/{x}/{y}.mvt"
PRONTA = pronta.Porta(INDIRIZZO, _plain)


@router.get(INDIRIZZO, name="tile")
def square(
    request: Request,
    momento: MomentoRichiesto,
    strati: Annotated[str, Path(max_length=LUNGO)],
    z: Annotated[int, Path(ge=0, le=tile.MASSIMO)],
    x: Annotated[int, Path(ge=0)],
    y: Annotated[int, Path(ge=0)],
    v: Annotated[str | None, Query(max_length=LUNGO_VERSIONE)] = None,
) -> Response:
    """Give one square with the layers asked for; 204 where there is nothing."""
    quando = Quando(momento.alla_data)
    chiave = strati, z, x, y, momento.alla_data.isoformat()
    deps.motori_of(request).pubblico_in_attesa.stock()
    with deps.pubblico_pronto(request) as conn:
        stato = prepared.compute(conn, tile.state())
    found = _kept(request).find(stato, chiave)
    if found is None:
        with deps.pubblico_pronto(request) as conn:
            found = Finito.of(tile.tile(conn, tuple(strati.split(",")), z, x, y, quando))
        _kept(request).keep(stato, chiave, found)
    return _answer(request, found, v)


def _drawing(chiave: Chiave, strati: tuple[str, ...]) -> Computation[bytes]:
    """Draw some layers of a square: one message each, which may go at the same time."""
    _, z, x, y, day = chiave
    return tile.drawing(strati, z, x, y, Quando(date.fromisoformat(day)))


def _kept(request: Request) -> Quadrati:
    """Return the squares the application has drawn."""
    state = request.app.state
    if getattr(state, "quadrati", None) is None:
        state.quadrati = Quadrati()
    kept: Quadrati = state.quadrati
    return kept


def _answer(request: Request, body: Finito, v: str | None) -> Response:
    fixed = v is not None and "alla_data" in request.query_params
    cache = VERSIONED if fixed else formats.SEMPRE_CHIESTO
    if not body.data:
        return Response(status_code=204, headers={"Cache-Control": cache})
    return formats.finished(request, body, MVT, cache)

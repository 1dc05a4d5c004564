"""The squares of the map: bytes from PostGIS, asked of the public role alone."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import deps, formats
from api.deps import MomentoRichiesto
from maps import tile
from territorio.vigenza import Quando

router = APIRouter(include_in_schema=False)

MVT = "application/vnd.mapbox-vector-tile"
VERSIONED = "public, max-age=86400"
"""An address that names the version of the data and the day never changes its content."""


@router.get("/tiles/{strati}/{z}/{x}/{y}.mvt", name="tile")
def square(
    request: Request,
    momento: MomentoRichiesto,
    strati: Annotated[str, Path(max_length=200)],
    z: Annotated[int, Path(ge=0, le=tile.MASSIMO)],
    x: Annotated[int, Path(ge=0)],
    y: Annotated[int, Path(ge=0)],
    v: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """Give one square with the layers asked for; 204 where there is nothing."""
    with deps.pubblico(request) as conn:
        body = tile.tile(conn, tuple(strati.split(",")), z, x, y, Quando(momento.alla_data))
    fixed = v is not None and "alla_data" in request.query_params
    cache = VERSIONED if fixed else formats.SEMPRE_CHIESTO
    if not body:
        return Response(status_code=204, headers={"Cache-Control": cache})
    return formats.tagged(request, body, MVT, cache)

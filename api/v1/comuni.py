"""The municipalities of this installation."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import deps, formats
from api.v1 import porta
from api.v1.modelli import Comuni
from territorio import comune

router = porta.router("Comuni")

ESEMPIO: dict[str, Any] = {
    "numero": 1,
    "elementi": [
        {
            "comune": "X999",
            "denominazione": "Borgo Sereno",
            "istat": "999999",
            "provincia": "XX",
            "utm": 7791,
            "inventato": True,
        }
    ],
}


@router.get(
    "/comuni",
    summary="Elenca i comuni serviti",
    response_model=Comuni,
    responses=porta.example(ESEMPIO),
)
def comuni(request: Request) -> Response:
    """List the municipalities."""
    with deps.ufficio(request) as conn:
        found = comune.search(conn)
    return formats.json(request, {"numero": len(found), "elementi": found})

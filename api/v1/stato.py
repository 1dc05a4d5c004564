"""Whether the service answers."""

from typing import Any

import sqlalchemy as sa
from fastapi import Request
from starlette.responses import Response

from api import deps, formats
from api.v1 import porta
from api.v1.modelli import StatoServizio
from territorio import comune, edificio, elenco, vigenza
from territorio.accessi.policy import Visto
from territorio.elenco import Filtro, Sguardo
from territorio.schema import registrazione
from territorio.vigenza import Quando

router = porta.router("Servizio")

ESEMPIO: dict[str, Any] = {
    "stato": "pronto",
    "versione": "1",
    "comuni": ["X999"],
    "registrazione": 41,
    "noto_al": "2026-01-31T10:00:00+00:00",
    "edifici": 3012,
}


@router.get(
    "/stato",
    summary="Dice se il servizio risponde e fin dove sa",
    response_model=StatoServizio,
    responses=porta.example(ESEMPIO),
)
def stato(request: Request) -> Response:
    """Answer 200 when the database answers."""
    with deps.ufficio(request) as conn:
        last = conn.execute(
            sa.select(registrazione.c.numero, registrazione.c.quando)
            .order_by(registrazione.c.numero.desc())
            .limit(1)
        ).one_or_none()
        body = {
            "stato": "pronto",
            "versione": "1",
            "comuni": [c.comune for c in comune.search(conn)],
            "registrazione": last.numero if last else 0,
            "noto_al": last.quando if last else None,
            "edifici": elenco.count(
                conn, edificio.TIPO, Filtro(), Sguardo(Quando(vigenza.today()), Visto())
            ),
        }
    return formats.json(request, body)

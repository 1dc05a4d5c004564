"""Sources and deliveries: who says what the registry knows, and since when."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api import deps
from api.pages.render import Passo, page
from territorio import fonte, fornitura

router = APIRouter(include_in_schema=False)

PER_PAGINA = 20


@router.get("/forniture", name="forniture")
def forniture(
    request: Request, dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None
) -> Response:
    """List the deliveries, newest first, and the sources with their licences."""
    with deps.ufficio(request) as conn:
        found = fornitura.search(conn, dopo=dopo, limite=PER_PAGINA + 1)
        total = fornitura.count(conn)
        sources = fonte.search(conn)
    return page(
        request,
        "forniture.html",
        [Passo("Forniture")],
        elenco=found[:PER_PAGINA],
        totale=total,
        prossima=found[PER_PAGINA - 1].id if len(found) > PER_PAGINA else None,
        fonti=sources,
    )


@router.get("/forniture/{numero}", name="fornitura")
def una(request: Request, numero: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    """Show one delivery and what became of its records."""
    with deps.ufficio(request) as conn:
        found = fornitura.find(conn, numero)
    return page(
        request,
        "fornitura.html",
        [Passo("Forniture", "/forniture"), Passo(f"Fornitura {numero}")],
        fornitura=found,
    )

"""The part of CKAN's API that harvesters read: GET only, nothing is kept of who asks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import formats
from api.catalogo import base_of, ente_of, metadati_of
from api.macchina import Rotta
from opendata import ckan, vocabolari
from opendata.ckan import Ricerca
from territorio.errors import NotFound

router = APIRouter(prefix="/api/3", include_in_schema=False, route_class=Rotta)

Chiave = Annotated[str, Query(max_length=200)]
Testo = Annotated[str, Query(max_length=500)]
Limite = Annotated[int, Query(ge=0, le=10_000)]
Righe = Annotated[int, Query(ge=0, le=ckan.RIGHE_MASSIMO)]


def _answer(request: Request, action: str, result: Any) -> Response:
    """Return a result as CKAN wraps it."""
    where = f"{base_of(request)}/api/3/action/help_show?name={action}"
    return formats.json(request, {"help": where, "success": True, "result": result})


@router.get("")
def version(request: Request) -> Response:
    """Say which version of the API this is."""
    return formats.json(request, {"version": 3})


@router.get("/action/status_show")
def status(request: Request) -> Response:
    """Say what answers here."""
    ente = ente_of(request)
    result = {
        "ckan_version": ckan.VERSIONE,
        "site_url": base_of(request),
        "site_title": f"Dati territoriali - {ente.nome}",
        "site_description": "",
        "error_emails_to": ente.email,
        "locale_default": "it",
        "extensions": [],
    }
    return _answer(request, "status_show", result)


@router.get("/action/site_read")
def site_read(request: Request) -> Response:
    """Say that this site may be read."""
    return _answer(request, "site_read", True)


@router.get("/action/package_list")
def package_list(request: Request, limit: Limite | None = None, offset: Limite = 0) -> Response:
    """Give the names of all packages."""
    names = sorted(ckan.nome(m) for m in metadati_of(request))
    end = None if limit is None else offset + limit
    return _answer(request, "package_list", names[offset:end])


@router.get("/action/package_show")
def package_show(request: Request, chiave: Annotated[Chiave, Query(alias="id")]) -> Response:
    """Give one package, by name or id."""
    found = ckan.find(metadati_of(request), chiave)
    return _answer(request, "package_show", ckan.package(found, base_of(request)))


@router.get("/action/package_search")
def package_search(
    request: Request,
    q: Testo = "",
    fq: Testo = "",
    rows: Righe = ckan.RIGHE,
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    sort: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Give a page of packages."""
    asked = Ricerca(q, fq, rows, start, sort)
    found = ckan.search(metadati_of(request), asked, base_of(request))
    return _answer(request, "package_search", found)


@router.get("/action/organization_list")
def organization_list(request: Request, *, all_fields: bool = False) -> Response:
    """Give the one body that publishes here."""
    ours = ckan.organization(ente_of(request))
    return _answer(request, "organization_list", [ours if all_fields else ours["name"]])


@router.get("/action/organization_show")
def organization_show(request: Request, chiave: Annotated[Chiave, Query(alias="id")]) -> Response:
    """Give the body that publishes here, by name or id."""
    ours = ckan.organization(ente_of(request))
    if chiave not in {ours["name"], ours["id"]}:
        raise NotFound("ente", chiave)
    count = len(metadati_of(request))
    return _answer(request, "organization_show", {**ours, "package_count": count})


@router.get("/action/group_list")
def group_list(request: Request) -> Response:
    """Say that there are no groups."""
    return _answer(request, "group_list", [])


@router.get("/action/license_list")
def license_list(request: Request) -> Response:
    """Give the one licence."""
    ours = {
        "id": "CC-BY-4.0",
        "title": vocabolari.LICENZA_NOME,
        "url": vocabolari.LICENZA_TESTO,
        "status": "active",
        "is_okd_compliant": True,
    }
    return _answer(request, "license_list", [ours])

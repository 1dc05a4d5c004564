"""For developers: the machine doors, described from their own OpenAPI, and a place to try them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.esempi import Argomento
from api.pages.render import Passo, page
from opendata.dataset import BY_NAME
from opendata.ente import Ente
from opendata.ogc.records import RACCOLTA

router = APIRouter(include_in_schema=False)

SVILUPPATORI = Passo("Dati per sviluppatori", "/sviluppatori")


DESCRIZIONI = {"": "/api/v1/openapi.json", "ogc": "/ogc/openapi?f=json"}
"""What can be tried in the browser, by what ``di`` names."""

CAMBIAMENTI = Path(__file__).parents[2] / "CHANGELOG.md"

PORTE = (
    ("OGC API", "/ogc?f=json", "Oggetti, tasselli e stili dei dati aperti, per GIS e programmi."),
    ("File", "/dati", "I dati aperti in file, versione per versione."),
    ("Catalogo", "/catalogo.ttl", "DCAT-AP_IT, ISO 19139 e le azioni di CKAN, per chi raccoglie."),
    ("API del registro", "/api/v1/openapi.json", "Fascicoli, ricerca, segnalazioni, in JSON."),
)
"""The doors for programs: name, address, what it is for."""

DISMESSI: tuple[tuple[str, str], ...] = ()
"""Addresses that will go, each with what takes its place and since when."""

ESEMPI = (
    (
        "Gli edifici di un’area, dieci alla volta",
        "/ogc/collections/edifici/items?bbox={area}&limit=10",
    ),
    (
        "Gli edifici di almeno quattro piani, in CSV",
        "/ogc/collections/edifici/items?filter=piani%20%3E%3D%204&f=csv",
    ),
    (
        "Le particelle come erano all’inizio del 2020",
        "/ogc/collections/particelle/items?datetime=2020-01-01&limit=10",
    ),
    ("Le versioni pubblicate degli edifici", "/opendata/edifici/versioni"),
    (
        "Che cosa è cambiato negli edifici da un giorno",
        "/opendata/edifici/variazioni?dal=2025-01-01",
    ),
    ("Il catalogo in JSON-LD", "/catalogo.jsonld"),
)
"""Questions to begin with; a test asks each of them."""


@dataclass(frozen=True, slots=True)
class Parametro:
    """One parameter of an operation."""

    nome: str
    obbligatorio: bool
    descrizione: str


@dataclass(frozen=True, slots=True)
class Operazione:
    """One thing the machine door does."""

    gruppo: str
    metodo: str
    percorso: str
    titolo: str
    parametri: tuple[Parametro, ...]
    esempio: str
    """A command that asks for it, with the examples of the description."""


def _example(parameter: Mapping[str, Any]) -> str | None:
    examples = parameter.get("schema", {}).get("examples") or []
    found = parameter.get("example", examples[0] if examples else None)
    return None if found is None else str(found)


def _command(base: str, method: str, path: str, parameters: list[Mapping[str, Any]]) -> str:
    address = path
    query = {}
    for parameter in parameters:
        value = _example(parameter)
        if parameter["in"] == "path" and value is not None:
            address = address.replace("{" + parameter["name"] + "}", quote(value))
        elif parameter["in"] == "query" and value is not None and parameter.get("required"):
            query[parameter["name"]] = value
    tail = f"?{urlencode(query)}" if query else ""
    verb = "" if method == "get" else f"-X {method.upper()} "
    return f"curl {verb}'{base}{address}{tail}'"


def operations(description: Mapping[str, Any], base: str) -> Iterator[Operazione]:
    """Return what an OpenAPI description offers, in its order."""
    for path, methods in description.get("paths", {}).items():
        for method, operation in methods.items():
            parameters = [p for p in operation.get("parameters", []) if p["in"] != "header"]
            yield Operazione(
                (operation.get("tags") or ["Altro"])[0],
                method.upper(),
                path,
                operation.get("summary", path),
                tuple(
                    Parametro(p["name"], bool(p.get("required")), p.get("description", ""))
                    for p in parameters
                ),
                _command(base, method, path, parameters),
            )


@cache
def changes_of_data(file: Path = CAMBIAMENTI) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what changed for those who use the data, by release; nothing where it is not told."""
    if not file.is_file():
        return ()
    releases = re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
    found = []
    for release in releases:
        title, _, rest = release.partition("\n")
        told = re.search(r"^### Dati$(.*?)(?=^### |\Z)", rest, re.MULTILINE | re.DOTALL)
        lines = re.split(r"^- ", told.group(1), flags=re.MULTILINE)[1:] if told else []
        if lines:
            found.append((title.strip(), tuple(" ".join(line.split()) for line in lines)))
    return tuple(found)


@router.get("/sviluppatori", name="sviluppatori")
def sviluppatori(request: Request) -> Response:
    """Describe the machine doors, operation by operation."""
    base = str(request.base_url).rstrip("/")
    ente = Ente.of(request.app.state.settings)
    where = request.app.state.quadri.read(request).told_of("edifici", None)[0].riquadro
    area = Argomento(BY_NAME["edifici"], base, where).area
    groups: dict[str, list[Operazione]] = {}
    for operation in operations(request.app.openapi(), base):
        groups.setdefault(operation.gruppo, []).append(operation)
    return page(
        request,
        "sviluppatori/elenco.html",
        [Passo("Dati per sviluppatori")],
        gruppi=groups,
        base=base,
        porte=PORTE,
        schede_catalogo=RACCOLTA,
        esempi=[(title, address.format(area=area)) for title, address in ESEMPI],
        cambiamenti=changes_of_data(),
        dismessi=DISMESSI,
        ente=ente,
    )


@router.get("/sviluppatori/prova", name="sviluppatori_prova")
def prova(
    request: Request, di: Annotated[str, Query(pattern="^(ogc)?$", max_length=10)] = ""
) -> Response:
    """Let the machine doors be tried in the browser."""
    title = "Prova l’OGC API" if di else "Prova le interrogazioni"
    return page(
        request,
        "sviluppatori/prova.html",
        [SVILUPPATORI, Passo(title)],
        intestazione=title,
        descrizione=DESCRIZIONI[di],
        di=di,
    )

"""For developers: the machine doors, described from their own OpenAPI, and a place to try them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.render import Passo, page

router = APIRouter(include_in_schema=False)

SVILUPPATORI = Passo("Dati per sviluppatori", "/sviluppatori")


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


@router.get("/sviluppatori", name="sviluppatori")
def sviluppatori(request: Request) -> Response:
    """Describe the machine doors, operation by operation."""
    base = str(request.base_url).rstrip("/")
    groups: dict[str, list[Operazione]] = {}
    for operation in operations(request.app.openapi(), base):
        groups.setdefault(operation.gruppo, []).append(operation)
    return page(
        request, "sviluppatori/elenco.html", [Passo("Dati per sviluppatori")], gruppi=groups
    )


@router.get("/sviluppatori/prova", name="sviluppatori_prova")
def prova(request: Request) -> Response:
    """Let the machine doors be tried in the browser."""
    return page(
        request, "sviluppatori/prova.html", [SVILUPPATORI, Passo("Prova le interrogazioni")]
    )

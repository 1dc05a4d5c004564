"""What is refused, and with which status: one table, one handler a kind.

Machines get problem+json (RFC 9457), people a page of the house; both in Italian, both
with the number of the request under which the log tells more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.formats import wants_json
from api.pages.render import error_page
from catasto.errors import CatastoError
from territorio.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    InvalidParameter,
    NotFound,
    NotReady,
    Refused,
    TerritorioError,
)

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (InvalidParameter, 400),
    (InvalidInput, 422),
    (Conflict, 409),
    (Forbidden, 403),
    (NotReady, 503),
    (Refused, 422),
    (TerritorioError, 400),
    (CatastoError, 422),
    (DataError, 422),
    (psycopg.DataError, 422),
    (OperationalError, 503),
    (psycopg.OperationalError, 503),
    (InterfaceError, 503),
    (PoolTimeout, 503),
)
"""First match counts. What is not here is a fault of ours: 500."""

KNOWN = tuple(kind for kind, _ in STATUS)

DATABASE = (OperationalError, psycopg.OperationalError, InterfaceError, PoolTimeout)

TITLES = {
    400: "Richiesta non valida",
    403: "Accesso non consentito",
    404: "Non trovato",
    405: "Metodo non ammesso",
    409: "Stato in conflitto",
    413: "Richiesta troppo grande",
    415: "Formato non ammesso",
    421: "Indirizzo non servito qui",
    422: "Dati non validi",
    429: "Troppe richieste",
    500: "Errore del servizio",
    503: "Servizio non disponibile",
}

MACHINE = ("/api/", "/ogc", "/tiles/", "/static/", "/healthz", "/metrics")
"""Addresses whose readers are programs."""

STANDARD = "/ogc"
"""Addresses whose errors also bear the members of the OGC API."""

OGC_CODES = {400: "InvalidParameterValue", 404: "NotFound"}

MISSING = "L'indirizzo richiesto non esiste."
CRASHED = (
    "Si è verificato un errore nel servizio. Il numero della richiesta aiuta a trovarne la causa."
)
UNSTORABLE = "Un valore della richiesta contiene un carattere o un numero che non può esistere qui."
AGAIN_SECONDS = 10
"""After so many seconds it is worth asking again."""

NO_DATABASE = "La banca dati non risponde. Riprova fra poco."

VALIDATION = {
    "missing": "è obbligatorio",
    "union_tag_not_found": "è obbligatorio",
    "int_parsing": "deve essere un numero intero",
    "int_type": "deve essere un numero intero",
    "float_parsing": "deve essere un numero",
    "decimal_parsing": "deve essere un numero",
    "bool_parsing": "deve essere vero o falso",
    "date_from_datetime_parsing": "deve essere una data, per esempio 2025-12-31",
    "date_parsing": "deve essere una data, per esempio 2025-12-31",
    "datetime_parsing": "deve essere una data con l'ora",
    "json_invalid": "non è JSON valido",
    "string_type": "deve essere un testo",
    "extra_forbidden": "non è previsto",
}
"""The words for what the request parser found, by its kind."""

TAGS = {"union_tag_invalid", "union_tag_not_found"}
"""Errors of the field that tells one shape of a body from another."""

LIMITS = {
    "greater_than_equal": ("ge", "deve essere almeno {}"),
    "greater_than": ("gt", "deve essere maggiore di {}"),
    "less_than_equal": ("le", "deve essere al massimo {}"),
    "less_than": ("lt", "deve essere minore di {}"),
    "string_too_long": ("max_length", "può avere al massimo {} caratteri"),
    "string_too_short": ("min_length", "deve avere almeno {} caratteri"),
    "too_long": ("max_length", "può avere al massimo {} elementi"),
    "union_tag_invalid": ("expected_tags", "deve essere uno fra {}"),
    "literal_error": ("expected", "deve essere uno fra {}"),
    "enum": ("expected", "deve essere uno fra {}"),
    "string_pattern_mismatch": ("pattern", "non ha la forma attesa ({})"),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field of a request."""

    campo: str
    motivo: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What a refused request is told."""

    status: int
    detail: str
    errori: tuple[FieldError, ...] = ()

    @property
    def title(self) -> str:
        """Return the kind of problem in a few words."""
        return TITLES.get(self.status, TITLES[400] if self.status < 500 else TITLES[500])


def problem_of(error: Exception) -> Problem:
    """Return what to tell of an exception, by the table."""
    for kind, status in STATUS:
        if isinstance(error, kind):
            if isinstance(error, DataError | psycopg.DataError):
                return Problem(status, UNSTORABLE)
            if isinstance(error, DATABASE):
                return Problem(status, NO_DATABASE)
            fields = (
                (FieldError(error.campo, error.motivo),) if isinstance(error, InvalidInput) else ()
            )
            return Problem(status, str(error), fields)
    return Problem(500, CRASHED)


def _field(error: dict[str, Any], body: object) -> str:
    """Return the place of an error in the request, in its own words."""
    location = error["loc"]
    if error["type"] in TAGS:
        return str(error["ctx"]["discriminator"]).strip("'")
    if location[0] == "body" and all(isinstance(step, int) for step in location[1:]):
        return "corpo"  # of broken JSON the parser names the place, not a field
    inside = [step for step in location if step not in {"query", "path", "body", "header"}]
    if location[0] == "body" and isinstance(body, dict):
        inside = _steps(inside, body, missing=error["type"] == "missing")
    return ".".join(map(str, inside)) or str(location[0])


def _steps(steps: Sequence[Any], body: object, *, missing: bool) -> list[Any]:
    """Leave out of a location the names of shapes, which the request does not know."""
    found = []
    for number, step in enumerate(steps, 1):
        if isinstance(body, dict):
            inside = step in body
        else:
            inside = isinstance(body, list) and isinstance(step, int)
        if inside:
            body = body[step]  # type: ignore[index] # a dictionary with it, or a list
        if inside or (missing and number == len(steps)):
            found.append(step)
    return found


def _reason(error: dict[str, Any]) -> str:
    kind = error["type"]
    if kind in LIMITS:
        name, words = LIMITS[kind]
        return words.format(error.get("ctx", {}).get(name, ""))
    return VALIDATION.get(kind, "non è valido")


def validation_problem(error: RequestValidationError) -> Problem:
    """Return what the request parser refused, field by field."""
    fields = tuple(FieldError(_field(e, error.body), _reason(e)) for e in error.errors())
    return Problem(422, "; ".join(f"{f.campo}: {f.motivo}" for f in fields) + ".", fields)


def problem_json(request: Request, problem: Problem) -> Response:
    """Return the problem as programs read it (RFC 9457)."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:richiesta:{_number(request)}",
    }
    if request.url.path.startswith(STANDARD):
        body |= {"code": OGC_CODES.get(problem.status, "NoApplicableCode")}
        body["description"] = problem.detail
    if problem.errori:
        body["errori"] = [{"campo": f.campo, "motivo": f.motivo} for f in problem.errori]
    kept = {"Cache-Control": "no-store"}
    response = JSONResponse(body, problem.status, kept, media_type="application/problem+json")
    return _again_later(response)


def _again_later(response: Response) -> Response:
    """Say when to ask again, where that is all there is to do."""
    if response.status_code == 503:
        response.headers["Retry-After"] = str(AGAIN_SECONDS)
    return response


def _number(request: Request) -> str:
    return getattr(request.state, "numero_richiesta", "-")


def answer(request: Request, problem: Problem) -> Response:
    """Return the problem as its reader wants it: JSON, a fragment or a page."""
    path = request.url.path
    if path.startswith(STANDARD) and problem.status == 422:
        # The standard knows one way to be wrong.
        problem = replace(problem, status=400)
    data = wants_json(request) or request.query_params.get("f") == "jsonld"
    if path.startswith(MACHINE) or (path.startswith("/id/") and data):
        return problem_json(request, problem)
    title, detail = problem.title, problem.detail
    return _again_later(error_page(request, problem.status, title, detail, _number(request)))


def _known(request: Request, error: Exception) -> Response:
    return answer(request, problem_of(error))


def _validation(request: Request, error: Exception) -> Response:
    return answer(request, validation_problem(cast("RequestValidationError", error)))


def _http(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    detail = MISSING if error.status_code == 404 else TITLES.get(error.status_code, error.detail)
    response = answer(request, Problem(error.status_code, detail))
    response.headers.update(error.headers or {})
    methods = [one.strip() for one in response.headers.get("allow", "").split(",")]
    if "GET" in methods and "HEAD" not in methods:
        # The gate serves the head of all that can be read; the routes do not know.
        response.headers["allow"] = ", ".join([*methods, "HEAD"])
    return response


async def crashed(request: Request, error: Exception) -> Response:
    """Answer for an exception nobody expected."""
    return answer(request, problem_of(error))


def install(app: FastAPI) -> None:
    """Register the handlers on the application."""
    for kind in KNOWN:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, crashed)

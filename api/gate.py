"""The gate every request passes: a number, the security headers, one log line.

It is plain ASGI, outside everything else, so that also an answer made by nobody (a crash)
carries the headers and the number under which the log tells what happened.
"""

import re
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.errors import Problem
from territorio import log as territorio_log

log = territorio_log.get(__name__)

OnCrash = Callable[[Request, Exception], Awaitable[Response]]

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""

HOST_IGNOTO = (
    "Questo servizio risponde solo a chi lo chiama 127.0.0.1, localhost o [::1]: finché non c’è "
    "l’accesso con le credenziali resta su questa macchina."
)
ALTRO_SITO = "La richiesta viene da un altro sito: qui si scrive solo dalle pagine di questo."

_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def security_headers(form_action: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the headers of every answer; ``form_action`` names sign-in and payment hosts."""
    policy = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": " ".join(("'self'", *form_action)),
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self)",
    }


def refusal(request: Request) -> Problem | None:
    """Return why a request is not let in, or None if it is.

    A name of another site that leads to the loopback (DNS rebinding) would let its scripts
    read everything; a form or a script of another site would write with the reader's browser.
    Programs send no Origin and are let through: they are on this machine.
    """
    host = request.headers.get("host", "")
    if _LOOPBACK.fullmatch(host) is None:
        return Problem(421, HOST_IGNOTO)
    if request.method in READING:
        return None
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != host.lower()
    if foreign or request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        return Problem(403, ALTRO_SITO)
    return None


class Gate:
    """Number, headers and log line of each request."""

    def __init__(self, app: ASGIApp, on_crash: OnCrash, form_action: tuple[str, ...] = ()) -> None:
        """Stand before ``app``; ``on_crash`` makes the answer for what nobody caught."""
        self.app = app
        self.on_crash = on_crash
        self.headers = [
            (name.lower().encode(), value.encode())
            for name, value in security_headers(form_action).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":
            # Whoever asks for the head of a page asks for what GET would answer, without it.
            scope = {**scope, "method": "GET"}
        request = Request(scope, receive)
        given = request.headers.get("x-request-id", "")
        number = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        request.state.numero_richiesta = number
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = message["headers"] = list(message.get("headers", ()))
                names = {name for name, _ in said}
                said.append((b"x-request-id", number.encode()))
                said += [header for header in self.headers if header[0] not in names]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        with structlog.contextvars.bound_contextvars(richiesta=number):
            try:
                refused = refusal(request)
                if refused is None:
                    await self.app(scope, receive, send_with_headers)
                else:
                    response = errors.problem_json(request, refused)
                    await response(scope, receive, send_with_headers)
            except Exception as crash:
                # The one place where anything is caught: the reader gets a page and a
                # number, the log gets the kind of error, not its text: that may quote a person.
                kind = type(crash).__name__
                log.error("request crashed", error=kind, where=_where(crash))  # noqa: TRY400
                if status:
                    raise
                response = await self.on_crash(request, crash)
                await response(scope, receive, send_with_headers)
            route = scope.get("route")
            # The route, not the address: a search may hold a person's name.
            path = getattr(route, "path", "-")
            note = log.debug if path.startswith("/static") else log.info
            note(
                "request answered",
                method=method,
                route=path,
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )


def _where(crash: Exception) -> list[str]:
    """Return file, line and function of each step to the crash, without values."""
    steps, trace = [], crash.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return steps[-8:]

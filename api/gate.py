"""The gate every request passes: a number, the security headers, one log line, one measure.

It is plain ASGI, outside everything else, so that also an answer made by nobody (a crash)
carries the headers and the number under which the log tells what happened.
"""

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.errors import Problem
from api.freno import Conto, Freno
from territorio import log as territorio_log
from territorio.log import RICHIESTA

log = territorio_log.get(__name__)

OnCrash = Callable[[Request, Exception], Awaitable[Response]]
OnAnswer = Callable[[str, str, int, float], None]
"""Is told route, method, status and seconds of each answer."""


READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing."""

HOST_IGNOTO = (
    "Questo servizio risponde solo a chi lo chiama 127.0.0.1, localhost o [::1]: finché non c’è "
    "l’accesso con le credenziali resta su questa macchina."
)
TROPPE = "Più di {} richieste in un minuto: riprova fra {} secondi."
CONTATE = ("/ogc", "/opendata", "/catalogo", "/tiles/", "/api/", "/id/")
"""Addresses of data, of which a client may ask so many in a minute."""

ALTRO_SITO = "La richiesta viene da un altro sito: qui si scrive solo dalle pagine di questo."

_LOOPBACK = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


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


def refusal(method: str, said: Mapping[bytes, bytes]) -> Problem | None:
    """Return why a request with these headers is not let in, or None if it is.

    A name of another site that leads to the loopback (DNS rebinding) would let its scripts
    read everything; a form or a script of another site would write with the reader's browser.
    Programs send no Origin and are let through: they are on this machine.
    """
    host = said.get(b"host", b"")
    if _LOOPBACK.fullmatch(host) is None:
        return Problem(421, HOST_IGNOTO)
    if method in READING:
        return None
    origin = said.get(b"origin")
    foreign = origin is not None and origin.partition(b"://")[2].lower() != host.lower()
    if foreign or said.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
        return Problem(403, ALTRO_SITO)
    return None


class Gate:
    """Number, headers, log line and measure of each request."""

    def __init__(
        self,
        app: ASGIApp,
        on_crash: OnCrash,
        on_answer: OnAnswer,
        form_action: tuple[str, ...] = (),
        freno: Freno | None = None,
    ) -> None:
        """Stand before ``app``; ``on_crash`` makes the answer for what nobody caught."""
        self.freno = freno
        self.app = app
        self.on_crash = on_crash
        self.on_answer = on_answer
        self.headers = [
            (name.lower().encode(), value.encode())
            for name, value in security_headers(form_action).items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        method = scope["method"]
        if method == "HEAD":
            # Whoever asks for the head of a page asks for what GET would answer, without it.
            scope = {**scope, "method": "GET"}
        said = dict(reversed(scope["headers"]))  # of two alike, the first counts
        given = said.get(b"x-request-id", b"")
        number = given.decode() if _REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        state = scope.setdefault("state", {})
        # Who could spare itself the work finds it said: a file may have gigabytes.
        state["numero_richiesta"], state["testa"] = number, method == "HEAD"
        status = 0  # nothing is answered yet
        conto = self._counted(scope)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = message["headers"] = list(message.get("headers", ()))
                names = {name for name, _ in own}
                own.append((b"x-request-id", number.encode()))
                if conto is not None:
                    own += conto.headers()
                own += [header for header in self.headers if header[0] not in names]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        token = RICHIESTA.set(number)
        try:
            refused = refusal(method, said) or _too_much(conto)
            if refused is None:
                await self.app(scope, receive, send_with_headers)
            else:
                response = errors.problem_json(Request(scope), refused)
                await response(scope, receive, send_with_headers)
        except Exception as crash:  # noqa: BLE001 -- see below
            # The one place where anything is caught: the reader gets a page and a
            # number, the log gets the kind of error, not its text: that may quote a person.
            kind = type(crash).__name__
            log.error("request crashed", error=kind, where=_where(crash))  # noqa: TRY400
            # An answer that had begun stays cut: the server ends the connection.
            if not status:
                response = await self.on_crash(Request(scope, receive), crash)
                await response(scope, receive, send_with_headers)
        finally:
            self._note(scope, method, status or 500, time.perf_counter() - started)
            RICHIESTA.reset(token)

    def _counted(self, scope: Scope) -> Conto | None:
        """Count a request for data; pages and what they load are not counted."""
        if self.freno is None or not scope["path"].startswith(CONTATE):
            return None
        client = scope.get("client")
        return self.freno.count(client[0] if client else "")

    def _note(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Measure an answer and write its line."""
        # The route, not the address: a search may hold a person's name.
        route = getattr(scope.get("route"), "path", "-")
        self.on_answer(route, method, status, seconds)
        note = log.debug if route.startswith("/static") else log.info
        milliseconds = round(seconds * 1000, 1)
        note("request answered", method=method, route=route, status=status, ms=milliseconds)


def _too_much(conto: Conto | None) -> Problem | None:
    """Return what to tell a client that asks without end, or None."""
    if conto is None or not conto.troppe:
        return None
    return Problem(429, TROPPE.format(conto.limite, conto.fra))


def _where(crash: Exception) -> list[str]:
    """Return file, line and function of each step to the crash, without values."""
    steps, trace = [], crash.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return steps[-8:]

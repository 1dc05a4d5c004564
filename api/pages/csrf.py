"""Protection of forms: what is sent must hold what this browser was given.

A random word goes out twice, in a cookie that scripts and other sites cannot read and in a
hidden field; who makes a browser send a form from elsewhere knows neither.
"""

import hmac
import secrets

from fastapi import Request
from starlette.responses import Response

from territorio.errors import Forbidden

COOKIE = "territorio_modulo"
CAMPO = "csrf"


def token(request: Request) -> str:
    """Return the word of this browser, a new one if it has none."""
    known = request.cookies.get(COOKIE, "")
    return known if 20 <= len(known) <= 100 else secrets.token_urlsafe(24)


def give(request: Request, response: Response, word: str) -> Response:
    """Send the word along; a page that holds it is kept by nobody."""
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE, word, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return response


def check(request: Request, sent: str) -> None:
    """Raise Forbidden unless the form came from a page of ours."""
    known = request.cookies.get(COOKIE, "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Forbidden(
            "Il modulo non viene da una pagina di questo sito, o il cookie tecnico è bloccato: "
            "riapri la pagina e invia di nuovo."
        )

"""How answers are written: JSON with its tag, kept by nobody where persons are in it."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Request
from isal import isal_zlib
from pydantic_core import to_json
from starlette.responses import Response

PERSONALE = {"Cache-Control": "no-store"}
SEMPRE_CHIESTO = "no-cache"

_RISERVATI = frozenset('"%*/:;<>?\\|')
"""What no name of a file may hold somewhere, or what means something in the header itself."""

SHORT, LEVEL, LEVEL_ZLIB = 1_000, 1, 4
"""Answers below so many bytes are not compressed. The hot ones are by ISA-L: a fifth of
zlib's time, one byte in eleven more; its last level takes twice as long for three in a hundred
less. The others by Starlette and zlib."""


def json(request: Request, body: Any, *, personal: bool = False, status: int = 200) -> Response:
    """Return a body as JSON; a public one is answered 304 to who already has it."""
    return written(request, to_json(body), personal=personal, status=status)


def written(
    request: Request, data: bytes, *, personal: bool = False, status: int = 200
) -> Response:
    """Return JSON that is written already, as :func:`json` does."""
    if personal or status != 200:
        return Response(data, status, PERSONALE, "application/json")
    return tagged(request, data, "application/json")


def tagged(request: Request, data: bytes, media_type: str, cache: str = SEMPRE_CHIESTO) -> Response:
    """Return bytes with the tag of their content, or 304 to who names that tag."""
    headers = {"ETag": _tag(data), "Cache-Control": cache, "Vary": "X-Visto-Da"}
    if names(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, 200, headers, media_type)


def attachment(nome: str) -> str:
    r"""Return the header under which a file is saved by its own name (RFC 6266).

    The name came from outside: folders, control characters and quotes stay out of it.

    >>> attachment("caffè.pdf")
    'attachment; filename="caffe.pdf"; filename*=UTF-8\'\'caff%C3%A8.pdf'
    """
    clean = _file_name(nome.replace("\\", "/").rpartition("/")[2])
    # A wide quote is a plain one once taken apart: what is left is cleaned again.
    ascii_only = unicodedata.normalize("NFKD", clean).encode("ascii", "ignore").decode()
    coded = quote(clean, safe="")
    return f"attachment; filename=\"{_file_name(ascii_only)}\"; filename*=UTF-8''{coded}"


def _file_name(text: str) -> str:
    kept = "".join(c if c.isprintable() and c not in _RISERVATI else "_" for c in text)
    return kept.strip(" .") or "documento"


@dataclass(frozen=True, slots=True)
class Finito:
    """An answer ready to be given many times: with its tag, and compressed if it is worth it."""

    data: bytes
    tag: str
    packed: bytes | None

    @classmethod
    def of(cls, data: bytes) -> "Finito":
        """Finish an answer."""
        return cls(data, _tag(data), None if len(data) < SHORT else _pack(data))

    def __len__(self) -> int:
        return len(self.data) + len(self.packed or b"")


def finished(request: Request, answer: Finito, media_type: str, cache: str) -> Response:
    """Return a finished answer, or 304 to who names its tag."""
    headers = {"ETag": answer.tag, "Cache-Control": cache, "Vary": "X-Visto-Da"}
    if names(request, answer.tag):
        return Response(status_code=304, headers=headers)
    if answer.packed is None or not _reads_packed(request):
        return Response(answer.data, 200, headers, media_type)
    response = Response(answer.packed, 200, headers, media_type)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add_vary_header("Accept-Encoding")
    return response


def _tag(data: bytes) -> str:
    return f'W/"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'


def _pack(data: bytes) -> bytes:
    return isal_zlib.compress(data, LEVEL, 16 + isal_zlib.MAX_WBITS)


def _reads_packed(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def packed(request: Request, response: Response) -> Response:
    """Compress a finished answer, if who asks can read it so and it is worth it."""
    body = bytes(response.body)
    done = "content-encoding" in response.headers
    if done or len(body) < SHORT or not _reads_packed(request):
        return response
    response.body = _pack(body)
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add_vary_header("Accept-Encoding")
    return response


def names(request: Request, tag: str) -> bool:
    """Tell whether a request names a tag among those it has (RFC 9110 §13.1.2, weakly)."""
    given = request.headers.get("if-none-match")
    if given is None:
        return False
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def wants_json(request: Request) -> bool:
    """Tell whether who asks wants data rather than a page; browsers always name HTML too."""
    accepted = request.headers.get("accept", "").lower()
    return "json" in accepted and "text/html" not in accepted

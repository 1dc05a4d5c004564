"""How answers are written: JSON with its tag, kept by nobody where persons are in it."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import cramjam
from fastapi import Request
from isal import isal_zlib
from pydantic_core import to_json
from starlette.responses import Response

SEMPRE_CHIESTO = "no-cache"
JSON = "application/json"

_RISERVATI = frozenset('"%*/:;<>?\\|')
"""What no name of a file may hold somewhere, or what means something in the header itself."""

_WEIGHT = re.compile(r"(?i)^\s*([a-z*-]+)\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?$")
"""One of the encodings that a client says it can read, and how gladly (RFC 9110 §12.5.3)."""

ENCODINGS = ("gzip", "zstd", "br")
"""What we compress with, the quickest first: among those a client likes best it is chosen."""

SHORT, ONCE, KEPT, LEVEL_ZLIB = 1_000, 0, 1, 4
"""Answers below so many bytes are not compressed. What is written here is by ISA-L: an answer that
is given once in an eighth of zlib's time, one byte in four more; one that is kept in twice as long
and one byte in eight less. Fragments of the map, and pages with persons, are by Starlette and
zlib."""


class Scritta(Response):
    """An answer whose headers are bytes already, as they are sent."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
        # Not by Starlette's constructor: it would write and count what is written and counted.
        self.status_code, self.background = status, None
        self.body, self.raw_headers = body, headers


def json(request: Request, body: Any, *, personal: bool = False, status: int = 200) -> Response:
    """Return a body as JSON; a public one is answered 304 to who already has it."""
    return written(request, to_json(body), personal=personal, status=status)


def written(
    request: Request, data: bytes, *, personal: bool = False, status: int = 200
) -> Response:
    """Return JSON that is written already, as :func:`json` does."""
    if personal or status != 200:
        headers = [(b"cache-control", b"no-store"), *_vary(data)]
        return _whole(request, status, headers, JSON, data)
    return tagged(request, data, JSON)


def tagged(request: Request, data: bytes, media_type: str, cache: str = SEMPRE_CHIESTO) -> Response:
    """Return bytes with the tag of their content, or 304 to who names that tag."""
    return finished(request, Finito(data, _tag(data)), media_type, cache)


@dataclass(frozen=True, slots=True)
class Finito:
    """An answer with its tag; one that is given many times is compressed already."""

    data: bytes
    tag: str
    packed: bytes | None = None

    @classmethod
    def of(cls, data: bytes) -> "Finito":
        """Finish an answer that will be given many times."""
        return cls(data, _tag(data), None if len(data) < SHORT else _pack(data, KEPT))

    def __len__(self) -> int:
        return len(self.data) + len(self.packed or b"")


def finished(request: Request, answer: Finito, media_type: str, cache: str) -> Response:
    """Return a finished answer, or 304 to who names its tag."""
    headers = [
        (b"etag", answer.tag.encode()),
        (b"cache-control", cache.encode()),
        *_vary(answer.data, "X-Visto-Da"),
    ]
    if names(request, answer.tag):
        return Scritta(304, headers)
    return _whole(request, 200, headers, media_type, answer.data, answer.packed)


def _vary(data: bytes, *names: str) -> list[tuple[bytes, bytes]]:
    """Return the header that says what a kept answer depends on, if it does."""
    found = names if len(data) < SHORT else (*names, "Accept-Encoding")
    return [(b"vary", ", ".join(found).encode())] if found else []


def _whole(
    request: Request,
    status: int,
    headers: list[tuple[bytes, bytes]],
    media_type: str,
    data: bytes,
    packed: bytes | None = None,
) -> Response:
    """Return an answer, compressed for who can read it so if it is worth it."""
    encoding = None if len(data) < SHORT else coding(header(request, b"accept-encoding") or "")
    if encoding is not None:
        kept = packed if encoding == "gzip" else None
        data = kept or _PACKERS[encoding](data)
        headers.append((b"content-encoding", encoding.encode()))
    headers += ((b"content-type", media_type.encode()), (b"content-length", b"%d" % len(data)))
    return Scritta(status, headers, data)


def _tag(data: bytes) -> str:
    return f'W/"{hashlib.blake2b(data, digest_size=12).hexdigest()}"'


def _pack(data: bytes, level: int) -> bytes:
    return isal_zlib.compress(data, level, 16 + isal_zlib.MAX_WBITS)


_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: _pack(data, ONCE),
    "zstd": lambda data: bytes(cramjam.zstd.compress(data, level=1)),
    "br": lambda data: bytes(cramjam.brotli.compress(data, level=1)),
}


@lru_cache(maxsize=200)  # browsers and libraries have one way each to say it
def coding(accepted: str) -> str | None:
    """Return how to compress for a client that accepts these encodings; None for not at all.

    >>> coding("gzip, deflate, br, zstd"), coding("br;q=0.9, gzip;q=0.5"), coding("gzip;q=0")
    ('gzip', 'br', None)
    >>> coding("gzip;q=0.5, identity"), coding("*"), coding("identity;q=0, br")
    (None, 'gzip', 'br')
    """
    weights = dict[str, float]()
    for part in accepted.split(","):
        found = _WEIGHT.match(part)
        if found is not None:
            weights.setdefault(found[1].lower(), 1.0 if found[2] is None else float(found[2]))
    rest = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda one: weights.get(one, rest))
    weight = weights.get(best, rest)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


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


def names(request: Request, tag: str) -> bool:
    """Tell whether a request names a tag among those it has (RFC 9110 §13.1.2, weakly)."""
    given = header(request, b"if-none-match")
    if given is None:
        return False
    known = {part.strip().removeprefix("W/") for part in given.split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def header(request: Request, name: bytes) -> str | None:
    """Return a header by its name in small letters, or None; of two alike, the first.

    Starlette's own way makes an object of all, and for one that is not there an exception.
    """
    for key, value in request.scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def wants_json(request: Request) -> bool:
    """Tell whether who asks wants data rather than a page; browsers always name HTML too."""
    accepted = request.headers.get("accept", "").lower()
    return "json" in accepted and "text/html" not in accepted


def wants_html(request: Request) -> bool:
    """Tell whether who asks an API without naming a format is a browser."""
    accepted = header(request, b"accept")
    if accepted is None or b"f=" in request.scope["query_string"]:
        return False
    return "text/html" in accepted.lower()

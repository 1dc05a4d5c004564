"""The files of the pages: their addresses with a hash, and their compressed answers.

Third-party files lie in ``static/vendor`` in one folder per name and version, so their
address never changes meaning and they may be kept for ever; our own few files are asked
for again at each page, but answer 304 while they are the same.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from territorio.errors import NotFound, NotReady

STATIC = Path(__file__).parent / "static"

OWN = ("site.css", "site.js", "search.js", "map.js", "dataset.js", "swagger.js", "favicon.svg")

MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}

IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the pages, as it is and compressed."""

    path: str
    body: bytes
    compressed: bytes | None
    digest: str

    @property
    def vendored(self) -> bool:
        """Tell whether the file is a third party's, in a folder named by version."""
        return self.path.startswith("vendor/")

    @property
    def url(self) -> str:
        """Return the address to write in a page."""
        return f"/static/{self.path}?h={self.digest[:12]}"


def _own(folder: Path) -> list[Asset]:
    assets = []
    for name in OWN:
        body = (folder / name).read_bytes()
        digest = hashlib.sha256(body).hexdigest()
        assets.append(Asset(name, body, gzip.compress(body, mtime=0), digest))
    return assets


def _vendored(folder: Path) -> list[Asset]:
    stamp = folder / "stamp.json"
    if not stamp.is_file():
        raise NotReady("Mancano le risorse delle pagine: esegui «make setup».")
    files: Mapping[str, str] = json.loads(stamp.read_text("utf-8"))["files"]
    assets = []
    for name, digest in files.items():
        path = folder / name
        body = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(body).hexdigest() != digest:
            raise NotReady(f"La risorsa delle pagine «{name}» è guasta: esegui «make setup».")
        packed = path.with_name(f"{path.name}.gz")
        compressed = packed.read_bytes() if packed.is_file() else None
        assets.append(Asset(f"vendor/{name}", body, compressed, digest))
    return assets


class Assets:
    """Every file of the pages, read and checked once."""

    def __init__(self, folder: Path = STATIC) -> None:
        """Read the files; raise NotReady when set-up has not made them, or one is broken."""
        assets = [*_own(folder), *_vendored(folder / "vendor")]
        self.by_path = {asset.path: asset for asset in assets}
        self._by_name = {asset.path.rpartition("/")[2]: asset for asset in assets}

    def url(self, name: str) -> str:
        """Return the address of a file by its bare name; KeyError if there is none."""
        return self._by_name[name].url

    def bare(self, name: str) -> str:
        """Return the address without the hash, as the style sheets of third parties write it."""
        return f"/static/{self._by_name[name].path}"


def answer(asset: Asset, request: Request) -> Response:
    """Return a file, compressed if the browser takes it, or 304 if it has it already."""
    etag = f'"{asset.digest[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": IMMUTABLE if asset.vendored else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    media_type = MEDIA.get(Path(asset.path).suffix, "text/plain; charset=utf-8")
    body = asset.body
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.compressed
    return Response(body, headers=headers, media_type=media_type)


router = APIRouter(include_in_schema=False)


@router.get("/static/{path:path}", name="static")
def static(path: str, request: Request) -> Response:
    """Answer one file of the pages."""
    assets: Assets = request.app.state.assets
    if path not in assets.by_path:
        raise NotFound("risorsa", path)
    return answer(assets.by_path[path], request)

"""A file of a version, whole or in parts: the connection to the database ends before it starts.

Answered before FastAPI's own layers: what compresses answers there would take from a file the
length and the parts that readers over the network live on.
"""

import base64
from functools import partial
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from api import deps, formats, pronta
from api.errors import KNOWN, problem_json, problem_of
from opendata import pubblicazione
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from territorio.errors import NotFound

router = APIRouter(include_in_schema=False)

INDIRIZZO = "/opendata/{dataset}/{comune}/{versione}/{file}"
ULTIMA = "ultima"
FERMO = "public, max-age=86400"
"""A version does not change; a file of it that was lost may be written again."""

LUNGO = 100


class Scaricato(FileResponse):
    """A file with the tag of its content; of a HEAD no byte of it is read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the part that was asked for, or its head."""
        if scope.get("state", {}).get("testa"):
            # The gate has made a GET of it for all doors that do not know HEAD.
            scope = {**scope, "method": "HEAD"}
        await super().__call__(scope, receive, send)


async def _read(request: Request) -> pronta.Risposta | None:
    """Read a request for a file: they all read plainly."""
    path = request.path_params
    if any(len(part) > LUNGO for part in path.values()):
        return None
    return partial(_answer, request, **path)


@router.get(INDIRIZZO, name="file_pubblicato")
def scarica(
    request: Request,
    dataset: Annotated[str, InPath(max_length=LUNGO)],
    comune: Annotated[str, InPath(max_length=LUNGO)],
    versione: Annotated[str, InPath(max_length=LUNGO)],
    file: Annotated[str, InPath(max_length=LUNGO)],
) -> Response:
    """Give a file of a version, or a part of it."""
    return _answer(request, dataset, comune, versione, file)


PRONTA = pronta.Porta(INDIRIZZO, _read)


def _answer(request: Request, dataset: str, comune: str, versione: str, file: str) -> Response:
    try:
        found, one = _find(request, (dataset, comune, versione, file))
        path = _path(request, found, one)
    except KNOWN as error:
        return problem_json(request, problem_of(error))
    tag = f'"{one.sha256[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": formats.SEMPRE_CHIESTO if versione == ULTIMA else FERMO,
        "Content-Location": f"/opendata/{dataset}/{comune}/{found.numero}/{file}",
        "Repr-Digest": f"sha-256=:{_base64(one.sha256)}:",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Range, Content-Length, ETag",
        "Accept-Ranges": "bytes",
    }
    if formats.names(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = formats.attachment(one.nome)
    return Scaricato(path, headers=headers, media_type=one.media_type)


def _find(
    request: Request, asked: tuple[str, str, str, str]
) -> tuple[Pubblicazione, FilePubblicato]:
    """Return a registered file; raise NotFound if there is none of that name."""
    dataset, comune, versione, name = asked
    with deps.pubblico(request) as conn:
        if versione == ULTIMA:
            found = pubblicazione.last_or_none(conn, dataset, comune)
        elif versione.isdecimal() and len(versione) < 10:
            found = pubblicazione.find_or_none(conn, dataset, comune, int(versione))
        else:
            found = None
    if found is None:
        raise NotFound("versione", f"{dataset}/{comune}/{versione}")
    for one in found.file:
        if one.nome == name:
            return found, one
    raise NotFound("file", name)


def _path(request: Request, found: Pubblicazione, one: FilePubblicato) -> Path:
    """Return where a file stands; raise NotFound if it was lost (a restored registry)."""
    cartella = pubblicazione.place(request.app.state.settings)
    path = pubblicazione.folder_of(cartella, found.dataset, found.comune, found.numero) / one.nome
    if not path.is_file() or path.stat().st_size != one.byte:
        raise NotFound("file", one.nome)
    return path


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()

"""Photos and documents of buildings: attached and read by operators."""

from datetime import date
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from starlette.responses import Response

from api import deps, formats
from api.deps import VistoRichiesto
from api.v1 import atti_modelli as m
from api.v1 import porta
from api.v1.atti import COMPIUTO, CONFLITTO, done, require_operator
from territorio import archivio
from territorio.accessi import lettura
from territorio.accessi.lettura import Lettura
from territorio.atti import documento
from territorio.atto import Provvedimento
from territorio.errors import InvalidInput

router = porta.router("Documenti")

Testo = Annotated[str, Form(min_length=1, max_length=500)]


@router.post(
    "/edifici/{codice}/documenti",
    summary="Allega una foto o un documento a un edificio",
    status_code=201,
    response_model=m.AttoFatto,
    responses={**COMPIUTO, **CONFLITTO, **porta.FORBIDDEN},
)
def attach(
    request: Request,
    codice: str,
    visto: VistoRichiesto,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP, TIFF o PDF, fino a 50 MB.")],
    comune: Annotated[str, Form(pattern=r"^[A-Z]\d{3}$")],
    giorno: Annotated[date, Form()],
    autore: Testo,
    atto: Testo,
    motivo: Testo,
    titolo: Annotated[str, Form(max_length=200)] = "",
    data_documento: Annotated[date | None, Form()] = None,
) -> Response:
    """Keep the file, sealed, and say that it belongs to the building."""
    require_operator(visto)
    if not date(1800, 1, 1) <= giorno <= date(2100, 1, 1):
        raise InvalidInput("giorno", "non è un giorno di cui il registro parli")
    p = Provvedimento(comune, autore, atto, motivo)
    number = deps.parse_id("edificio", codice)
    kept = archivio.allegati(request.app.state.settings)
    what = documento.Allegato(
        file.file, (file.filename or "senza nome")[:200], titolo, data_documento
    )
    return done(request, p, lambda conn: documento.attach(conn, kept, p, number, giorno, what))


@router.get(
    "/documenti/{codice}/contenuto",
    summary="Scarica una foto o un documento",
    responses={200: {"content": {"application/octet-stream": {}}}, **porta.FORBIDDEN},
)
def content(request: Request, codice: str, visto: VistoRichiesto) -> Response:
    """Give the file to an operator; the reading stays on record (``X-Lettura`` is its number)."""
    require_operator(visto, "I documenti li leggono")
    number = deps.parse_id("documento", codice)
    with deps.ufficio(request) as conn:
        found = documento.kept(conn, number)
        with archivio.allegati(request.app.state.settings).open(found.sha256) as stream:
            body = stream.read()
        what = Lettura(found.comune, number, ("documento.contenuto",))
        reading = lettura.append(conn, visto, what)
    headers = {
        "Content-Disposition": formats.attachment(found.nome_file),
        "Cache-Control": "no-store",
        "X-Lettura": str(reading),
    }
    return Response(body, media_type=found.formato, headers=headers)

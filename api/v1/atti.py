"""What operators write: acts on buildings, house numbers and streets, and their undo."""

from collections.abc import Callable
from typing import Annotated, Any

import shapely
import sqlalchemy as sa
from fastapi import Body, Path, Query, Request
from shapely.geometry import shape
from starlette.responses import Response

from api import deps, formats
from api.deps import Limite, VistoRichiesto
from api.v1 import atti_modelli as m
from api.v1 import porta
from territorio import atto, lavoro
from territorio.accessi.policy import Ruolo, Visto
from territorio.atti import annullamento, divisione, edificio, indirizzo
from territorio.atto import Atto, Provvedimento
from territorio.errors import Forbidden, InvalidInput
from territorio.identita import Codice

router = porta.router("Atti dell’ufficio")

SCRIVONO = frozenset({Ruolo.UFFICIO_TECNICO, Ruolo.ANAGRAFE})
"""The offices whose operators may write."""

ESEMPIO: dict[str, Any] = {
    "tipo": "variazione",
    "comune": "X999",
    "giorno": "2025-03-01",
    "autore": "geom. Verdi",
    "atto": "Determina 45/2025",
    "motivo": "sopraelevazione, fine lavori",
    "edificio": "kedali-bupofe-6",
    "campi": {"piani": 3, "altezza_m": 9.5},
}
FATTO: dict[str, Any] = {
    "registrazione": 57,
    "comune": "X999",
    "tipo": "variazione",
    "giorno": "2025-03-01",
    "oggetti": ["kedali-bupofe-6"],
    "nuovi": [],
    "contenuto": {"edificio": 161803398875, "campi": {"piani": 3, "altezza_m": "9.5"}},
    "annulla": None,
    "annullato_da": None,
    "quando": "2025-03-02T08:00:00+00:00",
    "autore": "geom. Verdi",
    "atto": "Determina 45/2025",
    "motivo": "sopraelevazione, fine lavori",
}
COMPIUTO: dict[int | str, dict[str, Any]] = {
    201: {"content": {"application/json": {"example": {**FATTO, "lavoro": 9}}}}
}
CONFLITTO: dict[int | str, dict[str, Any]] = {
    409: {**porta.PROBLEMA, "description": "In contrasto con lo stato del registro"}
}
NO_GEOMETRY = (
    *(shapely.errors.ShapelyError, ValueError, TypeError),
    *(KeyError, AttributeError, IndexError),
)
"""What shapely raises on a dictionary that is no geometry."""
Numero = Annotated[int, Path(ge=1, le=2**53, description="Il numero della registrazione.")]


@router.post(
    "/atti",
    summary="Compie un atto: creazione, correzione, variazione, divisione, fusione, …",
    status_code=201,
    response_model=m.AttoFatto,
    responses={**COMPIUTO, **CONFLITTO, **porta.FORBIDDEN},
)
def compi(
    request: Request,
    visto: VistoRichiesto,
    nuovo: Annotated[m.NuovoAtto, Body(openapi_examples={"variazione": {"value": ESEMPIO}})],
) -> Response:
    """Do one act, all of it or nothing."""
    require_operator(visto)
    p = Provvedimento(nuovo.comune, nuovo.autore, nuovo.atto, nuovo.motivo)
    return done(request, p, lambda conn: carry_out(nuovo, conn, p))


@router.get(
    "/atti",
    summary="Elenca gli atti dell’ufficio, dal più recente",
    response_model=m.Atti,
    responses=porta.example({"numero": 1, "elementi": [FATTO]}) | porta.FORBIDDEN,
)
def atti(
    request: Request,
    visto: VistoRichiesto,
    comune: Annotated[str, Query(pattern=r"^[A-Za-z]\d{3}$", description="Codice catastale.")],
    oggetto: Annotated[
        str | None, Query(max_length=40, description="Solo gli atti su questo oggetto.")
    ] = None,
    dopo: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limite: Limite = 20,
) -> Response:
    """List the acts, for the offices."""
    require_operator(visto)
    code = comune.upper()
    about = None if oggetto is None else deps.parse_id("oggetto", oggetto)
    with deps.ufficio(request, [code]) as conn:
        found = atto.search(conn, code, oggetto=about, prima_di=dopo, limite=limite + 1)
        total = atto.count(conn, code, oggetto=about)
    body: dict[str, Any] = {"numero": total, "elementi": [shown(one) for one in found[:limite]]}
    if len(found) > limite:
        body["dopo"] = found[limite - 1].registrazione
    return formats.json(request, body, personal=True)


@router.get(
    "/atti/{numero}",
    summary="Descrive un atto dell’ufficio",
    response_model=m.AttoLetto,
    responses=porta.example(FATTO) | porta.FORBIDDEN,
)
def one(request: Request, numero: Numero, visto: VistoRichiesto) -> Response:
    """Give one act, for the offices."""
    require_operator(visto)
    with deps.ufficio(request) as conn:
        found = atto.find(conn, atto.home(conn, numero), numero)
    return formats.json(request, shown(found), personal=True)


@router.post(
    "/atti/{numero}/annullamento",
    summary="Annulla un atto: torna ciò che il registro sapeva prima",
    status_code=201,
    response_model=m.AttoFatto,
    responses={**COMPIUTO, **CONFLITTO, **porta.FORBIDDEN},
)
def annulla(
    request: Request, numero: Numero, visto: VistoRichiesto, come: m.Provvedimento
) -> Response:
    """Undo an act, unless later ones rest on it."""
    require_operator(visto)
    p = Provvedimento(come.comune, come.autore, come.atto, come.motivo)
    return done(request, p, lambda conn: annullamento.undo(conn, p, numero))


def done(request: Request, p: Provvedimento, act: Callable[[sa.Connection], Atto]) -> Response:
    """Do an act and ask, in the same transaction, for what follows from it."""
    with deps.ufficio(request, [p.comune]) as conn:
        made = act(conn)
        follows = lavoro.ask(conn, "elabora", {}, chiesto_da=p.autore, comune=p.comune, unico=True)
    return formats.json(request, {**shown(made), "lavoro": follows.id}, status=201)


def shown(found: Atto) -> dict[str, Any]:
    """Return an act as the doors write it: identities as codes."""
    return {
        "registrazione": found.registrazione,
        "comune": found.comune,
        "tipo": found.tipo,
        "giorno": found.giorno,
        "oggetti": [str(Codice(number)) for number in found.oggetti],
        "nuovi": [str(Codice(number)) for number in found.nuovi],
        "contenuto": dict(found.contenuto),
        "annulla": found.annulla,
        "annullato_da": found.annullato_da,
        "quando": found.quando,
        "autore": found.autore,
        "atto": found.atto,
        "motivo": found.motivo,
    }


def require_operator(visto: Visto, azione: str = "Scrivono nel registro") -> None:
    """Raise Forbidden unless an operator is asking; ``azione`` is what only these do."""
    if visto.ruolo not in SCRIVONO:
        raise Forbidden(f"{azione} solo gli operatori dell’ufficio tecnico o anagrafe.")


def carry_out(nuovo: m.NuovoAtto, conn: sa.Connection, p: Provvedimento) -> Atto:
    """Do what is asked: one function of the registry for each kind of act."""
    giorno = nuovo.giorno
    match nuovo:
        case m.Creazione():
            return edificio.create(conn, p, giorno, fields(nuovo.campi))
        case m.Correzione():
            return edificio.correct(conn, p, number(nuovo.edificio), giorno, fields(nuovo.campi))
        case m.Variazione():
            return edificio.change(conn, p, number(nuovo.edificio), giorno, fields(nuovo.campi))
        case m.Divisione():
            parts = [fields(part) for part in nuovo.parti]
            return divisione.split(conn, p, number(nuovo.edificio), giorno, parts)
        case m.Fusione():
            ids = [number(code) for code in nuovo.edifici]
            return divisione.merge(conn, p, ids, giorno, fields(nuovo.campi))
        case m.Cessazione():
            return edificio.retire(conn, p, number(nuovo.edificio), giorno)
        case m.Ripristino():
            return edificio.restore(conn, p, number(nuovo.edificio), giorno)
        case m.AssegnazioneCivico():
            house = None if nuovo.edificio is None else number(nuovo.edificio)
            return indirizzo.assign(conn, p, giorno, door(nuovo.civico), house)
        case m.Ridenominazione():
            street = number(nuovo.odonimo, "odonimo")
            langs = {"lingua1": nuovo.lingua1, "lingua2": nuovo.lingua2}
            return indirizzo.rename(conn, p, street, giorno, nuovo.denominazione, **langs)


def door(civico: str | m.CivicoNuovo) -> int | indirizzo.NuovoCivico:
    """Return the house number meant: one there is, or one to be made."""
    if isinstance(civico, str):
        return number(civico, "civico")
    return indirizzo.NuovoCivico(
        number(civico.odonimo, "odonimo"),
        civico.numero,
        civico.esponente,
        civico.specificita,
        None if civico.punto is None else wkb(civico.punto, "punto"),
    )


def number(code: str, tipo: str = "edificio") -> int:
    """Read the code of an object."""
    return deps.parse_id(tipo, code)


def fields(campi: m.DatiEdificio) -> dict[str, object]:
    """Return what was said, and only that, the outline as WKB."""
    said = campi.model_dump(exclude_unset=True)
    if campi.geometria is not None:
        said["geometria"] = wkb(campi.geometria, "geometria")
    return said


def wkb(geojson: m.Geometria, campo: str) -> bytes:
    """Read a GeoJSON geometry; raise InvalidInput for anything else."""
    try:
        drawn = shape(geojson)
    except NO_GEOMETRY:
        raise InvalidInput(campo, "non è una geometria GeoJSON") from None
    return bytes(shapely.to_wkb(drawn))

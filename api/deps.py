"""What every door asks of a request: a connection, a moment, and who is looking.

A door opens its transaction itself (``with deps.ufficio(request) as conn``), so that the
record of a reading is committed before the first byte of the answer leaves. What only turns
words of the request into values is ``async`` without waiting for anything: FastAPI would send
each plain function to a thread of its own, three on the way to a dossier.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from datetime import date
from threading import Lock
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, Query, Request

from api import formats
from territorio import cluster, db, prepared, registrazione, vigenza
from territorio.accessi.policy import Ruolo, Visto
from territorio.config import Settings
from territorio.elenco import Filtro
from territorio.errors import Forbidden, InvalidInput
from territorio.geometry import Riquadro
from territorio.identita import Codice
from territorio.standby import Standby
from territorio.vigenza import Quando

_LOCK = Lock()

LUNGO, LUNGO_SCOPO = 40, 200
"""How long the words of a request may be."""

_GIORNO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Motori:
    """The engines of the three roles; none connects before it is used."""

    migrazione: sa.Engine
    ufficio: sa.Engine
    pubblico: sa.Engine
    pronto: sa.Engine
    """Of the offices, for what :func:`ufficio_pronto` opens."""
    pubblico_pronto: sa.Engine
    """Of the public, for what :func:`pubblico_pronto` opens."""
    in_attesa: Standby = field(init=False)
    """Connections of ``pronto`` for what does not wait."""
    pubblico_in_attesa: Standby = field(init=False)
    """Connections of ``pubblico_pronto`` for what does not wait."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_attesa", Standby(self.pronto))
        object.__setattr__(self, "pubblico_in_attesa", Standby(self.pubblico_pronto))

    def dispose(self) -> None:
        """Close all connections."""
        for each in fields(self):
            getattr(self, each.name).dispose()


def motori(settings: Settings) -> Motori:
    """Return the engines for these settings."""
    url = cluster.admin_url(settings)
    return Motori(
        migrazione=db.engine(url, db.Role.MIGRAZIONE),
        ufficio=db.engine(url, db.Role.UFFICIO),
        pubblico=db.engine(url, db.Role.PUBBLICO),
        pronto=db.engine(url, db.Role.UFFICIO, by_hand=True),
        pubblico_pronto=db.engine(url, db.Role.PUBBLICO, by_hand=True),
    )


def motori_of(request: Request) -> Motori:
    """Return the engines of the application, made at the first request that needs them."""
    state = request.app.state
    with _LOCK:
        if getattr(state, "motori", None) is None:
            state.motori = motori(state.settings)
        made: Motori = state.motori
    return made


def close(app: FastAPI) -> None:
    """Close what an application opened, if it opened anything."""
    made: Motori | None = getattr(app.state, "motori", None)
    if made is not None:
        made.dispose()


def ufficio(
    request: Request, comuni: Iterable[str] = ("*",)
) -> AbstractContextManager[sa.Connection]:
    """Open a transaction of the offices, for these municipalities."""
    return db.transaction(motori_of(request).ufficio, comuni)


def ufficio_pronto(request: Request) -> AbstractContextManager[sa.Connection]:
    """Open a transaction of the offices that goes with its first statement."""
    return prepared.transaction(motori_of(request).pronto)


def pubblico_pronto(request: Request) -> AbstractContextManager[sa.Connection]:
    """Open a transaction that reads the public views, and goes with its first statement."""
    return prepared.transaction(motori_of(request).pubblico_pronto)


def pubblico(request: Request) -> AbstractContextManager[sa.Connection]:
    """Open a transaction that reads the public views and nothing else."""
    return db.transaction(motori_of(request).pubblico)


@dataclass(frozen=True, slots=True)
class Momento:
    """The two times of a request, as asked; ``quando`` looks up the second."""

    alla_data: date
    noto_al: str | None

    def quando(self, conn: sa.Connection) -> Quando:
        """Return the moment with its registrazione."""
        return Quando(self.alla_data, registrazione.parse_noto_al(conn, self.noto_al))


async def momento(
    alla_data: Annotated[
        date | None,
        Query(description="Il giorno di cui si chiede; se manca, oggi.", examples=["2025-03-01"]),
    ] = None,
    noto_al: Annotated[
        str | None,
        Query(
            max_length=LUNGO,
            description="Ciò che il registro sapeva allora: un giorno, un istante, oppure «n» e il"
            " numero di una registrazione; se manca, ciò che sa adesso.",
            examples=["2025-03-01"],
        ),
    ] = None,
) -> Momento:
    """Read the two times of a request; raise InvalidInput for a day to come."""
    oggi = vigenza.today()
    if alla_data is not None and alla_data > oggi:
        raise InvalidInput("alla_data", "è nel futuro: il registro non sa che cosa accadrà")
    return Momento(alla_data or oggi, noto_al)


async def visto_da(
    request: Request,
    ruolo: Annotated[
        str | None,
        Query(
            alias="visto_da",
            max_length=LUNGO,
            description="Solo nella dimostrazione: con gli occhi di chi si guarda ("
            + ", ".join(Ruolo)
            + "); se manca, del pubblico.",
            examples=["ufficio_tecnico"],
        ),
    ] = None,
    scopo: Annotated[
        str | None,
        Query(
            max_length=LUNGO_SCOPO,
            description="Perché si consultano dati personali; resta agli atti.",
        ),
    ] = None,
    soggetto: Annotated[
        str | None,
        Query(max_length=LUNGO, description="Il codice della persona che guarda i propri dati."),
    ] = None,
    x_visto_da: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Visto:
    """Return who is looking; until there is a sign-in, only the demonstration has roles."""
    asked = Ruolo.parse(ruolo or x_visto_da or Ruolo.PUBBLICO)
    if asked is Ruolo.PUBBLICO:
        return Visto()
    if not getattr(request.app.state, "dimostrazione", True):
        raise Forbidden("Per vedere con un ruolo diverso dal pubblico bisogna accedere.")
    who = None if soggetto is None else parse_id("soggetto", soggetto)
    return Visto(asked, _purpose(scopo) or "dimostrazione", "dimostrazione", who)


def _purpose(scopo: str | None) -> str:
    """Return a purpose as it is written down: the database would cut it at a NUL."""
    said = " ".join((scopo or "").split())
    if not said.isprintable():
        raise InvalidInput("scopo", "contiene caratteri che non si possono scrivere")
    return said


async def plain_momento(asked: Mapping[str, str]) -> Momento | None:
    """Read the two times of a request by hand; None where FastAPI has to look at them."""
    day, known = asked.get("alla_data"), asked.get("noto_al")
    if not short(known) or (day is not None and _GIORNO.fullmatch(day) is None):
        return None
    try:
        giorno = None if day is None else date.fromisoformat(day)
    except ValueError:
        return None
    return await momento(giorno, known)


async def plain_visto(request: Request, asked: Mapping[str, str]) -> Visto | None:
    """Read by hand who is looking; None where FastAPI has to."""
    ruolo, scopo, soggetto = map(asked.get, ("visto_da", "scopo", "soggetto"))
    if not (short(ruolo) and short(scopo, LUNGO_SCOPO) and short(soggetto)):
        return None
    return await visto_da(request, ruolo, scopo, soggetto, formats.header(request, b"x-visto-da"))


def asked_of(request: Request) -> dict[str, str]:
    """Return what follows the question mark; of two alike, the last counts."""
    return dict(request.query_params.multi_items()) if request.scope["query_string"] else {}


def short(text: str | None, limit: int = LUNGO) -> bool:
    """Tell whether a word of a request is missing or no longer than it may be."""
    return text is None or len(text) <= limit


def parse_id(tipo: str, text: str) -> int:
    """Read the identity of an object: its written code, or its number."""
    if text.isdecimal() and len(text) < 16:
        return int(text)
    try:
        return Codice.parse(text).id
    except InvalidInput as error:
        raise InvalidInput(tipo, error.motivo) from None


async def filtro(
    comune: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z]\d{3}$", description="Codice catastale.", examples=["H501"]),
    ] = None,
    bbox: Annotated[
        str | None,
        Query(
            max_length=120,
            description="Riquadro: ovest, sud, est, nord in gradi.",
            examples=["12.49,41.89,12.50,41.90"],
        ),
    ] = None,
) -> Filtro:
    """Return what a list is narrowed to."""
    comuni = (comune.upper(),) if comune else ()
    return Filtro(comuni, Riquadro.parse(bbox) if bbox else None)


Limite = Annotated[
    int, Query(ge=1, le=1000, description="Quanti elementi al massimo.", examples=[20])
]
Dopo = Annotated[
    str | None,
    Query(max_length=40, description="Il valore «dopo» della pagina precedente."),
]
FiltroRichiesto = Annotated[Filtro, Depends(filtro)]
MomentoRichiesto = Annotated[Momento, Depends(momento)]
VistoRichiesto = Annotated[Visto, Depends(visto_da)]

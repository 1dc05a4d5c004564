"""What the pages of a building ask of the registry, and how they speak of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from api import deps
from api.deps import Momento, parse_id
from api.pages.tempo import Tempo
from maps import estratto
from maps import intorno as maps_intorno
from maps.svg import Oggetto
from territorio import fascicolo, fonte
from territorio.accessi.policy import PERSONALI, Ruolo, Visto
from territorio.documenti import campi, parole, prospetto, testa
from territorio.documenti.prospetto import Provenienza, SezioneLetta, Titoli
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice
from territorio.vigenza import Quando

Fascicolo = Mapping[str, Any]
"""A dossier as the machine door gives it."""

Lettore = Callable[[int, Momento, Visto], Fascicolo]
Intorno = Callable[[BaseGeometry, Momento, frozenset[int]], list[Oggetto]]


def lettore(request: Request) -> Lettore:
    """Return what reads a dossier; each reading is a transaction of its own."""

    def read(edificio: int, momento: Momento, visto: Visto) -> Fascicolo:
        with deps.ufficio_pronto(request) as conn:
            quando = momento.quando(conn)
            return fascicolo.fascicolo(conn, edificio, quando, visto).to_json()

    return read


def titoli(request: Request) -> Titoli:
    """Return the titles of the sources."""
    with deps.ufficio(request) as conn:
        return {source.codice: source.titolo for source in fonte.search(conn)}


def intorno(request: Request) -> Intorno:
    """Return what finds the things to draw around a geometry: public facts only."""

    def around(outline: BaseGeometry, momento: Momento, scelti: frozenset[int]) -> list[Oggetto]:
        with deps.pubblico(request) as conn:
            return maps_intorno.around(conn, outline, Quando(momento.alla_data), scelti=scelti)

    return around


LettoreRichiesto = Annotated[Lettore, Depends(lettore)]
TitoliRichiesti = Annotated[Titoli, Depends(titoli)]
IntornoRichiesto = Annotated[Intorno, Depends(intorno)]


def canonical(request: Request, tipo: str, codice: str) -> RedirectResponse | None:
    """Return the way to the one address of an object, if another was asked for.

    Raises NotFound for what is no code: in the address of a page it was never issued.
    """
    try:
        written = str(Codice(parse_id(tipo, codice)))
    except InvalidInput:
        raise NotFound(tipo.replace("_", " "), codice) from None
    if written == codice:
        return None
    path = request.scope["path"].replace(codice, written, 1)
    return RedirectResponse(str(request.url.replace(path=path)), 303)


def geometry_of(edificio: Mapping[str, Any]) -> BaseGeometry | None:
    """Return the outline of a building, or None where no source gave one."""
    geojson = testa.outline(edificio["voci"])
    return shape(dict(geojson)) if geojson else None


def small_map(
    outline: BaseGeometry | None, chosen: int, title: str, momento: Momento, around: Intorno
) -> str | None:
    """Return the little map around an outline as SVG, or None if there is none."""
    if outline is None:
        return None
    things = around(outline, momento, frozenset({chosen}))
    if not any(thing.scelto for thing in things):
        # Demolished, or known only to a role: its own outline is drawn over what stands there.
        things = [*things, Oggetto("edifici", outline, "altro", scelto=True)]
    return estratto.inline_map(things, title)


def parameters(tempo: Tempo, visto: Visto) -> dict[str, str]:
    """Return the times and the eyes of a page, for links that keep them."""
    eyes = {"visto_da": visto.ruolo.value} if visto.ruolo is not Ruolo.PUBBLICO else {}
    if visto.soggetto is not None:
        eyes["soggetto"] = str(Codice(visto.soggetto))
    return {**tempo.parametri, **eyes}


def tail(parts: Mapping[str, str]) -> str:
    """Return parameters as the end of an address.

    >>> tail({"alla_data": "2025-01-01"}), tail({})
    ('?alla_data=2025-01-01', '')
    """
    return f"?{urlencode(parts)}" if parts else ""


def shows_persons(sections: tuple[SezioneLetta, ...]) -> bool:
    """Tell whether a page holds personal data, and so must not be kept by anyone.

    That nobody lives in a house says something about persons too; that it has no documents
    does not.
    """
    telling = {"presente"}, {"presente", "vuota"}
    return any(
        s.parole.nome in PERSONALI and s.stato in telling[s.parole.nome != "documenti"]
        for s in sections
    )


@dataclass(frozen=True, slots=True)
class Evento:
    """One event in the life of a building."""

    ancora: str
    titolo: str
    tipo: str
    giorno: date | None
    provenienza: Provenienza
    prima: tuple[str, ...]
    dopo: tuple[str, ...]
    dettagli: tuple[tuple[str, str], ...]


def event(voce: Mapping[str, Any], fonti: Titoli) -> Evento:
    """Return an event from its entry."""
    valori = dict(voce.get("valori", {}))
    kind = str(valori.pop("evento", "variazione"))
    before, after = valori.pop("prima", None) or (), valori.pop("dopo", None) or ()
    day = campi.day(voce.get("dal")) or campi.day(voce.get("data"))
    valori.pop("oggetto", None)
    return Evento(
        f"{voce.get('tipo')}-{voce.get('id')}-{day or 'inizio'}-{voce.get('riga') or 0}",
        campi.write("evento", kind),
        kind,
        day,
        prospetto.provenance(voce, fonti),
        tuple(before),
        tuple(after),
        tuple((parole.label(k), campi.write(k, v)) for k, v in valori.items() if v),
    )

"""Objects with what they are linked to, as the pages of parcel, unit and house number need them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Request

from api import deps
from api.deps import VistoRichiesto
from api.pages.tempo import Tempo
from territorio import civico, edificio, elenco, legame, particella, search, unita_immobiliare
from territorio.accessi import rettifica
from territorio.accessi.policy import Visto
from territorio.elenco import Sguardo, Tipo
from territorio.errors import NotFound
from territorio.legame import Legame
from territorio.search import Domanda

TIPI: dict[str, Tipo] = {
    tipo.nome: tipo
    for tipo in (edificio.TIPO, particella.TIPO, unita_immobiliare.TIPO, civico.TIPO)
}


LEGAMI: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "particella": (
        ("edificio", "edificio_particella", False),
        ("unita_immobiliare", "unita_particella", False),
    ),
    "unita_immobiliare": (
        ("edificio", "unita_edificio", True),
        ("particella", "unita_particella", True),
        ("civico", "unita_civico", True),
    ),
    "civico": (
        ("edificio", "civico_edificio", True),
        ("unita_immobiliare", "unita_civico", False),
    ),
}
"""What is shown of the links of an object: the other end, the link, whether it starts here.

Only links between things: those with persons are read by the dossier alone.
"""


@dataclass(frozen=True, slots=True)
class Scheda:
    """One object with what it is linked to, as the registry gives them."""

    oggetto: Mapping[str, Any]
    collegati: Mapping[str, list[dict[str, Any]]]


def _bond(link: Legame) -> dict[str, Any]:
    """Return a link as the entries of the dossier write it."""
    return {
        "tipo": link.tipo,
        "metodo": link.metodo,
        "punteggio": float(link.punteggio),
        "misura": None if link.misura is None else float(link.misura),
        "quota": None if link.quota is None else float(link.quota),
        "stato": link.stato,
    }


def _linked(
    conn: sa.Connection, tipo: str, comune: str, bonds: Mapping[int, Legame], look: Sguardo
) -> list[dict[str, Any]]:
    """Return what is said of the linked objects of a kind, each entry with its link."""
    things = elenco.objects(conn, TIPI[tipo], [(comune, number) for number in bonds], look)
    if tipo == "civico" and things:
        things = civico.name(conn, things, look.quando)
    # A building has no name but its code: the link to it must not read "abitativo".
    return [
        {
            **voce,
            "legame": _bond(bonds[thing["id"]]),
            "valori": ({tipo: thing["id"]} if tipo == "edificio" else {}) | voce["valori"],
        }
        for thing in things
        for voce in thing["voci"]
    ]


Schedario = Callable[[str, int, Tempo], Scheda]
Trova = Callable[[str, Tempo], int]


def schedario(request: Request, visto: VistoRichiesto) -> Schedario:
    """Return what reads an object and its links: public facts, whoever looks."""

    def read(tipo: str, identity: int, tempo: Tempo) -> Scheda:
        with deps.ufficio(request) as conn:
            quando = tempo.momento.quando(conn)
            look = Sguardo(quando, Visto())
            found = elenco.one(conn, TIPI[tipo], identity, look)
            if tipo == "civico":
                found = civico.name(conn, [found], quando)[0]
            comune = str(found["comune"])
            linked = {}
            for other, kind, starts in LEGAMI[tipo]:
                da, a = (identity, None) if starts else (None, identity)
                links = legame.search(conn, comune, kind, quando, da=da, a=a)
                bonds = {(link.a if starts else link.da): link for link in links}
                rettifica.require(conn, bonds, quando, visto)
                linked[other] = _linked(conn, other, comune, bonds, look)
            return Scheda(found, linked)

    return read


def trova(request: Request, visto: VistoRichiesto) -> Trova:
    """Return what finds the one parcel that a cadastral reference names."""

    def find(testo: str, tempo: Tempo) -> int:
        with deps.ufficio(request) as conn:
            domanda = Domanda(testo, tempo.momento.quando(conn), limite=20, visto=visto)
            found = [r for r in search.search(conn, domanda) if r.tipo == "particella"]
        if len(found) != 1:
            raise NotFound("particella", testo)
        return found[0].id

    return find


SchedaRichiesta = Annotated[Schedario, Depends(schedario)]
TrovaRichiesto = Annotated[Trova, Depends(trova)]

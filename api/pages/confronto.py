"""Two dossiers of the same building beside each other: another day, or another knowledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from api.deps import Momento, parse_id
from api.pages.dossier import Fascicolo, Lettore, geometry_of
from maps import estratto
from territorio.accessi.policy import Visto
from territorio.documenti import confronto
from territorio.documenti.confronto import Passaggio, SezioneConfrontata

PARTI = 20
"""How many buildings of before or after are drawn."""


@dataclass(frozen=True, slots=True)
class Lato:
    """One of the two sides: the dossier, and how its moment is called."""

    fascicolo: Fascicolo
    momento: Momento

    @property
    def giorno(self) -> date:
        """Return the day shown."""
        return self.momento.alla_data


@dataclass(frozen=True, slots=True)
class Confronto:
    """What differs between two sides."""

    prima: Lato
    dopo: Lato
    sezioni: tuple[SezioneConfrontata, ...]
    passaggi: tuple[Passaggio, ...]
    sagome: str | None
    """The outlines over each other, if the shape changed."""

    @property
    def cambiato(self) -> bool:
        """Tell whether anything changed."""
        listed = any(s.cambiata for s in self.sezioni)
        return bool(self.sagome or self.passaggi or listed)


def compare(prima: Lato, dopo: Lato, leggi: Lettore) -> Confronto:
    """Return what differs; what a building came from or became is read too, as anyone may."""
    passages = confronto.passages(prima.fascicolo, dopo.fascicolo)
    before = _others(prima, [code for p in passages for code in p.prima], leggi)
    after = _others(dopo, [code for p in passages for code in p.dopo], leggi)
    head, *rest = confronto.compare(prima.fascicolo, dopo.fascicolo)
    if passages:
        # That the building came or went is what the passage says.
        head = replace(head, tolti=(), aggiunti=())
    return Confronto(
        prima,
        dopo,
        (head, *(replace(section, altrove=_elsewhere(section, after)) for section in rest)),
        passages,
        _drawing(_outline(prima, before), _outline(dopo, after)),
    )


def _others(lato: Lato, codici: Sequence[str], leggi: Lettore) -> dict[str, Fascicolo]:
    """Return the dossiers of the other buildings of a side."""
    own = lato.fascicolo["edificio"]["codice"]
    wanted = [code for code in dict.fromkeys(codici) if code != own][:PARTI]
    return {code: leggi(parse_id("edificio", code), lato.momento, Visto()) for code in wanted}


def _elsewhere(
    section: SezioneConfrontata, parts: Mapping[str, Fascicolo]
) -> dict[str, tuple[str, ...]]:
    """Return where what went is now, among the buildings this one became."""
    there = {
        code: {confronto.name(v) for v in part["sezioni"].get(section.nome, {}).get("voci", ())}
        for code, part in parts.items()
    }
    found = {
        gone: tuple(c for c, names in there.items() if gone in names) for gone in section.tolti
    }
    return {gone: codes for gone, codes in found.items() if codes}


def _outline(lato: Lato, others: Mapping[str, Fascicolo]) -> BaseGeometry | None:
    """Return the outline of a side: of the building, and of those it was or is made of."""
    found = [geometry_of(f["edificio"]) for f in (lato.fascicolo, *others.values())]
    polygons = [part for g in found if g is not None for part in shapely.get_parts(g)]
    return shapely.multipolygons(polygons) if polygons else None


def _drawing(before: BaseGeometry | None, after: BaseGeometry | None) -> str | None:
    if before is None and after is None:
        return None
    if before is not None and after is not None and before.equals(after):
        whole = len(shapely.get_parts(before)) == len(shapely.get_parts(after))
        if whole:
            return None
    nothing = shapely.Polygon()
    return estratto.overlay(before or nothing, after or nothing, "Sagoma di prima e di dopo")

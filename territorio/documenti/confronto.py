"""What changed between two dossiers of a building, object by object and each thing once.

Sources that speak of the same object are taken together: what matters here is that a parcel
went, not that three files said so. What may not be seen, or was never delivered, is said to
be so: it must not look like what stayed the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from territorio.documenti import campi, parole, valore
from territorio.documenti.parole import SEZIONI
from territorio.documenti.prospetto import object_key

NON_CONFRONTATE = frozenset({"cronologia", "segnalazioni"})
"""Sections that tell of changes themselves."""

_IN_ALTRO = frozenset({"geometria", "categoria_descrizione", "diritto_descrizione", "lon", "lat"})
"""Fields that stand in another one, or are drawn."""

Voci = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Differenza:
    """One field of one object before and after; None where nothing was said."""

    oggetto: str
    campo: str
    prima: str | None
    dopo: str | None


@dataclass(frozen=True, slots=True)
class SezioneConfrontata:
    """What changed in one section; nothing, if it is empty."""

    nome: str
    titolo: str
    stato: str = "presente"
    """As the section stands: locked and never loaded are no "nothing changed"."""

    tolti: tuple[str, ...] = ()
    aggiunti: tuple[str, ...] = ()
    differenze: tuple[Differenza, ...] = ()
    altrove: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For what went, the buildings this one became that have it now."""

    @property
    def cambiata(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.tolti or self.aggiunti or self.differenze)

    @property
    def esito(self) -> str:
        """Return in words why nothing is listed."""
        return parole.CONFRONTI.get(self.stato, parole.CONFRONTI["presente"])


@dataclass(frozen=True, slots=True)
class Passaggio:
    """An event between the two: from which buildings to which, and when."""

    tipo: str
    giorno: Any
    prima: tuple[str, ...]
    dopo: tuple[str, ...]

    @property
    def verbo(self) -> str:
        """Return what happened, between those of before and those of after."""
        return parole.PASSAGGI.get(self.tipo, self.tipo)


def name(voce: Mapping[str, Any]) -> str:
    """Return how people call the object of an entry."""
    valori = voce.get("valori", {})
    if voce.get("tipo") == "edificio":
        return "Edificio"
    person = (voce.get("soggetto") or {}).get("valori")
    if person:
        return campi.person(person)
    for campo in ("riferimento", "denominazione", "sigla", "numero", "tipo"):
        if valori.get(campo):
            return campi.write(campo, valori[campo])
    return campi.code(voce.get("id")) or str(voce.get("tipo", "")).replace("_", " ")


def _said(voci: Voci) -> dict[str, dict[str, None]]:
    """Return what is said of an object, field by field, each value once."""
    said: dict[str, dict[str, None]] = {}
    for voce in voci:
        for campo, value in voce.get("valori", {}).items():
            if value not in (None, "", [], {}) and campo not in _IN_ALTRO:
                said.setdefault(campo, {})[valore.text(campo, voce)] = None
    return said


def _keyed(voci: Voci) -> dict[str, list[Mapping[str, Any]]]:
    """Return entries by object; what has no identity is the same when it says the same."""
    keyed: dict[str, list[Mapping[str, Any]]] = {}
    for voce in voci:
        known = voce.get("id") is not None
        about = object_key(voce) if known else repr((voce.get("tipo"), _said([voce])))
        keyed.setdefault(about, []).append(voce)
    return keyed


def _changes(before: Voci, after: Voci) -> Iterator[Differenza]:
    old, new = _said(before), _said(after)
    for campo in dict.fromkeys([*old, *new]):
        was, is_now = old.get(campo, {}), new.get(campo, {})
        gone = "; ".join(text for text in was if text not in is_now) or None
        come = "; ".join(text for text in is_now if text not in was) or None
        if gone or come:
            yield Differenza(name(after[0]), parole.label(campo), gone, come)


def _once(names: Iterator[str], still: frozenset[str]) -> tuple[str, ...]:
    """Return names in their order, each once, without those that are on the other side too."""
    return tuple(sorted({name for name in names if name not in still}, key=_by_number))


def _by_number(name: str) -> list[int | str]:
    """Return what sorts names with numbers in them: sub 2 before sub 10.

    >>> sorted(["part. 10", "part. 2"], key=_by_number)
    ['part. 2', 'part. 10']
    """
    parts = re.split(r"(\d+)", name)
    return [int(part) if n % 2 else part for n, part in enumerate(parts)]


def compare_section(before: Voci, after: Voci) -> SezioneConfrontata:
    """Return the differences between the entries of two days, as a section without a name."""
    old, new = _keyed(before), _keyed(after)
    was, is_now = (frozenset(name(voce) for voce in voci) for voci in (before, after))
    changes = (d for key in old if key in new for d in _changes(old[key], new[key]))
    return SezioneConfrontata(
        "",
        "",
        tolti=_once((name(old[key][0]) for key in old if key not in new), is_now),
        aggiunti=_once((name(new[key][0]) for key in new if key not in old), was),
        differenze=tuple(dict.fromkeys(changes)),
    )


def _section(
    nome: str, titolo: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> SezioneConfrontata:
    states = (str(before["stato"]), str(after["stato"]))
    stato = "presente"
    if "riservata" in states:
        stato = "riservata"
    elif set(states) == {"fonte_non_caricata"}:
        stato = "fonte_non_caricata"
    elif "fonte_non_caricata" in states:
        stato = "caricata_in_parte"
    found = compare_section(before.get("voci", ()), after.get("voci", ()))
    return SezioneConfrontata(nome, titolo, stato, found.tolti, found.aggiunti, found.differenze)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SezioneConfrontata, ...]:
    """Return what differs from one dossier to another of the same building."""
    absent = {"stato": "fonte_non_caricata", "voci": ()}

    def part(fascicolo: Mapping[str, Any], nome: str) -> Mapping[str, Any]:
        if nome == "edificio":
            return {"stato": "presente", "voci": fascicolo["edificio"]["voci"]}
        found: Mapping[str, Any] = fascicolo["sezioni"].get(nome, absent)
        return found

    named = [("edificio", "Edificio"), *((w.nome, w.titolo) for w in SEZIONI)]
    return tuple(
        _section(nome, titolo, part(before, nome), part(after, nome))
        for nome, titolo in named
        if nome not in NON_CONFRONTATE
    )


def passages(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Passaggio, ...]:
    """Return what happened between two dossiers: the events that only the later one knows."""

    def events(fascicolo: Mapping[str, Any]) -> dict[Any, Mapping[str, Any]]:
        voci = fascicolo["sezioni"].get("cronologia", {}).get("voci", ())
        return {voce.get("id"): voce for voce in voci if voce.get("tipo") == "evento"}

    known = events(before)
    found = [voce for key, voce in events(after).items() if key not in known]
    return tuple(
        Passaggio(
            str(voce["valori"].get("evento", "")),
            campi.day(voce.get("dal")),
            tuple(voce["valori"].get("prima") or ()),
            tuple(voce["valori"].get("dopo") or ()),
        )
        for voce in sorted(found, key=lambda v: str(v.get("dal") or ""))
    )

"""What changed between two days, object by object: never by position in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from territorio.documenti import campi, parole
from territorio.documenti.parole import SEZIONI
from territorio.documenti.prospetto import object_key

NON_CONFRONTATE = frozenset({"cronologia", "segnalazioni"})
"""Sections that tell of changes themselves."""


@dataclass(frozen=True, slots=True)
class Differenza:
    """One field of one object before and after; None where it was not there."""

    oggetto: str
    campo: str
    prima: str | None
    dopo: str | None


@dataclass(frozen=True, slots=True)
class SezioneConfrontata:
    """What changed in one section; nothing, if it is empty."""

    nome: str
    titolo: str
    differenze: tuple[Differenza, ...]


def _name(voce: Mapping[str, Any]) -> str:
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


def _flat(voce: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of an entry as they are written."""
    return {
        campo: campi.write(campo, valore)
        for campo, valore in voce.get("valori", {}).items()
        if valore is not None and campo != "geometria"
    }


def _keyed(voci: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return entries by object and source; those about the same object twice by order."""
    keyed: dict[tuple[str, str], Mapping[str, Any]] = {}
    for voce in voci:
        about = (
            object_key(voce) if voce.get("id") is not None else repr(sorted(_flat(voce).items()))
        )
        fonte = str(voce.get("fonte"))
        n = 0
        while (about, f"{fonte}#{n}") in keyed:
            n += 1
        keyed[about, f"{fonte}#{n}"] = voce
    return keyed


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Differenza]:
    old, new = _flat(before), _flat(after)
    return [
        Differenza(_name(after), parole.label(campo), old.get(campo), new.get(campo))
        for campo in dict.fromkeys([*old, *new])
        if old.get(campo) != new.get(campo)
    ]


def compare_section(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> tuple[Differenza, ...]:
    """Return the differences between the entries of two days."""
    old, new = _keyed(before), _keyed(after)
    found: list[Differenza] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            found.append(Differenza(_name(old[key]), "", _name(old[key]), None))
        elif key not in old:
            found.append(Differenza(_name(new[key]), "", None, _name(new[key])))
        else:
            found += _changes(old[key], new[key])
    return tuple(found)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[SezioneConfrontata, ...]:
    """Return what changed from one dossier to another of the same building."""

    def entries(fascicolo: Mapping[str, Any], nome: str) -> list[Mapping[str, Any]]:
        voci: list[Mapping[str, Any]] = fascicolo["sezioni"].get(nome, {}).get("voci", [])
        return voci

    head = compare_section(before["edificio"]["voci"], after["edificio"]["voci"])
    itself = SezioneConfrontata("edificio", "Edificio", head)
    return itself, *(
        SezioneConfrontata(
            words.nome,
            words.titolo,
            compare_section(entries(before, words.nome), entries(after, words.nome)),
        )
        for words in SEZIONI
        if words.nome not in NON_CONFRONTATE
    )

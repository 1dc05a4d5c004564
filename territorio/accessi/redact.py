"""What leaves the registry for whom: one pure function of facts, role and purpose.

Every door that shows facts about an object calls it. It never reads the database and
never adds anything: it keeps, masks, or leaves out, field by field, by the table of
:mod:`territorio.accessi.policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from territorio.accessi.policy import (
    CONTEGGIO,
    MANCA_SCOPO,
    PERSONALI,
    RISERVATA,
    Livello,
    Ruolo,
    Visto,
    levels,
)
from territorio.sezione import Contenuto, Stato, Voce

DI = "di"
"""Internal key of an entry: the person it is about. It never leaves."""

SOGGETTO = "soggetto"


@dataclass(frozen=True, slots=True)
class Redatto:
    """What may be shown, and the names of the personal fields among it."""

    sezioni: dict[str, Contenuto]
    letti: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campi:
    """The fields of an entry that a role sees: some always, some if own, some masked."""

    prefisso: str
    mostrati: frozenset[str]
    propri: frozenset[str]
    mascherati: frozenset[str]

    def whole(self, campo: str, own: bool) -> bool:
        """Tell whether a field is seen as it is, neither hidden nor masked."""
        return campo in self.mostrati or (own and campo in self.propri)


@dataclass(frozen=True, slots=True)
class Regole:
    """What a role sees of a section."""

    voce: Campi
    soggetto: Campi
    conteggio: bool
    tutto: frozenset[str]
    """The fields of a section that is no secret: shown to this role, links included."""


@cache
def rules_of(ruolo: Ruolo, sezione: str) -> Regole | None:
    """Return what a role sees of a section, or None if it sees nothing of it."""
    found = levels(ruolo, sezione)
    if not found:
        return None
    prefix = f"{SOGGETTO}."
    inside = {k.removeprefix(prefix): v for k, v in found.items() if k.startswith(prefix)}
    outside = {k: v for k, v in found.items() if not k.startswith(prefix) and k != CONTEGGIO}
    fields = _fields("", outside)
    plain = sezione not in PERSONALI and "legame" in fields.mostrati
    everything = fields.mostrati if plain else frozenset()
    return Regole(fields, _fields(prefix, inside), CONTEGGIO in found, everything)


def _fields(prefix: str, found: Mapping[str, Livello]) -> Campi:
    def of(livello: Livello) -> frozenset[str]:
        return frozenset(campo for campo, given in found.items() if given is livello)

    return Campi(prefix, of(Livello.MOSTRATO), of(Livello.PROPRIO), of(Livello.MASCHERATO))


def redact(fatti: Mapping[str, Contenuto], visto: Visto) -> Redatto:
    """Return the sections as this role may see them for this purpose."""
    seen: set[str] = set()
    sezioni = {
        nome: redact_section(nome, contenuto, visto, seen) for nome, contenuto in fatti.items()
    }
    return Redatto(sezioni, tuple(sorted(seen)))


def redact_section(
    nome: str, contenuto: Contenuto, visto: Visto, seen: set[str] | None = None
) -> Contenuto:
    """Return one section redacted; ``seen`` collects the personal fields that are shown."""
    if contenuto.stato is Stato.FONTE_NON_CARICATA:
        return _without(contenuto.stato, contenuto.non_caricate)
    if nome in PERSONALI and not visto.scopo:
        return _without(Stato.RISERVATA, contenuto.non_caricate, MANCA_SCOPO)
    rules = rules_of(visto.ruolo, nome)
    if rules is None:
        return _without(Stato.RISERVATA, contenuto.non_caricate, RISERVATA)
    if rules.tutto and all(_is_whole(voce, rules) for voce in contenuto.voci):
        return contenuto  # nothing to take away: it goes out as it is
    counted = rules.conteggio
    shown = _Mostrati(set(), set())
    voci = [
        kept
        for voce in contenuto.voci
        if (kept := _entry(voce, rules, _is_own(voce, visto), shown)) is not None
    ]
    if nome in PERSONALI and seen is not None:
        seen.update(f"{nome}.{campo}" for campo in shown.campi)
        if counted and contenuto.conteggio:
            seen.add(f"{nome}.{CONTEGGIO}")
    stato, motivo = contenuto.stato, contenuto.motivo
    if contenuto.voci and not voci:
        stato, motivo = Stato.RISERVATA, RISERVATA
    elif not contenuto.voci and not counted and nome in PERSONALI:
        # That nobody lives here is something about persons too.
        stato, motivo = Stato.RISERVATA, RISERVATA
    # How many persons there are is a fact about persons; how many parcels, about what is shown.
    conteggio = contenuto.conteggio if counted or nome not in PERSONALI else {}
    return Contenuto(stato, voci, conteggio, contenuto.non_caricate, motivo)


def mask(value: object) -> str:
    """Leave of a value what tells two of them apart and no more.

    >>> mask("Rossi"), mask("RSSMRA80A01H501U")
    ('R.', 'RSS…01U')
    """
    text = str(value).strip()
    if len(text) == 16 and text.isalnum() and any(ch.isdigit() for ch in text):
        return f"{text[:3]}…{text[-3:]}"
    return f"{text[:1]}."


@cache
def _without(stato: Stato, lacking: tuple[str, ...], motivo: str | None = None) -> Contenuto:
    """Return a section of which nothing is shown."""
    return Contenuto(stato, non_caricate=lacking, motivo=motivo)


def _is_own(voce: Voce, visto: Visto) -> bool:
    return visto.soggetto is not None and voce.get(DI) == visto.soggetto


@dataclass(frozen=True, slots=True)
class _Mostrati:
    """What of a section is shown so far: the fields, and the forms of values shown whole.

    A source writes thousands of entries in a few forms: what holds of a form is told once.
    """

    campi: set[str]
    forme: set[tuple[str, ...]]


def _entry(voce: Voce, rules: Regole, own: bool, shown: _Mostrati) -> Voce | None:
    """Return an entry with the fields its reader sees, or None if there is none."""
    if _is_whole(voce, rules):
        return voce
    valori = _values(voce.get("valori", {}), rules.voce, own, shown)
    if not valori:
        return None
    kept = voce.copy()
    kept.pop(DI, None)
    kept["valori"] = valori
    if "legame" in kept:
        if kept["legame"] is not None and rules.voce.whole("legame", own):
            shown.campi.add("legame")
        else:
            del kept["legame"]
    if "discordanza" in kept:
        marks = [m for m in kept.pop("discordanza") if rules.voce.whole(m["campo"], own)]
        if marks:
            kept["discordanza"] = marks
    if SOGGETTO in kept:
        person = kept.pop(SOGGETTO) or {}
        inside = _values(person.get("valori", {}), rules.soggetto, own, shown)
        if inside:
            kept[SOGGETTO] = {**person, "valori": inside}
    return kept


def _is_whole(voce: Voce, rules: Regole) -> bool:
    """Tell whether there is nothing to take away from an entry."""
    return (
        rules.tutto >= voce["valori"].keys()
        and DI not in voce
        and SOGGETTO not in voce
        and "discordanza" not in voce
    )


def _values(valori: dict[str, Any], campi: Campi, own: bool, shown: _Mostrati) -> dict[str, Any]:
    form = (campi.prefisso, *valori)
    if form in shown.forme:
        return valori
    if campi.mostrati >= valori.keys():  # by far the most frequent: nothing to take away
        kept = valori
        shown.forme.add(form)
    else:
        whole = campi.mostrati | campi.propri if own else campi.mostrati
        kept = {
            campo: valore if campo in whole else mask(valore)
            for campo, valore in valori.items()
            if campo in whole or (campo in campi.mascherati and valore is not None)
        }
    shown.campi.update([campi.prefisso + campo for campo in kept] if campi.prefisso else kept)
    return kept

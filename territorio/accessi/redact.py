"""What leaves the registry for whom: one pure function of facts, role and purpose.

Every door that shows facts about an object calls it. It never reads the database and
never adds anything: it keeps, masks, or leaves out, field by field, by the table of
:mod:`territorio.accessi.policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from territorio.accessi.policy import (
    CONTEGGIO,
    MANCA_SCOPO,
    PERSONALI,
    RISERVATA,
    Livello,
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
        return replace(contenuto, voci=[], conteggio={})
    if nome in PERSONALI and not visto.scopo:
        return _locked(contenuto, MANCA_SCOPO)
    rules = levels(visto.ruolo, nome)
    if not rules:
        return _locked(contenuto, RISERVATA)
    counted = CONTEGGIO in rules
    fields = {campo: livello for campo, livello in rules.items() if campo != CONTEGGIO}
    shown: set[str] = set()
    voci = [
        kept
        for voce in contenuto.voci
        if (kept := _entry(voce, fields, _is_own(voce, visto), shown)) is not None
    ]
    if nome in PERSONALI and seen is not None:
        seen.update(f"{nome}.{campo}" for campo in shown)
        if counted and contenuto.conteggio:
            seen.add(f"{nome}.{CONTEGGIO}")
    stato, motivo = contenuto.stato, contenuto.motivo
    if contenuto.voci and not voci:
        stato, motivo = Stato.RISERVATA, RISERVATA
    elif not contenuto.voci and not counted and nome in PERSONALI:
        # That nobody lives here is something about persons too.
        stato, motivo = Stato.RISERVATA, RISERVATA
    conteggio = contenuto.conteggio if counted else {}
    return replace(contenuto, stato=stato, voci=voci, conteggio=conteggio, motivo=motivo)


def mask(value: object) -> str:
    """Leave of a value what tells two of them apart and no more.

    >>> mask("Rossi"), mask("RSSMRA80A01H501U")
    ('R.', 'RSS…01U')
    """
    text = str(value).strip()
    if len(text) == 16 and text.isalnum() and any(ch.isdigit() for ch in text):
        return f"{text[:3]}…{text[-3:]}"
    return f"{text[:1]}."


def _locked(contenuto: Contenuto, motivo: str) -> Contenuto:
    return replace(contenuto, stato=Stato.RISERVATA, voci=[], conteggio={}, motivo=motivo)


def _is_own(voce: Voce, visto: Visto) -> bool:
    return visto.soggetto is not None and voce.get(DI) == visto.soggetto


def _entry(voce: Voce, rules: Mapping[str, Livello], own: bool, shown: set[str]) -> Voce | None:
    """Return an entry with the fields its reader sees, or None if there is none."""
    valori = _values(voce.get("valori", {}), rules, own, shown, "")
    if not valori:
        return None
    kept: Voce = {
        key: value
        for key, value in voce.items()
        if key not in {"valori", "legame", "discordanza", SOGGETTO, DI}
    }
    kept["valori"] = valori
    if "legame" in voce and _whole("legame", rules, own):
        kept["legame"] = voce["legame"]
        shown.add("legame")
    marks = [mark for mark in voce.get("discordanza", ()) if _whole(mark["campo"], rules, own)]
    if marks:
        kept["discordanza"] = marks
    person = voce.get(SOGGETTO)
    if person is not None:
        inside = _values(person.get("valori", {}), rules, own, shown, f"{SOGGETTO}.")
        if inside:
            kept[SOGGETTO] = {**person, "valori": inside}
    return kept


def _values(
    valori: Mapping[str, Any],
    rules: Mapping[str, Livello],
    own: bool,
    shown: set[str],
    prefix: str,
) -> dict[str, Any]:
    kept = {}
    for campo, valore in valori.items():
        name = prefix + campo
        livello = rules.get(name)
        if livello is Livello.MOSTRATO or (own and livello is Livello.PROPRIO):
            kept[campo] = valore
        elif livello is Livello.MASCHERATO:
            kept[campo] = mask(valore)
        else:
            continue
        shown.add(name)
    return kept


def _whole(campo: str, rules: Mapping[str, Livello], own: bool) -> bool:
    """Tell whether a field is seen as it is, neither hidden nor masked."""
    livello = rules.get(campo)
    return livello is Livello.MOSTRATO or (own and livello is Livello.PROPRIO)

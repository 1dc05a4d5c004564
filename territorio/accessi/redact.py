"""What leaves the registry for whom: one pure function of facts, role and purpose.

Every door that shows facts about an object calls it. It never reads the database and
never adds anything: it keeps, masks, or leaves out, field by field, by the table of
:mod:`territorio.accessi.policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

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


class Redatto(NamedTuple):
    """What may be shown, and the names of the personal fields among it."""

    sezioni: dict[str, Contenuto]
    letti: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campi:
    """The fields of an entry that a role sees: some always, some if own, some masked."""

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
    aperta: bool
    """The section names nobody: what is shown of it need not be written down."""
    guardate: frozenset[str]
    """Keys of an entry that have to be looked at, whatever its values."""


@cache
def rules_of(ruolo: Ruolo, sezione: str) -> Regole | None:
    """Return what a role sees of a section, or None if it sees nothing of it."""
    found = levels(ruolo, sezione)
    if not found:
        return None
    prefix = f"{SOGGETTO}."
    inside = {k.removeprefix(prefix): v for k, v in found.items() if k.startswith(prefix)}
    outside = {k: v for k, v in found.items() if not k.startswith(prefix) and k != CONTEGGIO}
    fields, looked_at = _fields(outside), {DI, SOGGETTO, "discordanza", "legame"}
    if "legame" in fields.mostrati:
        looked_at.remove("legame")
    return Regole(
        fields,
        _fields(inside),
        CONTEGGIO in found,
        aperta=sezione not in PERSONALI,
        guardate=frozenset(looked_at),
    )


def _fields(found: Mapping[str, Livello]) -> Campi:
    def of(livello: Livello) -> frozenset[str]:
        return frozenset(campo for campo, given in found.items() if given is livello)

    return Campi(of(Livello.MOSTRATO), of(Livello.PROPRIO), of(Livello.MASCHERATO))


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
    mine, shown = visto.soggetto, _Mostrati(set(), set())
    voci = [
        kept
        for voce in contenuto.voci
        if (kept := _entry(voce, rules, mine is not None and voce.get(DI) == mine, shown))
        is not None
    ]
    stato, motivo, conteggio = contenuto.stato, contenuto.motivo, contenuto.conteggio
    if nome in PERSONALI:
        if seen is not None:
            seen |= _named(nome, frozenset(shown.campi), frozenset(shown.soggetto))
            if rules.conteggio and conteggio:
                seen.add(f"{nome}.{CONTEGGIO}")
        # That nobody lives here, and how many do, is something about persons too.
        if not rules.conteggio:
            conteggio = {}
            if not voci:
                stato, motivo = Stato.RISERVATA, RISERVATA
    if contenuto.voci and not voci:
        stato, motivo = Stato.RISERVATA, RISERVATA
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


class _Mostrati(NamedTuple):
    """The fields that are shown so far: of the entries, and of the persons in them."""

    campi: set[str]
    soggetto: set[str]


@lru_cache(maxsize=1_000)
def _named(sezione: str, campi: frozenset[str], soggetto: frozenset[str]) -> frozenset[str]:
    """Return fields by the names under which a reading of them is written down."""
    inside = {f"{SOGGETTO}.{campo}" for campo in soggetto}
    return frozenset(f"{sezione}.{campo}" for campo in campi | inside)


def _entry(voce: Voce, rules: Regole, own: bool, shown: _Mostrati) -> Voce | None:
    """Return an entry with the fields its reader sees, or None if there is none."""
    given = voce.get("valori", {})
    valori = _values(given, rules.voce, own)
    if valori is given and rules.aperta and rules.guardate.isdisjoint(voce):
        return voce  # nothing to take away, and nothing to write down
    if not valori:
        return None
    shown.campi.update(valori)
    kept = {**voce, "valori": valori}
    kept.pop(DI, None)
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
        inside = _values(person.get("valori", {}), rules.soggetto, own)
        if inside:
            shown.soggetto.update(inside)
            kept[SOGGETTO] = {**person, "valori": inside}
    return kept


def _values(valori: dict[str, Any], campi: Campi, own: bool) -> dict[str, Any]:
    """Return the values that are seen, masked where they are to be."""
    if campi.mostrati.issuperset(valori):  # by far the most frequent: nothing to take away
        return valori
    whole = campi.mostrati | campi.propri if own else campi.mostrati
    return {
        campo: valore if campo in whole else mask(valore)
        for campo, valore in valori.items()
        if campo in whole or (campo in campi.mascherati and valore is not None)
    }

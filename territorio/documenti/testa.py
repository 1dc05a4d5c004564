"""The head of the dossier: the building itself, its addresses, its outline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from territorio.documenti import campi, parole, valore
from territorio.documenti.prospetto import EMPTY, Provenienza, Titoli, provenance
from territorio.documenti.valore import PAGINE

_LABELS = {"stato": "Stato della costruzione"}
"""Names that would be taken for something else beside the head's own lines."""


@dataclass(frozen=True, slots=True)
class Dato:
    """One fact of the head of a dossier: what each source says of it."""

    titolo: str
    valori: tuple[tuple[str, Provenienza], ...]

    @property
    def distinti(self) -> tuple[tuple[str, tuple[Provenienza, ...]], ...]:
        """Return each thing that is said once, with all who say it."""
        said: dict[str, list[Provenienza]] = {}
        for text, source in self.valori:
            said.setdefault(text, []).append(source)
        return tuple((text, tuple(sources)) for text, sources in said.items())

    @property
    def discordi(self) -> bool:
        """Tell whether the sources say different things."""
        return len(self.distinti) > 1


_NOT_IN_HEAD = frozenset({"geometria", "codice_fonte", "categoria_descrizione"})

IN_RIFERIMENTO = frozenset(
    {
        "sezione",
        "foglio",
        "allegato",
        "sviluppo",
        "numero",
        "denominatore",
        "identificativi",
    }
)
"""Parts of a cadastral reference that stands there whole."""

IN_INDIRIZZO = frozenset(
    {"odonimo", "denominazione", "numero", "esponente", "specificita", "metrico"}
)
"""Parts of an address that stands there whole."""


def head(voci: Sequence[Mapping[str, Any]], titoli: Titoli) -> tuple[Dato, ...]:
    """Return the facts about an object itself, field by field, source beside source."""
    said: dict[str, list[tuple[str, Provenienza]]] = {}
    for voce in voci:
        valori = voce["valori"]
        hidden = _NOT_IN_HEAD
        hidden |= IN_RIFERIMENTO if valori.get("riferimento") else frozenset()
        hidden |= IN_INDIRIZZO if valori.get("indirizzo") else frozenset()
        for campo, said_of_it in valori.items():
            if said_of_it not in EMPTY and campo not in hidden:
                text = valore.text(campo, voce)
                said.setdefault(campo, []).append((text, provenance(voce, titoli)))
    return tuple(
        Dato(_LABELS.get(campo) or parole.label(campo), tuple(values))
        for campo, values in said.items()
    )


def one_source(dati: Sequence[Dato]) -> Provenienza | None:
    """Return the only source of the head, or None if there are several (or none)."""
    sources = {source for dato in dati for _, source in dato.valori}
    return sources.pop() if len(sources) == 1 else None


@dataclass(frozen=True, slots=True)
class Indirizzo:
    """One address of a building."""

    testo: str
    href: str | None
    provenienza: Provenienza


def addresses(voci: Sequence[Mapping[str, Any]], titoli: Titoli) -> tuple[Indirizzo, ...]:
    """Return the addresses of a building, each once, leading to its page."""
    found: dict[str, Indirizzo] = {}
    for voce in voci:
        text = str(voce["valori"].get("indirizzo", ""))
        place = voce["valori"].get("localita")
        code = campi.code(voce.get("id"))
        href = PAGINE["civico"] + code if code else None
        whole = f"{text}, {place}" if place else text
        found.setdefault(whole, Indirizzo(whole, href, provenance(voce, titoli)))
    return tuple(found.values())


def outline(voci: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the outline of a building as GeoJSON, or None where no source gave one."""
    for voce in voci:
        geometria: Mapping[str, Any] | None = voce["valori"].get("geometria")
        if geometria:
            return geometria
    return None

"""The supplies: which day each carries, and which sources come on that day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

_TUTTE: Final = frozenset({
    "particelle", "fabbricati", "terreni", "mappa", "edifici", "anncsu", "anagrafe", "posizioni",
    "dichiarazioni", "aliquote", "zone", "vincoli", "pericolosita", "confine",
})  # fmt: skip
_ANAGRAFICHE: Final = frozenset({"anncsu", "anagrafe", "posizioni"})
_TECNICHE: Final = frozenset({"edifici", "fabbricati", "anagrafe"})
_CENSIMENTO: Final = frozenset({"sezioni"})

#: Three whole supplies, and two halfway with what offices renew more often.
CALENDARIO: Final = (
    (date(2021, 1, 1), _TUTTE),
    (date(2022, 7, 1), _ANAGRAFICHE),
    (date(2023, 1, 1), _TUTTE | _CENSIMENTO),
    (date(2024, 7, 1), _TECNICHE),
    (date(2025, 1, 1), _TUTTE),
)


#: Lines of each file of a supply.
type Righe = dict[str, int]


@dataclass(slots=True, eq=False)
class Fornitura:
    """One supply folder and its open files."""

    indice: int
    data: date
    fonti: frozenset[str]
    cartella: Path
    aperti: dict[str, BinaryIO] = field(default_factory=dict)
    righe: Righe = field(default_factory=dict)

    @property
    def giorno(self) -> str:
        """Return the day as files write it in their names."""
        return f"{self.data:%Y%m%d}"

    def open(self, nome: str) -> BinaryIO:
        """Return a file of the folder, opened the first time it is asked for."""
        flusso = self.aperti.get(nome)
        if flusso is None:
            flusso = self.aperti[nome] = (self.cartella / nome).open("wb", buffering=1 << 18)
            self.righe[nome] = 0
        return flusso

    def append(self, nome: str, testo: str, codifica: str = "utf-8") -> None:
        """Append lines to a file and count them."""
        self.open(nome).write(testo.encode(codifica))
        self.righe[nome] += testo.count("\n")

    def close(self) -> None:
        """Close every file."""
        for flusso in self.aperti.values():
            flusso.close()
        self.aperti.clear()


def open_supplies(cartella: Path) -> list[Fornitura]:
    """Make the folders of the supplies."""
    forniture = []
    for indice, (giorno, fonti) in enumerate(CALENDARIO):
        dove = cartella / giorno.isoformat()
        dove.mkdir(parents=True, exist_ok=True)
        forniture.append(Fornitura(indice, giorno, fonti, dove))
    return forniture

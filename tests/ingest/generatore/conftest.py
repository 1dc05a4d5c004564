"""One small invented town for all the tests of the generator."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ingest.generatore import genera

COMUNE = "F758"
EDIFICI = 260
SEME = 11


@dataclass(frozen=True)
class Comune:
    """A generated folder, and its truth as tables of texts."""

    cartella: Path

    @property
    def verita(self) -> dict[str, object]:
        """Return the summary."""
        riassunto: dict[str, object] = json.loads(
            (self.cartella / "verita.json").read_text("utf-8")
        )
        return riassunto

    def table(self, nome: str) -> list[dict[str, str]]:
        """Return a table of the truth."""
        with (self.cartella / "verita" / f"{nome}.csv").open(
            encoding="utf-8", newline=""
        ) as flusso:
            return list(csv.DictReader(flusso, delimiter=";"))

    def supplies(self, modello: str) -> list[tuple[date, Path]]:
        """Return the files of a kind with the day of their supply."""
        trovati = sorted(self.cartella.glob(f"20*/{modello}"))
        return [(date.fromisoformat(f.parent.name), f) for f in trovati]


def known(riga: dict[str, str], giorno: date) -> bool:
    """Tell whether a register knew a row of the truth on a day."""
    return within(riga["nota_da"], riga["nota_fino"], giorno)


def within(dal: str, al: str, giorno: date) -> bool:
    """Tell whether a day lies in a half-open period; an empty end never comes."""
    quando = giorno.isoformat()
    return (not dal or dal <= quando) and (not al or quando < al)


@pytest.fixture(scope="session")
def comune(tmp_path_factory: pytest.TempPathFactory) -> Comune:
    """Generate the town once."""
    cartella = tmp_path_factory.mktemp("comune")
    genera(COMUNE, EDIFICI, SEME, cartella)
    return Comune(cartella)

"""What came of a delivery: the numbers and the refusals, for people and for programs."""

from dataclasses import dataclass, field

from ingest.contract import Rifiuto
from territorio.errors import Refused


@dataclass(slots=True)
class Esito:
    """One delivered file: rows in = inserted + changed + unchanged + refused."""

    file: str
    sha256: str = ""
    fonte: str = ""
    comune: str = ""
    data_riferimento: str = ""
    letti: int = 0
    inseriti: int = 0
    cambiati: int = 0
    invariati: int = 0
    chiusi: int = 0
    rifiutati: list[Rifiuto] = field(default_factory=list)
    gia_caricata: bool = False
    secondi: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the form written by ``--esito FILE.json``."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "fonte": self.fonte,
            "comune": self.comune,
            "data_riferimento": self.data_riferimento,
            "letti": self.letti,
            "inseriti": self.inseriti,
            "cambiati": self.cambiati,
            "invariati": self.invariati,
            "chiusi": self.chiusi,
            "rifiutati": [{"riga": r.riga, "motivo": r.motivo} for r in self.rifiutati],
            "gia_caricata": self.gia_caricata,
        }


def refused(error: Refused) -> list[Esito]:
    """Return the outcome of a load in which nothing changed: what was refused, and why."""
    files: dict[str, Esito] = {}
    for file, riga, motivo in error.dettagli:
        esito = files.setdefault(file, Esito(file))
        esito.rifiutati.append(Rifiuto(riga, motivo))
    return list(files.values())

"""What stands beside the files of a version: one JSON with all that who takes them should know.

Checksums and sizes, licence and attribution, the sources with theirs, the data dictionary, the
day of the data and of their extraction, known limits, and what was left out and why.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from opendata.ente import Ente
from opendata.estrazione import Estrazione
from opendata.formati.testo import dizionario
from opendata.licenze import Provenienza, known_open
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from opendata.vocabolari import LICENZA_NOME, LICENZA_TESTO

METADATI = "metadati.json"
MEDIA_TYPE = "application/json"

DIVERSA = (
    "Righe di fonti con una licenza che si estende a tutto ciò con cui si uniscono, o che non si"
    " possono pubblicare: non sono nei file."
)
SENZA_LUOGO = "Gli oggetti senza geometria non sono nei file FlatGeobuf e PMTiles."
SENZA_AREE = "Il CSV non ha la geometria delle aree."


@dataclass(frozen=True, slots=True)
class Racconto:
    """What is told of a version, but for what only its files show."""

    cosa: Estrazione
    ente: Ente
    denominazione: str
    """The name of the municipality."""

    fonti: tuple[Provenienza, ...]
    escluse: tuple[Provenienza, ...]

    @property
    def attribuzione(self) -> str:
        """Return the words that who uses the data has to repeat."""
        named = dict.fromkeys(f"{one.titolo} ({one.editore})" for one in self.fonti)
        return (
            f"{self.cosa.dataset.titolo}, Comune di {self.denominazione}, {self.ente.nome},"
            f" {self.cosa.giorno.isoformat()}; dalle fonti: {'; '.join(named)}."
        )


def write(file: Path, racconto: Racconto, versione: Pubblicazione) -> None:
    """Write the description of a version."""
    body = describe(racconto, versione)
    file.write_text(json.dumps(body, ensure_ascii=False, indent=2, default=_plain) + "\n", "utf-8")


def describe(racconto: Racconto, versione: Pubblicazione) -> dict[str, Any]:
    """Return the description of a version."""
    dataset = racconto.cosa.dataset
    limits = [dataset.limiti, SENZA_LUOGO if dataset.geometria else ""]
    limits += [SENZA_AREE if str(dataset.geometria).startswith("Multi") else ""]
    limits += [DIVERSA if racconto.escluse else ""]
    limits += [
        f"{one.righe} righe sono della fonte «{one.titolo}», con licenza «{one.licenza}»."
        for one in racconto.fonti
        if not known_open(one.licenza)
    ]
    return {
        "dataset": dataset.nome,
        "titolo": dataset.titolo,
        "descrizione": dataset.descrizione,
        "comune": versione.comune,
        "denominazione": racconto.denominazione,
        "versione": versione.numero,
        "data": versione.giorno,
        "estratto": versione.quando,
        "registrazione": versione.registrazione,
        "righe": versione.righe,
        "impronta": versione.impronta,
        "licenza": {"titolo": LICENZA_NOME, "url": LICENZA_TESTO},
        "attribuzione": racconto.attribuzione,
        "editore": racconto.ente.nome,
        "sistema_di_riferimento": "OGC:CRS84 (da EPSG:6706, trasformazione nulla)",
        "fonti": [asdict(one) for one in racconto.fonti],
        "fonti_escluse": [asdict(one) for one in racconto.escluse],
        "campi": dizionario(dataset),
        "limiti": [limit for limit in limits if limit],
        "file": [asdict(one) for one in _others(versione)],
    }


def _others(versione: Pubblicazione) -> list[FilePubblicato]:
    return [one for one in versione.file if one.nome != METADATI]


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)

"""Streets: their names, as of a day."""

from territorio.elenco import Tipo
from territorio.schema_fatti import odonimo
from territorio.sezione import Voce


def voci(righe: list[Voce]) -> list[Voce]:
    """Return what the sources say of a street."""
    return righe


TIPO = Tipo(
    "odonimo",
    odonimo,
    ("progressivo_nazionale", "codice_comunale", "denominazione", "localita", "lingua1", "lingua2"),
    "odonimi",
    voci,
)

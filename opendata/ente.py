"""The body that publishes, and the bodies whose data they are."""

from dataclasses import dataclass

from territorio.config import Settings


@dataclass(frozen=True, slots=True)
class Ente:
    """A public body; ``ipa`` is its code in the index of public bodies."""

    nome: str
    ipa: str
    email: str = ""
    sito: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Ente":
        """Return the body that publishes here."""
        return cls(settings.ente_nome, settings.ente_ipa, settings.ente_email, settings.ente_sito)


def of_comune(codice: str, denominazione: str) -> Ente:
    """Return a municipality as a body: the index names it after its cadastral code.

    >>> of_comune("H501", "Roma").ipa
    'c_h501'
    """
    return Ente(f"Comune di {denominazione}", f"c_{codice.lower()}")

"""Name of one cadastral map: eleven characters, ``H282B0001A0``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from catasto.errors import InvalidValue

_NOME: Final = re.compile(r"([A-Z][0-9]{3})([A-Z_])([0-9A-Z]{4})([0-9A-Z])([0-9A-Z])")
_CANONICO: Final = re.compile(r"[A-Z][0-9]{3}\|[A-Z]?\|(?!0[^|])[0-9A-Z]{1,4}\|[0-9A-Z]\|[0-9A-Z]")


@dataclass(frozen=True, slots=True, order=True)
class NomeMappa:
    """A map sheet, or one of its insets (*allegato*, then *sviluppo*).

    >>> NomeMappa.parse("H282B0001A0")
    NomeMappa(comune_catastale='H282', sezione='B', foglio='1', allegato='A', sviluppo='0')
    >>> str(NomeMappa("H501", "", "767"))
    'H501_076700'
    """

    comune_catastale: str
    sezione: str
    foglio: str
    allegato: str = "0"
    sviluppo: str = "0"

    def __post_init__(self) -> None:
        """Refuse parts that are not in canonical form."""
        parti = (
            f"{self.comune_catastale}|{self.sezione}|{self.foglio}|{self.allegato}|{self.sviluppo}"
        )
        if _CANONICO.fullmatch(parti) is None:
            raise InvalidValue("nome di mappa", parti, "parti non in forma canonica")

    def __str__(self) -> str:
        """Write the eleven characters."""
        return (
            f"{self.comune_catastale}{self.sezione or '_'}{self.foglio:0>4}"
            f"{self.allegato}{self.sviluppo}"
        )

    @classmethod
    def parse(cls, testo: str) -> NomeMappa:
        """Read the eleven characters, in any case; file extensions are not accepted."""
        trovato = _NOME.fullmatch(testo.strip().upper())
        if trovato is None:
            raise InvalidValue(
                "nome di mappa", testo, "attesi 11 caratteri: comune, sezione o _, foglio, A, S"
            )
        comune, sezione, foglio, allegato, sviluppo = trovato.groups()
        return cls(comune, sezione.replace("_", ""), foglio.lstrip("0") or "0", allegato, sviluppo)

    @property
    def quadro_unione(self) -> bool:
        """Say whether this is a *quadro d'unione*; its foglio is then a request number."""
        return self.allegato == "Q" and self.sviluppo == "U"

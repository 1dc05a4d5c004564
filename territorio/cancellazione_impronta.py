"""Keyed hashes: how an erased person is recognised again without being named.

Whoever lacks the installation's key can neither read a name out of them nor test a guess.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from territorio import archivio_chiave
from territorio.config import Settings

PREFIX = "cancellato:"


@dataclass(frozen=True, slots=True)
class Impronte:
    """Makes keyed hashes with the key of the installation."""

    chiave: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "Impronte":
        """Return the maker of hashes of an installation."""
        return cls(archivio_chiave.derive(archivio_chiave.key(settings), "cancellazione"))

    def digest(self, tipo: str, chiave: str) -> bytes:
        """Return what stands for the key a source uses; a pseudonym stands for itself.

        >>> i = Impronte(bytes(32))
        >>> i.digest("soggetto", i.pseudonym("soggetto", "X")) == i.digest("soggetto", "X")
        True
        """
        if chiave.startswith(PREFIX):
            return bytes.fromhex(chiave.removeprefix(PREFIX))
        return hmac.digest(self.chiave, f"{tipo}|{chiave}".encode(), hashlib.sha256)

    def pseudonym(self, tipo: str, chiave: str) -> str:
        """Return the key under which what a source says is kept once the person is erased."""
        return PREFIX + self.digest(tipo, chiave).hex()

    def scatter(self, impronta: int) -> int:
        """Return another fingerprint of a row: the old one would confirm a guess at it.

        The same for the same: rows that said the same still compare as equal.
        """
        text = impronta.to_bytes(8, "big", signed=True)
        return int.from_bytes(
            hmac.digest(self.chiave, text, hashlib.sha256)[:8], "big", signed=True
        )

"""Cadastral category of an urban unit: ``A/2`` for people, ``A02`` in files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from catasto.errors import InvalidValue, UnknownCode
from catasto.tabelle import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMA: Final = re.compile(r"(?:CAT(?:EGORIA)?\.?\s*)?([A-F])\s*[/ ]?\s*0?([0-9]{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Categoria:
    """A category: the group letter and its number.

    >>> Categoria.parse("cat. A/2")
    Categoria(gruppo='A', numero=2)
    >>> str(Categoria.parse("C06")), Categoria.parse("C/6").codice
    ('C/6', 'C06')
    """

    gruppo: str
    numero: int

    def __post_init__(self) -> None:
        """Refuse what cannot be a category; whether it is listed is another question."""
        if self.gruppo not in {"A", "B", "C", "D", "E", "F"} or not 1 <= self.numero <= 99:
            raise InvalidValue("categoria", f"{self.gruppo}/{self.numero}", "gruppo A-F, da 1 a 99")

    def __str__(self) -> str:
        """Write the category as people do: ``A/2``."""
        return f"{self.gruppo}/{self.numero}"

    @property
    def codice(self) -> str:
        """The form used in the supplies: ``A02``."""
        return f"{self.gruppo}{self.numero:02d}"

    @property
    def descrizione(self) -> str:
        """The official wording; raises UnknownCode for an unlisted category."""
        return self._voce[1]

    @property
    def unita_consistenza(self) -> str | None:
        """The unit of *consistenza*: ``vani``, ``mc``, ``mq`` or None (no ordinary estimate)."""
        return self._voce[0] or None

    @property
    def con_rendita(self) -> bool:
        """Say whether units of this category have a rendita (group F has none)."""
        return self.gruppo != "F"

    @property
    def _voce(self) -> tuple[str, str]:
        voce = _voci().get(self.codice)
        if voce is None:
            raise UnknownCode("categorie", self.codice)
        return voce

    @classmethod
    def parse(cls, testo: str) -> Categoria:
        """Read ``A02``, ``A/2``, ``A2``, ``A/02``, ``cat. A/2``, in any case."""
        return _parse(testo)


@lru_cache(maxsize=4096)
def _parse(testo: str) -> Categoria:
    trovato = _FORMA.fullmatch(testo.strip().upper())
    if trovato is None:
        raise InvalidValue("categoria", testo, "attesa una forma come A/2 o A02")
    return Categoria(trovato[1], int(trovato[2]))


@cache
def _voci() -> Mapping[str, tuple[str, str]]:
    return {codice: (unita, nome) for codice, unita, nome, _ in rows("categorie")}


@cache
def categorie() -> tuple[Categoria, ...]:
    """Return every listed category, in order.

    >>> len(categorie()), str(categorie()[0])
    (57, 'A/1')
    """
    return tuple(Categoria(c[0], int(c[1:])) for c in _voci())

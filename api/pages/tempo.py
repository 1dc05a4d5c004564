"""The two times of a page, as its form sends them: an empty field is no field."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.deps import Momento
from territorio import vigenza
from territorio.errors import InvalidInput

FUTURO = "scegli un giorno non successivo a oggi: il registro non sa che cosa accadrà"


@dataclass(frozen=True, slots=True)
class Tempo:
    """The day shown, what was known, and the day to compare with."""

    momento: Momento
    confronta: date | None = None
    scelto: bool = False
    """Whether the reader asked for a day, so that links keep it."""

    @property
    def alla_data(self) -> date:
        """Return the day shown."""
        return self.momento.alla_data

    def at(self, day: date) -> Momento:
        """Return another day seen with the same knowledge."""
        return Momento(day, self.momento.noto_al)

    @property
    def coda(self) -> str:
        """Return the part of an address that keeps the times, with its question mark."""
        parts = self.parametri
        return f"?{urlencode(parts)}" if parts else ""

    @property
    def parametri(self) -> dict[str, str]:
        """Return the times as they stand in an address."""
        parts = {"alla_data": self.alla_data.isoformat()} if self.scelto else {}
        return parts | ({"noto_al": self.momento.noto_al} if self.momento.noto_al else {})


def parse_day(campo: str, text: str | None) -> date | None:
    """Read a day from a form; raise InvalidInput if it is none, or is to come."""
    if text is None or not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(campo, f"«{text}» non è una data come 2025-12-31") from None
    if day > vigenza.today():
        raise InvalidInput(campo, FUTURO)
    return day


def tempo(
    alla_data: Annotated[str | None, Query(max_length=40)] = None,
    al: Annotated[str | None, Query(max_length=40)] = None,
    noto_al: Annotated[str | None, Query(max_length=40)] = None,
    confronta: Annotated[str | None, Query(max_length=40)] = None,
) -> Tempo:
    """Read the times of a page; ``al`` is the short form of ``alla_data``."""
    asked = parse_day("alla_data", alla_data) or parse_day("al", al)
    return Tempo(
        Momento(asked or vigenza.today(), (noto_al or "").strip() or None),
        parse_day("confronta", confronta),
        asked is not None,
    )


TempoRichiesto = Annotated[Tempo, Depends(tempo)]

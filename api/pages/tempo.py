"""The two times of a page, as its form sends them: an empty field is no field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.deps import Momento
from territorio import vigenza
from territorio.documenti.scrittura import giorno, istante
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
    def noto(self) -> str:
        """Return in words what was known when, after "sapeva"; empty for today's knowledge."""
        text = self.momento.noto_al
        if not text:
            return ""
        if text.startswith("n"):
            return f"alla registrazione n. {text[1:]}"
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return f"al {text}"
        return f"al {giorno(moment) if len(text) == 10 else istante(moment)}"

    def senza_noto(self, parametri: Mapping[str, str]) -> str:
        """Return the end of the address of the same page with today's knowledge.

        >>> Tempo(Momento(date(2024, 1, 1), "n3")).senza_noto({"noto_al": "n3", "a": "b"})
        '?a=b'
        """
        parts = {k: v for k, v in parametri.items() if k != "noto_al"}
        if self.confronta is not None:
            parts["confronta"] = self.confronta.isoformat()
        return f"?{urlencode(parts)}" if parts else "?"

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


_NUMERO = re.compile(r"(?:n\.?|registrazione(?: n\.?)?)? ?(\d+)", re.IGNORECASE)
_ITALIANA = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def parse_noto(text: str | None) -> str | None:
    """Read what people write for "known at" as the doors take it; the rest is left to them.

    >>> parse_noto("31/03/2024"), parse_noto("registrazione 12"), parse_noto("N12"), parse_noto(" ")
    ('2024-03-31', 'n12', 'n12', None)
    """
    plain = (text or "").strip()
    if (number := _NUMERO.fullmatch(plain)) is not None:
        return f"n{int(number[1])}"
    if (parts := _ITALIANA.fullmatch(plain)) is not None:
        return f"{parts[3]}-{int(parts[2]):02}-{int(parts[1]):02}"
    return plain or None


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
        Momento(asked or vigenza.today(), parse_noto(noto_al)),
        parse_day("confronta", confronta),
        asked is not None,
    )


TempoRichiesto = Annotated[Tempo, Depends(tempo)]

"""Issues in words: of what kind, and why, as an officer reads them.

Rules and loads write a reason once, for machines and people; here figures and codes in it
take the form they have everywhere else.
"""

import re
from decimal import Decimal
from fractions import Fraction

from territorio.documenti import campi, codici, scrittura

_QUOTE = re.compile(r"le quote di proprietà sommano a (\d+\.\d{3})")
_TRIBUTI = re.compile(r"\b(ai tributi|in catasto) (\S+) con rendita (\S+) €")
_POSIZIONE = re.compile(r"rendita (\d+\.\d+), il catasto \((.*)\) (\d+\.\d+)")
_CONTESO = re.compile(r"\bdice «([^»]*)»")

PARTI = 24
"""Shares are divided into few parts: a sum of a larger denominator is told in per cent."""


def kind(tipo: str) -> str:
    """Return the kind of an issue in words; kinds are words but where a format found it.

    >>> kind("imu.rendita_diversa"), kind("record rifiutato")
    ('Rendita IMU diversa dal catasto', 'Record rifiutato')
    """
    words = codici.SEGNALAZIONI.get(tipo) or tipo.partition(".")[2].replace("_", " ") or tipo
    return scrittura.maiuscola(words)


def reason(motivo: str, campo: str | None = None) -> str:
    """Return the reason of an issue, about a field if it is about one.

    >>> reason("le quote di proprietà sommano a 1.167")
    'le quote di proprietà sommano a 7/6 (116,7\u00a0%) e non all’intero'
    """
    text = _QUOTE.sub(_sum, motivo)
    text = _TRIBUTI.sub(_declared, text)
    text = _POSIZIONE.sub(_position, text)
    if campo:
        text = _CONTESO.sub(lambda m: f"dice «{campi.write(campo, m[1])}»", text)
    return text


def _sum(found: re.Match[str]) -> str:
    """Write a sum of shares: as a fraction where one of few parts is meant."""
    said = Decimal(found[1])
    near = Fraction(said).limit_denominator(PARTI)
    words = "le quote di proprietà sommano"
    if round(near, 3) != Fraction(said):
        return f"{words} al {scrittura.percento(said)} e non all’intero"
    return f"{words} a {near} ({scrittura.percento(near)}) e non all’intero"


def _declared(found: re.Match[str]) -> str:
    """Write a category and a rendita; a question mark stands for none."""
    where, category, amount = found.groups()
    called = "senza categoria," if category == "?" else campi.category(category)
    value = campi.number(amount)
    rendita = "senza rendita" if value is None else f"con rendita {scrittura.euro(value)}"
    return f"{where} {called} {rendita}"


def _position(found: re.Match[str]) -> str:
    declared, whose, other = Decimal(found[1]), found[2], Decimal(found[3])
    return f"rendita {scrittura.euro(declared)}, il catasto ({whose}) {scrittura.euro(other)}"

"""Issues in words: of what kind, and why, as an officer reads them.

Rules and loads keep the figures and codes of a reason apart from its sentence; here both are
put together, in the form they have everywhere else. Figures that the reader may not see are
not there: then the sentence alone says what there is to say.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from territorio.documenti import campi, codici, scrittura

PARTI = 24
"""Shares are divided into few parts: a sum of a larger denominator is told in per cent."""

Dati = Mapping[str, Any]


def kind(tipo: str) -> str:
    """Return the kind of an issue in words; kinds are words but where a format found it.

    >>> kind("imu.rendita_diversa"), kind("record rifiutato")
    ('Rendita IMU diversa dal catasto', 'Record rifiutato')
    """
    words = codici.SEGNALAZIONI.get(tipo) or tipo.partition(".")[2].replace("_", " ") or tipo
    return scrittura.maiuscola(words)


def reason(motivo: str, dati: Dati | None = None, campo: str | None = None) -> str:
    """Return the reason of an issue, with its figures, about a field if it is about one.

    >>> reason("le quote di proprietà non fanno l’intero", {"somma": "1.167"})
    'le quote di proprietà sommano a 7/6 (116,7\u00a0%) e non all’intero'
    >>> reason("il numero non si legge")
    'il numero non si legge'
    """
    said = dati or {}
    for key, write in _PAROLE.items():
        if key in said:
            return write(motivo, said, campo)
    return motivo


def _sum(_motivo: str, dati: Dati, _campo: str | None) -> str:
    """Write a sum of shares: as a fraction where one of few parts is meant."""
    said = Decimal(dati["somma"])
    near = Fraction(said).limit_denominator(PARTI)
    words = "le quote di proprietà sommano"
    if round(near, 3) != Fraction(said):
        return f"{words} al {scrittura.percento(said)} e non all’intero"
    return f"{words} a {near} ({scrittura.percento(near)}) e non all’intero"


def _contested(_motivo: str, dati: Dati, campo: str | None) -> str:
    """Write what a source and the office say of a field."""
    source, office = (
        campi.write(campo, dati[whose]) if campo else dati[whose]
        for whose in ("consegna", "ufficio")
    )
    return (
        f"la fonte {dati['fonte']} dice «{source}», un atto dell’ufficio dice «{office}»: "
        "vale l’atto"
    )


def _declared(motivo: str, dati: Dati, _campo: str | None) -> str:
    """Write category and rendita, as declared if that may be read, and in the cadastre."""
    cadastre = f"in catasto {_valued(dati['catasto'])}"
    if "tributi" not in dati:
        return f"{motivo}: {cadastre}"
    return f"ai tributi {_valued(dati['tributi'])}, {cadastre}"


def _valued(unita: Dati) -> str:
    category, value = unita.get("categoria"), campi.number(unita.get("rendita"))
    called = campi.category(category) if category else "senza categoria,"
    return f"{called} senza rendita" if value is None else f"{called} con rendita {_euro(value)}"


def _position(_motivo: str, dati: Dati, _campo: str | None) -> str:
    declared, other = (_euro(Decimal(dati["tributi"][of])) for of in ("rendita", "catasto"))
    return f"la posizione ha rendita {declared}, il catasto (secondo la stessa riga) {other}"


def _euro(value: Any) -> str:
    return scrittura.euro(value)


_PAROLE: dict[str, Callable[[str, Dati, str | None], str]] = {
    "somma": _sum,
    "consegna": _contested,
    "catasto": _declared,
    "tributi": _position,
}
"""What writes a reason, by a figure that it has; the first counts."""

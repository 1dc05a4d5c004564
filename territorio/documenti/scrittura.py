"""How values are written for people: dates, numbers, areas, money, in Italian.

Thousands are parted by a thin space that does not break and decimals by a comma, so that
nobody takes one for the other.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from territorio.vigenza import ROMA

THIN = "\u202f"
NBSP = "\u00a0"

MESI = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)

_ELISE = {"il": "l’", "al": "all’", "dal": "dall’"}
"""Before eight and eleven, which begin with a vowel."""

Numero = int | float | Decimal | Fraction


def giorno(value: date) -> str:
    """Write a day in words.

    >>> giorno(date(2026, 1, 1))
    '1\u00a0gennaio\u00a02026'
    """
    if isinstance(value, datetime):
        value = value.astimezone(ROMA).date() if value.tzinfo else value.date()
    return f"{value.day}{NBSP}{MESI[value.month - 1]}{NBSP}{value.year}"


def con(parola: str, value: date) -> str:
    """Write a day after *il*, *dal* or *al*, with the apostrophe where it is said.

    >>> con("dal", date(2026, 1, 8)), con("al", date(2026, 1, 1))
    ('dall’8\u00a0gennaio\u00a02026', 'al 1\u00a0gennaio\u00a02026')
    """
    text = giorno(value)
    return f"{_ELISE[parola]}{text}" if text.startswith(("8", "11")) else f"{parola} {text}"


def istante(value: datetime) -> str:
    """Write a moment in words, by the clock of Italy.

    >>> from datetime import UTC
    >>> istante(datetime(2026, 1, 1, 11, 5, tzinfo=UTC))
    '1\u00a0gennaio\u00a02026, ore\u00a012:05'
    """
    local = value.astimezone(ROMA) if value.tzinfo else value
    return f"{giorno(local)}, ore{NBSP}{local:%H:%M}"


def numero(value: Numero, decimali: int = 0) -> str:
    """Write a number with thin thousands and a decimal comma.

    >>> numero(1234567.891, 2)
    '1\u202f234\u202f567,89'
    >>> numero(0.005, 2)
    '0,01'
    """
    return _in_units(_units(value, decimali), decimali)


def _units(value: Numero, decimali: int) -> int:
    """Return how many units of its last decimal a number has, halves rounded from zero."""
    if isinstance(value, float) and (units := abs(value) * 10.0**decimali) < LARGE:
        # What comes from the database is a float and is told a dozen times in a dossier. The
        # exact way, ten times as long, is for what may stand on a half.
        whole = int(units)
        if abs(units - whole - 0.5) > UNSURE:
            whole += units - whole > 0.5
            return -whole if value < 0 else whole
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    twice = abs(exact) * 10**decimali * 2
    whole = (int(twice) + 1) // 2
    return -whole if exact < 0 else whole


def _in_units(units: int, decimali: int) -> str:
    """Write a number that is so many units of its last decimal."""
    whole, rest = divmod(abs(units), 10**decimali)
    text = f"{whole:,}".replace(",", THIN)
    sign = "-" if units < 0 else ""
    return f"{sign}{text},{rest:0{decimali}}" if decimali else sign + text


LARGE, UNSURE = 1e9, 1e-5
"""Below so many units, and so far from a half of one, a float is rounded as it is."""


def metri_quadri(value: int | float | Decimal) -> str:
    """Write an area; decimals only where they say something.

    >>> metri_quadri(Decimal("1520.00")), metri_quadri(7.25)
    ('1\u202f520\u00a0m²', '7,3\u00a0m²')
    """
    small = -100 < value < 100 and value != int(value)
    return f"{numero(value, 1 if small else 0)}{NBSP}m²"


def peso(value: int) -> str:
    """Write how much a file weighs.

    >>> peso(812), peso(20_480), peso(3_456_789)
    ('812\u00a0byte', '20\u00a0kB', '3,5\u00a0MB')
    """
    if value < 1000:
        return f"{value}{NBSP}byte"
    if value < 1_000_000:
        return f"{numero(value / 1000)}{NBSP}kB"
    return f"{numero(value / 1_000_000, 1)}{NBSP}MB"


def euro(value: Numero) -> str:
    """Write an amount of money.

    >>> euro(Decimal("1234.5"))
    '1\u202f234,50\u00a0€'
    """
    return f"{numero(value, 2)}{NBSP}€"


def percento(value: Numero) -> str:
    """Write a part of one as a percentage with one decimal.

    >>> percento(Decimal("0.985"))
    '98,5\u00a0%'
    """
    return f"{_in_units(_units(value, 3), 1)}{NBSP}%"


def quota(numeratore: int, denominatore: int) -> str:
    """Write a share as the cadastre does, unreduced.

    >>> quota(500, 1000)
    '500/1000'
    """
    return f"{numeratore}/{denominatore}"


def maiuscola(text: str) -> str:
    """Write a text with its first letter large and the rest as it is.

    >>> maiuscola("unità immobiliare")
    'Unità immobiliare'
    """
    return text[:1].upper() + text[1:]

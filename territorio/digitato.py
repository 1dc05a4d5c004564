"""An address as people type it: street, number and what goes with it, in any order.

It only takes apart; what the parts are called in the registry is :mod:`territorio.indirizzo`.
"""

import re

from territorio import indirizzo

_CIVICO = re.compile(
    r"^(?P<via>.*?[^\W\d].*?)[\s,]+(?:(?:n|nr|num|civ|civico)[.°\s]*)?"
    r"(?P<numero>\d{1,5})\s*(?:[/\s-]?\s*(?P<esponente>[a-z]{1,2}|bis|ter|quater|(?<=/)\d{1,4}))?"
    r"(?:\s*,\s*(?P<resto>[^\d,]+))?$",
    re.IGNORECASE,
)
LUNGO = 200
"""Letters beyond which a text is no address, and is not looked through."""

_OLTRE = (
    re.compile(r"(?P<capo>.*?\d\S*?)[\s,–-]+\d{5}(?:[\s,]+\D*)?", re.DOTALL),
    re.compile(
        r"(?P<capo>.*?\d\S*?)(?:[\s,–-]+(?:interno|int|scala|sc|piano|app)\b[.\s]*\w{1,4}(?:-\w{1,4})*)+[\s,]*",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(r"(?P<capo>.+?)[\s,]+(?:snc|s\.\s?n\.\s?c\.?)", re.IGNORECASE | re.DOTALL),
)
"""What is written after a house number and is of no use here: post code and town, the door
inside, or that there is no number."""

_DAVANTI = re.compile(
    r"(?P<detto>(?:civico|civ|numero|num|nr|n)\b[.°\s]*)?"
    r"(?P<numero>\d{1,5}(?:\s*/\s*[a-z0-9]{1,4}|[a-z]\b|\s+(?:bis|ter|quater)\b)?)"
    r"[\s,]+(?:(?:di|in)\s+)?(?P<via>[^\W\d].*)",
    re.IGNORECASE | re.DOTALL,
)
"""A house number written before its street."""


def split_address(text: str) -> tuple[str, int | None, str]:
    """Return street, number and exponent of an address as people write it.

    >>> split_address("via Roma 12/A"), split_address("viale XX settembre")
    (('via Roma', 12, 'A'), ('viale XX settembre', None, ''))
    >>> split_address("via 4 novembre 3"), split_address("via Roma 12/4 int. 3 - 33100 Udine")
    (('via 4 novembre', 3, ''), ('via Roma', 12, '4'))
    """
    text = text.strip()
    for beyond in _OLTRE if len(text) <= LUNGO else ():
        if (cut := beyond.fullmatch(text)) is not None:
            text = cut["capo"]
    text = _number_last(text) if len(text) <= LUNGO else text
    found = _CIVICO.match(text)
    if found is None or not indirizzo.senza_dug(indirizzo.chiave_odonimo(found["via"])):
        return text, None, ""
    street = f"{found['via']} {found['resto'] or ''}".strip()
    return street, int(found["numero"]), (found["esponente"] or "").upper()


def _number_last(text: str) -> str:
    """Write a house number after its street, where it stands before.

    >>> _number_last("civico 9 via Trento"), _number_last("4 novembre")
    ('via Trento 9', '4 novembre')
    """
    found = _DAVANTI.fullmatch(text)
    if found is None:
        return text
    street = found["via"].strip()
    kinds = indirizzo.chiave_odonimo(street).split()
    if not found["detto"] and (len(kinds) < 2 or kinds[0] not in indirizzo.dug()):
        return text
    # A street that ends in a number has one already.
    return text if _CIVICO.match(street) else f"{street} {found['numero']}"

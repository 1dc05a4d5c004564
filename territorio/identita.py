"""Permanent identities: one number an object, written as a pronounceable code.

The number comes from one sequence through a fixed permutation, so that neighbours in
time are not neighbours in code and nobody can guess how many objects a municipality has.
The written form is six syllables and a check character (ISO 7064 Mod 37,36, which finds
every wrong or swapped character); it holds no municipality, address or parcel
(DESIGN §3.3).
"""

from dataclasses import dataclass
from functools import lru_cache

from stdnum.iso7064 import mod_37_36

from territorio.errors import InvalidInput

CONSONANTS = "bcdfgjklmnprstvz"
VOWELS = "aeiou"
SYLLABLES = tuple(c + v for c in CONSONANTS for v in VOWELS)
_VALUE = {syllable: value for value, syllable in enumerate(SYLLABLES)}

# The largest prime below 80^6: multiplying by any factor is a permutation of 1..PRIME-1.
PRIME = 262_143_999_979
FACTOR = 161_803_398_875


def permute(n: int) -> int:
    """Return the identity of the n-th object; the SQL twin is ``registro.nuovo_id()``."""
    return n * FACTOR % PRIME


@dataclass(frozen=True, slots=True)
class Codice:
    """The written form of an identity.

    >>> str(Codice(permute(1)))
    'nukagi-gecaza-t'
    >>> Codice.parse("NUKAGI gecaza T").id == permute(1)
    True
    """

    id: int

    def __post_init__(self) -> None:
        """Refuse numbers that no object can have."""
        if not 0 < self.id < PRIME:
            raise InvalidInput("codice", f"{self.id} non è un identificativo del registro")

    @classmethod
    def parse(cls, text: str) -> "Codice":
        """Read a code as people write it; raise InvalidInput if a character is wrong."""
        plain = "".join(ch for ch in text.lower() if ch.isalnum())
        if len(plain) != 13:
            raise InvalidInput("codice", f"«{text}» non ha la forma di un codice del registro")
        digits = [_VALUE.get(plain[i : i + 2], -1) for i in range(0, 12, 2)]
        value = 0
        for digit in digits:
            value = value * 80 + digit
        if -1 in digits or _written(value)[-1] != plain[-1]:
            raise InvalidInput(
                "codice", f"«{text}» contiene un carattere sbagliato: ricontrolla il codice"
            )
        return cls(value)

    def __str__(self) -> str:
        """Write the code: two words of three syllables and the check character."""
        return _written(self.id)


@lru_cache(maxsize=1_000)  # a request that names an object writes it again in its answer
def _written(value: int) -> str:
    syllables = []
    for _ in range(6):
        value, digit = divmod(value, 80)
        syllables.append(SYLLABLES[digit])
    plain = "".join(reversed(syllables))
    check = mod_37_36.calc_check_digit(plain.upper()).lower()
    return f"{plain[:6]}-{plain[6:]}-{check}"

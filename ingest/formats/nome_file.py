"""What the name of a delivered file says."""

import re
from pathlib import Path

_BELFIORE = re.compile(r"(?:^|_)([A-Z]\d{3})(?=[_.])")


def belfiore(path: Path) -> str:
    """Return the code of the municipality in a file's name, empty if there is none.

    >>> belfiore(Path("LAC_H501_20250101.csv")), belfiore(Path("STRAD_LAZI_20250101.csv"))
    ('H501', '')
    """
    found = _BELFIORE.search(path.name)
    return found[1] if found else ""

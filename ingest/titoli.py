"""The titles of the sources, for who asks which there are: nothing heavy is imported."""

import re
from pathlib import Path

_TITLE = re.compile(r'FONTE = Fonte\(\s*title="([^"]+)"')


def titles() -> dict[str, str]:
    """Return the Italian title of each source, by its code."""
    found = {}
    for path in sorted((Path(__file__).parent / "fonti").glob("[!_]*.py")):
        if match := _TITLE.search(path.read_text(encoding="utf-8")):
            found[path.stem] = match.group(1)
    return found

"""Real cadastral files, kept outside the repository because they are not ours to publish."""

from __future__ import annotations

from pathlib import Path

import pytest

_DATI = Path(__file__).parents[3] / "shared" / "data"


def real_file(percorso: str) -> Path:
    """Return a real file, or skip the test where the files are not beside the clone."""
    trovato = _DATI / percorso
    if not trovato.exists():
        pytest.skip(f"manca il file reale {percorso}: i dati reali non stanno nel repository")
    return trovato

"""The sources: what is a module in this folder is a source, its name is its code."""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from ingest.contract import Sorgente


@cache
def catalogue() -> dict[str, Sorgente]:
    """Return every source by its code."""
    return {
        info.name: cast(Sorgente, import_module(f"{__name__}.{info.name}"))
        for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name)
    }


def named(codice: str) -> Sorgente:
    """Return one source; the others are not imported, which takes a while."""
    return cast(Sorgente, import_module(f"{__name__}.{codice}"))


def recognise(path: Path) -> tuple[str, Sorgente] | None:
    """Return the source that knows the file, or None."""
    for codice, sorgente in catalogue().items():
        if sorgente.recognise(path):
            return codice, sorgente
    return None

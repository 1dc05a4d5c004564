"""Collect garbage less often while a town is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: A sheet is some tens of thousands of objects, all in use until it is written.
_OGGETTI: Final = 20_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage sheet by sheet and not many times in each, which finds nothing."""
    soglie = gc.get_threshold()
    gc.set_threshold(_OGGETTI, *soglie[1:])
    try:
        yield
    finally:
        gc.set_threshold(*soglie)

"""A loop for tests of what waits without a thread."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run[T](ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run in a loop of its own, in a thread: a browser under test keeps one in this."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(lambda: asyncio.run(ask())).result()

"""Say what is being done and how long it took: the voice of the commands with steps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title, then the seconds the block took."""
    typer.echo(f"{title} ... ", nl=False)
    begin = time.monotonic()
    try:
        yield
    except BaseException:
        typer.echo("non riuscito")
        raise
    typer.echo(f"{time.monotonic() - begin:.1f} s".replace(".", ","))

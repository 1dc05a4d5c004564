"""A process that reads deliveries for another one: ``python -m ingest.lettore FD``.

It takes each ``Compito`` from the socket it was handed and sends back what was read; it
ends when nobody asks any more.
"""

import gc
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from ingest.lettura import Respinta, packed
from ingest.preparazione import prepare
from territorio.errors import Refused

_UNUSED = ("pandas", "geopandas")
"""What pyogrio imports where it finds it. Features are read through Arrow alone: here
these would only cost each reader its time and memory."""
_BETWEEN_COLLECTIONS = 100_000
"""New objects; a batch of rows is about as many."""


def main(fd: int) -> None:
    """Read until nobody asks any more."""
    # Ctrl-C is for whoever asked: it closes the socket, and that is the end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Records hold no rings: to look for them in all that was imported, over and over while a
    # batch fills, took a tenth of the time.
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type] # None: not to be found
    connection = Connection(fd)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while (compito := connection.recv()) is not None:
            try:
                for letto in prepare(compito):
                    connection.send(packed(letto))
            except Refused as refused:
                connection.send(Respinta(refused.file, refused.motivo))


if __name__ == "__main__":
    main(int(sys.argv[1]))

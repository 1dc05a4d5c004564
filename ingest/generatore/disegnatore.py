"""A process that draws for another: ``python -m ingest.generatore.disegnatore FD ...``.

It builds the sheets by itself, and reports through the socket it was handed.
"""

import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from ingest.generatore.cantiere import Cantiere
from ingest.generatore.comune import find
from ingest.generatore.disegno import Disegno
from ingest.generatore.raccolta import rarely_collected
from ingest.generatore.rilievo import Numeratore
from ingest.generatore.zone import Zonizzazione


def draw(connection: Connection, comune: str, edifici: int, seme: int, cartella: Path) -> None:
    """Draw a town, unless whoever asked for it goes away meanwhile."""
    disegno = Disegno(find(comune), cartella, seme)
    cantiere = Cantiere(edifici, seme, Numeratore())
    for quadro in cantiere.squares():
        disegno.enter(quadro, Zonizzazione(quadro))
        for mondo, _ in cantiere.sheets(quadro):
            # The other end says nothing: there is something to read once it is closed.
            if connection.poll():
                return
            disegno.write(mondo)
    connection.send(disegno.finish())


def main(fd: str, comune: str, edifici: str, seme: str, cartella: str) -> None:
    """Draw, and say how it went."""
    # Ctrl-C is for whoever asked: it ends this process, or closes the socket.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(int(fd)) as connection, suppress(BrokenPipeError), rarely_collected():
        try:
            draw(connection, comune, int(edifici), int(seme), Path(cartella))
        except OSError as error:
            connection.send(error)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Load in a process of its own, so that a test can kill it: URL COMUNE PATH..."""

import sys
from pathlib import Path

from ingest.run import ingest
from territorio import db, log
from tests.stories.citta import settle


def main(url: str, comune: str, *paths: str) -> None:
    log.configure("ERROR")
    engine = db.engine(url, db.Role.MIGRAZIONE, pool_size=1)
    engine.connect().close()
    sys.stdout.write("via\n")
    sys.stdout.flush()
    ingest(engine, map(Path, paths))
    settle(engine, comune)


if __name__ == "__main__":
    main(*sys.argv[1:])

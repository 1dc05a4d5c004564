"""What a crash left behind: asked for again when the installation starts."""

import typer

from territorio import cluster, db, elaborazione, lavoro
from territorio.config import Settings


def ask(settings: Settings) -> None:
    """Ask the worker for links and search of the municipalities whose facts are newer.

    A large town takes minutes: nobody waits for them to see the pages.
    """
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            for code in elaborazione.arretrati(conn):
                lavoro.ask(conn, "elabora", {}, chiesto_da="territorio up", comune=code, unico=True)
                typer.echo(f"{code}: legami, anomalie e ricerca sono indietro, li ricalcolo")
    finally:
        engine.dispose()

"""Publish the statistics by census section: once, and not again for a while (ADR 13)."""

from typing import Annotated

import typer

from opendata import statistiche as conteggi
from territorio import cluster, comune, db, vigenza
from territorio.config import Settings
from territorio.errors import Conflict, NotFound


def statistiche(
    ctx: typer.Context,
    comuni: Annotated[
        list[str] | None, typer.Argument(help="Codici dei comuni; senza, tutti.")
    ] = None,
) -> None:
    """Conta edifici, zone e persone per sezione di censimento e pubblica ciò che si può dire."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            known = [item.comune for item in comune.search(conn)]
        for code in [one.strip().upper() for one in comuni or ()] or known:
            if code not in known:
                raise NotFound("comune", code)
            try:
                with db.transaction(engine) as conn:
                    typer.echo(f"{code}: {_count(conteggi.publish(conn, code, vigenza.today()))}")
            except Conflict as early:
                if comuni:
                    raise
                # Of all of them, those whose turn has come.
                typer.echo(str(early))
    finally:
        engine.dispose()


def _count(sezioni: int) -> str:
    """Say how many sections were published.

    >>> _count(0), _count(12)
    ('nessuna sezione di censimento: caricale con «territorio ingest»', 'statistiche di 12 sezioni')
    """
    if not sezioni:
        return "nessuna sezione di censimento: caricale con «territorio ingest»"
    return f"statistiche di {sezioni} sezion{'e' if sezioni == 1 else 'i'}"

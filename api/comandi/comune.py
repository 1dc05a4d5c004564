"""Municipalities of the installation."""

from typing import Annotated

import typer

from territorio import cluster, comune_aggiungi, db
from territorio.config import Settings

gruppo = typer.Typer(help="I comuni amministrati da questa installazione.", no_args_is_help=True)


def aggiungi(
    ctx: typer.Context,
    codice: Annotated[str, typer.Argument(help="Codice catastale (H501) o ISTAT (058091).")],
    *,
    denominazione: Annotated[
        str | None, typer.Option(help="Il nome; se manca, quello dei codici ufficiali.")
    ] = None,
    inventato: Annotated[
        bool, typer.Option(help="I dati del comune sono inventati: le pagine lo dicono.")
    ] = False,
    catastale: Annotated[
        list[str] | None,
        typer.Option(help="Altro codice con cui il catasto ne consegna una parte (fusioni)."),
    ] = None,
) -> None:
    """Aggiunge un comune: da allora se ne possono caricare le forniture."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            made = comune_aggiungi.add(
                conn,
                codice.strip().upper(),
                denominazione,
                inventato=inventato,
                catastali=[code.strip().upper() for code in catastale or []],
            )
    finally:
        engine.dispose()
    typer.echo(f"{made.comune} {made.denominazione}: aggiunto.")


gruppo.command("aggiungi")(aggiungi)

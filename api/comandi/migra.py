"""Bring a database to the present schema."""

from typing import Annotated

import typer

from api.comandi.passo import step
from territorio import cluster
from territorio.config import Settings


def migra(
    ctx: typer.Context,
    *,
    admin_url: Annotated[
        str | None,
        typer.Option(
            help="Indirizzo della base di dati come amministratore: crea ruoli ed estensioni."
        ),
    ] = None,
) -> None:
    """Porta la base di dati allo schema di questa versione; si può ripetere."""
    # Imported here: Alembic takes half a second, which the other commands need not wait.
    from territorio import migrazioni

    settings: Settings = ctx.obj
    url = cluster.ensure_running(settings)
    if admin_url is not None or settings.database_url is None:
        with step("Ruoli ed estensioni"):
            migrazioni.prepare(admin_url or url)
    with step("Schema della base di dati"):
        migrazioni.migrate(url)

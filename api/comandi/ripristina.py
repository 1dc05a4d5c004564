"""Restore the registry from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from api.comandi.avanzamento import avanzamento
from api.comandi.salva import Comune
from territorio import cluster, db, ripristino
from territorio.config import Settings
from territorio.documenti.scrittura import numero


def ripristina(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Un file scritto da «territorio salva».")],
    *,
    comune: Comune = None,
) -> None:
    """Riporta il registro, o un comune, com'era nel salvataggio: tutto o niente.

    Le cancellazioni per legge fatte dopo il salvataggio vengono ripetute; il registro delle
    consultazioni non torna indietro.
    """
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with avanzamento() as progress:
            done = ripristino.restore(engine, settings, file, comune, progress)
    finally:
        engine.dispose()
    what = f"Il comune {done.comune}" if done.comune else "Il registro"
    typer.echo(
        f"{what} è tornato com'era il {done.creato[:10]}: {numero(done.righe)} righe, "
        f"{numero(done.file)} file, {done.cancellazioni} cancellazioni ripetute."
    )
    for avviso in done.avvisi:
        typer.echo(f"Attenzione: {avviso}.")

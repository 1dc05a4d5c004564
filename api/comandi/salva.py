"""Back up the registry."""

from pathlib import Path
from typing import Annotated

import typer

from api.comandi.avanzamento import avanzamento
from territorio import archivio_chiave, cluster, db, salvataggio
from territorio.config import Settings
from territorio.documenti.scrittura import numero

Comune = Annotated[
    str | None, typer.Option(help="Solo questo comune, per codice catastale (per esempio H501).")
]


def salva(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Il file da scrivere, per esempio oggi.tar.gz.")],
    *,
    comune: Comune = None,
) -> None:
    """Scrive in un solo file tutto il registro, o un comune, con gli originali delle forniture."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with avanzamento() as progress:
            made = salvataggio.save(engine, settings, file, comune, progress)
    finally:
        engine.dispose()
    typer.echo(
        f"{made.file}: {numero(made.righe)} righe, {numero(made.originali)} file, "
        f"{numero(made.byte / 2**20, 1)} MB."
    )
    if made.mancanti:
        typer.echo(f"Attenzione: {len(made.mancanti)} originali non si trovano e non ci sono.")
    typer.echo("Contiene dati personali in chiaro: tienilo dove tieni il registro.")
    if settings.chiave_archivio is None:
        path = archivio_chiave.key_path(settings)
        typer.echo(f"La chiave degli originali non c'è dentro: conservane una copia ({path}).")

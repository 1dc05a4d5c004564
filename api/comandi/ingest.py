"""Load deliveries."""

import json
from datetime import datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import Annotated

import sqlalchemy as sa
import typer

from api.comandi.avanzamento import avanzamento
from api.comandi.passo import step
from api.comandi.tabella import table
from ingest.esito import Esito, refused
from ingest.judge import TOLLERANZA
from ingest.titoli import titles
from territorio import archivio, cluster, db, elaborazione, vigenza
from territorio.cancellazione_impronta import Impronte
from territorio.config import Settings
from territorio.errors import InvalidInput, Refused
from territorio.sistema import reason

EPILOGO = "\n\n".join(
    ("Le fonti riconosciute:", *(f"{code}: {title}" for code, title in titles().items()))
)
MOSTRATI = 5
"""Refused records shown for each file; the others are in the segnalazioni."""


def ingest(
    ctx: typer.Context,
    percorsi: Annotated[list[Path], typer.Argument(help="File, cartelle o archivi zip.")],
    *,
    data: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Giorno a cui i file si riferiscono."),
    ] = None,
    comune: Annotated[str | None, typer.Option(help="Comune, se i file non lo dicono.")] = None,
    tolleranza: Annotated[
        float, typer.Option(min=0, max=1, help="Quota di record illeggibili ammessa per file.")
    ] = TOLLERANZA,
    forza: Annotated[
        bool, typer.Option("--forza", help="Carica anche ciò che sembra incompleto.")
    ] = False,
    mappa: Annotated[
        Path | None, typer.Option(help="JSON che dice quali campi di un file vettoriale usare.")
    ] = None,
    esito: Annotated[Path | None, typer.Option(help="Scrive l'esito in questo file JSON.")] = None,
    collega: Annotated[bool, typer.Option(help="Alla fine ricalcola i legami.")] = True,
) -> None:
    """Carica forniture di qualunque fonte: le riconosce, le unisce, dice che cosa è cambiato.

    Tutto o niente: se un file è rifiutato non cambia nulla (uscita 1).
    """
    # Imported here: readers of files are heavy, and the other commands need none.
    from ingest.run import Options
    from ingest.run import ingest as load

    settings: Settings = ctx.obj
    if missing := [str(path) for path in percorsi if not path.exists()]:
        raise InvalidInput("file", f"non esiste: {', '.join(missing)}")
    if data is not None and data.date() > vigenza.today():
        raise InvalidInput("data", f"{data:%d/%m/%Y} deve ancora venire")
    options = Options(
        giorno=data.date() if data else None,
        comune=comune,
        tolleranza=tolleranza,
        forza=forza,
        mappa=mappa,
    )
    if esito is not None:
        _require_writable(esito)
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    outcome: list[Esito] = []
    try:
        try:
            with avanzamento() as progress:
                kept, known = archivio.originali(settings), Impronte.of(settings)
                outcome = load(engine, percorsi, options, progress, kept, known)
        except Refused as error:
            _write(esito, refused(error))
            raise
        try:
            _show(outcome)
            _write(esito, outcome)
        finally:
            # The load is done, whatever became of telling it. What was loaded before counts
            # too: a crash may have come between that load and its links.
            if collega:
                _follow(engine, {item.comune for item in outcome if item.comune})
    finally:
        engine.dispose()


def _follow(engine: sa.Engine, comuni: set[str]) -> None:
    """Bring up to date what follows from the facts, where something was registered since."""
    with db.transaction(engine) as conn:
        behind = elaborazione.arretrati(conn, comuni)
    for code in behind:
        with step(f"{code}: legami, anomalie e ricerca"):
            elaborazione.run(engine, code)


def _require_writable(path: Path) -> None:
    """Raise InvalidInput, before anything is loaded, if the outcome cannot be written there."""
    try:
        path.open("a").close()
    except OSError as error:
        raise InvalidInput("esito", f"«{path}» non si può scrivere: {reason(error)}") from None


def _write(path: Path | None, outcome: list[Esito]) -> None:
    """Write the outcome as JSON, where it was asked for."""
    if path is None:
        return
    text = json.dumps([item.as_dict() for item in outcome], ensure_ascii=False, indent=2)
    try:
        path.write_text(text + "\n")
    except OSError as error:
        raise InvalidInput("esito", f"«{path}» non si può scrivere: {reason(error)}") from None


def _show(outcome: list[Esito]) -> None:
    """Print the table of what came of each file, then the refusals."""
    for line in table(outcome, get_terminal_size().columns):
        typer.echo(line)
    for item in outcome:
        for record in item.rifiutati[:MOSTRATI]:
            where = f", riga {record.riga}" if record.riga is not None else ""
            typer.echo(f"{item.file}{where}: {record.motivo}")
        if len(item.rifiutati) > MOSTRATI:
            rest = len(item.rifiutati) - MOSTRATI
            typer.echo(f"{item.file}: altri {rest} record rifiutati, vedi le segnalazioni")

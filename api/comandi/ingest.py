"""Load deliveries."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.comandi.avanzamento import avanzamento
from api.comandi.passo import step
from ingest.esito import Esito
from ingest.judge import TOLLERANZA
from territorio import archivio, cluster, db, elaborazione
from territorio.config import Settings
from territorio.documenti.scrittura import numero
from territorio.errors import InvalidInput

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
    options = Options(
        giorno=data.date() if data else None,
        comune=comune,
        tolleranza=tolleranza,
        forza=forza,
        mappa=mappa,
    )
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with avanzamento() as progress:
            outcome = load(engine, percorsi, options, progress, archivio.originali(settings))
        _show(outcome)
        if esito is not None:
            rows = [item.as_dict() for item in outcome]
            esito.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        touched = {item.comune for item in outcome if item.comune and not item.gia_caricata}
        for code in sorted(touched) if collega else ():
            with step(f"{code}: legami, anomalie e ricerca"), db.transaction(engine) as conn:
                elaborazione.refresh(conn, code)
    finally:
        engine.dispose()


def _show(outcome: list[Esito]) -> None:
    """Print the table of what came of each file, then the refusals."""
    table = Table(title=None, show_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("fonte")
    for title in ("letti", "inseriti", "cambiati", "invariati", "chiusi", "rifiutati", "secondi"):
        table.add_column(title, justify="right")
    for item in outcome:
        counts = (item.letti, item.inseriti, item.cambiati, item.invariati, item.chiusi)
        fonte = item.fonte or "non riconosciuto"
        table.add_row(
            item.file,
            f"{fonte} (già caricata)" if item.gia_caricata else fonte,
            *(numero(count) for count in counts),
            numero(len(item.rifiutati)),
            numero(item.secondi, 1),
        )
    console = Console()
    console.print(table)
    for item in outcome:
        for refused in item.rifiutati[:MOSTRATI]:
            where = f", riga {refused.riga}" if refused.riga is not None else ""
            console.print(f"{item.file}{where}: {refused.motivo}", markup=False, highlight=False)
        if len(item.rifiutati) > MOSTRATI:
            rest = len(item.rifiutati) - MOSTRATI
            console.print(f"{item.file}: altri {rest} record rifiutati, vedi le segnalazioni")

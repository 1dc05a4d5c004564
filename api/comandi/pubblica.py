"""Publish the datasets as files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from api.comandi.avanzamento import avanzamento
from opendata import pubblicazione, publish
from opendata.ente import Ente
from opendata.publish import Esito
from territorio import cluster, db
from territorio.config import Settings
from territorio.documenti.scrittura import numero

COLONNE = ("dataset", "comune", "esito", "versione", "righe", "variazioni", "file", "MB", "s")
A_SINISTRA = 3
"""So many columns are words."""


def pubblica(
    ctx: typer.Context,
    *,
    comune: Annotated[
        list[str] | None, typer.Option(help="Solo questo comune, per codice catastale.")
    ] = None,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Solo questo dataset, per esempio edifici.")
    ] = None,
    formato: Annotated[
        list[str] | None, typer.Option(help="Solo questo formato, per esempio gpkg.")
    ] = None,
    cartella: Annotated[
        Path | None,
        typer.Option(help="Scrive i file qui, senza farne una versione pubblicata."),
    ] = None,
) -> None:
    """Scrive i dati aperti in file, una nuova versione di ciò che è cambiato, e li pubblica."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    work = publish.publish if cartella is None else publish.deliver
    where = pubblicazione.place(settings) if cartella is None else cartella
    codes = [code.strip().upper() for code in comune or ()]
    done: list[Esito] = []
    try:
        with db.transaction(engine) as conn:
            wanted = publish.requests(conn, codes, dataset or (), formato or ())
        with avanzamento() as progress:
            for number, request in enumerate(wanted):
                progress(f"{request.comune} {request.dataset.nome}", number, len(wanted))
                done.append(work(engine, where, Ente.of(settings), request))
    finally:
        engine.dispose()
    for line in table(done):
        typer.echo(line)
    typer.echo(_summary(done, where))


def table(done: Iterable[Esito]) -> Iterator[str]:
    """Yield a line for each dataset and municipality."""
    rows = [COLONNE, *map(_row, done)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        words = [text.ljust(n) for text, n in zip(row[:A_SINISTRA], widths, strict=False)]
        rest = zip(row[A_SINISTRA:], widths[A_SINISTRA:], strict=True)
        yield "  ".join([*words, *(text.rjust(n) for text, n in rest)])


def _row(one: Esito) -> tuple[str, ...]:
    size = sum(file.byte for file in one.file)
    return (
        one.dataset,
        one.comune,
        one.esito,
        str(one.numero or "-"),
        numero(one.righe),
        numero(sum(one.cambi.values())),
        str(len(one.file)),
        numero(size / 2**20, 1),
        numero(one.secondi, 1),
    )


def _summary(done: Iterable[Esito], where: Path) -> str:
    written = [one for one in done if one.file]
    if not written:
        return "Niente è cambiato dall’ultima versione: non è stato scritto niente."
    return f"{sum(len(one.file) for one in written)} file in {where}."

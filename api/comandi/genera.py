"""Make an invented town in the exchange formats of the offices."""

from pathlib import Path
from typing import Annotated

import typer

from territorio.errors import InvalidInput


def genera(
    comune: Annotated[
        str, typer.Option(help="Codice catastale (Belfiore) sotto cui vanno i dati inventati.")
    ] = "F758",
    edifici: Annotated[int, typer.Option(help="Quanti edifici.", min=100, max=1_000_000)] = 3000,
    seme: Annotated[int, typer.Option(help="Lo stesso seme dà gli stessi file.")] = 1,
    cartella: Annotated[Path, typer.Option(help="Dove scrivere; dev'essere vuota o nuova.")] = Path(
        "comune-inventato"
    ),
) -> None:
    """Genera dati inventati di un comune: forniture di più anni, nei formati veri, e la verità."""
    # Imported here: it brings numpy and PROJ, which the other commands need not wait for.
    from ingest.generatore import genera as make

    if cartella.exists() and (not cartella.is_dir() or any(cartella.iterdir())):
        raise InvalidInput("cartella", f"«{cartella}» esiste e non è vuota.")
    with typer.progressbar(length=edifici, label="Edifici") as barra:
        riepilogo = make(
            comune, edifici, seme, cartella, lambda fatti, _: barra.update(fatti - barra.pos)
        )
    typer.echo(
        f"{riepilogo.denominazione} ({riepilogo.comune}), dati inventati: "
        f"{riepilogo.edifici} edifici, {riepilogo.fogli} fogli, "
        f"{len(riepilogo.forniture)} forniture in «{cartella}»."
    )
    typer.echo(f"Che cosa è vero sta in «{riepilogo.verita}».")

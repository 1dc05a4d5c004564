"""Print the dossier of a building."""

import json
from datetime import datetime
from typing import Annotated

import typer

from territorio import cluster, db, registrazione, search, vigenza
from territorio import fascicolo as dossier
from territorio.accessi.policy import Ruolo, Visto
from territorio.config import Settings
from territorio.errors import InvalidInput


def fascicolo(
    ctx: typer.Context,
    edificio: Annotated[str, typer.Argument(help="Codice dell'edificio, per esempio nukagi-….")],
    *,
    alla_data: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    noto_al: Annotated[
        str | None, typer.Option(help="Ciò che era noto: giorno, istante o n+numero.")
    ] = None,
    visto_da: Annotated[str, typer.Option(help="Con gli occhi di chi.")] = "pubblico",
    scopo: Annotated[str, typer.Option(help="Perché si guardano dati di persone.")] = "",
) -> None:
    """Scrive in JSON il fascicolo di un edificio, come lo può vedere un ruolo."""
    settings: Settings = ctx.obj
    number = search.code_or_none(edificio)
    if number is None:
        raise InvalidInput("edificio", f"«{edificio}» non è un codice del registro")
    engine = db.engine(cluster.admin_url(settings), db.Role.UFFICIO)
    try:
        with db.transaction(engine) as conn:
            quando = vigenza.Quando(
                alla_data.date() if alla_data else vigenza.today(),
                registrazione.parse_noto_al(conn, noto_al),
            )
            visto = Visto(Ruolo.parse(visto_da), scopo, chi="riga di comando")
            found = dossier.fascicolo(conn, number, quando, visto)
    finally:
        engine.dispose()
    typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2, default=str))

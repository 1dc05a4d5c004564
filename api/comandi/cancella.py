"""Erase personal values by law."""

from typing import Annotated

import sqlalchemy as sa
import typer

from territorio import archivio, cancellazione, cluster, db, lavoro
from territorio.cancellazione import Ordine
from territorio.config import Settings
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice
from territorio.schema import identita


def cancella(
    ctx: typer.Context,
    codici: Annotated[
        list[str] | None, typer.Argument(help="Codici delle persone o dei documenti.")
    ] = None,
    *,
    autore: Annotated[str, typer.Option(help="Chi dispone la cancellazione.")] = "",
    atto: Annotated[str, typer.Option(help="Estremi dell'atto.")] = "",
    motivo: Annotated[str, typer.Option(help="Perché.")] = "",
    campo: Annotated[
        list[str] | None,
        typer.Option(help="Solo questi dati (soggetto, residenza.indirizzo, …); se manca, tutti."),
    ] = None,
    collegati: Annotated[
        bool, typer.Option(help="Anche gli altri soggetti che sono la stessa persona.")
    ] = False,
    ammetti_ritorno: Annotated[
        bool, typer.Option(help="Le forniture future possono riportare la persona.")
    ] = False,
    riprendi: Annotated[
        bool, typer.Option(help="Ripete le cancellazioni del giornale che qui non risultano.")
    ] = False,
) -> None:
    """Cancella per legge i dati di una persona: da fatti, forniture, originali e ricerche."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        if riprendi:
            with db.transaction(engine) as conn:
                again = cancellazione.replay(conn, settings)
            typer.echo(f"Cancellazioni ripetute: {again}.")
        else:
            ids = [Codice.parse(codice).id for codice in codici or []]
            if not ids:
                raise InvalidInput("codici", "indica almeno una persona o un documento")
            with db.transaction(engine) as conn:
                town = _home(conn, ids[0])
                if collegati:
                    ids += [o for i in ids for o in cancellazione.same_person(conn, town, i)]
                ordine = Ordine(
                    town,
                    tuple(dict.fromkeys(ids)),
                    autore,
                    atto,
                    motivo,
                    tuple(campo or ("*",)),
                    not ammetti_ritorno,
                )
                done = cancellazione.erase(conn, settings, ordine)
                # What followed from the erased values is computed anew by the worker.
                lavoro.ask(conn, "elabora", {}, chiesto_da=autore, comune=town, unico=True)
            typer.echo(
                f"Cancellate {done.righe} righe di {len(ordine.oggetti)} oggetti; originali da "
                f"distruggere: {len(done.forniture)}. Registrazione {done.registrazione}."
            )
        with db.transaction(engine) as conn:
            archivio.sweep(conn, settings)
        cancellazione.vacuum(engine)
    finally:
        engine.dispose()


def _home(conn: sa.Connection, oggetto: int) -> str:
    """Return the municipality an object lives in."""
    found: str | None = conn.execute(
        sa.select(identita.c.comune).where(identita.c.id == oggetto)
    ).scalar()
    if found is None:
        raise NotFound("persona", Codice(oggetto))
    return found

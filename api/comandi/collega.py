"""Compute what follows from the facts: provisional buildings, links, anomalie, search."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated

import typer

from api.comandi.passo import step
from territorio import cluster, comune, db, elaborazione
from territorio.config import Settings
from territorio.errors import NotFound


def collega(
    ctx: typer.Context,
    comuni: Annotated[
        list[str] | None, typer.Argument(help="Codici dei comuni; senza, tutti.")
    ] = None,
) -> None:
    """Ricalcola edifici provvisori, legami, anomalie e ricerca; i giudizi umani restano."""
    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            known = [item.comune for item in comune.search(conn)]
        for code in comuni or known:
            if code not in known:
                raise NotFound("comune", code)
            elaborazione.run(engine, code, partial(_step, code))
    finally:
        engine.dispose()


def _step(code: str, title: str) -> AbstractContextManager[None]:
    return step(f"{code}: {title}")

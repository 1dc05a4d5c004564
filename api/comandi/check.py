"""Check the health of the installation."""

import sqlalchemy as sa
import typer

from territorio import cluster, db
from territorio.accessi import lettura
from territorio.checks import Problema
from territorio.config import Settings
from territorio.errors import NotReady
from territorio.schema import comune


def check(ctx: typer.Context) -> None:
    """Controlla che l'installazione sia in salute e dice che cosa fare; esce con 1 se non lo è."""
    # Imported here: Alembic takes half a second, which the other commands need not wait.
    from territorio import checks

    settings: Settings = ctx.obj
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    bad = False
    try:
        for esito in checks.run(engine, settings, (pages, readings)):
            bad |= esito.problema is not None and esito.problema.grave
            tell(esito.titolo, esito.problema)
    finally:
        engine.dispose()
    if bad:
        raise typer.Exit(1)


def tell(titolo: str, problema: Problema | None) -> None:
    """Print one check: its title, and what to do if something is wrong."""
    if problema is None:
        typer.echo(f"✓ {titolo}")
        return
    typer.echo(f"{'✗' if problema.grave else '!'} {titolo}: {problema.detto}")
    typer.echo(f"    {problema.rimedio}")


def pages(_conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Le risorse delle pagine sono intere."""
    # Imported here: it brings the web framework, which the other commands need not wait for.
    from api import assets

    try:
        assets.Assets()
    except NotReady as error:
        return Problema(str(error), "esegui «make setup»")
    return None


def readings(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Il registro delle consultazioni non è stato toccato."""
    for code in conn.execute(sa.select(comune.c.comune).order_by(comune.c.comune)).scalars():
        if (number := lettura.broken_or_none(conn, code)) is not None:
            return Problema(
                f"la consultazione {number} del comune {code} non ha il sigillo giusto",
                "qualcuno ha cambiato righe a mano: avvisa il responsabile dei dati",
            )
    return None

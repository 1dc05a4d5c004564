"""The command line ``territorio``: settings are read here, and one function is called."""

import sys
from collections.abc import Callable
from typing import NoReturn

import psycopg
import sqlalchemy.exc
import typer
from pydantic import ValidationError

from api.comandi import (
    cancella,
    check,
    collega,
    comune,
    fascicolo,
    genera,
    ingest,
    migra,
    ripristina,
    salva,
    servizio,
)
from territorio import errors, log
from territorio.config import Settings

COMANDI: tuple[Callable[..., None], ...] = (
    servizio.up,
    servizio.stop,
    servizio.status,
    genera.genera,
    ingest.ingest,
    collega.collega,
    fascicolo.fascicolo,
    salva.salva,
    ripristina.ripristina,
    cancella.cancella,
    migra.migra,
    check.check,
)
"""Every command; its docstring is its help, its function's name is its name."""

GRUPPI: tuple[tuple[str, typer.Typer], ...] = (("comune", comune.gruppo),)
"""Commands of two words, such as ``comune aggiungi``: the first word, and its commands."""

WRONG_USE = (errors.InvalidInput, errors.NotFound, errors.AlreadyRunning)
"""Errors of the one who calls: exit 2. All others leave things as they were: exit 1."""


def build(settings: Settings) -> typer.Typer:
    """Return the command line for these settings; commands get them as ``ctx.obj``."""
    app = typer.Typer(
        help="L'anagrafe territoriale di un comune: un fascicolo per ogni edificio.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def hand_down(ctx: typer.Context) -> None:
        ctx.obj = settings

    for comando in COMANDI:
        app.command(comando.__name__)(comando)
    for name, group in GRUPPI:
        app.add_typer(group, name=name)
    return app


def main() -> None:
    """Run the command line; errors become one Italian sentence and an exit code."""
    # What goes on is said by the commands themselves; the log is for what goes wrong.
    log.configure("WARNING", as_json=not sys.stderr.isatty())
    try:
        settings = Settings()
    except ValidationError as error:
        _fail(_settings_sentence(error), 2)
    try:
        build(settings)()
    except errors.TerritorioError as error:
        _fail(str(error), 2 if isinstance(error, WRONG_USE) else 1)
    except (sqlalchemy.exc.OperationalError, psycopg.OperationalError) as error:
        # The first line says what happened; the rest may quote a statement and its values.
        reason = str(getattr(error, "orig", error)).strip().split("\n")[0]
        _fail(f"La base di dati non risponde o ha interrotto il lavoro: {reason}", 1)


def _settings_sentence(error: ValidationError) -> str:
    """Return which settings cannot be used; their values stay out, one may be a password."""
    names = sorted({f"TERRITORIO_{str(e['loc'][0]).upper()}" for e in error.errors()})
    return f"Impostazione non valida: {', '.join(names)}."


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()

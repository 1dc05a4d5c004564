"""The command line ``territorio``: settings are read here, and one function is called."""

import sys
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import psycopg
import sqlalchemy.exc
import typer
from pydantic import ValidationError

from territorio import errors, log, sistema
from territorio.config import Settings

COMANDI: dict[str, str] = {
    "up": "servizio",
    "stop": "servizio",
    "status": "servizio",
    "genera": "genera",
    "ingest": "ingest",
    "collega": "collega",
    "fascicolo": "fascicolo",
    "pubblica": "pubblica",
    "statistiche": "statistiche",
    "salva": "salva",
    "ripristina": "ripristina",
    "cancella": "cancella",
    "migra": "migra",
    "check": "check",
}
"""Every command, and the module of ``api.comandi`` whose function of that name it is.

Only the module of the command that was asked for is read: all of them together take
seconds. The docstring of the function is the command's help.
"""

GRUPPI: dict[str, str] = {"comune": "comune"}
"""Commands of two words, such as ``comune aggiungi``: the first word, and the module whose
``gruppo`` holds the second."""

WRONG_USE = (errors.InvalidInput, errors.NotFound, errors.AlreadyRunning)
"""Errors of the one who calls: exit 2. All others leave things as they were: exit 1."""


def build(settings: Settings, asked: str | None = None) -> typer.Typer:
    """Return the command line for these settings: the command asked for, or all of them."""
    app = typer.Typer(
        help="L'anagrafe territoriale di un comune: un fascicolo per ogni edificio.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def hand_down(ctx: typer.Context) -> None:
        ctx.obj = settings

    everything = asked not in {*COMANDI, *GRUPPI}
    for name, module in COMANDI.items():
        if everything or name == asked:
            owner = _module(module)
            app.command(name, epilog=getattr(owner, "EPILOGO", None))(getattr(owner, name))
    for name, module in GRUPPI.items():
        if everything or name == asked:
            app.add_typer(_module(module).gruppo, name=name)
    return app


def _module(name: str) -> ModuleType:
    return import_module(f"api.comandi.{name}")


def main() -> None:
    """Run the command line; errors become one Italian sentence and an exit code."""
    # What goes on is said by the commands themselves; the log is for what goes wrong.
    log.configure("WARNING", as_json=not sys.stderr.isatty())
    try:
        settings = Settings()
    except ValidationError as error:
        _fail(_settings_sentence(error), 2)
    try:
        # No option comes before the command, but for --help.
        build(settings, asked=next(iter(sys.argv[1:]), None))()
    except errors.TerritorioError as error:
        _fail(str(error), 2 if isinstance(error, WRONG_USE) else 1)
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"«{error.filename}» non si può usare: {sistema.reason(error)}", 2)
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

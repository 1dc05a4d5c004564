"""Start, stop and look at an installation: cluster, schema, demonstration, worker, server."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType
from typing import Annotated, NoReturn

import typer

from api import parent, supervisor
from api.comandi.passo import step
from territorio import cluster
from territorio.config import Settings

COMMAND = (sys.executable, "-m", "api.cli")
"""This program, as a process of its own."""


class Tappa(StrEnum):
    """How far ``up`` goes; what it started before stays on."""

    CLUSTER = "cluster"
    DATABASE = "database"
    DIMOSTRAZIONE = "dimostrazione"
    SERVER = "server"


def up(
    ctx: typer.Context,
    *,
    foreground: Annotated[
        bool, typer.Option("--foreground", help="Resta in primo piano fino a Ctrl-C.")
    ] = False,
    fino_a: Annotated[
        Tappa, typer.Option(help="Fin dove arrivare; prima del server lascia tutto acceso.")
    ] = Tappa.SERVER,
) -> None:
    """Avvia tutto: PostgreSQL, schema, comune dimostrativo, lavori in coda e server."""
    settings: Settings = ctx.obj
    if fino_a is not Tappa.SERVER:
        prepare(settings, fino_a)
    elif foreground:
        run(settings)
    else:
        run_in_background(settings)


def stop(ctx: typer.Context) -> None:
    """Ferma il server, i lavori e PostgreSQL."""
    settings: Settings = ctx.obj
    server = supervisor.end(settings)
    # The supervisor stops the cluster itself, unless it was killed or never there.
    database = settings.database_url is None and cluster.stop(settings)
    typer.echo("Fermato." if server or database else "Non c'era nulla in funzione.")


def status(ctx: typer.Context) -> None:
    """Dice che cosa è in funzione; esce con 0 solo se tutto lo è, con 1 altrimenti."""
    settings: Settings = ctx.obj
    typer.echo(f"dati: {settings.data}")
    whole = True
    if settings.database_url is not None:
        typer.echo("PostgreSQL: il server indicato da TERRITORIO_DATABASE_URL")
    elif database := cluster.status(settings):
        typer.echo(
            f"PostgreSQL: in funzione (processo {database.pid}, porta {database.port}, "
            f"socket in {database.socket})"
        )
    else:
        typer.echo("PostgreSQL: fermo")
        whole = False
    server = supervisor.running(settings)
    if server is None:
        typer.echo("server: fermo")
        raise typer.Exit(1)
    # A server that runs and cannot answer, as without its database, is no use to anybody.
    answers = supervisor.answers(server.port)
    silent = "" if answers else ", non risponde"
    typer.echo(f"server: {server.url} (processo {server.pid}){silent}")
    if not (whole and answers):
        raise typer.Exit(1)


def prepare(settings: Settings, fino_a: Tappa = Tappa.DIMOSTRAZIONE) -> None:
    """Bring cluster, schema and demonstration up, as far as asked; done steps are quick."""
    if settings.database_url is None:
        with step("PostgreSQL"):
            cluster.start(settings)
    if fino_a is Tappa.CLUSTER:
        return
    with step("Schema della base di dati"):
        # Imported here: Alembic takes half a second, which stop and status need not wait.
        from territorio import migrazioni

        url = cluster.admin_url(settings)
        if settings.database_url is None:
            migrazioni.prepare(url)
        migrazioni.migrate(url)
    if fino_a is Tappa.DATABASE:
        return
    # Imported here: it looks at the registry, which the other steps need not.
    from api.comandi import arretrati, dimostrazione

    dimostrazione.ensure(settings)
    arretrati.ask(settings)


def run(settings: Settings) -> None:
    """Start everything, say that it is ready, and stay until interrupted."""
    with supervisor.instance(settings), supervisor.bind(settings.port) as sock, _until_signal():
        parent.watch()
        processes = supervisor.children(settings, sock)
        server, *others = processes
        try:
            server.start()
            prepare(settings)
            with step("Server"):
                sock.listen(1024)
                server.go()
                supervisor.wait_ready(server, settings.port)
            for child in others:
                child.start()
                child.go()
            _tell(settings)
            supervisor.keep_running(processes, supervisor.Database(settings))
        finally:
            # A second Ctrl-C must not leave half of it running.
            _on_signals(signal.SIG_IGN)
            supervisor.end_children(processes)
            if settings.database_url is None:
                cluster.stop(settings)


def run_in_background(settings: Settings) -> None:
    """Start a supervisor that outlives this command; pass on what it says until it is ready."""
    if found := supervisor.running(settings):
        typer.echo(f"pronto: {found.url}")
        return
    # Asked here too, so that the sentence is the command's own.
    supervisor.bind(settings.port).close()
    settings.data.mkdir(mode=0o711, parents=True, exist_ok=True)
    path = settings.data / "territorio.log"
    begin = path.stat().st_size if path.exists() else 0
    with path.open("ab") as errors:
        process = subprocess.Popen(
            [*COMMAND, "up", "--foreground"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            text=True,
        )
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        for line in process.stdout:
            typer.echo(line, nl=False)
            if line.startswith("pronto:"):
                return
    except KeyboardInterrupt:
        # Whoever gives up waiting wants nothing left behind.
        process.terminate()
        process.wait()
        raise
    with path.open("rb") as errors:
        errors.seek(begin)
        typer.echo(errors.read().decode(errors="replace"), err=True, nl=False)
    raise typer.Exit(process.wait())


def _tell(settings: Settings) -> None:
    """Print the five stories, and last that the server is ready."""
    from api.comandi import dimostrazione

    url = f"http://{supervisor.HOST}:{settings.port}"
    for title, path in dimostrazione.storie(settings):
        typer.echo(f"{title}: {url}{path}")
    typer.echo(f"pronto: {url}")


def _on_signals(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Say what happens when somebody asks to end: Ctrl-C, kill, a closed terminal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


@contextmanager
def _until_signal() -> Iterator[None]:
    """Run the block until a signal asks to end; that is a good end."""

    def interrupt(_number: int, _frame: object) -> NoReturn:
        _on_signals(signal.SIG_IGN)
        raise KeyboardInterrupt

    _on_signals(interrupt)
    try:
        yield
    except KeyboardInterrupt:
        # The shell has written ^C on the last line.
        typer.echo(os.linesep + "Fermato.", err=True)

"""The bench: a cluster of its own in the data folder, databases on it, processes beside it."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from territorio import cluster, migrazioni
from territorio.config import Settings


@dataclass(frozen=True, slots=True)
class Figlio:
    """What a process of ours said, how long it took, the most memory it and its own held."""

    detto: dict[str, Any]
    secondi: float
    mb: float


class Banco:
    """The cluster that is measured; durable, as the one that is run."""

    def __init__(self) -> None:
        """Start the cluster, made at the first use and kept."""
        self.settings = Settings(data=Settings().data / "bench", database_url=None)
        cluster.start(self.settings)

    def close(self) -> None:
        """Stop the cluster; its data stay."""
        cluster.stop(self.settings)

    def has(self, name: str) -> bool:
        """Tell whether a database is there."""
        with psycopg.connect(self._admin("postgres"), autocommit=True) as conn:
            query = "SELECT FROM pg_database WHERE datname = %s"
            return conn.execute(query, (name,)).fetchone() is not None

    def drop(self, name: str) -> None:
        """Remove a database."""
        with psycopg.connect(self._admin("postgres"), autocommit=True) as conn:
            conn.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def drop_beginning(self, name: str) -> None:
        """Remove the databases whose name begins so."""
        with psycopg.connect(self._admin("postgres"), autocommit=True) as conn:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for row in conn.execute(query, (name,)).fetchall():
                self.drop(row[0])

    def create(self, name: str) -> str:
        """Make a database anew, migrated, and return its address."""
        self.drop(name)
        with psycopg.connect(self._admin("postgres"), autocommit=True) as conn:
            conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrazioni.prepare(self.url(name))
        migrazioni.migrate(self.url(name))
        return self.url(name)

    def rename(self, name: str, other: str) -> None:
        """Give a database its lasting name, once it is whole."""
        self.drop(other)
        with psycopg.connect(self._admin("postgres"), autocommit=True) as conn:
            conn.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(name), sql.Identifier(other)
                )
            )

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return (
            make_url(self._admin("postgres"))
            .set(database=name)
            .render_as_string(hide_password=False)
        )

    def _admin(self, name: str) -> str:
        return cluster.admin_url(self.settings, name)


def child(*arguments: str) -> Figlio:
    """Run a piece of work in a process of its own: its memory is its own."""
    command = [sys.executable, "-m", "tests.bench.figlio", *arguments]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"«{' '.join(arguments)}» ended with {process.returncode}")
    lines = said.splitlines()
    told = json.loads(lines[-1]) if lines else {}
    return Figlio(told, time.monotonic() - started, told.pop("mb", 0.0))

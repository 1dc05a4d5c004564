"""Bring a database to the present schema: roles, tables, functions, views, permissions."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import URL

from territorio import db, lavoro
from territorio.errors import NotReady
from territorio.log import get

log = get(__name__)

SQL = Path(__file__).parent / "sql"
LOCK = 7_304_211
"""Advisory lock held while migrating: two migrations at once wait for each other."""


def prepare(admin_url: str | URL) -> None:
    """Make roles, extensions and schemas as an administrator of the database."""
    admin = sa.create_engine(sa.make_url(admin_url).set(drivername="postgresql+psycopg"))
    try:
        with admin.begin() as conn:
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
            db.execute_file(conn, SQL / "00_ruoli.sql")
            conn.execute(
                sa.text(
                    "DO $$ BEGIN EXECUTE format("
                    "'GRANT CREATE, CONNECT ON DATABASE %I TO territorio_migrazione',"
                    " current_database()); END $$"
                )
            )
    finally:
        admin.dispose()


def config(conn: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration, working on the given connection."""
    cfg = Config()
    cfg.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    cfg.attributes["connection"] = conn
    return cfg


def migrate(url: str | URL) -> None:
    """Upgrade the tables, then put functions, views and permissions in place."""
    engine = db.engine(url, db.Role.MIGRAZIONE)
    try:
        with engine.begin() as conn:
            _require_administrator_part(conn)
            conn.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
            for schema in ("registro", "persone", "staging", "pubblico"):
                conn.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
            command.upgrade(config(conn), "head")
            for path in sorted(SQL.glob("[1-9]*.sql")):
                db.execute_file(conn, path)
            lavoro.install(conn)
    finally:
        engine.dispose()
    log.info("schema migrated")


def _require_administrator_part(conn: sa.Connection) -> None:
    """Raise NotReady, with the statements to run, if an administrator has to act first."""
    missing = conn.execute(
        sa.text(
            "SELECT nome FROM unnest(ARRAY['postgis', 'pg_trgm', 'unaccent']) AS nome"
            " WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = nome)"
        )
    ).scalars()
    if lacking := list(missing):
        raise NotReady(
            f"Nella base di dati mancano le estensioni {', '.join(lacking)} e forse i ruoli: "
            "un amministratore esegua «territorio migra --admin-url INDIRIZZO» oppure il file "
            f"{SQL / '00_ruoli.sql'}"
        )

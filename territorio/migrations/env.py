"""Alembic's environment: runs on the connection that ``territorio.migrazioni`` hands in."""

from alembic import context
from geoalchemy2 import alembic_helpers

from territorio.tables import metadata

SCHEMAS = {"registro", "persone", "staging", "pubblico"}


def include_name(name: str | None, type_: str, _parents: object) -> bool:
    """Look only at our own schemas, not at PostGIS or the job queue."""
    return type_ != "schema" or name in SCHEMAS


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    include_name=include_name,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    compare_server_default=False,
    version_table="alembic_version",
    version_table_schema="registro",
)
with context.begin_transaction():
    context.run_migrations()

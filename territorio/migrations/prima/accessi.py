"""Readings of personal data, and erasures by law."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "lettura",
        sa.Column("numero", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "quando",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=True,
        ),
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("chi", sa.Text(), nullable=False),
        sa.Column("ruolo", sa.Text(), nullable=False),
        sa.Column("scopo", sa.Text(), nullable=False),
        sa.Column("oggetto", sa.BigInteger(), nullable=True),
        sa.Column("campi", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("precedente", sa.LargeBinary(), nullable=False),
        sa.Column("sigillo", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("numero", name=op.f("pk_lettura")),
        schema="persone",
    )
    op.create_index(
        "ix_lettura_catena", "lettura", ["comune", "numero"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_lettura_oggetto", "lettura", ["comune", "oggetto"], unique=False, schema="persone"
    )
    op.create_table(
        "cancellazione",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("oggetto", sa.BigInteger(), nullable=False),
        sa.Column("campi", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("impronta", sa.LargeBinary(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("atto", sa.Text(), nullable=False),
        sa.Column("registrazione", sa.BigInteger(), nullable=False),
        sa.Column("ordine", sa.Uuid(), nullable=False),
        sa.Column("permanente", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellazione")),
        schema="registro",
    )
    op.create_index(
        "ix_cancellazione_oggetto",
        "cancellazione",
        ["comune", "oggetto"],
        unique=False,
        schema="registro",
    )

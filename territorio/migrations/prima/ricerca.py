"""Search, and how far what is computed stands."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "ricerca",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("testo", sa.Text(), nullable=False),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comune", "id", name=op.f("pk_ricerca")),
        schema="persone",
    )
    op.create_index(
        "ix_ricerca_persona_chiave",
        "ricerca",
        ["chiave"],
        unique=False,
        schema="persone",
        postgresql_using="gin",
        postgresql_ops={"chiave": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_ricerca_persona_inizio",
        "ricerca",
        ["comune", "chiave"],
        unique=False,
        schema="persone",
        postgresql_ops={"chiave": "text_pattern_ops"},
    )
    op.create_table(
        "elaborazione",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("registrazione", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("comune", name=op.f("pk_elaborazione")),
        schema="registro",
    )
    op.create_table(
        "densita",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("x", "y", "comune", "giorno", name=op.f("pk_densita")),
        schema="registro",
    )
    op.create_table(
        "ricerca",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("testo", sa.Text(), nullable=False),
        sa.Column("chiave", sa.Text(), nullable=True),
        sa.Column("gruppo", sa.BigInteger(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=True),
        sa.Column("esponente", sa.Text(), nullable=True),
        sa.Column("edificio", sa.BigInteger(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("comune", "tipo", "id", name=op.f("pk_ricerca")),
        schema="registro",
    )
    op.create_index(
        "ix_ricerca_chiave",
        "ricerca",
        ["chiave"],
        unique=False,
        schema="registro",
        postgresql_using="gin",
        postgresql_ops={"chiave": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_ricerca_inizio",
        "ricerca",
        ["comune", "chiave"],
        unique=False,
        schema="registro",
        postgresql_where=sa.text("chiave IS NOT NULL"),
        postgresql_ops={"chiave": "text_pattern_ops"},
    )
    op.create_index(
        "ix_ricerca_gruppo",
        "ricerca",
        ["comune", "gruppo", "numero"],
        unique=False,
        schema="registro",
    )

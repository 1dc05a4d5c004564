"""Permanent identities, the keys that lead to them, their links and their lineage."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create() -> None:
    """Create the tables and their indexes."""
    op.execute(sa.schema.CreateSequence(sa.Sequence("oggetto", schema="registro")))
    op.create_table(
        "chiave",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("comune", "tipo", "chiave", name=op.f("pk_chiave")),
        schema="persone",
    )
    op.create_index("ix_persone_chiave_id", "chiave", ["id"], unique=False, schema="persone")
    op.create_table(
        "chiave",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("comune", "tipo", "chiave", name=op.f("pk_chiave")),
        schema="registro",
    )
    op.create_index("ix_registro_chiave_id", "chiave", ["id"], unique=False, schema="registro")
    op.create_table(
        "genealogia",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("versione", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("evento", sa.BigInteger(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("oggetto", sa.Text(), nullable=False),
        sa.Column("da", sa.BigInteger(), nullable=True),
        sa.Column("a", sa.BigInteger(), nullable=True),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("nota_da", sa.BigInteger(), nullable=False),
        sa.Column("nota_fino", sa.BigInteger(), nullable=True),
        sa.Column("fornitura", sa.BigInteger(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "tipo IN ('nascita', 'divisione', 'fusione', 'sostituzione', 'cessazione', "
            "'ripristino', 'correzione')",
            name=op.f("ck_genealogia_tipo"),
        ),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_genealogia")),
        schema="registro",
    )
    op.create_index(
        "ix_genealogia_a", "genealogia", ["comune", "a"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_genealogia_da", "genealogia", ["comune", "da"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_genealogia_evento", "genealogia", ["comune", "evento"], unique=False, schema="registro"
    )
    op.create_table(
        "identita",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identita")),
        schema="registro",
    )
    op.create_table(
        "legame",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("versione", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("da", sa.BigInteger(), nullable=False),
        sa.Column("a", sa.BigInteger(), nullable=False),
        sa.Column("valida_dal", sa.Date(), nullable=True),
        sa.Column("valida_al", sa.Date(), nullable=True),
        sa.Column("nota_da", sa.BigInteger(), nullable=False),
        sa.Column("nota_fino", sa.BigInteger(), nullable=True),
        sa.Column("metodo", sa.Text(), nullable=False),
        sa.Column("punteggio", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("misura", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("quota", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column(
            "evidenza",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("autore", sa.Text(), nullable=False),
        sa.Column("stato", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stato IN ('proposto', 'confermato', 'rifiutato')", name=op.f("ck_legame_stato")
        ),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_legame_conoscenza")),
        sa.CheckConstraint("punteggio BETWEEN 0 AND 1", name=op.f("ck_legame_punteggio")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_legame_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_legame")),
        schema="registro",
    )
    op.create_index(
        "ix_legame_a", "legame", ["comune", "tipo", "a"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_legame_da", "legame", ["comune", "tipo", "da"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_legame_giudizi",
        "legame",
        ["comune", "tipo", "da"],
        unique=False,
        schema="registro",
        postgresql_where=sa.text("autore <> 'calcolo'"),
    )

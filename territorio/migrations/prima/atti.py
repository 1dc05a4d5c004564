"""Acts of the operators, and the documents they attach."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "documento",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("versione", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("valida_dal", sa.Date(), nullable=True),
        sa.Column("valida_al", sa.Date(), nullable=True),
        sa.Column("nota_da", sa.BigInteger(), nullable=False),
        sa.Column("nota_fino", sa.BigInteger(), nullable=True),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("riga", sa.Integer(), nullable=True),
        sa.Column("impronta", sa.BigInteger(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("titolo", sa.Text(), nullable=True),
        sa.Column("nome_file", sa.Text(), nullable=True),
        sa.Column("formato", sa.Text(), nullable=False),
        sa.Column("byte", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("data_documento", sa.Date(), nullable=True),
        sa.Column("edificio", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_documento_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_documento_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_documento")),
        schema="persone",
    )
    op.create_index(
        "ix_documento_comune_id", "documento", ["comune", "id"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_documento_edificio", "documento", ["comune", "edificio"], unique=False, schema="persone"
    )
    op.create_table(
        "atto",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("registrazione", sa.BigInteger(), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("oggetti", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("nuovi", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("contenuto", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("annulla", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("comune", "registrazione", name=op.f("pk_atto")),
        sa.UniqueConstraint("comune", "annulla", name=op.f("uq_atto_comune_annulla")),
        schema="registro",
    )
    op.create_index(
        "ix_atto_oggetti",
        "atto",
        ["oggetti"],
        unique=False,
        schema="registro",
        postgresql_using="gin",
    )
    op.create_table(
        "documento",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("riga", sa.Integer(), nullable=True),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.Column("gruppo", sa.Text(), nullable=True),
        sa.Column("ambito", sa.Text(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=True),
        sa.Column("al", sa.Date(), nullable=True),
        sa.Column("impronta", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("titolo", sa.Text(), nullable=True),
        sa.Column("nome_file", sa.Text(), nullable=True),
        sa.Column("formato", sa.Text(), nullable=False),
        sa.Column("byte", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("data_documento", sa.Date(), nullable=True),
        sa.Column("edificio", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_documento")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_documento",
        "documento",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

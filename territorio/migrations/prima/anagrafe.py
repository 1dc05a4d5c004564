"""The office of residents."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "residenza",
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
        sa.Column("convivenza", sa.Boolean(), nullable=False),
        sa.Column("parentela", sa.Text(), nullable=True),
        sa.Column("codice_via", sa.Text(), nullable=True),
        sa.Column("toponimo", sa.Text(), nullable=True),
        sa.Column("indirizzo", sa.Text(), nullable=True),
        sa.Column("chiave_odonimo", sa.Text(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=True),
        sa.Column("esponente", sa.Text(), nullable=True),
        sa.Column("interno", sa.Text(), nullable=True),
        sa.Column("iscritto", sa.Date(), nullable=True),
        sa.Column("soggetto", sa.BigInteger(), nullable=True),
        sa.Column("famiglia", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_residenza_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_residenza_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_residenza")),
        schema="persone",
    )
    op.create_index(
        "ix_residenza_comune_id", "residenza", ["comune", "id"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_residenza_soggetto", "residenza", ["comune", "soggetto"], unique=False, schema="persone"
    )
    op.create_table(
        "residenza",
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
        sa.Column("convivenza", sa.Boolean(), nullable=False),
        sa.Column("parentela", sa.Text(), nullable=True),
        sa.Column("codice_via", sa.Text(), nullable=True),
        sa.Column("toponimo", sa.Text(), nullable=True),
        sa.Column("indirizzo", sa.Text(), nullable=True),
        sa.Column("chiave_odonimo", sa.Text(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=True),
        sa.Column("esponente", sa.Text(), nullable=True),
        sa.Column("interno", sa.Text(), nullable=True),
        sa.Column("iscritto", sa.Date(), nullable=True),
        sa.Column("soggetto", sa.Text(), nullable=True),
        sa.Column("famiglia", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_residenza")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_residenza",
        "residenza",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

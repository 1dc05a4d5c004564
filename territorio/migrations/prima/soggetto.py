"""Persons and bodies, and the rights they hold."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "soggetto",
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
        sa.Column("tipo", sa.CHAR(length=1), nullable=False),
        sa.Column("cognome", sa.Text(), nullable=True),
        sa.Column("nome", sa.Text(), nullable=True),
        sa.Column("sesso", sa.CHAR(length=1), nullable=True),
        sa.Column("data_nascita", sa.Date(), nullable=True),
        sa.Column("luogo_nascita", sa.Text(), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=True),
        sa.Column("sede", sa.Text(), nullable=True),
        sa.Column("codice_fiscale", sa.Text(), nullable=True),
        sa.Column("codice_valido", sa.Boolean(), nullable=False),
        sa.Column("indicazioni", sa.Text(), nullable=True),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_soggetto_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_soggetto_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_soggetto")),
        schema="persone",
    )
    op.create_index(
        "ix_soggetto_codice_fiscale",
        "soggetto",
        ["comune", "codice_fiscale"],
        unique=False,
        schema="persone",
    )
    op.create_index(
        "ix_soggetto_comune_id", "soggetto", ["comune", "id"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_soggetto_nome",
        "soggetto",
        ["comune", "cognome", "nome"],
        unique=False,
        schema="persone",
    )
    op.create_table(
        "titolarita",
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
        sa.Column("diritto", sa.Text(), nullable=False),
        sa.Column("titolo", sa.Text(), nullable=True),
        sa.Column("quota_numeratore", sa.BigInteger(), nullable=True),
        sa.Column("quota_denominatore", sa.BigInteger(), nullable=True),
        sa.Column("regime", sa.Text(), nullable=True),
        sa.Column("partita", sa.Text(), nullable=True),
        sa.Column("atto_generante", sa.Text(), nullable=True),
        sa.Column("atto_conclusivo", sa.Text(), nullable=True),
        sa.Column("soggetto", sa.BigInteger(), nullable=True),
        sa.Column("unita", sa.BigInteger(), nullable=True),
        sa.Column("terreno", sa.BigInteger(), nullable=True),
        sa.Column("soggetto_riferimento", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_titolarita_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_titolarita_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_titolarita")),
        schema="persone",
    )
    op.create_index(
        "ix_titolarita_comune_id", "titolarita", ["comune", "id"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_titolarita_soggetto",
        "titolarita",
        ["comune", "soggetto"],
        unique=False,
        schema="persone",
    )
    op.create_index(
        "ix_titolarita_terreno", "titolarita", ["comune", "terreno"], unique=False, schema="persone"
    )
    op.create_index(
        "ix_titolarita_unita", "titolarita", ["comune", "unita"], unique=False, schema="persone"
    )
    op.create_table(
        "soggetto",
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
        sa.Column("tipo", sa.CHAR(length=1), nullable=False),
        sa.Column("cognome", sa.Text(), nullable=True),
        sa.Column("nome", sa.Text(), nullable=True),
        sa.Column("sesso", sa.CHAR(length=1), nullable=True),
        sa.Column("data_nascita", sa.Date(), nullable=True),
        sa.Column("luogo_nascita", sa.Text(), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=True),
        sa.Column("sede", sa.Text(), nullable=True),
        sa.Column("codice_fiscale", sa.Text(), nullable=True),
        sa.Column("codice_valido", sa.Boolean(), nullable=False),
        sa.Column("indicazioni", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_soggetto")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_soggetto",
        "soggetto",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )
    op.create_table(
        "titolarita",
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
        sa.Column("diritto", sa.Text(), nullable=False),
        sa.Column("titolo", sa.Text(), nullable=True),
        sa.Column("quota_numeratore", sa.BigInteger(), nullable=True),
        sa.Column("quota_denominatore", sa.BigInteger(), nullable=True),
        sa.Column("regime", sa.Text(), nullable=True),
        sa.Column("partita", sa.Text(), nullable=True),
        sa.Column("atto_generante", sa.Text(), nullable=True),
        sa.Column("atto_conclusivo", sa.Text(), nullable=True),
        sa.Column("soggetto", sa.Text(), nullable=True),
        sa.Column("unita", sa.Text(), nullable=True),
        sa.Column("terreno", sa.Text(), nullable=True),
        sa.Column("soggetto_riferimento", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_titolarita")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_titolarita",
        "titolarita",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

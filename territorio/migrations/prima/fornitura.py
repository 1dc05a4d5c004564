"""Sources, deliveries, transactions of the registry, and what could not be read."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "segnalazione_valore",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("segnalazione", sa.BigInteger(), nullable=False),
        sa.Column("valore", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comune", "segnalazione", name=op.f("pk_segnalazione_valore")),
        schema="persone",
    )
    op.create_table(
        "fonte",
        sa.Column("codice", sa.Text(), nullable=False),
        sa.Column("titolo", sa.Text(), nullable=False),
        sa.Column("editore", sa.Text(), nullable=False),
        sa.Column("licenza", sa.Text(), nullable=False),
        sa.Column("cadenza", sa.Text(), nullable=False),
        sa.Column("conserva_giorni", sa.Integer(), nullable=False),
        sa.Column("persone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("codice", name=op.f("pk_fonte")),
        schema="registro",
    )
    op.create_table(
        "fornitura",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("nome", sa.Text(), nullable=False),
        sa.Column("byte", sa.BigInteger(), nullable=False),
        sa.Column("data_riferimento", sa.Date(), nullable=False),
        sa.Column("data_elaborazione", sa.Date(), nullable=True),
        sa.Column(
            "ricevuta", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("registrazione", sa.BigInteger(), nullable=True),
        sa.Column("letti", sa.Integer(), server_default="0", nullable=False),
        sa.Column("inseriti", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cambiati", sa.Integer(), server_default="0", nullable=False),
        sa.Column("invariati", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chiusi", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rifiutati", sa.Integer(), server_default="0", nullable=False),
        sa.Column("originale_fino", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fornitura")),
        sa.UniqueConstraint(
            "comune",
            "fonte",
            "data_riferimento",
            "sha256",
            name=op.f("uq_fornitura_comune_fonte_data_riferimento_sha256"),
        ),
        schema="registro",
    )
    op.create_table(
        "fornitura_ambito",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("fatto", sa.Text(), nullable=False),
        sa.Column("ambito", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "comune", "fornitura", "fatto", "ambito", name=op.f("pk_fornitura_ambito")
        ),
        schema="registro",
    )
    op.create_index(
        "ix_fornitura_ambito_fatto",
        "fornitura_ambito",
        ["comune", "fatto", "fornitura"],
        unique=False,
        schema="registro",
    )
    op.create_table(
        "registrazione",
        sa.Column("numero", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comune", sa.CHAR(length=4), nullable=True),
        sa.Column("causa", sa.Text(), nullable=False),
        sa.Column("fornitura", sa.BigInteger(), nullable=True),
        sa.Column("autore", sa.Text(), nullable=False),
        sa.Column("atto", sa.Text(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "causa IN ('fornitura', 'giudizio', 'atto', 'calcolo')",
            name=op.f("ck_registrazione_causa"),
        ),
        sa.PrimaryKeyConstraint("numero", name=op.f("pk_registrazione")),
        sa.UniqueConstraint("quando", name=op.f("uq_registrazione_quando")),
        schema="registro",
    )
    op.create_table(
        "segnalazione",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("oggetto", sa.BigInteger(), nullable=True),
        sa.Column("fornitura", sa.BigInteger(), nullable=True),
        sa.Column("riga", sa.Integer(), nullable=True),
        sa.Column("campo", sa.Text(), nullable=True),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("stato", sa.Text(), server_default="aperta", nullable=False),
        sa.Column("autore", sa.Text(), nullable=False),
        sa.Column(
            "aperta", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "stato IN ('aperta', 'presa in carico', 'chiusa')", name=op.f("ck_segnalazione_stato")
        ),
        sa.PrimaryKeyConstraint("comune", "id", name=op.f("pk_segnalazione")),
        schema="registro",
    )
    op.create_index(
        "ix_segnalazione_fornitura", "segnalazione", ["fornitura"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_segnalazione_oggetto",
        "segnalazione",
        ["comune", "oggetto"],
        unique=False,
        schema="registro",
    )
    op.create_table(
        "illeggibile",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("fatto", sa.Text(), nullable=False),
        sa.Column("chiave_md5", sa.CHAR(length=32), nullable=False),
        sa.PrimaryKeyConstraint(
            "comune", "fornitura", "fatto", "chiave_md5", name=op.f("pk_illeggibile")
        ),
        schema="staging",
    )

"""Long work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "lavoro",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("comune", sa.CHAR(length=4), nullable=True),
        sa.Column("compito", sa.Text(), nullable=False),
        sa.Column("argomenti", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chiesto_da", sa.Text(), nullable=False),
        sa.Column(
            "chiesto", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("iniziato", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finito", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stato", sa.Text(), server_default="in coda", nullable=False),
        sa.Column("fase", sa.Text(), nullable=True),
        sa.Column("fatto", sa.Integer(), server_default="0", nullable=False),
        sa.Column("totale", sa.Integer(), nullable=True),
        sa.Column("esito", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "stato IN ('in coda', 'in corso', 'finito', 'fallito', 'annullamento chiesto', "
            "'annullato')",
            name=op.f("ck_lavoro_stato"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lavoro")),
        schema="registro",
    )

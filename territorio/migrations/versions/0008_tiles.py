"""Counts of the published collections, and the store of their squares."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    op.create_table(
        "conteggio",
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("collezione", sa.Text(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "collezione", "x", "y", "comune", "giorno", name=op.f("pk_conteggio")
        ),
        schema="pubblico",
    )
    op.create_table(
        "tassello",
        sa.Column("collezione", sa.Text(), nullable=False),
        sa.Column("z", sa.Integer(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("segno", sa.Text(), nullable=False),
        sa.Column("dati", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("collezione", "z", "x", "y", name=op.f("pk_tassello")),
        schema="pubblico",
    )
    # Nothing of what is published is counted yet: whoever comes next publishes it anew.
    op.execute("DELETE FROM registro.elaborazione")

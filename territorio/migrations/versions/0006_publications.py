"""What was given out as files: versions, their files, what changed with them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _versione() -> list[sa.Column[object]]:
    return [
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    op.create_table(
        "pubblicazione",
        *_versione(),
        sa.Column("giorno", sa.Date(), nullable=False),
        sa.Column("registrazione", sa.BigInteger(), nullable=False),
        sa.Column("quando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("righe", sa.BigInteger(), nullable=False),
        sa.Column("impronta", sa.CHAR(length=64), nullable=False),
        sa.PrimaryKeyConstraint("comune", "dataset", "numero", name="pk_pubblicazione"),
        schema="pubblico",
    )
    op.create_table(
        "pubblicazione_file",
        *_versione(),
        sa.Column("nome", sa.Text(), nullable=False),
        sa.Column("formato", sa.Text(), nullable=False),
        sa.Column("byte", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "comune", "dataset", "numero", "nome", name="pk_pubblicazione_file"
        ),
        schema="pubblico",
    )
    op.create_table(
        "variazione",
        *_versione(),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("evento", sa.Text(), nullable=False),
        sa.Column("impronta", sa.CHAR(length=64)),
        sa.Column("testo", sa.Text()),
        sa.PrimaryKeyConstraint("comune", "dataset", "numero", "id", name="pk_variazione"),
        sa.CheckConstraint(
            "evento IN ('nuovo', 'cambiato', 'cessato')", name=op.f("ck_variazione_evento")
        ),
        sa.CheckConstraint(
            "(evento = 'cessato') = (testo IS NULL) AND (testo IS NULL) = (impronta IS NULL)",
            name=op.f("ck_variazione_testo"),
        ),
        schema="pubblico",
    )

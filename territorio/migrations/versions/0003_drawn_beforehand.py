"""What the map shows from afar, drawn beforehand (ADR 11)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    op.create_table(
        "disegno",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("valida_dal", sa.Date(), nullable=False),
        sa.Column("valida_al", sa.Date(), nullable=False),
        sa.Column("classe", sa.Text(), nullable=False),
        sa.Column("testo", sa.Text(), nullable=True),
        sa.Column("geometria", Geometry(None, spatial_index=False), nullable=False),
        sa.PrimaryKeyConstraint("comune", "tipo", "id", "valida_dal", name=op.f("pk_disegno")),
        schema="registro",
    )
    for name, which in (
        ("ix_disegno_particella", sa.text("tipo = 'particella'")),
        ("ix_disegno_edificio", sa.text("tipo = 'edificio'")),
        ("ix_disegno_altro", sa.text("tipo IN ('foglio', 'zona_urbanistica', 'vincolo')")),
    ):
        op.create_index(
            name,
            "disegno",
            ["geometria"],
            unique=False,
            schema="registro",
            postgresql_using="gist",
            postgresql_where=which,
        )
    # Nothing is drawn yet: whoever comes next computes anew what follows from the facts.
    op.execute("DELETE FROM registro.elaborazione")

"""Statistics by census section (ADR 13)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CONTI = (
    *("edifici", "civici"),
    *("unita_a", "unita_b", "unita_c", "unita_d", "unita_e", "unita_f"),
)
_AREE = (
    *("zona_a_mq", "zona_b_mq", "zona_c_mq", "zona_d_mq", "zona_e_mq", "zona_f_mq"),
    "zona_altro_mq",
)


def _conteggi() -> list[sa.Column[object]]:
    return [
        *[sa.Column(nome, sa.Integer(), nullable=False) for nome in _CONTI],
        *[sa.Column(nome, sa.Numeric(14, 0), nullable=False) for nome in _AREE],
        sa.Column("residenti", sa.Integer()),
        sa.Column("famiglie", sa.Integer()),
    ]


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    op.create_table(
        "statistica_sezione",
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("pubblicazione", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        *_conteggi(),
        sa.PrimaryKeyConstraint(
            "comune", "pubblicazione", "id", name=op.f("pk_statistica_sezione")
        ),
        sa.CheckConstraint(
            "residenti >= 5 AND residenti % 5 = 0", name=op.f("ck_statistica_sezione_residenti")
        ),
        sa.CheckConstraint(
            "famiglie >= 5 AND famiglie % 5 = 0", name=op.f("ck_statistica_sezione_famiglie")
        ),
        schema="registro",
    )
    nome = "statistiche_sezioni"
    op.create_table(
        nome,
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("codice", sa.Text(), nullable=False),
        sa.Column("pubblicazione", sa.Date(), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        *_conteggi(),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("data_riferimento", sa.Date()),
        sa.Column("valida_dal", sa.Date()),
        sa.Column("valida_al", sa.Date()),
        sa.Column("geometria", Geometry("GEOMETRY", srid=6706, spatial_index=False)),
        sa.Column("testo", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("comune", "id", "dal", name=f"pk_{nome}"),
        schema="pubblico",
    )
    op.create_index(
        f"ix_{nome}_id", nome, ["id"], schema="pubblico", postgresql_include=["dal", "al"]
    )
    op.create_index(
        f"ix_{nome}_geometria", nome, ["geometria"], schema="pubblico", postgresql_using="gist"
    )

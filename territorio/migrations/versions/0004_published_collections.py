"""The published collections (ADR 12)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _text(*names: str, nullable: bool = True) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _collezione(nome: str, attributi: Sequence[sa.Column[object]]) -> None:
    op.create_table(
        nome,
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("codice", sa.Text(), nullable=False),
        *attributi,
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


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    mappa = ("sezione", "foglio", "allegato", "sviluppo")
    _collezione(
        "comuni",
        [
            sa.Column("istat", sa.CHAR(6)),
            *_text("denominazione", nullable=False),
            sa.Column("provincia", sa.CHAR(2)),
        ],
    )
    _collezione(
        "fogli",
        [
            sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
            *_text(*mappa, nullable=False),
            sa.Column("scala", sa.Integer()),
        ],
    )
    _collezione(
        "particelle",
        [
            *_text("riferimento", nullable=False),
            sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
            *_text(*mappa, "numero", "denominatore", "classe", nullable=False),
            sa.Column("area_mq", sa.Numeric(14, 2)),
        ],
    )
    _collezione(
        "edifici",
        [
            *_text("classe", nullable=False),
            sa.Column("provvisorio", sa.Boolean(), nullable=False),
            *_text("uso", "tipo", "stato"),
            sa.Column("piani", sa.Integer()),
            sa.Column("altezza_m", sa.Numeric(6, 2)),
            sa.Column("anno", sa.Integer()),
            sa.Column("area_mq", sa.Numeric(14, 2)),
        ],
    )
    _collezione(
        "civici",
        [
            *_text("indirizzo", nullable=False),
            *_text("odonimo", "odonimo_codice", "localita"),
            sa.Column("numero", sa.Integer()),
            *_text("esponente", "specificita", nullable=False),
            sa.Column("metrico", sa.Integer()),
            sa.Column("progressivo_accesso", sa.BigInteger()),
        ],
    )
    _collezione(
        "odonimi",
        [
            *_text("denominazione", nullable=False),
            *_text("localita", "lingua1", "lingua2"),
            sa.Column("progressivo_nazionale", sa.BigInteger()),
        ],
    )
    _collezione(
        "zone_urbanistiche",
        [
            *_text("sigla", nullable=False),
            *_text("zto"),
            *_text("classe", nullable=False),
            *_text("strumento", "destinazione"),
            sa.Column("indice_fondiario", sa.Numeric(8, 3)),
            *_text("norma"),
        ],
    )
    _collezione(
        "vincoli",
        [
            *_text("tipo", "classe", nullable=False),
            *_text("denominazione", "atto"),
            sa.Column("data_atto", sa.Date()),
            *_text("rubrica", "codice_nazionale", "codice_regionale"),
        ],
    )
    # Nothing is published yet: whoever comes next computes anew what follows from the facts.
    op.execute("DELETE FROM registro.elaborazione")

"""Hazard areas and census sections, as facts and as published collections."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

Colonne = Callable[[], list[sa.Column[object]]]


def _geometria() -> sa.Column[object]:
    return sa.Column("geometria", Geometry("GEOMETRY", srid=6706, spatial_index=False))


def _fatto(nome: str, attributi: Colonne) -> None:
    op.create_table(
        nome,
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("versione", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("valida_dal", sa.Date()),
        sa.Column("valida_al", sa.Date()),
        sa.Column("nota_da", sa.BigInteger(), nullable=False),
        sa.Column("nota_fino", sa.BigInteger()),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("riga", sa.Integer()),
        sa.Column("impronta", sa.BigInteger(), nullable=False),
        *attributi(),
        _geometria(),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f(f"ck_{nome}_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f(f"ck_{nome}_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f(f"pk_{nome}")),
        schema="registro",
    )
    op.create_index(f"ix_{nome}_comune_id", nome, ["comune", "id"], schema="registro")
    op.create_index(
        f"ix_{nome}_geometria",
        nome,
        ["geometria"],
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
    )
    op.create_table(
        nome,
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("fornitura", sa.BigInteger(), nullable=False),
        sa.Column("riga", sa.Integer()),
        sa.Column("chiave", sa.Text(), nullable=False),
        sa.Column("gruppo", sa.Text()),
        sa.Column("ambito", sa.Text(), nullable=False),
        sa.Column("ordine", sa.Integer(), nullable=False),
        sa.Column("dal", sa.Date()),
        sa.Column("al", sa.Date()),
        sa.Column("impronta", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *attributi(),
        _geometria(),
        sa.PrimaryKeyConstraint("n", name=op.f(f"pk_{nome}")),
        schema="staging",
    )
    op.create_index(f"ix_staging_{nome}", nome, ["comune", "fonte", "chiave"], schema="staging")


def _collezione(nome: str, attributi: Sequence[sa.Column[object]]) -> None:
    op.create_table(
        nome,
        sa.Column("comune", sa.CHAR(4), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("dal", sa.Date(), nullable=False),
        sa.Column("al", sa.Date(), nullable=False),
        sa.Column("codice", sa.Text(), nullable=False),
        *attributi,
        sa.Column("fonte", sa.Text(), nullable=False),
        sa.Column("data_riferimento", sa.Date()),
        sa.Column("valida_dal", sa.Date()),
        sa.Column("valida_al", sa.Date()),
        _geometria(),
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


def _area() -> list[sa.Column[object]]:
    return [
        sa.Column("fenomeno", sa.Text(), nullable=False),
        sa.Column("classe", sa.Text(), nullable=False),
        sa.Column("denominazione", sa.Text()),
        sa.Column("autorita", sa.Text()),
        sa.Column("strumento", sa.Text()),
        sa.Column("data_atto", sa.Date()),
    ]


def _sezione() -> list[sa.Column[object]]:
    return [
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("istat", sa.CHAR(6), nullable=False),
        sa.Column("tipo_localita", sa.Text(), nullable=False),
        sa.Column("localita", sa.Text()),
    ]


def _conti(*nomi: str) -> list[sa.Column[object]]:
    return [sa.Column(nome, sa.Integer()) for nome in nomi]


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    _fatto("area_pericolosita", _area)
    _fatto(
        "sezione_censimento",
        lambda: [*_sezione(), *_conti("residenti", "famiglie", "abitazioni", "edifici")],
    )
    _collezione("aree_pericolosita", _area())
    _collezione("sezioni_censimento", [*_sezione(), *_conti("abitazioni", "edifici")])
    op.drop_index("ix_disegno_altro", table_name="disegno", schema="registro")
    op.create_index(
        "ix_disegno_altro",
        "disegno",
        ["geometria"],
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text(
            "tipo IN ('foglio', 'zona_urbanistica', 'vincolo', 'area_pericolosita')"
        ),
    )
    # Nothing of them is linked, drawn or published yet: whoever comes next computes it.
    op.execute("DELETE FROM registro.elaborazione")

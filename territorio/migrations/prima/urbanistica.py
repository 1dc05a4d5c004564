"""The office of planning: zones and constraints."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def create() -> None:
    """Create the tables and their indexes."""
    op.create_geospatial_table(
        "vincolo",
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
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("denominazione", sa.Text(), nullable=True),
        sa.Column("atto", sa.Text(), nullable=True),
        sa.Column("data_atto", sa.Date(), nullable=True),
        sa.Column("rubrica", sa.Text(), nullable=True),
        sa.Column("codice_nazionale", sa.Text(), nullable=True),
        sa.Column("codice_regionale", sa.Text(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_vincolo_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_vincolo_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_vincolo")),
        schema="registro",
    )
    op.create_index(
        "ix_vincolo_comune_id", "vincolo", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_vincolo_geometria",
        "vincolo",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "zona_urbanistica",
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
        sa.Column("strumento", sa.Text(), nullable=True),
        sa.Column("sigla", sa.Text(), nullable=False),
        sa.Column("zto", sa.Text(), nullable=True),
        sa.Column("destinazione", sa.Text(), nullable=True),
        sa.Column("indice_fondiario", sa.Numeric(precision=8, scale=3), nullable=True),
        sa.Column("norma", sa.Text(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_zona_urbanistica_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_zona_urbanistica_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_zona_urbanistica")),
        schema="registro",
    )
    op.create_index(
        "ix_zona_urbanistica_comune_id",
        "zona_urbanistica",
        ["comune", "id"],
        unique=False,
        schema="registro",
    )
    op.create_geospatial_index(
        "ix_zona_urbanistica_geometria",
        "zona_urbanistica",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "vincolo",
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
        sa.Column("tipo", sa.Text(), nullable=False),
        sa.Column("denominazione", sa.Text(), nullable=True),
        sa.Column("atto", sa.Text(), nullable=True),
        sa.Column("data_atto", sa.Date(), nullable=True),
        sa.Column("rubrica", sa.Text(), nullable=True),
        sa.Column("codice_nazionale", sa.Text(), nullable=True),
        sa.Column("codice_regionale", sa.Text(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_vincolo")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_vincolo",
        "vincolo",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )
    op.create_geospatial_table(
        "zona_urbanistica",
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
        sa.Column("strumento", sa.Text(), nullable=True),
        sa.Column("sigla", sa.Text(), nullable=False),
        sa.Column("zto", sa.Text(), nullable=True),
        sa.Column("destinazione", sa.Text(), nullable=True),
        sa.Column("indice_fondiario", sa.Numeric(precision=8, scale=3), nullable=True),
        sa.Column("norma", sa.Text(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_zona_urbanistica")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_zona_urbanistica",
        "zona_urbanistica",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

"""Municipalities: their codes and their boundary."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def create() -> None:
    """Create the tables and their indexes."""
    op.create_table(
        "comune",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("denominazione", sa.Text(), nullable=False),
        sa.Column("istat", sa.CHAR(length=6), nullable=True),
        sa.Column("provincia", sa.CHAR(length=2), nullable=True),
        sa.Column("utm", sa.Integer(), nullable=False),
        sa.Column("inventato", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("comune", name=op.f("pk_comune")),
        schema="registro",
    )
    op.create_table(
        "comune_catastale",
        sa.Column("comune", sa.CHAR(length=4), nullable=False),
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("dal", sa.Date(), nullable=True),
        sa.Column("al", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("comune", "comune_catastale", name=op.f("pk_comune_catastale")),
        schema="registro",
    )
    op.create_geospatial_table(
        "confine",
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
        sa.Column("istat", sa.CHAR(length=6), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=False),
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
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_confine_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_confine_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_confine")),
        schema="registro",
    )
    op.create_index(
        "ix_confine_comune_id", "confine", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_confine_geometria",
        "confine",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "confine",
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
        sa.Column("istat", sa.CHAR(length=6), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=False),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_confine")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_confine",
        "confine",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

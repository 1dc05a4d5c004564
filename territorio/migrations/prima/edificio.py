"""Buildings as they stand, and their blocks."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def create() -> None:
    """Create the tables and their indexes."""
    op.create_geospatial_table(
        "aggregato",
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
        sa.Column("codice", sa.Text(), nullable=False),
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
        sa.Column(
            "area_mq",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "round(public.ST_Area(public.ST_Transform(geometria, 6933))::numeric, 2)",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_aggregato_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_aggregato_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_aggregato")),
        schema="registro",
    )
    op.create_index(
        "ix_aggregato_comune_id", "aggregato", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_aggregato_geometria",
        "aggregato",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "edificio",
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
        sa.Column("codice_fonte", sa.Text(), nullable=True),
        sa.Column("provvisorio", sa.Boolean(), nullable=False),
        sa.Column("uso", sa.Text(), nullable=True),
        sa.Column("tipo", sa.Text(), nullable=True),
        sa.Column("stato", sa.Text(), nullable=True),
        sa.Column("piani", sa.Integer(), nullable=True),
        sa.Column("altezza_m", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("anno", sa.Integer(), nullable=True),
        sa.Column("interrato", sa.Boolean(), nullable=True),
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
        sa.Column(
            "area_mq",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "round(public.ST_Area(public.ST_Transform(geometria, 6933))::numeric, 2)",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_edificio_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_edificio_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_edificio")),
        schema="registro",
    )
    op.create_index(
        "ix_edificio_comune_id", "edificio", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_edificio_geometria",
        "edificio",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_index(
        "ix_edificio_ufficio",
        "edificio",
        ["comune", "id"],
        unique=False,
        schema="registro",
        postgresql_where=sa.text("fonte = 'ufficio'"),
    )
    op.create_geospatial_table(
        "aggregato",
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
        sa.Column("codice", sa.Text(), nullable=False),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_aggregato")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_aggregato",
        "aggregato",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )
    op.create_geospatial_table(
        "edificio",
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
        sa.Column("codice_fonte", sa.Text(), nullable=True),
        sa.Column("provvisorio", sa.Boolean(), nullable=False),
        sa.Column("uso", sa.Text(), nullable=True),
        sa.Column("tipo", sa.Text(), nullable=True),
        sa.Column("stato", sa.Text(), nullable=True),
        sa.Column("piani", sa.Integer(), nullable=True),
        sa.Column("altezza_m", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("anno", sa.Integer(), nullable=True),
        sa.Column("interrato", sa.Boolean(), nullable=True),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_edificio")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_edificio",
        "edificio",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

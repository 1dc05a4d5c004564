"""The cadastral map: sheets, parcels, buildings."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def create() -> None:
    """Create the tables and their indexes."""
    op.create_geospatial_table(
        "fabbricato",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("numero", sa.Text(), nullable=False),
        sa.Column("denominatore", sa.Text(), nullable=False),
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
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_fabbricato_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_fabbricato_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_fabbricato")),
        schema="registro",
    )
    op.create_index(
        "ix_fabbricato_comune_id", "fabbricato", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_fabbricato_geometria",
        "fabbricato",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "foglio",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("scala", sa.Integer(), nullable=True),
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
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_foglio_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_foglio_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_foglio")),
        schema="registro",
    )
    op.create_index(
        "ix_foglio_comune_id", "foglio", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_foglio_geometria",
        "foglio",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_geospatial_table(
        "particella",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("numero", sa.Text(), nullable=False),
        sa.Column("denominatore", sa.Text(), nullable=False),
        sa.Column("classe", sa.Text(), nullable=False),
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
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_particella_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_particella_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_particella")),
        schema="registro",
    )
    op.create_index(
        "ix_particella_comune_id", "particella", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_particella_geometria",
        "particella",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_index(
        "ix_particella_riferimento",
        "particella",
        ["comune", "foglio", "numero"],
        unique=False,
        schema="registro",
    )
    op.create_geospatial_table(
        "fabbricato",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("numero", sa.Text(), nullable=False),
        sa.Column("denominatore", sa.Text(), nullable=False),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_fabbricato")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_fabbricato",
        "fabbricato",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )
    op.create_geospatial_table(
        "foglio",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("scala", sa.Integer(), nullable=True),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_foglio")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_foglio", "foglio", ["comune", "fonte", "chiave"], unique=False, schema="staging"
    )
    op.create_geospatial_table(
        "particella",
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
        sa.Column("comune_catastale", sa.CHAR(length=4), nullable=False),
        sa.Column("sezione", sa.Text(), nullable=False),
        sa.Column("foglio", sa.Text(), nullable=False),
        sa.Column("allegato", sa.Text(), nullable=False),
        sa.Column("sviluppo", sa.Text(), nullable=False),
        sa.Column("numero", sa.Text(), nullable=False),
        sa.Column("denominatore", sa.Text(), nullable=False),
        sa.Column("classe", sa.Text(), nullable=False),
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
        sa.PrimaryKeyConstraint("n", name=op.f("pk_particella")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_particella",
        "particella",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

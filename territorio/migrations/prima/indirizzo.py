"""Streets and house numbers."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry


def create() -> None:
    """Create the tables and their indexes."""
    op.create_geospatial_table(
        "civico",
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
        sa.Column("progressivo_accesso", sa.BigInteger(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=True),
        sa.Column("esponente", sa.Text(), nullable=False),
        sa.Column("specificita", sa.Text(), nullable=False),
        sa.Column("metrico", sa.Integer(), nullable=True),
        sa.Column("snc", sa.Integer(), nullable=True),
        sa.Column("metodo", sa.Integer(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                geometry_type="POINT",
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("odonimo", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_civico_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_civico_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_civico")),
        schema="registro",
    )
    op.create_index(
        "ix_civico_comune_id", "civico", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_geospatial_index(
        "ix_civico_geometria",
        "civico",
        ["geometria"],
        unique=False,
        schema="registro",
        postgresql_using="gist",
        postgresql_where=sa.text("nota_fino IS NULL"),
        postgresql_ops={},
    )
    op.create_index(
        "ix_civico_odonimo",
        "civico",
        ["comune", "odonimo", "numero"],
        unique=False,
        schema="registro",
    )
    op.create_index(
        "ix_civico_ufficio",
        "civico",
        ["comune", "id"],
        unique=False,
        schema="registro",
        postgresql_where=sa.text("fonte = 'ufficio'"),
    )
    op.create_table(
        "odonimo",
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
        sa.Column("progressivo_nazionale", sa.BigInteger(), nullable=True),
        sa.Column("codice_comunale", sa.Text(), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=False),
        sa.Column("localita", sa.Text(), nullable=True),
        sa.Column("lingua1", sa.Text(), nullable=True),
        sa.Column("lingua2", sa.Text(), nullable=True),
        sa.Column("chiave_odonimo", sa.Text(), nullable=False),
        sa.CheckConstraint("nota_da < nota_fino", name=op.f("ck_odonimo_conoscenza")),
        sa.CheckConstraint("valida_dal < valida_al", name=op.f("ck_odonimo_validita")),
        sa.PrimaryKeyConstraint("comune", "versione", name=op.f("pk_odonimo")),
        schema="registro",
    )
    op.create_index(
        "ix_odonimo_chiave",
        "odonimo",
        ["comune", "chiave_odonimo"],
        unique=False,
        schema="registro",
    )
    op.create_index(
        "ix_odonimo_comune_id", "odonimo", ["comune", "id"], unique=False, schema="registro"
    )
    op.create_index(
        "ix_odonimo_ufficio",
        "odonimo",
        ["comune", "id"],
        unique=False,
        schema="registro",
        postgresql_where=sa.text("fonte = 'ufficio'"),
    )
    op.create_geospatial_table(
        "civico",
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
        sa.Column("progressivo_accesso", sa.BigInteger(), nullable=True),
        sa.Column("numero", sa.Integer(), nullable=True),
        sa.Column("esponente", sa.Text(), nullable=False),
        sa.Column("specificita", sa.Text(), nullable=False),
        sa.Column("metrico", sa.Integer(), nullable=True),
        sa.Column("snc", sa.Integer(), nullable=True),
        sa.Column("metodo", sa.Integer(), nullable=True),
        sa.Column(
            "geometria",
            Geometry(
                geometry_type="POINT",
                srid=6706,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("odonimo", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_civico")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_civico", "civico", ["comune", "fonte", "chiave"], unique=False, schema="staging"
    )
    op.create_table(
        "odonimo",
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
        sa.Column("progressivo_nazionale", sa.BigInteger(), nullable=True),
        sa.Column("codice_comunale", sa.Text(), nullable=True),
        sa.Column("denominazione", sa.Text(), nullable=False),
        sa.Column("localita", sa.Text(), nullable=True),
        sa.Column("lingua1", sa.Text(), nullable=True),
        sa.Column("lingua2", sa.Text(), nullable=True),
        sa.Column("chiave_odonimo", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_odonimo")),
        schema="staging",
    )
    op.create_index(
        "ix_staging_odonimo",
        "odonimo",
        ["comune", "fonte", "chiave"],
        unique=False,
        schema="staging",
    )

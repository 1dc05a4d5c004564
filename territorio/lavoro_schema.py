"""The table of long jobs: what was asked, how far it is, what came of it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from territorio.schema import metadata

lavoro = sa.Table(
    "lavoro",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("comune", sa.CHAR(4)),
    sa.Column("compito", sa.Text, nullable=False),
    sa.Column("argomenti", JSONB, nullable=False),
    sa.Column("chiesto_da", sa.Text, nullable=False),
    sa.Column("chiesto", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.Column("iniziato", sa.DateTime(timezone=True)),
    sa.Column("finito", sa.DateTime(timezone=True)),
    sa.Column("stato", sa.Text, nullable=False, server_default="in coda"),
    sa.Column("fase", sa.Text),
    sa.Column("fatto", sa.Integer, nullable=False, server_default="0"),
    sa.Column("totale", sa.Integer),
    sa.Column("esito", JSONB),
    sa.CheckConstraint(
        "stato IN ('in coda', 'in corso', 'finito', 'fallito',"
        " 'annullamento chiesto', 'annullato')",
        name="stato",
    ),
    schema="registro",
)

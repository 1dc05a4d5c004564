"""Tables of the operators' acts, and of the documents they attach."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from territorio.schema import fatto, metadata
from territorio.schema_colonne import comune_column

atto = sa.Table(
    "atto",
    metadata,
    comune_column(),
    sa.Column("registrazione", sa.BigInteger, nullable=False),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("giorno", sa.Date, nullable=False),
    sa.Column("oggetti", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("nuovi", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("contenuto", JSONB, nullable=False),
    sa.Column("annulla", sa.BigInteger),
    sa.PrimaryKeyConstraint("comune", "registrazione"),
    # An act is undone once: doing it again is a new act.
    sa.UniqueConstraint("comune", "annulla"),
    # used by: atto.search, atto.rectified, annullamento.undo
    sa.Index("ix_atto_oggetti", "oggetti", postgresql_using="gin"),
    schema="registro",
)
"""What an operator did: objects touched, objects born; who and why stand in registrazione."""

documento = fatto(
    "documento",
    lambda: [
        sa.Column("tipo", sa.Text, nullable=False),
        sa.Column("titolo", sa.Text),
        sa.Column("nome_file", sa.Text),
        sa.Column("formato", sa.Text, nullable=False),
        sa.Column("byte", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.CHAR(64), nullable=False),
        sa.Column("data_documento", sa.Date),
    ],
    # used by: fascicolo
    sa.Index("ix_documento_edificio", "comune", "edificio"),
    riferimenti={"edificio": "edificio"},
    schema="persone",
)
"""A photo or a document of a building; in ``persone``, since a title may name somebody."""

"""Tables of access: who looked at what and why, what was erased by law."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from territorio.schema import metadata
from territorio.schema_colonne import comune_column

lettura = sa.Table(
    "lettura",
    metadata,
    sa.Column("numero", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("quando", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp()),
    comune_column(),
    sa.Column("chi", sa.Text, nullable=False),
    sa.Column("ruolo", sa.Text, nullable=False),
    sa.Column("scopo", sa.Text, nullable=False),
    sa.Column("oggetto", sa.BigInteger),
    sa.Column("campi", ARRAY(sa.Text), nullable=False),
    sa.Column("precedente", sa.LargeBinary, nullable=False),
    sa.Column("sigillo", sa.LargeBinary, nullable=False),
    # used by: the person concerned sees who looked
    sa.Index("ix_lettura_oggetto", "comune", "oggetto"),
    # used by: the next link of the chain
    sa.Index("ix_lettura_catena", "comune", "numero"),
    schema="persone",
)
"""One access to personal data; ``sigillo`` = SHA-256 over this row and the one before it."""

cancellazione = sa.Table(
    "cancellazione",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    comune_column(),
    sa.Column("oggetto", sa.BigInteger, nullable=False),
    sa.Column("campi", ARRAY(sa.Text), nullable=False),
    sa.Column("impronta", sa.LargeBinary, nullable=False),
    sa.Column("motivo", sa.Text, nullable=False),
    sa.Column("atto", sa.Text, nullable=False),
    sa.Column("registrazione", sa.BigInteger, nullable=False),
    sa.Column("ordine", sa.Uuid, nullable=False),
    sa.Column("permanente", sa.Boolean, nullable=False),
    sa.Index("ix_cancellazione_oggetto", "comune", "oggetto"),  # used by: fascicolo, restore
    schema="registro",
)
"""A tombstone: that a personal value stood here and was erased by law, never the value.

``impronta`` is the keyed hash of the key under which a source delivers the person;
``permanente`` tells the load to erase again what later deliveries bring under that key.
"""

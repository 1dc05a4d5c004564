"""Squares of the published collections that are drawn already, and counts drawn from afar.

Both follow from the published tables and may be emptied. ``conteggio`` is part of what is
published; ``tassello`` is a store, which no backup holds.
"""

import sqlalchemy as sa

from territorio.schema import metadata
from territorio.schema_colonne import comune_column

conteggio = sa.Table(
    "conteggio",
    metadata,
    comune_column(),
    sa.Column("collezione", sa.Text, nullable=False),
    sa.Column("x", sa.Integer, nullable=False),
    sa.Column("y", sa.Integer, nullable=False),
    sa.Column("giorno", sa.Date, nullable=False),
    sa.Column("delta", sa.Integer, nullable=False),
    # used by: tasselli, counts from afar
    sa.PrimaryKeyConstraint("collezione", "x", "y", "comune", "giorno"),
    schema="pubblico",
)
"""How many objects of a collection came (or went, below zero) on a day in a square of zoom 16:
the count on any day is a sum. What was there from the first comes on ``-infinity``."""

tassello = sa.Table(
    "tassello",
    metadata,
    sa.Column("collezione", sa.Text, nullable=False),
    sa.Column("z", sa.Integer, nullable=False),
    sa.Column("x", sa.Integer, nullable=False),
    sa.Column("y", sa.Integer, nullable=False),
    sa.Column("dal", sa.Date, nullable=False),
    sa.Column("al", sa.Date, nullable=False),
    sa.Column("segno", sa.Text, nullable=False),
    sa.Column("dati", sa.LargeBinary, nullable=False),
    # used by: tasselli, a square that is kept
    sa.PrimaryKeyConstraint("collezione", "z", "x", "y"),
    schema="pubblico",
)
"""A square as it is sent: packed (gzip; nothing at all where it is empty) and with its tag, and
the days on which it looks so, from the one on which it was drawn."""

"""Tables made from the facts; they hold nothing that the facts do not.

``search.refresh`` and ``disegno.refresh`` bring them up to date after each change.
What names a person is apart, as everywhere.
"""

import sqlalchemy as sa
from geoalchemy2 import Geometry

from territorio.schema import metadata
from territorio.schema_colonne import comune_column

_TRIGRAMS = {"chiave": "gin_trgm_ops"}

ricerca = sa.Table(
    "ricerca",
    metadata,
    comune_column(),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("testo", sa.Text, nullable=False),
    sa.Column("chiave", sa.Text),
    sa.Column("gruppo", sa.BigInteger),
    sa.Column("numero", sa.Integer),
    sa.Column("esponente", sa.Text),
    sa.Column("edificio", sa.BigInteger),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.PrimaryKeyConstraint("comune", "tipo", "id"),
    # used by: search, house numbers of the streets found
    sa.Index("ix_ricerca_gruppo", "comune", "gruppo", "numero"),
    # used by: search, words as they are typed
    sa.Index(
        "ix_ricerca_inizio",
        "comune",
        "chiave",
        postgresql_ops={"chiave": "text_pattern_ops"},
        postgresql_where=sa.text("chiave IS NOT NULL"),
    ),
    # used by: search, words with accents and mistakes
    sa.Index("ix_ricerca_chiave", "chiave", postgresql_using="gin", postgresql_ops=_TRIGRAMS),
    schema="registro",
)
"""What can be found by words: streets and places by ``chiave``, house numbers by ``gruppo``."""

ricerca_persona = sa.Table(
    "ricerca",
    metadata,
    comune_column(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("testo", sa.Text, nullable=False),
    sa.Column("chiave", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("comune", "id"),
    # used by: search.persons, names as they are typed
    sa.Index(
        "ix_ricerca_persona_inizio",
        "comune",
        "chiave",
        postgresql_ops={"chiave": "text_pattern_ops"},
    ),
    # used by: search.persons, names with mistakes
    sa.Index(
        "ix_ricerca_persona_chiave", "chiave", postgresql_using="gin", postgresql_ops=_TRIGRAMS
    ),
    schema="persone",
)
"""Persons by their names, for officers with a purpose."""

densita = sa.Table(
    "densita",
    metadata,
    comune_column(),
    sa.Column("x", sa.Integer, nullable=False),
    sa.Column("y", sa.Integer, nullable=False),
    sa.Column("giorno", sa.Date, nullable=False),
    sa.Column("delta", sa.Integer, nullable=False),
    sa.PrimaryKeyConstraint("x", "y", "comune", "giorno"),
    schema="registro",
)
"""How many buildings came (or went, below zero) on a day in a square of zoom 16: the count
on any day is a sum, which is what the map shows where single buildings would be too small."""

disegno = sa.Table(
    "disegno",
    metadata,
    comune_column(),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("valida_dal", sa.Date, nullable=False),
    sa.Column("valida_al", sa.Date, nullable=False),
    sa.Column("classe", sa.Text, nullable=False),
    sa.Column("testo", sa.Text),
    sa.Column("geometria", Geometry(None, spatial_index=False), nullable=False),
    sa.PrimaryKeyConstraint("comune", "tipo", "id", "valida_dal"),
    # used by: tile, parcels from afar
    sa.Index(
        "ix_disegno_particella",
        "geometria",
        postgresql_using="gist",
        postgresql_where=sa.text("tipo = 'particella'"),
    ),
    # used by: tile, buildings from afar
    sa.Index(
        "ix_disegno_edificio",
        "geometria",
        postgresql_using="gist",
        postgresql_where=sa.text("tipo = 'edificio'"),
    ),
    # used by: tile, what is shown from afar alone
    sa.Index(
        "ix_disegno_altro",
        "geometria",
        postgresql_using="gist",
        postgresql_where=sa.text(
            "tipo IN ('foglio', 'zona_urbanistica', 'vincolo', 'area_pericolosita')"
        ),
    ),
    schema="registro",
)
"""What the map draws from afar: the outline that prevails, and on which days, the open ends as
``-infinity`` and ``infinity``. See :mod:`territorio.disegno` for the units."""

elaborazione = sa.Table(
    "elaborazione",
    metadata,
    comune_column(),
    sa.Column("registrazione", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("comune"),
    schema="registro",
)
"""Up to which change of the registry what follows from the facts of a municipality stands:
provisional buildings, links, anomalie, search, what the map draws from afar."""

"""What was given out as files: each version of a dataset, its files, and what changed with it.

All of it is public. A version is never changed; files may be added to it, or written again
where they were lost. Versions are numbered by dataset and municipality, from 1.
"""

import sqlalchemy as sa

from territorio.schema import metadata
from territorio.schema_colonne import comune_column


def _versione() -> list[sa.Column[object]]:
    return [
        comune_column(),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("numero", sa.Integer, nullable=False),
    ]


pubblicazione = sa.Table(
    "pubblicazione",
    metadata,
    *_versione(),
    sa.Column("giorno", sa.Date, nullable=False),
    sa.Column("registrazione", sa.BigInteger, nullable=False),
    sa.Column("quando", sa.DateTime(timezone=True), nullable=False),
    sa.Column("righe", sa.BigInteger, nullable=False),
    sa.Column("impronta", sa.CHAR(64), nullable=False),
    sa.PrimaryKeyConstraint("comune", "dataset", "numero"),
    schema="pubblico",
)
"""A version of a dataset of a municipality: of which day, after which change of the registry.

``impronta`` is the SHA-256 of the lines «id impronta» of its objects, by id.
"""

pubblicazione_file = sa.Table(
    "pubblicazione_file",
    metadata,
    *_versione(),
    sa.Column("nome", sa.Text, nullable=False),
    sa.Column("formato", sa.Text, nullable=False),
    sa.Column("byte", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.CHAR(64), nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("comune", "dataset", "numero", "nome"),
    schema="pubblico",
)
"""A file of a version."""

variazione = sa.Table(
    "variazione",
    metadata,
    *_versione(),
    sa.Column("id", sa.BigInteger, nullable=False),
    sa.Column("evento", sa.Text, nullable=False),
    sa.Column("impronta", sa.CHAR(64)),
    sa.Column("testo", sa.Text),
    # used by: the feed, page by page; the state of a version is found by reading all before it
    sa.PrimaryKeyConstraint("comune", "dataset", "numero", "id"),
    sa.CheckConstraint("evento IN ('nuovo', 'cambiato', 'cessato')", name="evento"),
    sa.CheckConstraint(
        "(evento = 'cessato') = (testo IS NULL) AND (testo IS NULL) = (impronta IS NULL)",
        name="testo",
    ),
    schema="pubblico",
)
"""An object that came, changed or went with a version: its feature, and the SHA-256 of it."""

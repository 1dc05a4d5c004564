"""Statistics by census section, one row a section and publication (ADR 13).

They are made once and never again: what a publication said is what the next one must be near.
``residenti`` and ``famiglie`` are those that may be shown, empty where none may; the true
counts are nowhere.
"""

import sqlalchemy as sa

from territorio.schema import metadata
from territorio.schema_colonne import comune_column

ZONE = ("a", "b", "c", "d", "e", "f", "altro")
"""Classes of zones, as columns name them."""
GRUPPI = ("a", "b", "c", "d", "e", "f")
"""Groups of cadastral categories, as columns name them."""


def conteggi() -> list[sa.Column[object]]:
    """Return the columns of what is counted and measured."""
    columns: list[sa.Column[object]] = [
        sa.Column("edifici", sa.Integer, nullable=False),
        sa.Column("civici", sa.Integer, nullable=False),
    ]
    for gruppo in GRUPPI:
        columns.append(sa.Column(f"unita_{gruppo}", sa.Integer, nullable=False))
    for zona in ZONE:
        columns.append(sa.Column(f"zona_{zona}_mq", sa.Numeric(14, 0), nullable=False))
    return [*columns, sa.Column("residenti", sa.Integer), sa.Column("famiglie", sa.Integer)]


statistica_sezione = sa.Table(
    "statistica_sezione",
    metadata,
    comune_column(),
    sa.Column("pubblicazione", sa.Date, nullable=False),
    sa.Column("id", sa.BigInteger, nullable=False),
    *conteggi(),
    sa.PrimaryKeyConstraint("comune", "pubblicazione", "id"),
    sa.CheckConstraint("residenti >= 5 AND residenti % 5 = 0", name="residenti"),
    sa.CheckConstraint("famiglie >= 5 AND famiglie % 5 = 0", name="famiglie"),
    schema="registro",
)
"""The statistics of a section as they were published on a day."""

"""The columns of staging, for those who write its rows without knowing the database.

Apart from :mod:`ingest.preparazione`: a process that reads a delivery would take as long to
load SQLAlchemy as to read thirty thousand parcels.
"""

from functools import cache

from sqlalchemy.dialects.postgresql import JSONB

from ingest.preparazione import BASE, Colonne
from territorio.tables import STAGING


@cache
def columns(fatto: str) -> Colonne:
    """Return the columns a source fills, the geometry last."""
    table = STAGING[fatto]
    fixed = {*BASE, "dal", "al", "impronta", "n", "geometria"}
    # Plain words: who unpickles SQLAlchemy's own kind of them loads SQLAlchemy.
    values = tuple(str(c.name) for c in table.columns if c.name not in fixed)
    shape = "geometria" in table.c
    last = ("geometria",) if shape else ()
    return Colonne(
        (*BASE, "dal", "al", "impronta", *values, *last),
        values,
        tuple(i for i, name in enumerate(values) if isinstance(table.c[name].type, JSONB)),
        shape,
    )

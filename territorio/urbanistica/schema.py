"""Tables of the planning office."""

import sqlalchemy as sa

from territorio.schema import fatto
from territorio.schema_colonne import geometria

zona_urbanistica = fatto(
    "zona_urbanistica",
    lambda: [
        sa.Column("strumento", sa.Text),
        sa.Column("sigla", sa.Text, nullable=False),
        sa.Column("zto", sa.Text),
        sa.Column("destinazione", sa.Text),
        sa.Column("indice_fondiario", sa.Numeric(8, 3)),
        sa.Column("norma", sa.Text),
        geometria(),
    ],
)

vincolo = fatto(
    "vincolo",
    lambda: [
        sa.Column("tipo", sa.Text, nullable=False),
        sa.Column("denominazione", sa.Text),
        sa.Column("atto", sa.Text),
        sa.Column("data_atto", sa.Date),
        sa.Column("rubrica", sa.Text),
        sa.Column("codice_nazionale", sa.Text),
        sa.Column("codice_regionale", sa.Text),
        geometria(),
    ],
)

area_pericolosita = fatto(
    "area_pericolosita",
    lambda: [
        sa.Column("fenomeno", sa.Text, nullable=False),
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("denominazione", sa.Text),
        sa.Column("autorita", sa.Text),
        sa.Column("strumento", sa.Text),
        sa.Column("data_atto", sa.Date),
        geometria(),
    ],
)

"""Tables of the registry office: they follow persons, so they live in ``persone``."""

import sqlalchemy as sa

from territorio.schema import fatto

residenza = fatto(
    "residenza",
    lambda: [
        sa.Column("convivenza", sa.Boolean, nullable=False),
        sa.Column("parentela", sa.Text),
        sa.Column("codice_via", sa.Text),
        sa.Column("toponimo", sa.Text),
        sa.Column("indirizzo", sa.Text),
        sa.Column("chiave_odonimo", sa.Text),
        sa.Column("numero", sa.Integer),
        sa.Column("esponente", sa.Text),
        sa.Column("interno", sa.Text),
        sa.Column("iscritto", sa.Date),
    ],
    # used by: fascicolo: residenti
    sa.Index("ix_residenza_soggetto", "comune", "soggetto"),
    riferimenti={"soggetto": "soggetto", "famiglia": "famiglia"},
    schema="persone",
)

"""The tables that name a person or say what a person holds."""

import sqlalchemy as sa

from territorio.schema import fatto

soggetto = fatto(
    "soggetto",
    lambda: [
        sa.Column("tipo", sa.CHAR(1), nullable=False),
        sa.Column("cognome", sa.Text),
        sa.Column("nome", sa.Text),
        sa.Column("sesso", sa.CHAR(1)),
        sa.Column("data_nascita", sa.Date),
        sa.Column("luogo_nascita", sa.Text),
        sa.Column("denominazione", sa.Text),
        sa.Column("sede", sa.Text),
        sa.Column("codice_fiscale", sa.Text),
        sa.Column("codice_valido", sa.Boolean, nullable=False),
        sa.Column("indicazioni", sa.Text),
    ],
    schema="persone",
)

titolarita = fatto(
    "titolarita",
    lambda: [
        sa.Column("diritto", sa.Text, nullable=False),
        sa.Column("titolo", sa.Text),
        sa.Column("quota_numeratore", sa.BigInteger),
        sa.Column("quota_denominatore", sa.BigInteger),
        sa.Column("regime", sa.Text),
        sa.Column("partita", sa.Text),
        sa.Column("atto_generante", sa.Text),
        sa.Column("atto_conclusivo", sa.Text),
    ],
    # used by: fascicolo: titolari, detentori
    sa.Index("ix_titolarita_unita", "comune", "unita"),
    # used by: fascicolo: titolari
    sa.Index("ix_titolarita_terreno", "comune", "terreno"),
    # used by: search.persons
    sa.Index("ix_titolarita_soggetto", "comune", "soggetto"),
    riferimenti={
        "soggetto": "soggetto",
        "unita": "unita_immobiliare",
        "terreno": "particella_censuaria",
        "soggetto_riferimento": "soggetto",
    },
    schema="persone",
)

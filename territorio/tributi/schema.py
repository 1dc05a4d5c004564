"""Tables of the tax office. Positions follow persons; rates do not."""

import sqlalchemy as sa

from territorio.schema import fatto

posizione_imu = fatto(
    "posizione_imu",
    lambda: [
        sa.Column("anno", sa.Integer),
        sa.Column("indirizzo", sa.Text),
        sa.Column("sezione", sa.Text),
        sa.Column("foglio", sa.Text),
        sa.Column("numero", sa.Text),
        sa.Column("subalterno", sa.Text),
        sa.Column("quota", sa.Numeric(7, 4)),
        sa.Column("categoria", sa.Text),
        sa.Column("classe", sa.Text),
        sa.Column("consistenza", sa.Numeric(9, 1)),
        sa.Column("rendita", sa.Numeric(14, 2)),
        sa.Column("valore", sa.Numeric(14, 2)),
        sa.Column("uso", sa.Text),
        sa.Column("detrazione", sa.Numeric(9, 2)),
        sa.Column("agevolazioni", sa.Text),
        sa.Column("dichiarazione", sa.Boolean, nullable=False),
    ],
    riferimenti={"soggetto": "soggetto"},
    schema="persone",
)

aliquota_imu = fatto(
    "aliquota_imu",
    lambda: [
        sa.Column("anno", sa.Integer, nullable=False),
        sa.Column("fattispecie", sa.Text, nullable=False),
        sa.Column("ex_comune", sa.Text, nullable=False),
        sa.Column("aliquota", sa.Numeric(6, 4)),
        sa.Column("ammessa", sa.Boolean),
        sa.Column("delibera", sa.Text),
        sa.Column("data_delibera", sa.Date),
    ],
)

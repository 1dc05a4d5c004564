"""figures of issues apart from their words, who closed them; indexes nobody asked."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Written once for what older versions wrote: figures of the tax office stood in sentences that
# other offices read.
_RIGA = """
UPDATE registro.segnalazione AS s
SET motivo = 'la rendita della posizione non è quella che la stessa riga dà del catasto',
  dati = jsonb_build_object('tributi', jsonb_build_object('rendita', m[1], 'catasto', m[2]))
FROM registro.segnalazione AS t
CROSS JOIN LATERAL regexp_match(t.motivo, 'rendita ([0-9.]+), il catasto .* ([0-9.]+)$') AS r (m)
WHERE t.comune = s.comune AND t.id = s.id AND t.tipo = 'imu.rendita_diversa' AND m IS NOT NULL
"""
_REGOLA = """
UPDATE registro.segnalazione
SET motivo = 'la rendita dichiarata ai tributi non è quella del catasto'
WHERE tipo = 'rendita dichiarata diversa dal catasto'
"""
_DISSENSO = """
UPDATE registro.segnalazione AS s
SET motivo = 'la fonte contraddice un atto dell’ufficio: vale l’atto',
  dati = jsonb_build_object('fonte', m[1], 'consegna', m[2], 'ufficio', m[3])
FROM registro.segnalazione AS t
CROSS JOIN LATERAL regexp_match(
  t.motivo, '^la fonte (.*) dice «(.*)», un atto dell’ufficio dice «(.*)»: vale l’atto$'
) AS r (m)
WHERE t.comune = s.comune AND t.id = s.id AND t.tipo = 'dissenso con l’ufficio'
  AND m IS NOT NULL
"""


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    op.add_column(
        "segnalazione",
        sa.Column(
            "dati",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        schema="registro",
    )
    op.add_column(
        "segnalazione", sa.Column("chiusa_da", sa.Text(), nullable=True), schema="registro"
    )
    # Links and search read these from tables of their own: nobody asked these indexes.
    for table, index in (
        ("soggetto", "ix_soggetto_codice_fiscale"),
        ("soggetto", "ix_soggetto_nome"),
        ("posizione_imu", "ix_posizione_imu_foglio"),
    ):
        op.drop_index(index, table_name=table, schema="persone")
    for statement in (_RIGA, _REGOLA, _DISSENSO):
        op.execute(statement)

"""The tables of facts about things: maps, cadastre, buildings, streets."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from territorio.schema import fatto
from territorio.schema_colonne import area_mq, geometria


def _riferimento() -> list[sa.Column[object]]:
    """Return the whole cadastral key of a parcel (catasto.md §1)."""
    return [
        sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("foglio", sa.Text, nullable=False),
        sa.Column("allegato", sa.Text, nullable=False),
        sa.Column("sviluppo", sa.Text, nullable=False),
        sa.Column("numero", sa.Text, nullable=False),
        sa.Column("denominatore", sa.Text, nullable=False),
    ]


confine = fatto(
    "confine",
    lambda: [
        sa.Column("istat", sa.CHAR(6)),
        sa.Column("denominazione", sa.Text, nullable=False),
        geometria(),
    ],
)

sezione_censimento = fatto(
    "sezione_censimento",
    lambda: [
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("numero", sa.Integer, nullable=False),
        sa.Column("istat", sa.CHAR(6), nullable=False),
        sa.Column("tipo_localita", sa.Text, nullable=False),
        sa.Column("localita", sa.Text),
        sa.Column("residenti", sa.Integer),
        sa.Column("famiglie", sa.Integer),
        sa.Column("abitazioni", sa.Integer),
        sa.Column("edifici", sa.Integer),
        geometria(),
    ],
)

foglio = fatto(
    "foglio",
    lambda: [
        sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("foglio", sa.Text, nullable=False),
        sa.Column("allegato", sa.Text, nullable=False),
        sa.Column("sviluppo", sa.Text, nullable=False),
        sa.Column("scala", sa.Integer),
        geometria(),
    ],
)

particella = fatto(
    "particella",
    lambda: [
        *_riferimento(),
        sa.Column("classe", sa.Text, nullable=False),
        geometria(),
        area_mq(),
    ],
    # used by: search (cerca_catasto), lists by foglio and numero
    sa.Index("ix_particella_riferimento", "comune", "foglio", "numero"),
)

particella_censuaria = fatto(
    "particella_censuaria",
    lambda: [
        *_riferimento(),
        sa.Column("subalterno", sa.Text, nullable=False),
        sa.Column("identificativo", sa.BigInteger, nullable=False),
        sa.Column("progressivo", sa.Integer, nullable=False),
        sa.Column("qualita", sa.Text),
        sa.Column("classe", sa.Text),
        sa.Column("superficie_mq", sa.Integer),
        sa.Column("reddito_dominicale", sa.Numeric(12, 2)),
        sa.Column("reddito_agrario", sa.Numeric(12, 2)),
        sa.Column("partita", sa.Text),
        sa.Column("porzioni", JSONB),
        sa.Column("deduzioni", JSONB),
        sa.Column("riserve", JSONB),
        sa.Column("atto_generante", JSONB),
        sa.Column("atto_conclusivo", JSONB),
    ],
)

unita_immobiliare = fatto(
    "unita_immobiliare",
    lambda: [
        sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("identificativo", sa.BigInteger, nullable=False),
        sa.Column("progressivo", sa.Integer, nullable=False),
        sa.Column("zona", sa.Text),
        sa.Column("categoria", sa.Text),
        sa.Column("classe", sa.Text),
        sa.Column("consistenza", sa.Numeric(9, 1)),
        sa.Column("superficie_mq", sa.Integer),
        sa.Column("rendita", sa.Numeric(14, 2)),
        sa.Column("partita", sa.Text),
        sa.Column("ubicazione", JSONB),
        sa.Column("identificativi", JSONB, nullable=False),
        sa.Column("indirizzi", JSONB),
        sa.Column("utilita_comuni", JSONB),
        sa.Column("riserve", JSONB),
        sa.Column("atto_generante", JSONB),
        sa.Column("atto_conclusivo", JSONB),
        sa.Column("protocollo_notifica", sa.Text),
        sa.Column("flag_classamento", sa.Text),
    ],
)

aggregato = fatto(
    "aggregato",
    lambda: [
        sa.Column("codice", sa.Text, nullable=False),
        geometria(),
        area_mq(),
    ],
)

fabbricato = fatto(
    "fabbricato",
    lambda: [
        *_riferimento(),
        sa.Column("codice", sa.Text, nullable=False),
        geometria(),
        area_mq(),
    ],
)

edificio = fatto(
    "edificio",
    lambda: [
        sa.Column("codice_fonte", sa.Text),
        sa.Column("provvisorio", sa.Boolean, nullable=False),
        sa.Column("uso", sa.Text),
        sa.Column("tipo", sa.Text),
        sa.Column("stato", sa.Text),
        sa.Column("piani", sa.Integer),
        sa.Column("altezza_m", sa.Numeric(6, 2)),
        sa.Column("anno", sa.Integer),
        sa.Column("interrato", sa.Boolean),
        geometria(),
        area_mq(),
    ],
    # used by: prevalenza.stands
    sa.Index("ix_edificio_ufficio", "comune", "id", postgresql_where=sa.text("fonte = 'ufficio'")),
)

odonimo = fatto(
    "odonimo",
    lambda: [
        sa.Column("progressivo_nazionale", sa.BigInteger),
        sa.Column("codice_comunale", sa.Text),
        sa.Column("denominazione", sa.Text, nullable=False),
        sa.Column("localita", sa.Text),
        sa.Column("lingua1", sa.Text),
        sa.Column("lingua2", sa.Text),
        sa.Column("chiave_odonimo", sa.Text, nullable=False),
    ],
    # used by: prevalenza.stands
    sa.Index("ix_odonimo_ufficio", "comune", "id", postgresql_where=sa.text("fonte = 'ufficio'")),
    # used by: the rule residente_senza_civico
    sa.Index("ix_odonimo_chiave", "comune", "chiave_odonimo"),
)

civico = fatto(
    "civico",
    lambda: [
        sa.Column("progressivo_accesso", sa.BigInteger),
        sa.Column("numero", sa.Integer),
        sa.Column("esponente", sa.Text, nullable=False),
        sa.Column("specificita", sa.Text, nullable=False),
        sa.Column("metrico", sa.Integer),
        sa.Column("snc", sa.Integer),
        sa.Column("metodo", sa.Integer),
        geometria("POINT"),
    ],
    # used by: prevalenza.stands
    sa.Index("ix_civico_ufficio", "comune", "id", postgresql_where=sa.text("fonte = 'ufficio'")),
    # used by: atti.indirizzo: has the street this number already
    sa.Index("ix_civico_odonimo", "comune", "odonimo", "numero"),
    riferimenti={"odonimo": "odonimo"},
)

"""The tables of the registry, in one place for who wants the whole.

Four database schemas: ``registro`` (facts about things), ``persone`` (all that names or
follows a person), ``staging`` (what the deliveries said, line by line) and ``pubblico``
(views, in ``territorio/sql``). A table of facts is declared once with :func:`fatto`,
which makes two tables: the facts with their two times, and their staging twin with the
record as it was delivered.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from territorio.schema_colonne import comune_column, tempi, versione

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Attributes = Callable[[], Sequence[sa.Column[object]]]

STAGING: dict[str, sa.Table] = {}
"""The staging twin of each table of facts, by its name."""

FATTI: dict[str, sa.Table] = {}
"""The tables of facts, by name."""

RIFERIMENTI: dict[str, dict[str, str]] = {}
"""For each table of facts, the columns that hold the identity of another object.

In staging such a column holds the key the source uses; the merge turns it into the
identity, and issues one if the object has not been delivered yet: so the order of the
deliveries does not matter.
"""

BASE = frozenset(
    {
        *("comune", "versione", "id", "fonte", "fornitura", "riga", "impronta"),
        *("valida_dal", "valida_al", "nota_da", "nota_fino"),
    }
)
"""Columns that every table of facts has; all the others are attributes."""


def fatto(
    nome: str,
    attributi: Attributes,
    *indexes: sa.Index,
    riferimenti: dict[str, str] | None = None,
    schema: str = "registro",
) -> sa.Table:
    """Declare a table of facts and its staging twin.

    ``attributi`` is called twice, since a column belongs to one table only;
    ``riferimenti`` leads from a column to the kind of object it points to.
    """
    riferimenti = riferimenti or {}
    RIFERIMENTI[nome] = riferimenti
    table = sa.Table(
        nome,
        metadata,
        comune_column(),
        versione(),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("fonte", sa.Text, nullable=False),
        *tempi(),
        sa.Column("fornitura", sa.BigInteger, nullable=False),
        sa.Column("riga", sa.Integer),
        sa.Column("impronta", sa.BigInteger, nullable=False),
        *attributi(),
        *[sa.Column(colonna, sa.BigInteger) for colonna in riferimenti],
        sa.PrimaryKeyConstraint("comune", "versione"),
        sa.CheckConstraint("valida_dal < valida_al", name="validita"),
        sa.CheckConstraint("nota_da < nota_fino", name="conoscenza"),
        # used by: every read of one object, and the merge
        sa.Index(f"ix_{nome}_comune_id", "comune", "id"),
        *indexes,
        schema=schema,
    )
    if "geometria" in table.c:
        # used by: tiles, cerca_punto, selezione; superseded rows, most in a place, are left out
        sa.Index(
            f"ix_{nome}_geometria",
            table.c.geometria,
            postgresql_using="gist",
            postgresql_where=table.c.nota_fino.is_(None),
        )
    FATTI[nome] = table
    STAGING[nome] = sa.Table(
        nome,
        metadata,
        comune_column(),
        sa.Column("fonte", sa.Text, nullable=False),
        sa.Column("fornitura", sa.BigInteger, nullable=False),
        sa.Column("riga", sa.Integer),
        sa.Column("chiave", sa.Text, nullable=False),
        sa.Column("gruppo", sa.Text),
        sa.Column("ambito", sa.Text, nullable=False),
        sa.Column("ordine", sa.Integer, nullable=False),
        sa.Column("dal", sa.Date),
        sa.Column("al", sa.Date),
        sa.Column("impronta", sa.BigInteger, nullable=False),
        sa.Column("n", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *[c for c in attributi() if c.computed is None],
        *[sa.Column(colonna, sa.Text) for colonna in riferimenti],
        # used by: the merge, erasure
        sa.Index(f"ix_staging_{nome}", "comune", "fonte", "chiave"),
        schema="staging",
    )
    return table


def attributes(table: sa.Table) -> list[str]:
    """Return the names of the columns a source fills: neither base nor computed."""
    return [c.name for c in table.columns if c.name not in BASE and c.computed is None]


comune = sa.Table(
    "comune",
    metadata,
    sa.Column("comune", sa.CHAR(4), primary_key=True),
    sa.Column("denominazione", sa.Text, nullable=False),
    sa.Column("istat", sa.CHAR(6)),
    sa.Column("provincia", sa.CHAR(2)),
    sa.Column("utm", sa.Integer, nullable=False),
    sa.Column("inventato", sa.Boolean, nullable=False, server_default=sa.false()),
    schema="registro",
)
"""Municipalities administered here; ``utm`` is the EPSG code of the zone that measures it."""

comune_catastale = sa.Table(
    "comune_catastale",
    metadata,
    comune_column(),
    sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
    sa.Column("dal", sa.Date),
    sa.Column("al", sa.Date),
    sa.PrimaryKeyConstraint("comune", "comune_catastale"),
    schema="registro",
)
"""Codes of the cadastre that stand, or stood, for a part of a municipality."""

registrazione = sa.Table(
    "registrazione",
    metadata,
    sa.Column("numero", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("quando", sa.DateTime(timezone=True), nullable=False, unique=True),
    sa.Column("comune", sa.CHAR(4)),
    sa.Column("causa", sa.Text, nullable=False),
    sa.Column("fornitura", sa.BigInteger),
    sa.Column("autore", sa.Text, nullable=False),
    sa.Column("atto", sa.Text),
    sa.Column("motivo", sa.Text),
    sa.CheckConstraint("causa IN ('fornitura', 'giudizio', 'atto', 'calcolo')", name="causa"),
    schema="registro",
)
"""One row per committed change of the registry, numbered and timed without a gap in order."""

fonte = sa.Table(
    "fonte",
    metadata,
    sa.Column("codice", sa.Text, primary_key=True),
    sa.Column("titolo", sa.Text, nullable=False),
    sa.Column("editore", sa.Text, nullable=False),
    sa.Column("licenza", sa.Text, nullable=False),
    sa.Column("cadenza", sa.Text, nullable=False),
    sa.Column("conserva_giorni", sa.Integer, nullable=False),
    sa.Column("persone", sa.Boolean, nullable=False),
    schema="registro",
)

fornitura = sa.Table(
    "fornitura",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    comune_column(),
    sa.Column("fonte", sa.Text, nullable=False),
    sa.Column("sha256", sa.CHAR(64), nullable=False),
    sa.Column("nome", sa.Text, nullable=False),
    sa.Column("byte", sa.BigInteger, nullable=False),
    sa.Column("data_riferimento", sa.Date, nullable=False),
    sa.Column("data_elaborazione", sa.Date),
    sa.Column("ricevuta", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.Column("registrazione", sa.BigInteger),
    sa.Column("letti", sa.Integer, nullable=False, server_default="0"),
    sa.Column("inseriti", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cambiati", sa.Integer, nullable=False, server_default="0"),
    sa.Column("invariati", sa.Integer, nullable=False, server_default="0"),
    sa.Column("chiusi", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rifiutati", sa.Integer, nullable=False, server_default="0"),
    sa.Column("originale_fino", sa.Date),
    sa.UniqueConstraint("comune", "fonte", "data_riferimento", "sha256"),
    schema="registro",
)
"""A delivered file that was taken; ``originale_fino`` is the day its original is destroyed."""

fornitura_ambito = sa.Table(
    "fornitura_ambito",
    metadata,
    comune_column(),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("fatto", sa.Text, nullable=False),
    sa.Column("ambito", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("comune", "fornitura", "fatto", "ambito"),
    # used by: fascicolo/caricati, at every dossier
    sa.Index("ix_fornitura_ambito_fatto", "comune", "fatto", "fornitura"),
    schema="registro",
)
"""What a delivery speaks for: a part (a map sheet), or ``*``, all of its municipality.

Only inside its ambito does the absence of an object mean that it is no longer there.
"""

illeggibile = sa.Table(
    "illeggibile",
    metadata,
    comune_column(),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("fatto", sa.Text, nullable=False),
    sa.Column("chiave_md5", sa.CHAR(32), nullable=False),
    sa.PrimaryKeyConstraint("comune", "fornitura", "fatto", "chiave_md5"),
    schema="staging",
)
"""Objects of which a delivery said what nobody could read: they are not absent from it.
Their keys stand as digests; an erasure puts that of the pseudonym in its place."""

segnalazione = sa.Table(
    "segnalazione",
    metadata,
    comune_column(),
    # The sentinel: many are inserted in one statement, and their numbers come back in order.
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False, insert_sentinel=True),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("oggetto", sa.BigInteger),
    sa.Column("fornitura", sa.BigInteger),
    sa.Column("riga", sa.Integer),
    sa.Column("campo", sa.Text),
    sa.Column("motivo", sa.Text, nullable=False),
    sa.Column("dati", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("stato", sa.Text, nullable=False, server_default="aperta"),
    sa.Column("chiusa_da", sa.Text),
    sa.Column("autore", sa.Text, nullable=False),
    sa.Column("aperta", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    sa.PrimaryKeyConstraint("comune", "id"),
    sa.CheckConstraint("stato IN ('aperta', 'presa in carico', 'chiusa')", name="stato"),
    # used by: fascicolo, segnalazione.search
    sa.Index("ix_segnalazione_oggetto", "comune", "oggetto"),
    # used by: erasure, which finds reports by their line
    sa.Index("ix_segnalazione_fornitura", "fornitura"),
    schema="registro",
)
"""What does not fit, or was said and could not be placed. Its value, if personal, is apart.

``dati`` are the figures and codes that ``motivo`` is about; those of a tax position stand under
``tributi``, since not every office that reads issues may read them.
"""

segnalazione_valore = sa.Table(
    "segnalazione_valore",
    metadata,
    comune_column(),
    sa.Column("segnalazione", sa.BigInteger, nullable=False),
    sa.Column("valore", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("comune", "segnalazione"),
    schema="persone",
)
"""The words of the file that a segnalazione is about: they may name a person."""

identita = sa.Table(
    "identita",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("tipo", sa.Text, nullable=False),
    comune_column(),
    schema="registro",
)
"""Says where each object lives; an identity is never used twice."""


def _chiavi(schema: str) -> sa.Table:
    """Return a table that leads from the key a source uses to the identity."""
    return sa.Table(
        "chiave",
        metadata,
        comune_column(),
        sa.Column("tipo", sa.Text, nullable=False),
        sa.Column("chiave", sa.Text, nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("comune", "tipo", "chiave"),
        # used by: erasure, split and merge
        sa.Index(f"ix_{schema}_chiave_id", "id"),
        schema=schema,
    )


chiave = _chiavi("registro")
chiave_persona = _chiavi("persone")

legame = sa.Table(
    "legame",
    metadata,
    comune_column(),
    versione(),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("da", sa.BigInteger, nullable=False),
    sa.Column("a", sa.BigInteger, nullable=False),
    *tempi(),
    sa.Column("metodo", sa.Text, nullable=False),
    sa.Column("punteggio", sa.Numeric(4, 3), nullable=False),
    sa.Column("misura", sa.Numeric(14, 2)),
    sa.Column("quota", sa.Numeric(7, 6)),
    sa.Column("evidenza", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("autore", sa.Text, nullable=False),
    sa.Column("stato", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("comune", "versione"),
    sa.CheckConstraint("stato IN ('proposto', 'confermato', 'rifiutato')", name="stato"),
    sa.CheckConstraint("punteggio BETWEEN 0 AND 1", name="punteggio"),
    sa.CheckConstraint("valida_dal < valida_al", name="validita"),
    sa.CheckConstraint("nota_da < nota_fino", name="conoscenza"),
    # used by: fascicolo, collega
    sa.Index("ix_legame_da", "comune", "tipo", "da"),
    # used by: fascicolo, collega
    sa.Index("ix_legame_a", "comune", "tipo", "a"),
    # used by: collega: what people judged, among millions of computed links
    sa.Index(
        "ix_legame_giudizi",
        "comune",
        "tipo",
        "da",
        postgresql_where=sa.text("autore <> 'calcolo'"),
    ),
    schema="registro",
)
"""A judgement "this belongs to that": area in m² in ``misura``, part of ``da`` in ``quota``."""

genealogia = sa.Table(
    "genealogia",
    metadata,
    comune_column(),
    versione(),
    sa.Column("evento", sa.BigInteger, nullable=False),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("oggetto", sa.Text, nullable=False),
    sa.Column("da", sa.BigInteger),
    sa.Column("a", sa.BigInteger),
    sa.Column("giorno", sa.Date, nullable=False),
    sa.Column("nota_da", sa.BigInteger, nullable=False),
    sa.Column("nota_fino", sa.BigInteger),
    sa.Column("fornitura", sa.BigInteger),
    sa.Column("motivo", sa.Text),
    sa.PrimaryKeyConstraint("comune", "versione"),
    sa.CheckConstraint(
        "tipo IN ('nascita', 'divisione', 'fusione', 'sostituzione', 'cessazione',"
        " 'ripristino', 'correzione')",
        name="tipo",
    ),
    sa.Index("ix_genealogia_da", "comune", "da"),  # used by: fascicolo: stato, cronologia
    sa.Index("ix_genealogia_a", "comune", "a"),  # used by: fascicolo: stato, cronologia
    sa.Index("ix_genealogia_evento", "comune", "evento"),  # used by: fascicolo, cronologia
    schema="registro",
)
"""Lineage: one row per pair of ancestor and descendant in an event."""

oggetto = sa.Sequence("oggetto", schema="registro", metadata=metadata)
"""Counts every object ever issued; ``registro.nuovo_id()`` scatters it."""

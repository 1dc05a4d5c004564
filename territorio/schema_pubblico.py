"""The published collections: of each object the version that prevails, and on which days.

Derived like the tables of search: ``pubblicato.refresh`` brings them up to date after each
change, from the view ``pubblico.vista_<collezione>``, and they may be emptied. They are tables
because the doors that read them are asked thousands of times a second (ADR 12). ``dal`` and
``al`` are the days as the doors compare them, open ends as ``-infinity`` and ``infinity``;
``testo`` is the finished GeoJSON feature.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from territorio.schema import metadata
from territorio.schema_colonne import comune_column, geometria
from territorio.schema_statistiche import conteggi

COLLEZIONI: dict[str, sa.Table] = {}
"""The published tables, by the name of their collection."""

TIPI: dict[str, str] = {}
"""The kind of object each collection is about."""

BASE = frozenset({"id", "dal", "al", "geometria", "testo"})
"""Columns that every published table has and that are no properties of its features."""


def collezione(nome: str, tipo: str, attributi: Sequence[sa.Column[object]]) -> sa.Table:
    """Declare a published table; its columns other than BASE are the properties."""
    table = sa.Table(
        nome,
        metadata,
        comune_column(),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("dal", sa.Date, nullable=False),
        sa.Column("al", sa.Date, nullable=False),
        sa.Column("codice", sa.Text, nullable=False),
        *attributi,
        sa.Column("fonte", sa.Text, nullable=False),
        sa.Column("data_riferimento", sa.Date),
        sa.Column("valida_dal", sa.Date),
        sa.Column("valida_al", sa.Date),
        geometria(),
        sa.Column("testo", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("comune", "id", "dal"),
        # used by: items page by page, one item, counts
        sa.Index(f"ix_{nome}_id", "id", postgresql_include=["dal", "al"]),
        schema="pubblico",
    )
    # used by: items in a box, tiles
    sa.Index(f"ix_{nome}_geometria", table.c.geometria, postgresql_using="gist")
    COLLEZIONI[nome] = table
    TIPI[nome] = tipo
    return table


def properties(table: sa.Table) -> list[str]:
    """Return the names of the columns that are properties of the features, in order."""
    return [column.name for column in table.columns if column.name not in BASE]


comuni = collezione(
    "comuni",
    "confine",
    [
        sa.Column("istat", sa.CHAR(6)),
        sa.Column("denominazione", sa.Text, nullable=False),
        sa.Column("provincia", sa.CHAR(2)),
    ],
)

fogli = collezione(
    "fogli",
    "foglio",
    [
        sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("foglio", sa.Text, nullable=False),
        sa.Column("allegato", sa.Text, nullable=False),
        sa.Column("sviluppo", sa.Text, nullable=False),
        sa.Column("scala", sa.Integer),
    ],
)

particelle = collezione(
    "particelle",
    "particella",
    [
        sa.Column("riferimento", sa.Text, nullable=False),
        sa.Column("comune_catastale", sa.CHAR(4), nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("foglio", sa.Text, nullable=False),
        sa.Column("allegato", sa.Text, nullable=False),
        sa.Column("sviluppo", sa.Text, nullable=False),
        sa.Column("numero", sa.Text, nullable=False),
        sa.Column("denominatore", sa.Text, nullable=False),
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("area_mq", sa.Numeric(14, 2)),
    ],
)

edifici = collezione(
    "edifici",
    "edificio",
    [
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("provvisorio", sa.Boolean, nullable=False),
        sa.Column("uso", sa.Text),
        sa.Column("tipo", sa.Text),
        sa.Column("stato", sa.Text),
        sa.Column("piani", sa.Integer),
        sa.Column("altezza_m", sa.Numeric(6, 2)),
        sa.Column("anno", sa.Integer),
        sa.Column("area_mq", sa.Numeric(14, 2)),
    ],
)

civici = collezione(
    "civici",
    "civico",
    [
        sa.Column("indirizzo", sa.Text, nullable=False),
        sa.Column("odonimo", sa.Text),
        sa.Column("odonimo_codice", sa.Text),
        sa.Column("localita", sa.Text),
        sa.Column("numero", sa.Integer),
        sa.Column("esponente", sa.Text, nullable=False),
        sa.Column("specificita", sa.Text, nullable=False),
        sa.Column("metrico", sa.Integer),
        sa.Column("progressivo_accesso", sa.BigInteger),
    ],
)

odonimi = collezione(
    "odonimi",
    "odonimo",
    [
        sa.Column("denominazione", sa.Text, nullable=False),
        sa.Column("localita", sa.Text),
        sa.Column("lingua1", sa.Text),
        sa.Column("lingua2", sa.Text),
        sa.Column("progressivo_nazionale", sa.BigInteger),
    ],
)

zone_urbanistiche = collezione(
    "zone_urbanistiche",
    "zona_urbanistica",
    [
        sa.Column("sigla", sa.Text, nullable=False),
        sa.Column("zto", sa.Text),
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("strumento", sa.Text),
        sa.Column("destinazione", sa.Text),
        sa.Column("indice_fondiario", sa.Numeric(8, 3)),
        sa.Column("norma", sa.Text),
    ],
)

vincoli = collezione(
    "vincoli",
    "vincolo",
    [
        sa.Column("tipo", sa.Text, nullable=False),
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("denominazione", sa.Text),
        sa.Column("atto", sa.Text),
        sa.Column("data_atto", sa.Date),
        sa.Column("rubrica", sa.Text),
        sa.Column("codice_nazionale", sa.Text),
        sa.Column("codice_regionale", sa.Text),
    ],
)

aree_pericolosita = collezione(
    "aree_pericolosita",
    "area_pericolosita",
    [
        sa.Column("fenomeno", sa.Text, nullable=False),
        sa.Column("classe", sa.Text, nullable=False),
        sa.Column("denominazione", sa.Text),
        sa.Column("autorita", sa.Text),
        sa.Column("strumento", sa.Text),
        sa.Column("data_atto", sa.Date),
    ],
)

sezioni_censimento = collezione(
    "sezioni_censimento",
    "sezione_censimento",
    [
        sa.Column("sezione", sa.Text, nullable=False),
        sa.Column("numero", sa.Integer, nullable=False),
        sa.Column("istat", sa.CHAR(6), nullable=False),
        sa.Column("tipo_localita", sa.Text, nullable=False),
        sa.Column("localita", sa.Text),
        sa.Column("abitazioni", sa.Integer),
        sa.Column("edifici", sa.Integer),
    ],
)

statistiche_sezioni = collezione(
    "statistiche_sezioni",
    "sezione_censimento",
    [
        sa.Column("pubblicazione", sa.Date, nullable=False),
        sa.Column("sezione", sa.Text, nullable=False),
        *conteggi(),
    ],
)

"""What leaves as files: a dataset, of a municipality or of all, as it is on one day.

Read as the public role, all of it at one moment, and streamed: as Arrow batches over ADBC or
as the rows of a COPY. A file of a million rows passes through without being held.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from psycopg import conninfo, sql
from sqlalchemy.engine import URL

from opendata.dataset import Dataset
from territorio import db, vigenza
from territorio.bulk import identifier
from territorio.schema_pubblico import properties

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_BYTES = 2**20
"""How much is held of what the database sends: larger ones gain nothing."""

# What is read lies in the order of the ground, which is lost if the reading begins where
# another has got to; nor does a file of a whole Region end within the time of a page.
_OPTIONS = (
    "-c jit=off -c search_path=public -c timezone=UTC -c datestyle=ISO -c work_mem=64MB"
    " -c statement_timeout=0 -c default_transaction_read_only=on -c synchronize_seqscans=off"
    " -c max_parallel_workers_per_gather=0 -c client_connection_check_interval=2s"
)


@dataclass(frozen=True, slots=True)
class Estrazione:
    """What is read: a dataset, of a municipality or of all, as it is on a day."""

    dataset: Dataset
    comune: str | None = None
    giorno: date = field(default_factory=vigenza.today)
    senza: frozenset[str] = frozenset()
    """Sources whose rows stay out."""

    @property
    def where(self) -> sql.Composed:
        """Return which rows of the table are read."""
        day = sql.Literal(self.giorno.isoformat())
        parts = [sql.SQL("dal <= {}::date AND al > {}::date").format(day, day)]
        if self.comune is not None:
            parts.append(sql.SQL("comune = {}").format(sql.Literal(self.comune)))
        if self.senza:
            out = sql.Literal(sorted(self.senza))
            parts.append(sql.SQL("fonte <> ALL ({}::text[])").format(out))
        return sql.SQL(" AND ").join(parts)

    @property
    def columns(self) -> list["sa.Column[Any]"]:
        """Return the columns that are properties, in their order."""
        table = self.dataset.tavola
        return [table.c[name] for name in properties(table)]

    def select(
        self, what: sql.Composable, *, also: str = "TRUE", order: str | None = None
    ) -> sql.Composed:
        """Return the statement that reads ``what`` of the rows."""
        query = sql.SQL("SELECT {} FROM {} WHERE {} AND {}").format(
            what, identifier(self.dataset.tavola), self.where, _fixed(also)
        )
        return query if order is None else query + sql.SQL(" ORDER BY ") + _fixed(order)

    def properties(self) -> sql.Composed:
        """Return the properties as files write them: codes are texts, figures are figures."""
        return sql.SQL(", ").join(map(_column, self.columns))


def _column(column: "sa.Column[Any]") -> sql.Composed:
    name = sql.Identifier(column.name)
    if isinstance(column.type, sa.Numeric):
        return sql.SQL("{}::float8 AS {}").format(name, name)
    if isinstance(column.type, sa.Boolean | sa.Integer | sa.Date):
        return sql.SQL("{}").format(name)
    return sql.SQL("{}::text AS {}").format(name, name)


def _fixed(text: str) -> sql.SQL:
    """Take a piece of a statement that is written in this program."""
    return sql.SQL(text)


_GRUPPI: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"POINT"}), "Point"),
    (frozenset({"POINT", "MULTIPOINT"}), "MultiPoint"),
    (frozenset({"LINESTRING", "MULTILINESTRING"}), "MultiLineString"),
    (frozenset({"POLYGON", "MULTIPOLYGON"}), "MultiPolygon"),
)
"""Kinds of geometry that make one layer, and what they are written as."""


@dataclass(frozen=True, slots=True)
class Quadro:
    """What there is to write, before it is written."""

    tipo: str
    """The kind of geometry of all rows; «Unknown» if there are several, empty without any."""
    righe: int
    con_geometria: int

    @property
    def geometria(self) -> sql.Composable:
        """Return the geometry as WKB, of one kind where it can be."""
        several = self.tipo.startswith("Multi")
        return sql.SQL("ST_AsBinary(ST_Multi(geometria))" if several else "ST_AsBinary(geometria)")


@dataclass(slots=True)
class Lettore:
    """Reads an extraction, as often as it is asked and always of the same moment."""

    cosa: Estrazione
    conn: psycopg.Connection
    url: str
    istantanea: str

    def copy(self, query: sql.Composed, how: sql.Composable) -> Iterator[bytes]:
        """Yield the rows of a statement as COPY writes them, one by one."""
        statement = sql.SQL("COPY ({}) TO STDOUT WITH ({})").format(query, how)
        with self.conn.cursor() as cursor, cursor.copy(statement) as rows:
            for row in rows:
                yield bytes(row)

    @contextmanager
    def arrow(self, query: sql.Composed) -> Iterator["pa.RecordBatchReader"]:
        """Open the rows of a statement as a stream of Arrow batches."""
        # Imported here: it brings Arrow with it.
        from adbc_driver_postgresql import dbapi

        snapshot = sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(self.istantanea))
        with dbapi.connect(self.url, autocommit=True) as conn, conn.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(snapshot.as_string(self.conn))
            size = {"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
            cursor.adbc_statement.set_options(**size)
            cursor.execute(query.as_string(self.conn))
            yield cursor.fetch_record_batch()

    def value(self, query: sql.Composed) -> Any:
        """Return the one value of a statement."""
        row = self.conn.execute(query).fetchone()
        return None if row is None else row[0]

    def quadro(self) -> Quadro:
        """Return what there is to write."""
        what = sql.SQL("GeometryType(geometria) AS tipo")
        query = sql.SQL("SELECT tipo, count(*) FROM ({}) AS t GROUP BY tipo").format(
            self.cosa.select(what)
        )
        found: Mapping[str | None, int] = dict(self.conn.execute(query).fetchall())
        kinds = {kind for kind in found if kind is not None}
        one = next((name for group, name in _GRUPPI if kinds <= group), "Unknown")
        declared = str(self.cosa.dataset.geometria)
        rows = sum(found.values())
        return Quadro(one if kinds else declared, rows, rows - found.get(None, 0))


@contextmanager
def read(url: str | URL, cosa: Estrazione, istantanea: str | None = None) -> Iterator[Lettore]:
    """Open a reader of an extraction, of this moment or of that of another transaction."""
    address = db.url_for(url, db.Role.PUBBLICO).set(drivername="postgresql")
    plain = conninfo.make_conninfo(
        address.render_as_string(hide_password=False), options=_OPTIONS, application_name="opendata"
    )
    with psycopg.connect(plain) as conn:
        conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        if istantanea is None:
            row = conn.execute("SELECT pg_export_snapshot()").fetchone()
            istantanea = str(row[0]) if row else ""
        else:
            conn.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(istantanea)))
        yield Lettore(cosa, conn, plain, istantanea)

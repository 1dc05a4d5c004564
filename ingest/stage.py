"""Write what a file says into the staging tables, by COPY, in batches.

A batch is checked, repaired and brought to EPSG:6706 as a whole: shapely and PROJ work
on arrays. The fingerprint (``impronta``) of what an assertion says is taken here; two
assertions with the same fingerprint say the same.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import cast

import numpy as np
import numpy.typing as npt
import psycopg
import shapely
import sqlalchemy as sa
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from sqlalchemy.dialects.postgresql import JSONB

from ingest.contract import Asserzione, Avviso, Rifiuto
from ingest.posizione import LONTANO_M, OLTRE_M, Pairs, Posizione
from territorio.schema import SRID, illeggibile
from territorio.tables import STAGING

BATCH = 5_000
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)
_ROUGH_M = 1
"""A transformation less precise than this is reported."""
_BASE = ("comune", "fonte", "fornitura", "riga", "chiave", "gruppo", "ambito", "ordine")
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
Geometries = npt.NDArray[np.object_]


class Stager:
    """Collects the assertions of one delivery and writes them batch by batch."""

    def __init__(
        self,
        conn: sa.Connection,
        comune: str,
        fonte: str,
        fornitura: int,
        crs: str | None,
        posizione: Posizione | None = None,
    ) -> None:
        self._conn = conn
        self._unread: set[tuple[str, str]] = set()
        self._driver = cast(psycopg.Connection, conn.connection.driver_connection)
        self._prefix = (comune, fonte, fornitura)
        self._buffers: dict[str, list[Asserzione]] = defaultdict(list)
        self._columns: dict[str, list[str]] = {}
        self._transformer = (
            None
            if crs in (None, f"EPSG:{SRID}")
            else Transformer.from_crs(crs, SRID, always_xy=True)
        )
        self._posizione = posizione
        self.avvisi: list[Avviso] = []
        self.righe = 0
        self._crs = crs
        self._placed = False

    def add(self, said: Asserzione) -> None:
        """Take one assertion; writes when a batch is full."""
        buffer = self._buffers[said.fatto]
        buffer.append(said)
        self.righe += 1
        if len(buffer) >= BATCH:
            self._flush(said.fatto)

    def refuse(self, said: Rifiuto) -> None:
        """Remember which objects a record that could not be read was about."""
        for fatto, chiave in said.chiavi:
            digest = hashlib.md5(chiave.encode(), usedforsecurity=False).hexdigest()
            self._unread.add((fatto, digest))

    def finish(self) -> None:
        """Write what is left."""
        for fatto in list(self._buffers):
            self._flush(fatto)
        comune, _, fornitura = self._prefix
        rows = [
            {"comune": comune, "fornitura": fornitura, "fatto": fatto, "chiave_md5": digest}
            for fatto, digest in sorted(self._unread)
        ]
        if rows:
            self._conn.execute(sa.insert(illeggibile), rows)
        if self._transformer is not None and self._placed:
            self._report_accuracy(self._transformer)

    def _report_accuracy(self, transformer: Transformer) -> None:
        """Say how rough the way to EPSG:6706 is, where it is: no grids are at hand."""
        metres = transformer.accuracy
        if metres < 0:
            # Several ways: which one was used is known only once it has been.
            metres = transformer.get_last_used_operation().accuracy
        if metres > _ROUGH_M:
            motivo = f"la trasformazione da {self._crs} è precisa a circa {metres:.0f} m"
            self.avvisi.append(Avviso(None, "precisione della trasformazione", motivo))

    def _attributes(self, fatto: str) -> list[str]:
        """Return the columns a source fills, the geometry last."""
        if fatto not in self._columns:
            table = STAGING[fatto]
            fixed = {*_BASE, "dal", "al", "impronta", "n", "geometria"}
            self._columns[fatto] = [c.name for c in table.columns if c.name not in fixed]
        return self._columns[fatto]

    def _flush(self, fatto: str) -> None:
        """Write one batch of one kind of fact."""
        batch = self._buffers.pop(fatto, [])
        if not batch:
            return
        table = STAGING[fatto]
        names = self._attributes(fatto)
        spatial = "geometria" in table.c
        geometries = self._geometries(batch) if spatial else [None] * len(batch)
        header = [*_BASE, "dal", "al", "impronta", *names, *(["geometria"] if spatial else [])]
        statement = psycopg.sql.SQL("COPY staging.{} ({}) FROM STDIN").format(
            psycopg.sql.Identifier(fatto),
            psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, header)),
        )
        with self._driver.cursor() as cursor, cursor.copy(statement) as copy:
            # Column by column: a call a value costs more than all the rest.
            columns = zip(*[_column(batch, table.c[name]) for name in names], strict=True)
            for said, values, wkb in zip(batch, columns, geometries, strict=True):
                copy.write_row(self._row(said, values, wkb, spatial=spatial))

    def _row(
        self, said: Asserzione, values: tuple[object, ...], wkb: bytes | None, *, spatial: bool
    ) -> list[object]:
        """Return one row of the batch, in the order of the header."""
        own = (said.dal, said.al) if said.dal or said.al or said.dal_ignoto else None
        dal: date | str | None = "-infinity" if said.dal_ignoto else said.dal
        row = [
            *self._prefix,
            *(said.riga, said.chiave, said.gruppo, said.parte, said.ordine, dal, said.al),
            fingerprint(values, own, wkb),
            *values,
        ]
        if spatial:
            row.append(wkb.hex() if wkb else None)
        return row

    def _geometries(self, batch: list[Asserzione]) -> list[bytes | None]:
        """Return the geometries as EWKB in EPSG:6706, valid ones; say what was repaired."""
        shapes = _shapes([said.geometria for said in batch])
        broken = ~(shapely.is_valid(shapes) | shapely.is_missing(shapes))
        for i in np.flatnonzero(broken):
            reason = shapely.is_valid_reason(shapes[i])
            shapes[i] = repair(shapes[i])
            self.avvisi.append(
                Avviso(
                    batch[i].riga,
                    "geometria riparata",
                    f"geometria non valida, riparata: {reason}",
                    campo="geometria",
                    chiave=(batch[i].fatto, batch[i].chiave),
                )
            )
        native = shapes = shapely.force_2d(shapes)
        if self._transformer is not None:
            transform = self._transformer.transform

            def to_lonlat(xy: Pairs) -> Pairs:
                return np.column_stack(transform(xy[:, 0], xy[:, 1]))

            shapes = shapely.transform(shapes, to_lonlat)
            self._placed = self._placed or not shapely.is_missing(shapes).all()
        if self._posizione is not None:
            self._locate(self._posizione, batch, native, shapes)
        wkb = shapely.to_wkb(shapely.set_srid(shapes, SRID), include_srid=True)
        return list(wkb)

    def _locate(
        self,
        posizione: Posizione,
        batch: list[Asserzione],
        native: Geometries,
        shapes: Geometries,
    ) -> None:
        """Report what lies outside the boundary; house numbers already at 110 m."""
        there = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
        if not len(there):
            return
        near, far = posizione.look(_middle(shapes[there]), _middle(native[there]))
        for i, is_far in zip(there[near], far[near], strict=True):
            said = batch[i]
            if is_far or said.fatto == "civico":
                metres = LONTANO_M if is_far else OLTRE_M
                self.avvisi.append(
                    Avviso(
                        said.riga,
                        f"posizione oltre {metres} m",
                        f"è a più di {metres} m fuori dal confine del comune",
                        campo="geometria",
                        chiave=(said.fatto, said.chiave),
                    )
                )


def _shapes(raw: list[BaseGeometry | bytes | None]) -> Geometries:
    """Return geometries, those written as WKB read all together."""
    shapes: Geometries = np.array(raw, dtype=object)
    packed = {i: g for i, g in enumerate(raw) if isinstance(g, bytes)}
    if packed:
        shapes[list(packed)] = shapely.from_wkb(list(packed.values()))
    return shapes


def _middle(shapes: Geometries) -> Pairs:
    """Return the middle of the box of each geometry."""
    box = shapely.bounds(shapes)
    return np.column_stack(((box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2))


def repair(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a valid geometry of the same kind, keeping only polygons of a polygon."""
    mended = shapely.make_valid(shape)
    if shapely.get_type_id(shape) not in _POLYGONAL:
        return mended
    parts = [
        part
        for part in shapely.get_parts(mended)
        if shapely.get_type_id(part) in _POLYGONAL and part.area > 0
    ]
    if not parts:
        return mended
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def fingerprint(
    values: Sequence[object], own: tuple[date | None, date | None] | None, wkb: bytes | None
) -> int:
    """Return 64 bits that stand for what is said: values, own dates, geometry."""
    digest = hashlib.blake2b(wkb or b"", digest_size=8)
    digest.update("\x1f".join(map(str, values)).encode())
    if own is not None:
        digest.update(f"\x1e{own[0]}\x1f{own[1]}".encode())
    return int.from_bytes(digest.digest(), "big", signed=True)


def _column(batch: list[Asserzione], column: sa.Column[object]) -> list[object]:
    """Return the values of one column as COPY takes them; structured ones as canonical JSON."""
    values = [said.valori.get(column.name) for said in batch]
    if isinstance(column.type, JSONB):
        return [None if value is None else _CANONICAL.encode(value) for value in values]
    return values

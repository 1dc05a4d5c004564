"""The office's own line of an object: the stretches of days it speaks for.

The line is painted: a stretch lays over what the office said before on those days. What was
there is closed in knowledge, and what sticks out is written anew, as it was.
"""

import hashlib
from collections.abc import Mapping
from datetime import date

import shapely
import sqlalchemy as sa
from geoalchemy2 import WKBElement
from shapely.geometry.base import BaseGeometry

from territorio.atto import Corso
from territorio.errors import InvalidInput
from territorio.geometry import SRID
from territorio.prevalenza import UFFICIO
from territorio.schema import attributes, identita

Row = sa.Row[tuple[object, ...]]


def new_identity(conn: sa.Connection, comune: str, tipo: str) -> int:
    """Issue the identity of a new object."""
    number: int = conn.execute(
        sa.insert(identita)
        .values(id=sa.func.registro.nuovo_id(type_=sa.BigInteger), tipo=tipo, comune=comune)
        .returning(identita.c.id)
    ).scalar_one()
    return number


def values_of(table: sa.Table, row: Row) -> dict[str, object]:
    """Return what a row says about its object."""
    said = row._mapping
    return {name: said[name] for name in attributes(table)}


def shape_of(value: object) -> BaseGeometry | None:
    """Return the outline that a row holds or that was handed in as WKB; None for none."""
    if isinstance(value, WKBElement):
        value = bytes(value.data)
    return shapely.from_wkb(value) if isinstance(value, bytes) else None


def drawn(value: object) -> BaseGeometry:
    """Return the outline that was handed in, made sure that there is one."""
    shape = shape_of(value)
    if shape is None:
        raise InvalidInput("geometria", "manca il perimetro")
    return shape


def paint(
    conn: sa.Connection,
    corso: Corso,
    table: sa.Table,
    oggetto: int,
    dal: date | None,
    al: date | None,
    valori: Mapping[str, object] | None,
) -> None:
    """Say ``valori`` of the object on ``[dal, al)``; with None, say nothing any more."""
    for row in office_rows(conn, table, corso.comune, oggetto):
        start, end = row.valida_dal, row.valida_al
        if _start(dal) >= _end(end) or _start(start) >= _end(al):
            continue
        close(conn, corso, table, row.versione)
        if _start(start) < _start(dal):
            _again(conn, corso, table, row.versione, start, dal)
        if _end(al) < _end(end):
            _again(conn, corso, table, row.versione, al, end)
    if valori is not None:
        write(conn, corso, table, oggetto, dal, al, valori)


def write(
    conn: sa.Connection,
    corso: Corso,
    table: sa.Table,
    oggetto: int,
    dal: date | None,
    al: date | None,
    valori: Mapping[str, object],
) -> None:
    """Write one row of the office."""
    said = dict(valori)
    geometria = said.get("geometria")
    if isinstance(geometria, bytes):
        said["geometria"] = WKBElement(geometria, srid=SRID)
    conn.execute(
        sa.insert(table).values(
            comune=corso.comune,
            id=oggetto,
            fonte=UFFICIO,
            valida_dal=dal,
            valida_al=al,
            nota_da=corso.numero,
            fornitura=corso.fornitura,
            impronta=_fingerprint(said),
            **said,
        )
    )


def close(conn: sa.Connection, corso: Corso, table: sa.Table, versione: int) -> None:
    """End the knowledge of a row."""
    conn.execute(
        sa.update(table)
        .where(table.c.comune == corso.comune, table.c.versione == versione)
        .values(nota_fino=corso.numero)
    )


def office_rows(conn: sa.Connection, table: sa.Table, comune: str, oggetto: int) -> list[Row]:
    """Return the office's rows of an object, as known now, in the order of their days."""
    c = table.c
    return list(
        conn.execute(
            sa.select(table)
            .where(c.comune == comune, c.id == oggetto, c.fonte == UFFICIO, c.nota_fino.is_(None))
            .order_by(c.valida_dal.asc().nulls_first())
        )
    )


def stretch(
    conn: sa.Connection, table: sa.Table, comune: str, row: Row, giorno: date
) -> tuple[date | None, date | None]:
    """Return the days around ``giorno`` on which this row is the one that counts."""
    dal, al = row.valida_dal, row.valida_al
    if row.fonte == UFFICIO:
        return dal, al
    for other in office_rows(conn, table, comune, row.id):
        if other.valida_al is not None and other.valida_al <= giorno:
            dal = max(_start(dal), other.valida_al)
        if other.valida_dal is not None and other.valida_dal > giorno:
            al = min(_end(al), other.valida_dal)
    return dal, al


def until(
    conn: sa.Connection, table: sa.Table, comune: str, oggetto: int, giorno: date
) -> date | None:
    """Return where something that begins on ``giorno`` ends; None if it goes on.

    That is the office's next word on the object, or the day by which all say it ended.
    """
    c = table.c
    rows = conn.execute(
        sa.select(c.fonte, c.valida_dal, c.valida_al).where(
            c.comune == comune, c.id == oggetto, c.nota_fino.is_(None)
        )
    ).all()
    days = [_end(row.valida_al) for row in rows]
    last = [max(days)] if days else []
    later = [
        row.valida_dal
        for row in rows
        if row.fonte == UFFICIO and row.valida_dal is not None and row.valida_dal > giorno
    ]
    first = min([*last, *later], default=date.max)
    return None if first == date.max else first


def _again(
    conn: sa.Connection,
    corso: Corso,
    table: sa.Table,
    versione: int,
    dal: date | None,
    al: date | None,
) -> None:
    """Write anew, on other days, what a row said; it keeps its origin."""
    keep = ["fornitura", "riga", "impronta", *attributes(table)]
    conn.execute(
        sa.insert(table).from_select(
            ["comune", "id", "fonte", "valida_dal", "valida_al", "nota_da", *keep],
            sa.select(
                table.c.comune,
                table.c.id,
                table.c.fonte,
                sa.literal(dal, sa.Date),
                sa.literal(al, sa.Date),
                sa.literal(corso.numero, sa.BigInteger),
                *[table.c[name] for name in keep],
            ).where(table.c.comune == corso.comune, table.c.versione == versione),
        )
    )


def _fingerprint(valori: Mapping[str, object]) -> int:
    """Return 64 bits that stand for what is said."""
    text = "\x1f".join(f"{name}={valori[name]}" for name in sorted(valori))
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _start(day: date | None) -> date:
    return date.min if day is None else day


def _end(day: date | None) -> date:
    return date.max if day is None else day

"""The log of readings at a restore: who looked, looked, whatever the backup knows."""

import json

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import distinct_on

from territorio.config import Settings
from territorio.salvataggio_tavole import LETTURA, columns, insert_arrived

_NAMES = columns(LETTURA)
_ARRIVED = sa.table(
    "arrivo_persone_lettura",
    *[sa.column(name, LETTURA.c[name].type) for name in _NAMES],
    schema="pg_temp",
)


def merge(conn: sa.Connection, settings: Settings, comune: str | None) -> None:
    """Keep the chain of a municipality where it goes on from the backup's, else take that.

    A chain that is put aside (the backup comes from another installation) is written to a
    file of the data folder before: it is a record of what people did.
    """
    scope = [] if comune is None else [_ARRIVED.c.comune == comune]
    last = (
        sa.select(_ARRIVED.c.comune, _ARRIVED.c.numero, _ARRIVED.c.sigillo)
        .where(*scope)
        .ext(distinct_on(_ARRIVED.c.comune))
        .order_by(_ARRIVED.c.comune, _ARRIVED.c.numero.desc())
        .subquery()
    )
    goes_on = sa.exists().where(
        LETTURA.c.comune == last.c.comune,
        LETTURA.c.numero == last.c.numero,
        LETTURA.c.sigillo == last.c.sigillo,
    )
    arrived = conn.execute(sa.select(last.c.comune).where(~goes_on)).scalars().all()
    if not arrived:
        return
    # Numbers are common to all: with the whole registry, no other chain may hold them.
    aside = LETTURA.c.comune.in_(arrived)
    if comune is None:
        aside = LETTURA.c.comune.not_in(sa.select(last.c.comune).where(goes_on))
    _put_aside(conn, settings, aside)
    insert_arrived(conn, LETTURA, sql.SQL("comune = ANY ({})").format(sql.Literal(list(arrived))))


def _put_aside(conn: sa.Connection, settings: Settings, which: sa.ColumnElement[bool]) -> None:
    rows = conn.execute(sa.select(LETTURA).where(which).order_by(LETTURA.c.numero)).all()
    if rows:
        settings.data.mkdir(parents=True, exist_ok=True)
        path = settings.data / "letture-sostituite.jsonl"
        path.touch(mode=0o600)
        with path.open("a") as file:
            for row in rows:
                file.write(json.dumps(row._asdict(), default=_plain, ensure_ascii=False) + "\n")
    conn.execute(sa.delete(LETTURA).where(which))


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)

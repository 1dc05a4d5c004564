"""Write what a file says into the staging tables, by COPY, as it was prepared."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa
from psycopg import sql

from ingest.contract import Rifiuto
from ingest.preparazione import NULLO, SEPARATORE, Blocco
from ingest.presa import Presa
from territorio import prepared
from territorio.bulk import analyse, without_indexes
from territorio.schema import illeggibile
from territorio.tables import STAGING


def write(conn: sa.Connection, blocco: Blocco) -> None:
    """Write one block."""
    statement = sql.SQL("COPY staging.{} ({}) FROM STDIN WITH (DELIMITER {}, NULL {})").format(
        sql.Identifier(blocco.fatto),
        sql.SQL(", ").join(map(sql.Identifier, blocco.colonne)),
        sql.Literal(SEPARATORE),
        sql.Literal(NULLO),
    )
    with prepared.driver(conn).cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(blocco.testo)


@contextmanager
def filling(conn: sa.Connection, items: Sequence[Presa]) -> Iterator[None]:
    """Write to tables of staging that are still empty without their indexes, built at the end.

    Only for one municipality: with many, each merge has to find its own rows.
    """
    facts = {fatto for item in items for fatto in item.consegna.sorgente.FONTE.facts}
    if len({item.comune for item in items}) != 1:
        facts.clear()
    with ExitStack() as stack:
        for fatto in sorted(facts):
            stack.enter_context(without_indexes(conn, STAGING[fatto]))
        yield


def take_figures(conn: sa.Connection, fatto: str) -> None:
    """Tell the planner what was staged of a kind of fact: without, it joins row by row."""
    analyse(conn, STAGING[fatto], ("comune", "fonte", "fornitura", "chiave", "n"))


def remember_unread(
    conn: sa.Connection, comune: str, fornitura: int, refused: Iterable[Rifiuto]
) -> None:
    """Keep which objects the records that could not be read were about, as digests."""
    unread = {
        (fatto, hashlib.md5(chiave.encode(), usedforsecurity=False).hexdigest())
        for said in refused
        for fatto, chiave in said.chiavi
    }
    if unread:
        rows = [
            {"comune": comune, "fornitura": fornitura, "fatto": fatto, "chiave_md5": digest}
            for fatto, digest in sorted(unread)
        ]
        conn.execute(sa.insert(illeggibile), rows)

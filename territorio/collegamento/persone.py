"""Links of people: who is the same, who lives in which unit, who pays for which."""

import sqlalchemy as sa

from territorio import db
from territorio.collegamento import banco, risoluzione
from territorio.collegamento.scala import MASSIMO_ABITAZIONI, NOME_SIMILE, NUCLEO_UNITA


def stesso_soggetto(conn: sa.Connection, _comune: str) -> None:
    """Propose which subjects are one person."""
    db.execute_sql(conn, "territorio/collega/stesso_soggetto", {"simile": NOME_SIMILE})


def gather_persons(conn: sa.Connection) -> None:
    """Number the persons: subjects that confirmed links make one."""
    db.execute_sql(conn, "territorio/collega/persone", {})
    step = db.sql("territorio/collega/persone_unisci")
    while conn.execute(step).rowcount:
        pass


def residente_unita(conn: sa.Connection, comune: str) -> None:
    """Propose the dwelling of each resident: households first, then their members.

    A household lives in one dwelling, so it is placed as a whole; its links serve here
    only and are not written.
    """
    gather_persons(conn)
    db.execute_sql(conn, "territorio/collega/nuclei", {})
    db.execute_sql(conn, "territorio/collega/nuclei_unita", {})
    risoluzione.settle(conn, comune, NUCLEO_UNITA)
    db.execute_sql(conn, "territorio/collega/residente_unita", {"massimo": MASSIMO_ABITAZIONI})
    risoluzione.settle(conn, comune, NUCLEO_UNITA)
    db.execute_sql(conn, "territorio/collega/membri_unita", {})
    banco.forget(conn, NUCLEO_UNITA)


def posizione_unita(conn: sa.Connection, comune: str) -> None:
    """Propose the unit of each tax position."""
    db.execute_sql(conn, "territorio/collega/posizione_unita", {"comune": comune})
    texts = conn.execute(db.sql("territorio/collega/posizione_indirizzi")).scalars().all()
    banco.read_whole_addresses(conn, texts)
    db.execute_sql(conn, "territorio/collega/posizione_titolare", {})

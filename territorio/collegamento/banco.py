"""The workbench of a run: the facts in latest knowledge, ready to be joined.

Temporary tables, filled once and analysed, so that every join that follows is planned on
true figures. The texts of addresses are read by Python, each different text once.
"""

from collections.abc import Iterable
from typing import cast

import psycopg
import sqlalchemy as sa
from psycopg.types.range import Range

from catasto import codici
from territorio import db
from territorio.collegamento.scala import FONTI_PREFERITE, SCALA
from territorio.indirizzo import NumeroCivico, chiave_odonimo


def prepare(conn: sa.Connection, comune: str) -> None:
    """Fill the workbench with the facts of a municipality."""
    where = {"comune": comune}
    # Sorts and hashes of a whole city; the default of 4 MB would go to disk each time.
    conn.execute(sa.text("SET LOCAL work_mem = '128MB'"))
    db.execute_sql(conn, "territorio/collega/banco", where)
    _copy(
        conn,
        "scala (tipo, metodo, rango, punteggio, stato)",
        (
            (tipo, g.metodo, rango, g.punteggio, g.stato)
            for tipo, gradini in SCALA.items()
            for rango, g in enumerate(gradini, 1)
        ),
    )
    aree = {**where, "preferite": list(FONTI_PREFERITE)}
    db.execute_sql(conn, "territorio/collega/fatti_aree", aree)
    db.execute_sql(conn, "territorio/collega/fatti_catasto", where)
    db.execute_sql(conn, "territorio/collega/fatti_indirizzi", where)
    _names_in_other_languages(conn, comune)
    db.execute_sql(conn, "territorio/collega/nomi_vie", where)
    _read_addresses(conn)


def read_whole_addresses(conn: sa.Connection, testi: Iterable[str]) -> None:
    """Put into ``vie`` and ``numeri`` addresses written in one text, in place of the others."""
    conn.execute(sa.text("TRUNCATE pg_temp.vie, pg_temp.numeri"))
    letti = [(testo, *split(testo)) for testo in testi]
    _copy(conn, "vie (toponimo, indirizzo, chiave)", (("", t, via) for t, via, _ in letti))
    _copy(
        conn,
        "numeri (testo, numero, coda)",
        ((t, civico.numero, civico.coda) for t, _, civico in letti),
    )


def split(testo: str) -> tuple[str, NumeroCivico]:
    """Take an address apart: the key of the street and the number.

    The number is what follows the last comma, or the last word that begins with a digit
    and what comes after it; a digit in the first two words belongs to the name.

    >>> via, civico = split("VIA XX SETTEMBRE 12/A")
    >>> via, str(civico)
    ('VIA 20 SETTEMBRE', '12/A')
    >>> split("VIA 4 NOVEMBRE")[0], split("Via 4 Novembre, 7 int. 2")[1].numero
    ('VIA 4 NOVEMBRE', 7)
    """
    nome, virgola, coda = testo.rpartition(",")
    if virgola and any(c.isdigit() for c in coda):
        return chiave_odonimo(nome), NumeroCivico.parse(coda)
    parole = testo.split()
    for posto in range(2, len(parole)):
        if parole[posto][0].isdigit() or parole[posto].upper() in {"N.", "N", "SNC", "KM"}:
            nome, coda = " ".join(parole[:posto]), " ".join(parole[posto:])
            return chiave_odonimo(nome), NumeroCivico.parse(coda)
    return chiave_odonimo(testo), NumeroCivico(snc=True)


def _names_in_other_languages(conn: sa.Connection, comune: str) -> None:
    """Add the names of streets in German, Ladin, Slovene or French."""
    rows = conn.execute(
        sa.text(
            "SELECT id, valida_dal, valida_al, nome FROM registro.odonimo"
            " CROSS JOIN LATERAL (VALUES (lingua1), (lingua2)) AS lingue (nome)"
            " WHERE comune = :comune AND nota_fino IS NULL AND nome <> ''"
        ),
        {"comune": comune},
    )
    names = [
        (r.id, Range(r.valida_dal, r.valida_al), chiave_odonimo(r.nome))
        for r in rows
    ]
    _copy(conn, "nomi_vie (odonimo, periodo, chiave)", names)


def _read_addresses(conn: sa.Connection) -> None:
    """Read the addresses of the units: street and number apart."""
    streets = conn.execute(sa.text("SELECT DISTINCT toponimo, indirizzo FROM pg_temp.indirizzi"))
    _copy(
        conn,
        "vie (toponimo, indirizzo, chiave)",
        ((r.toponimo, r.indirizzo, _street(r.toponimo, r.indirizzo)) for r in streets.all()),
    )
    numbers = conn.execute(sa.text("SELECT DISTINCT testo FROM pg_temp.indirizzi")).scalars()
    parsed = ((testo, NumeroCivico.parse(testo)) for testo in numbers.all())
    _copy(conn, "numeri (testo, numero, coda)", ((t, c.numero, c.coda) for t, c in parsed))


def _street(toponimo: str, indirizzo: str) -> str:
    """Return the key of a street; the kind may be a code of the cadastral list."""
    if toponimo.isdecimal():
        toponimo = codici.toponimi().get(int(toponimo), "")
    return chiave_odonimo(f"{toponimo} {indirizzo}")


def _copy(conn: sa.Connection, target: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Fill a table of the workbench by COPY and analyse it."""
    table, _, columns = target.partition(" ")
    driver = cast(psycopg.Connection, conn.connection.driver_connection)
    name = psycopg.sql.Identifier("pg_temp", table)
    names = psycopg.sql.SQL(", ").join(
        psycopg.sql.Identifier(c.strip()) for c in columns.strip("()").split(",")
    )
    with driver.cursor() as cursor:
        statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(name, names)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(psycopg.sql.SQL("ANALYZE {}").format(name))

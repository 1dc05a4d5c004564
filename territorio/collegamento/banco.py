"""The workbench of a run: the facts in latest knowledge, ready to be joined.

Temporary tables, filled once and analysed, so that every join that follows is planned on
true figures. The texts of addresses are read by Python, each different text once.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import LiteralString, cast

import psycopg
import sqlalchemy as sa
from psycopg.types.range import Range

from catasto import codici
from territorio import db
from territorio.collegamento import nomi
from territorio.collegamento.scala import GIUDIZIO, NUCLEO_UNITA, SCALA
from territorio.indirizzo import NumeroCivico, chiave_odonimo
from territorio.prevalenza import UFFICIO

_SHOW = sa.text("SELECT current_setting(:name)")
_SET = sa.text("SELECT set_config(:name, :value, true)")


def prepare(conn: sa.Connection, comune: str) -> None:
    """Fill the workbench with the facts of a municipality."""
    where = {"comune": comune, "ufficio": UFFICIO}
    db.execute_sql(conn, "territorio/collega/banco", where)
    scala = {**SCALA, NUCLEO_UNITA: SCALA["residente_unita"]}
    for tipo in scala:
        _run(
            conn,
            "CREATE TEMPORARY TABLE {} PARTITION OF {} FOR VALUES IN ({}) ON COMMIT DROP",
            _part(tipo),
            psycopg.sql.Identifier("pg_temp", "attesi"),
            psycopg.sql.Literal(tipo),
        )
    _copy(
        conn,
        "scala (tipo, metodo, rango, punteggio, stato)",
        (
            (tipo, g.metodo, rango, g.punteggio, g.stato)
            for tipo, gradini in scala.items()
            for rango, g in enumerate((GIUDIZIO, *gradini))
        ),
    )
    db.execute_sql(conn, "territorio/collega/fatti_aree", where)
    db.execute_sql(conn, "territorio/collega/fatti_catasto", where)
    db.execute_sql(conn, "territorio/collega/fatti_indirizzi", where)
    _names_in_other_languages(conn, comune)
    db.execute_sql(conn, "territorio/collega/nomi_vie", where)
    _read_addresses(conn)
    _similar_names(conn)


@contextmanager
def planner(conn: sa.Connection, **settings: str) -> Iterator[None]:
    """Set the planner's settings for a while, and leave them as they were.

    After an error the transaction is rolled back, and its settings with it.
    """
    before = {name: conn.execute(_SHOW, {"name": name}).scalar_one() for name in settings}
    for name, value in settings.items():
        conn.execute(_SET, {"name": name, "value": value})
    yield
    for name, value in before.items():
        conn.execute(_SET, {"name": name, "value": value})


def analyse(conn: sa.Connection, tipo: str) -> None:
    """Let the planner know how many links of a kind there are.

    Not the other columns: sampling documents takes longer than the joins it would help.
    """
    _run(conn, "ANALYZE {} (tipo, da, a, stato)", _part(tipo))


def forget(conn: sa.Connection, tipo: str) -> None:
    """Drop the expected links of a kind that is not written."""
    _run(conn, "TRUNCATE {}", _part(tipo))


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
    names = [(r.id, Range(r.valida_dal, r.valida_al), chiave_odonimo(r.nome)) for r in rows]
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


def _similar_names(conn: sa.Connection) -> None:
    """Find what the names of streets that nobody knows were meant to be."""
    known = conn.execute(sa.text("SELECT DISTINCT chiave FROM pg_temp.nomi_vie")).scalars().all()
    found = nomi.search(nomi.unknown(conn), known)
    _copy(
        conn,
        "nomi_simili (scritta, chiave, certa)",
        ((x.scritta, x.chiave, x.certa) for x in found),
    )


def _street(toponimo: str, indirizzo: str) -> str:
    """Return the key of a street; the kind may be a code of the cadastral list."""
    if toponimo.isdecimal():
        toponimo = codici.toponimi().get(int(toponimo), "")
    return chiave_odonimo(f"{toponimo} {indirizzo}")


def _part(tipo: str) -> psycopg.sql.Identifier:
    """Return the name of the part of the expected links that holds a kind."""
    return psycopg.sql.Identifier("pg_temp", f"attesi_{tipo}")


def _run(conn: sa.Connection, statement: LiteralString, *names: psycopg.sql.Composable) -> None:
    """Run a statement on tables of the workbench whose names vary."""
    driver = cast(psycopg.Connection, conn.connection.driver_connection)
    driver.execute(psycopg.sql.SQL(statement).format(*names))


def _copy(conn: sa.Connection, target: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Fill a table of the workbench by COPY and analyse it."""
    table, _, columns = target.partition(" ")
    driver = cast(psycopg.Connection, conn.connection.driver_connection)
    name = psycopg.sql.Identifier("pg_temp", table)
    names = psycopg.sql.SQL(", ").join(
        psycopg.sql.Identifier(c.strip()) for c in columns.strip("()").split(",")
    )
    statement = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(name, names)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    _run(conn, "ANALYZE {}", name)

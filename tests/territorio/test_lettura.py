"""The log of readings is a chain: what is changed or taken out of it shows."""

import threading

import pytest
import sqlalchemy as sa

from territorio import db
from territorio.accessi import lettura
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import Ruolo, Visto

VISTO = Visto(Ruolo.ANAGRAFE, "accertamento", "ufficiale")


def look(conn: sa.Connection, oggetto: int = 1, comune: str = "X999") -> int:
    return lettura.append(conn, VISTO, Lettura(comune, oggetto, ("residenti.parentela",)))


def test_each_reading_seals_the_one_before(conn: sa.Connection) -> None:
    numbers = [look(conn, n) for n in range(1, 5)]
    assert numbers == sorted(numbers)
    rows = conn.execute(
        sa.text("SELECT precedente, sigillo FROM persone.lettura ORDER BY numero")
    ).all()
    assert [r.precedente for r in rows] == [b"", *(r.sigillo for r in rows[:-1])]
    assert len({r.sigillo for r in rows}) == 4
    assert lettura.broken_or_none(conn, "X999") is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE persone.lettura SET scopo = 'curiosità' WHERE oggetto = 2",
        "UPDATE persone.lettura SET campi = '{}' WHERE oggetto = 2",
        "UPDATE persone.lettura SET quando = quando + interval '1 s' WHERE oggetto = 2",
        "DELETE FROM persone.lettura WHERE oggetto = 2",
    ],
)
def test_what_was_altered_shows(conn: sa.Connection, change: str) -> None:
    numbers = [look(conn, n) for n in range(1, 4)]
    conn.execute(sa.text(change))
    assert lettura.broken_or_none(conn, "X999") in numbers[1:]


def test_each_municipality_has_a_chain_of_its_own(conn: sa.Connection) -> None:
    look(conn, 1, "X999")
    look(conn, 2, "Y999")
    conn.execute(sa.text("DELETE FROM persone.lettura WHERE comune = 'X999'"))
    assert lettura.broken_or_none(conn, "Y999") is None


def test_a_log_that_grew_is_not_read_to_add_to_it(conn: sa.Connection) -> None:
    """The plan is made while the log is short, and kept while it grows."""
    for n in range(3):
        look(conn, n)
    conn.execute(sa.text("ANALYZE persone.lettura"))
    before = _passed_over(conn)
    for n in range(40):
        look(conn, n)
    # The last one, once a reading.
    assert _passed_over(conn) - before <= 40


def _passed_over(conn: sa.Connection) -> int:
    """Return how many rows of the log this transaction has looked at."""
    found = conn.execute(
        sa.text(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables"
            " WHERE relid = 'persone.lettura'::regclass"
        )
    )
    rows: int = found.scalar_one()
    return rows


def test_readings_at_the_same_moment_make_one_chain(fresh_url: str) -> None:
    engine = db.engine(fresh_url, db.Role.UFFICIO)

    def work() -> None:
        for n in range(10):
            with db.transaction(engine) as conn:
                look(conn, n)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.transaction(engine) as conn:
        count = conn.execute(sa.text("SELECT count(*) FROM persone.lettura")).scalar_one()
        assert count == 40
        assert lettura.broken_or_none(conn, "X999") is None
    engine.dispose()


def test_an_office_cannot_rewrite_the_log(fresh_url: str) -> None:
    engine = db.engine(fresh_url, db.Role.UFFICIO)
    for statement in (
        "UPDATE persone.lettura SET scopo = ''",
        "DELETE FROM persone.lettura",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            db.transaction(engine) as conn,
        ):
            conn.execute(sa.text(statement))
    engine.dispose()

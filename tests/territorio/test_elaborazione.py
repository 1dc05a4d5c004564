"""What follows from the facts is computed without anybody having to wait for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import db, elaborazione, registrazione
from territorio.accessi import lettura
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import Ruolo, Visto
from tests.factories import new_comune, new_fabbricato
from tests.factory_defaults import COMUNE

ROOT = Path(__file__).parents[2]
QUICK = sa.text("SET LOCAL lock_timeout = '500ms'")


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    """Connect to a database of the test's own: others must see what is held."""
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE, pool_size=4)
    with db.transaction(engine) as conn:
        new_comune(conn)
        new_fabbricato(conn)
    yield engine
    engine.dispose()


def look_at_a_person(conn: sa.Connection) -> None:
    conn.execute(QUICK)
    visto = Visto(Ruolo.ANAGRAFE, "accertamento", "ufficiale")
    lettura.append(conn, visto, Lettura(COMUNE, 1, ("residenti.parentela",)))


def register_something(conn: sa.Connection) -> None:
    conn.execute(QUICK)
    registrazione.begin(conn, "giudizio", autore="anna", comune=COMUNE)


def test_a_person_is_looked_at_while_links_are_computed(engine: sa.Engine) -> None:
    with db.transaction(engine) as computing:
        elaborazione.refresh(computing, COMUNE)
        with db.transaction(engine) as office:
            look_at_a_person(office)


def test_an_act_is_written_while_any_step_is_at_work(engine: sa.Engine) -> None:
    begun: list[str] = []

    @contextmanager
    def around(title: str) -> Iterator[None]:
        with db.transaction(engine) as office:
            register_something(office)
        begun.append(title)
        yield

    elaborazione.run(engine, COMUNE, around)
    assert begun == [passo.titolo for passo in elaborazione.PASSI]
    with db.transaction(engine) as conn:
        # The first step registers provisional buildings: what followed did not hold that back.
        causes = conn.execute(
            sa.text("SELECT causa FROM registro.registrazione ORDER BY numero")
        ).scalars()
        assert list(causes).index("calcolo") < 4
        assert elaborazione.arretrati(conn) == [COMUNE], "what was registered meanwhile counts"


def test_after_a_run_nothing_is_behind(engine: sa.Engine) -> None:
    elaborazione.run(engine, COMUNE)
    with db.transaction(engine) as conn:
        assert elaborazione.arretrati(conn) == []


def test_no_two_things_share_an_advisory_lock() -> None:
    """Each is named once in Python, or once in SQL: another use of the number is another lock."""
    named = [
        number
        for room in ("territorio", "ingest", "maps", "opendata", "api")
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".sql"}
        for number in re.findall(r"\b730_?42_?\d\d\b|\b7_304_2\d\d\b", path.read_text())
    ]
    plain = [number.replace("_", "") for number in named]
    assert len(plain) >= 5
    assert sorted(plain) == sorted(set(plain))


def test_each_municipality_is_told_apart_from_the_others(engine: sa.Engine) -> None:
    with db.transaction(engine) as conn:
        new_comune(conn, comune="A001", denominazione="Altra")
        for comune in (COMUNE, "A001"):
            registrazione.begin(conn, "giudizio", autore="anna", comune=comune)
            elaborazione.refresh(conn, comune)
        assert elaborazione.arretrati(conn) == []
    with db.transaction(engine) as conn:
        registrazione.begin(conn, "giudizio", autore="anna", comune=COMUNE)
        assert elaborazione.arretrati(conn) == [COMUNE]
        assert elaborazione.arretrati(conn, ["A001"]) == []

"""Judgements: two persons at the same moment are heard one after the other."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from territorio import db, legame, registrazione
from territorio.legame import Coppia
from territorio.schema import legame as legami
from tests.factories import new_comune
from tests.factory_defaults import COMUNE

COPPIA = Coppia(COMUNE, "civico_edificio", 11, 12)


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE, pool_size=4)
    with db.transaction(engine) as conn:
        new_comune(conn)
    yield engine
    engine.dispose()


def test_the_second_of_two_judgements_takes_the_place_of_the_first(engine: sa.Engine) -> None:
    first, second = "anna@comune", "bruno@comune"

    def refuse() -> None:
        with db.transaction(engine) as conn:
            legame.judge(conn, COPPIA, stato="rifiutato", autore=second, motivo="visto")

    with db.transaction(engine) as conn:
        legame.judge(conn, COPPIA, stato="confermato", autore=first, motivo="sopralluogo")
        other = threading.Thread(target=refuse)
        other.start()
        _until_waiting(engine)
    other.join()
    with db.transaction(engine) as conn:
        rows = conn.execute(
            sa.select(legami.c.autore, legami.c.stato).where(legami.c.nota_fino.is_(None))
        ).all()
    assert rows == [(second, "rifiutato")]


def _until_waiting(engine: sa.Engine) -> None:
    """Wait until somebody waits for the turn to register."""
    waits = sa.text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = :n"
    )
    with db.transaction(engine) as conn:
        while not conn.execute(waits, {"n": registrazione.LOCK}).scalar_one():
            pass

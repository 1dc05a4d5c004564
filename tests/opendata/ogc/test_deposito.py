"""The store of squares: what it gives is what would be drawn, and never what was before."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from api import lavori
from opendata.ogc import deposito, tasselli
from opendata.ogc.tasselli import DISEGNATI, Giorni, Tassello
from territorio import db, elaborazione, lavoro, prepared, pubblicato, tassello, vigenza
from territorio.atti import edificio as atti
from territorio.config import Settings
from territorio.schema_tasselli import conteggio
from territorio.schema_tasselli import tassello as tavola
from tests import factories as f
from tests.factory_defaults import COMUNE, ORIGINE, rettangolo
from tests.maps import mvt
from tests.maps.test_tile import square
from tests.opendata.paese import new_paese
from tests.territorio.atti.racconto import DETERMINA

OGGI = Giorni(vigenza.today().isoformat(), vigenza.today().isoformat())
LONTANO_DI_QUI = 5_000.0
"""Metres to the east: another square from zoom 13 on."""


def nothing(_what: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def read_store(conn: sa.Connection) -> dict[tuple[str, Tassello], bytes]:
    """Return what the store holds, unpacked."""
    c = tavola.c
    rows = conn.execute(sa.select(c.collezione, c.z, c.x, c.y, c.dati))
    return {(r[0], Tassello(r[1], r[2], r[3])): tasselli.unpack(r[4]) for r in rows}


def draw(conn: sa.Connection, nome: str, t: Tassello, giorni: Giorni = OGGI) -> bytes:
    return prepared.compute(conn, tasselli.drawing(nome, t, giorni))


def assert_nothing_old(conn: sa.Connection) -> int:
    """Fail unless each kept square is as it would be drawn now; return how many there are."""
    found = read_store(conn)
    stale = [key for key, dati in found.items() if mvt.read(dati) != mvt.read(draw(conn, *key))]
    assert stale == []
    return len(found)


def fill(conn: sa.Connection) -> int:
    """Fill the store in one transaction, as :func:`deposito.fill` does in many."""
    drawn = 0
    for dataset in DISEGNATI:
        for z in range(tassello.MASSIMO + 1):
            left = deposito.missing(conn, dataset.nome, z)
            while left:
                drawn += deposito.keep(conn, dataset.nome, left)
    return drawn


@pytest.fixture
def paese_qui(conn: sa.Connection) -> sa.Connection:
    """Return a connection to a village whose squares are all in the store."""
    new_paese(conn)
    number = f.new_registrazione(conn)
    f.new_edificio(conn, nota_da=number, geometria=rettangolo(LONTANO_DI_QUI, 0))
    elaborazione.refresh(conn, COMUNE)
    assert fill(conn) > 100
    return conn


def test_all_that_is_there_is_kept(paese_qui: sa.Connection) -> None:
    conn = paese_qui
    there = assert_nothing_old(conn)
    assert fill(conn) == 0
    kept = read_store(conn)
    assert len(kept) == there
    for z in range(15):
        t = Tassello(*square(z))
        assert mvt.read(kept["edifici", t])
        assert prepared.compute(conn, deposito.whole("edifici", t, OGGI)) == kept["edifici", t]
    assert {z for _, (z, _, _) in kept} == set(range(15))


def test_an_act_takes_out_what_it_changes_and_nothing_else(paese_qui: sa.Connection) -> None:
    conn = paese_qui
    before = read_store(conn)
    there = Tassello(*square(14, ORIGINE[0] + 0.0625))
    assert before["edifici", there]
    first = "SELECT id FROM pubblico.edifici ORDER BY ST_XMin(geometria) LIMIT 1"
    number = conn.execute(sa.text(first)).scalar_one()
    atti.retire(conn, DETERMINA, number, vigenza.today())
    left = read_store(conn)
    gone = {key for key in before if key not in left}
    assert {nome for nome, _ in gone} == {"edifici"}
    assert {t for _, t in gone} >= {Tassello(*square(z)) for z in range(15)}
    assert ("edifici", there) in left
    assert ("particelle", Tassello(*square(14))) in left
    assert_nothing_old(conn)
    assert fill(conn) == len(gone)


def test_a_load_takes_out_where_something_was_and_where_it_is(paese_qui: sa.Connection) -> None:
    conn = paese_qui
    number = f.new_registrazione(conn)
    moved = (
        "UPDATE registro.edificio SET geometria = ST_Translate(geometria, 0.09, 0), nota_da = :n"
        " WHERE id = (SELECT min(id) FROM pubblico.edifici)"
    )
    assert conn.execute(sa.text(moved), {"n": number}).rowcount == 1
    f.new_vincolo(conn, nota_da=number, geometria=rettangolo(-9_000, -9_000, 18_000, 18_000))
    before = read_store(conn)
    elaborazione.refresh(conn, COMUNE)
    left = read_store(conn)
    gone = {key for key in before if key not in left}
    assert {nome for nome, _ in gone} == {"edifici", "vincoli"}
    assert_nothing_old(conn)
    fill(conn)
    assert_nothing_old(conn)


def test_what_is_published_whole_empties_its_place(paese_qui: sa.Connection) -> None:
    conn = paese_qui
    conn.execute(sa.text("DELETE FROM registro.edificio"))
    conn.execute(sa.text("DELETE FROM registro.elaborazione"))
    pubblicato.refresh(conn, COMUNE)
    kept = read_store(conn)
    assert [key for key, dati in kept.items() if dati and key[0] == "edifici"] == []
    assert_nothing_old(conn)


def test_a_square_is_kept_up_to_the_day_on_which_it_changes(conn: sa.Connection) -> None:
    f.new_comune(conn)
    soon, later = vigenza.today() + timedelta(3), vigenza.today() + timedelta(5)
    f.new_edificio(conn)
    f.new_edificio(conn, geometria=rettangolo(30, 0), valida_dal=soon)
    f.new_edificio(conn, geometria=rettangolo(LONTANO_DI_QUI, 0), valida_al=later)
    pubblicato.refresh(conn, COMUNE)
    fill(conn)
    here, there = Tassello(*square(14)), Tassello(*square(14, ORIGINE[0] + 0.0625))

    def told(nome: str, t: Tassello, day: object) -> object:
        giorni = Giorni(str(day), str(day))
        return prepared.compute(conn, deposito.kept(nome, t, giorni))

    eve = soon - timedelta(1)
    assert told("edifici", here, eve) is not None
    assert told("edifici", here, soon) is None
    assert told("edifici", there, soon) is not None
    assert told("edifici", there, later) is None
    assert told("edifici", Tassello(*square(9)), soon) is None
    assert len(mvt.read(draw(conn, "edifici", here, Giorni(str(soon), str(soon))))["edifici"]) == 2
    assert told("edifici", here, vigenza.today() - timedelta(1)) is None


def test_counts_are_the_same_bit_by_bit_or_all_at_once(paese_qui: sa.Connection) -> None:
    conn = paese_qui
    number = f.new_registrazione(conn)
    f.new_edificio(conn, nota_da=number, geometria=rettangolo(50, 900))
    moved = "UPDATE registro.civico SET geometria = ST_Translate(geometria, 0.09, 0), nota_da = :n"
    conn.execute(sa.text(moved), {"n": number})
    elaborazione.refresh(conn, COMUNE)
    c = conteggio.c
    # Python has no infinite days.
    query = sa.select(c.collezione, c.x, c.y, sa.cast(c.giorno, sa.Text), c.delta, c.comune)
    bit_by_bit = set(conn.execute(query).all())
    assert len(bit_by_bit) > 5
    conn.execute(sa.text("DELETE FROM registro.elaborazione"))
    elaborazione.refresh(conn, COMUNE)
    assert set(conn.execute(query).all()) == bit_by_bit
    assert {row.delta for row in bit_by_bit} & {0} == set()


@pytest.fixture
def motore(fresh_url: str) -> Iterator[sa.Engine]:
    made = db.engine(fresh_url, db.Role.MIGRAZIONE, pool_size=4)
    with db.transaction(made) as conn:
        new_paese(conn)
    yield made
    made.dispose()


def test_the_worker_fills_the_store_after_publication(
    motore: sa.Engine, settings: Settings
) -> None:
    tasks = lavori.compiti(settings, motore)
    with db.transaction(motore) as conn:
        number = lavoro.ask(conn, "elabora", {}, chiesto_da="io", comune=COMUNE).id
    lavoro.run(motore, number, tasks, lambda: False)
    with db.transaction(motore) as conn:
        asked = sa.text("SELECT id FROM registro.lavoro WHERE compito = 'tasselli'")
        (number,) = conn.execute(asked).scalars()
    lavoro.run(motore, number, tasks, lambda: False)
    with db.transaction(motore) as conn:
        esito = lavoro.find(conn, number).esito
        assert esito is not None
        assert assert_nothing_old(conn) == esito["tasselli"] > 100


def test_what_is_being_published_is_not_missed(motore: sa.Engine) -> None:
    """A square drawn while somebody publishes must not outlive what was published."""
    deposito.fill(motore, nothing)
    t = Tassello(*square(14))
    with db.transaction(motore) as publishing:
        conn = publishing
        number = f.new_registrazione(conn)
        f.new_edificio(conn, nota_da=number, geometria=rettangolo(60, 60))
        elaborazione.refresh(conn, COMUNE)
        # It sees the store without the square, and the collection as it was.
        filler = threading.Thread(target=deposito.fill, args=(motore, nothing))
        with db.transaction(motore) as other:
            other.execute(sa.delete(tavola).where(tavola.c.collezione == "particelle"))
        filler.start()
        filler.join(1)
        assert filler.is_alive()
    filler.join(30)
    with db.transaction(motore) as conn:
        assert_nothing_old(conn)
        drawn = mvt.read(read_store(conn)["edifici", t])["edifici"]
        assert len(drawn) == len(mvt.read(draw(conn, "edifici", t))["edifici"]) == 4

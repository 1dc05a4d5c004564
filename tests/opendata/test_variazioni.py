"""The feed: replayed from zero it gives what is published."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata import pubblicazione, variazioni
from opendata.dataset import BY_NAME
from opendata.publish import Richiesta, publish
from opendata.variazioni import Da, state_hash
from territorio import db
from territorio.schema_pubblicazione import variazione
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.opendata.test_publish import ENTE

OGGETTI = range(1, 7)
Passo = dict[int, str | None]
"""What is written of some objects before a version: a word, or None to take them out."""

passi = st.lists(
    st.dictionaries(
        st.sampled_from(OGGETTI), st.one_of(st.none(), st.sampled_from(["a", "b", 'c\\n"è']))
    ),
    min_size=1,
    max_size=6,
)


def follow(conn: sa.Connection, da: Da, limite: int) -> Iterator[dict[str, Any]]:
    """Read the feed page by page."""
    while True:
        found = variazioni.search(conn, "edifici", COMUNE, da, limite)
        for line in variazioni.lines(found):
            yield json.loads(line) | {"riga": line}
        if len(found) < limite:
            return
        last = found[-1]
        da = Da(da.numero, da.giorno, (last.comune, last.numero, last.id))


def replay(
    changes: Iterator[dict[str, Any]], state: dict[int, str] | None = None
) -> dict[int, str]:
    """Return the state after the changes, as the hash of each object."""
    state = dict(state or {})
    for change in changes:
        if change["evento"] == "cessato":
            del state[change["id"]]
            continue
        assert (change["id"] in state) == (change["evento"] == "cambiato")
        state[change["id"]] = change["impronta"]
        text = change["riga"].partition('"oggetto":')[2].removesuffix("}")
        assert hashlib.sha256(text.encode()).hexdigest() == change["impronta"]
    return state


def write(conn: sa.Connection, passo: Passo) -> None:
    """Write objects of the collection as they are from now on."""
    t = BY_NAME["edifici"].tavola
    for number, word in passo.items():
        conn.execute(sa.delete(t).where(t.c.id == number))
        if word is not None:
            text = json.dumps({"type": "Feature", "id": number, "parola": word})
            row = {"comune": COMUNE, "id": number, "codice": "x", "classe": "altro"}
            row |= {"provvisorio": False, "fonte": "prova", "testo": text}
            days = {"dal": sa.text("'-infinity'::date"), "al": sa.text("'infinity'::date")}
            conn.execute(sa.insert(t).inline().values(**row, **days))


@pytest.fixture(scope="session")
def vuoto(cluster_settings: Any, worker_id: str) -> Iterator[sa.Engine]:
    """Connect to a database with a municipality and no building."""
    from tests.conftest import _database

    with _database(cluster_settings, f"variazioni_{worker_id}") as url:
        engine = db.engine(url, db.Role.MIGRAZIONE)
        with db.transaction(engine) as conn:
            f.new_comune(conn)
            f.new_fonte(conn)
        yield engine
        engine.dispose()


@pytest.fixture
def folder(vuoto: sa.Engine, tmp_path: Path) -> Path:
    return tmp_path


def forget(engine: sa.Engine) -> None:
    with db.transaction(engine) as conn:
        for nome in ("edifici", "variazione", "pubblicazione_file", "pubblicazione"):
            conn.execute(sa.delete(sa.table(nome, schema="pubblico")))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(passi=passi, limite=st.integers(1, 7))
def test_replayed_from_zero_the_feed_gives_each_published_state(
    vuoto: sa.Engine, folder: Path, passi: list[Passo], limite: int
) -> None:
    forget(vuoto)
    held: dict[int, str] = {}
    known: dict[int, str] = {}
    for passo in passi:
        with db.transaction(vuoto) as conn:
            write(conn, passo)
        held = {k: v for k, v in {**held, **passo}.items() if v is not None}
        made = publish(vuoto, folder, ENTE, Richiesta(BY_NAME["edifici"], COMUNE, ("csvw",)))
        with db.transaction(vuoto) as conn:
            state = replay(follow(conn, Da(), limite))
            last = pubblicazione.last_or_none(conn, "edifici", COMUNE)
            # Who follows version by version holds the same.
            known = (
                replay(follow(conn, Da(made.numero - 1), limite), known) if made.cambi else known
            )
        assert state.keys() == held.keys()
        assert known == state
        if last is not None:
            whole = state_hash(state.items())
            assert (whole.impronta, whole.righe) == (last.impronta, last.righe)


def test_the_feed_begins_with_the_versions_of_a_day(vuoto: sa.Engine, folder: Path) -> None:
    forget(vuoto)
    today = date(2025, 6, 1)
    steps: list[Passo] = [{1: "a"}, {2: "a"}, {1: None}]
    for days, passo in enumerate(steps):
        with db.transaction(vuoto) as conn:
            write(conn, passo)
        giorno = today + timedelta(days)
        publish(vuoto, folder, ENTE, Richiesta(BY_NAME["edifici"], COMUNE, ("csvw",), giorno))
    with db.transaction(vuoto) as conn:
        since = [
            [
                (one.numero, one.id, one.evento)
                for one in variazioni.search(conn, "edifici", None, da, 9)
            ]
            for da in (Da(giorno=today), Da(giorno=today + timedelta(1)), Da(numero=2))
        ]
    assert since == [
        [(1, 1, "nuovo"), (2, 2, "nuovo"), (3, 1, "cessato")],
        [(2, 2, "nuovo"), (3, 1, "cessato")],
        [(3, 1, "cessato")],
    ]


def fill(conn: sa.Connection) -> list[tuple[str, int, int]]:
    """Write changes of two municipalities and of another dataset; return those of ours."""
    keys = [(c, n, i) for c in ("X001", "X999") for n in (1, 2) for i in (3, 5, 8)]
    rows = [
        {"comune": c, "numero": n, "id": i, "dataset": d, "evento": "cessato"}
        for c, n, i in keys
        for d in ("civici", "edifici")
    ]
    conn.execute(sa.insert(variazione), rows)
    return keys


@pytest.mark.parametrize("limite", [1, 2, 4, 5, 100])
@pytest.mark.parametrize("comune", [None, "X001", "X999", "X500"])
def test_page_by_page_nothing_is_left_out_nor_said_twice(
    conn: sa.Connection, limite: int, comune: str | None
) -> None:
    keys = fill(conn)
    found: list[tuple[str, int, int]] = []
    da = Da()
    while page := variazioni.search(conn, "edifici", comune, da, limite):
        assert len(page) <= limite
        found += [(one.comune, one.numero, one.id) for one in page]
        da = Da(dopo=found[-1])
    assert found == [key for key in keys if comune in {None, key[0]}]


def test_a_page_begins_where_the_last_one_ended(conn: sa.Connection) -> None:
    """The pages before it are not read again: the key is a condition on the index."""
    fill(conn)
    conn.execute(sa.text("SET LOCAL enable_seqscan = off"))
    conn.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    plans: list[str] = []

    @sa.event.listens_for(conn, "before_execute", retval=True)
    def explain(_c: object, clause: Any, multi: Any, params: Any, _o: object) -> Any:
        text = str(clause.compile(conn, compile_kwargs={"literal_binds": True}))
        plan = conn.exec_driver_sql(f"EXPLAIN {text}").scalars()
        plans.append("\n".join(plan))
        return clause, multi, params

    variazioni.search(conn, "edifici", "X999", Da(dopo=("X999", 1, 5)), 10)
    sa.event.remove(conn, "before_execute", explain)
    (plan,) = plans
    assert "Sort" not in plan
    assert re.search(r"Index Cond: .*ROW\(numero, id\) > ROW\(1, ", plan)

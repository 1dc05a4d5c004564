"""Long jobs: asked for with what caused them, watched, cancelled, never done twice."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from territorio import db, lavoro
from territorio.db import Role
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.lavoro import Lavoro, Occupato, Progress
from territorio.lavoro_schema import lavoro as lavori
from territorio.migrazioni import migrate


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    """Connect to a database of the test's own: workers read what is committed."""
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lavoro, "TELL_SECONDS", 0)


def ask(engine: sa.Engine, compito: str = "prova", **argomenti: object) -> int:
    with db.transaction(engine) as conn:
        return lavoro.ask(conn, compito, argomenti, chiesto_da="io", comune="X999").id


def find(engine: sa.Engine, number: int) -> Lavoro:
    with db.transaction(engine) as conn:
        return lavoro.find(conn, number)


def queued(engine: sa.Engine) -> list[tuple[object, ...]]:
    with db.transaction(engine) as conn:
        rows = conn.execute(sa.text("SELECT args->>'lavoro', lock FROM lavori.procrastinate_jobs"))
        return [tuple(row) for row in rows]


def does(work: Callable[[Lavoro, Progress], Mapping[str, Any]]) -> dict[str, lavoro.Compito]:
    return {"prova": work}


def test_a_job_asked_for_in_a_transaction_that_fails_was_never_asked(engine: sa.Engine) -> None:
    with engine.connect() as conn, conn.begin() as transaction:
        lavoro.ask(conn, "prova", {}, chiesto_da="io")
        transaction.rollback()
    assert queued(engine) == []
    number = ask(engine)
    assert queued(engine) == [(str(number), "X999")]


def test_an_office_asks_and_the_path_is_as_before(engine: sa.Engine, fresh_url: str) -> None:
    office = db.engine(fresh_url, Role.UFFICIO)
    with db.transaction(office, ["X999"]) as conn:
        number = lavoro.ask(conn, "prova", {"a": [1]}, chiesto_da="io", comune="X999").id
        assert conn.execute(sa.text("SHOW search_path")).scalar_one() == "public"
    with db.transaction(office, ["Y888"]) as conn, pytest.raises(NotFound):
        lavoro.find(conn, number)
    with db.transaction(office, ["X999"]) as conn:
        assert lavoro.cancel(conn, number).stato == "annullato"
    office.dispose()


def test_a_job_is_watched_and_says_what_came_of_it(engine: sa.Engine) -> None:
    number = ask(engine, righe=3)
    seen: list[tuple[object, ...]] = []

    def work(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        for done in range(job.argomenti["righe"]):
            progress("lettura", done, 3)
            now = find(engine, number)
            seen.append((now.stato, now.fase, now.fatto, now.totale))
        return {"letti": 3}

    lavoro.run(engine, number, does(work))
    assert seen == [("in corso", "lettura", n, 3) for n in range(3)]
    done = find(engine, number)
    assert (done.stato, done.esito) == ("finito", {"letti": 3})
    assert done.fatto == done.totale
    assert done.finito is not None


def test_a_job_that_has_ended_is_not_done_again(engine: sa.Engine) -> None:
    number = ask(engine)
    times: list[int] = []

    def work(job: Lavoro, _progress: Progress) -> Mapping[str, Any]:
        times.append(job.id)
        return {}

    lavoro.run(engine, number, does(work))
    lavoro.run(engine, number, does(work))
    assert times == [number]


def test_a_waiting_job_is_cancelled_at_once(engine: sa.Engine) -> None:
    number = ask(engine)
    with db.transaction(engine) as conn:
        assert lavoro.cancel(conn, number).stato == "annullato"
        with pytest.raises(Conflict, match="già annullato"):
            lavoro.cancel(conn, number)
    lavoro.run(engine, number, does(lambda _job, _progress: pytest.fail("it ran")))
    assert find(engine, number).stato == "annullato"


def test_a_running_job_is_cancelled_and_what_it_did_is_undone(engine: sa.Engine) -> None:
    number = ask(engine)

    def work(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        with db.transaction(engine) as conn:
            conn.execute(sa.text("CREATE TABLE registro.fatto_a_meta ()"))
            with db.transaction(engine) as other:
                assert lavoro.cancel(other, job.id).stato == "annullamento chiesto"
            progress("ancora", 1, 2)
        pytest.fail("it went on")

    lavoro.run(engine, number, does(work))
    assert find(engine, number).stato == "annullato"
    with db.transaction(engine) as conn:
        name = conn.execute(sa.text("SELECT to_regclass('registro.fatto_a_meta')")).scalar()
    assert name is None


def test_what_was_to_be_cancelled_when_its_worker_died_is_not_begun_again(
    engine: sa.Engine,
) -> None:
    number = ask(engine)
    with db.transaction(engine) as conn:
        conn.execute(sa.update(lavori).values(stato="annullamento chiesto"))
    lavoro.run(engine, number, does(lambda _job, _progress: pytest.fail("it ran")))
    assert find(engine, number).stato == "annullato"


def test_a_job_cancelled_just_as_it_begins_is_not_begun(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, read = ask(engine), lavoro.find

    def find_then_cancel(conn: sa.Connection, numero: int) -> Lavoro:
        job = read(conn, numero)
        with db.transaction(engine) as other:
            other.execute(sa.update(lavori).values(stato="annullato", finito=sa.func.now()))
        return job

    monkeypatch.setattr(lavoro, "find", find_then_cancel)
    lavoro.run(engine, number, does(lambda _job, _progress: pytest.fail("it ran")))
    monkeypatch.undo()
    assert find(engine, number).stato == "annullato"


def test_a_wish_to_cancel_outlives_the_worker_that_has_to_go(engine: sa.Engine) -> None:
    number = ask(engine)

    def work(job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        with db.transaction(engine) as other:
            lavoro.cancel(other, job.id)
        progress("a metà", 1, 2)
        pytest.fail("it went on")

    with pytest.raises(InterruptedError):
        lavoro.run(engine, number, does(work), lambda: True)
    assert find(engine, number).stato == "annullamento chiesto"
    lavoro.run(engine, number, does(lambda _job, _progress: pytest.fail("it ran")))
    assert find(engine, number).stato == "annullato"


def test_a_refusal_is_told_in_words_and_a_fault_without_values(engine: sa.Engine) -> None:
    def refuse(_job: Lavoro, _progress: Progress) -> Mapping[str, Any]:
        raise InvalidInput("file", "non si legge")

    def break_down(_job: Lavoro, _progress: Progress) -> Mapping[str, Any]:
        raise KeyError("RSSMRA80A01H501U")

    first, second, third = ask(engine), ask(engine), ask(engine, "ignoto")
    lavoro.run(engine, first, does(refuse))
    with pytest.raises(KeyError):
        lavoro.run(engine, second, does(break_down))
    lavoro.run(engine, third, does(refuse))
    told = [find(engine, number) for number in (first, second, third)]
    assert [job.stato for job in told] == ["fallito"] * 3
    assert [job.esito for job in told] == [
        {"errore": "file: non si legge"},
        {"errore": "errore interno (KeyError)"},
        {"errore": "«ignoto» non è un lavoro che so fare"},
    ]


def test_two_workers_never_do_one_job(engine: sa.Engine) -> None:
    number = ask(engine)

    def work(job: Lavoro, _progress: Progress) -> Mapping[str, Any]:
        with pytest.raises(Occupato):
            lavoro.run(engine, job.id, does(work))
        return {}

    lavoro.run(engine, number, does(work))
    assert find(engine, number).stato == "finito"


def test_a_worker_that_has_to_go_puts_the_job_back(engine: sa.Engine) -> None:
    number = ask(engine)

    def work(_job: Lavoro, progress: Progress) -> Mapping[str, Any]:
        progress("a metà", 1, 2)
        pytest.fail("it went on")

    with pytest.raises(InterruptedError):
        lavoro.run(engine, number, does(work), lambda: True)
    assert find(engine, number).stato == "in coda"
    lavoro.run(engine, number, does(lambda _job, _progress: {}))
    assert find(engine, number).stato == "finito"


def test_a_job_without_a_living_worker_is_found(engine: sa.Engine) -> None:
    number = ask(engine)
    with db.transaction(engine) as conn:
        conn.execute(
            sa.text(
                "SET LOCAL search_path = lavori; UPDATE procrastinate_jobs SET status = 'doing'"
            )
        )
    with db.transaction(engine) as conn:
        assert lavoro.stalled(conn) == []  # just begun: it may be about to take its lock
        conn.execute(sa.text("UPDATE lavori.procrastinate_events SET at = at - interval '1 min'"))
        found = lavoro.stalled(conn)
    assert len(found) == 1
    held: list[list[int]] = []

    def work(_job: Lavoro, _progress: Progress) -> Mapping[str, Any]:
        with db.transaction(engine) as conn:
            held.append(lavoro.stalled(conn))
        return {}

    lavoro.run(engine, number, does(work))
    assert held == [[]]


def test_the_queue_is_installed_once_and_brought_forward(engine: sa.Engine, fresh_url: str) -> None:
    number = ask(engine)
    migrate(fresh_url)
    assert queued(engine) == [(str(number), "X999")]
    steps = [path.name for path in lavoro._steps_since("3.3.0")]
    assert "03.04.00_50_post_add_retry_failed_job_procedure.sql" in steps
    assert not [name for name in steps if name < "03.03.00_99"]


def test_jobs_are_listed_latest_first(engine: sa.Engine) -> None:
    numbers = [ask(engine) for _ in range(3)]
    with db.transaction(engine) as conn:
        page = lavoro.search(conn, limite=2)
        rest = lavoro.search(conn, prima_di=page[-1].id)
    assert [job.id for job in (*page, *rest)] == numbers[::-1]

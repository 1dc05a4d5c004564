"""The undo: it brings back what was known, and refuses what later acts rest on."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territorio import archivio, atto
from territorio.atti import annullamento, divisione, documento, edificio, indirizzo
from territorio.atto import Atto
from territorio.config import Settings
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.schema import genealogia, legame
from tests.factories import new_civico, new_edificio, new_legame, new_odonimo, new_registrazione
from tests.factory_defaults import COMUNE, punto, rettangolo
from tests.territorio.atti.racconto import (
    DETERMINA,
    G2020,
    G2022,
    G2024,
    G2025,
    knowledge,
    seen,
    wkb,
)


def halves(est: float = 5) -> list[dict[str, object]]:
    """Return the two halves of the default building."""
    return [{"geometria": wkb(rettangolo(est + x, 5, 10, 10))} for x in (0, 10)]


def every_act(conn: sa.Connection, here: Settings) -> list[Atto]:
    """Do one act of each kind, none building on another."""
    a, b, c, d, e, f, g = (
        new_edificio(conn, valida_dal=G2020, geometria=rettangolo(5 + 100 * n, 5, 20, 10))
        for n in range(7)
    )
    street = new_odonimo(conn)
    number = new_civico(conn, odonimo=street)
    new = indirizzo.NuovoCivico(street, 7, "A", punto=wkb(punto(0, 0)))
    photo = documento.Allegato(io.BytesIO(b"\xff\xd8\xff foto"), "f.jpg", "Facciata")
    return [
        edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 500))}),
        edificio.correct(conn, DETERMINA, a, G2022, {"piani": 9}),
        edificio.change(conn, DETERMINA, b, G2022, {"piani": 9}),
        edificio.retire(conn, DETERMINA, c, G2022),
        divisione.split(conn, DETERMINA, d, G2022, halves(305)),
        divisione.merge(conn, DETERMINA, [e, f], G2022, {}),
        indirizzo.assign(conn, DETERMINA, G2022, new, g),
        indirizzo.assign(conn, DETERMINA, G2022, number, g),
        indirizzo.rename(conn, DETERMINA, street, G2022, "VIA NUOVA"),
        documento.attach(conn, archivio.allegati(here), DETERMINA, g, G2022, photo),
    ]


def test_each_act_can_be_undone(conn: sa.Connection, tmp_path: Path) -> None:
    here = Settings(data=tmp_path)
    casa = new_edificio(conn, valida_dal=G2020, geometria=rettangolo(-100, 5))
    edificio.retire(conn, DETERMINA, casa, G2022)
    acts = every_act(conn, here)
    acts.append(edificio.restore(conn, DETERMINA, casa, G2024))
    assert len({act.tipo for act in acts}) == 10
    after = knowledge(conn)
    for act in acts:
        undone = annullamento.undo(conn, DETERMINA, act.registrazione)
        assert knowledge(conn) != after, act.tipo
        assert undone.annulla == act.registrazione
        assert atto.find(conn, COMUNE, act.registrazione).annullato_da == undone.registrazione
        after = knowledge(conn)
    assert [row for row in after if row[0] == "civico"]
    assert not [row for row in after if row[0] in {"documento", "legame"}]


Mossa = tuple[str, int, date, int]
tempi = st.integers(0, 2000).map(lambda n: G2020 + timedelta(days=n))
mosse = st.lists(
    st.tuples(
        st.sampled_from(["correct", "change", "retire", "restore", "split", "merge"]),
        st.integers(0, 5),
        tempi,
        st.integers(3, 9),
    ),
    max_size=6,
)


def play(conn: sa.Connection, mossa: Mossa) -> Atto | None:
    """Do a move on some building that stands; None if the registry refuses it."""
    name, which, day, piani = mossa
    ids = sorted(seen(conn, "id", day) or [1])
    target, mate = ids[which % len(ids)], ids[(which + 1) % len(ids)]
    acts: dict[str, Callable[[], Atto]] = {
        "correct": lambda: edificio.correct(conn, DETERMINA, target, day, {"piani": piani}),
        "change": lambda: edificio.change(conn, DETERMINA, target, day, {"piani": piani}),
        "retire": lambda: edificio.retire(conn, DETERMINA, target, day),
        "restore": lambda: edificio.restore(conn, DETERMINA, target, day),
        "split": lambda: divisione.split(conn, DETERMINA, target, day, halves()),
        "merge": lambda: divisione.merge(conn, DETERMINA, [target, mate], day, {}),
    }
    try:
        with conn.begin_nested():
            return acts[name]()
    except (Conflict, InvalidInput, NotFound):
        return None


@given(mosse)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_backwards_leads_back_step_by_step(conn: sa.Connection, mosse: list[Mossa]) -> None:
    with conn.begin_nested() as story:
        new_edificio(conn, valida_dal=G2020)
        new_edificio(conn, valida_dal=G2022, geometria=rettangolo(60, 5))
        states, done = [knowledge(conn)], []
        for mossa in mosse:
            if (act := play(conn, mossa)) is not None:
                done.append(act)
                states.append(knowledge(conn))
        for act, before in zip(reversed(done), reversed(states[:-1]), strict=True):
            annullamento.undo(conn, DETERMINA, act.registrazione)
            assert knowledge(conn) == before
        story.rollback()


def test_what_a_later_act_rests_on_stays(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    first = edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    second = edificio.change(conn, DETERMINA, casa, G2024, {"piani": 4})
    with pytest.raises(Conflict, match=f"si basa l'atto {second.registrazione}"):
        annullamento.undo(conn, DETERMINA, first.registrazione)
    annullamento.undo(conn, DETERMINA, second.registrazione)
    annullamento.undo(conn, DETERMINA, first.registrazione)
    assert seen(conn, "piani", G2024) == {casa: 2}


def test_days_on_which_a_later_act_speaks_are_not_taken_back(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    edificio.retire(conn, DETERMINA, casa, G2022)
    back = edificio.restore(conn, DETERMINA, casa, G2024)
    later = edificio.change(conn, DETERMINA, casa, G2025, {"piani": 3})
    with pytest.raises(Conflict, match=f"si basa l'atto {later.registrazione}"):
        annullamento.undo(conn, DETERMINA, back.registrazione)


def test_a_created_building_in_use_stays(conn: sa.Connection) -> None:
    street = new_odonimo(conn)
    made = edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 500))})
    (casa,) = made.nuovi
    new = indirizzo.NuovoCivico(street, 7)
    used = indirizzo.assign(conn, DETERMINA, G2022, new, casa)
    with pytest.raises(Conflict, match=str(used.registrazione)):
        annullamento.undo(conn, DETERMINA, made.registrazione)


def test_a_building_does_not_come_back_where_a_later_act_put_another(
    conn: sa.Connection,
) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    gone = edificio.retire(conn, DETERMINA, casa, G2022)
    new = edificio.create(conn, DETERMINA, G2024, {"geometria": wkb(rettangolo(6, 6, 18, 8))})
    refused = pytest.raises(Conflict, match=f"si basa l'atto {new.registrazione}")
    with refused, conn.begin_nested():
        annullamento.undo(conn, DETERMINA, gone.registrazione)
    annullamento.undo(conn, DETERMINA, new.registrazione)
    annullamento.undo(conn, DETERMINA, gone.registrazione)
    assert list(seen(conn, "id", G2025)) == [casa]


def test_a_judgement_on_a_created_building_keeps_it(conn: sa.Connection) -> None:
    made = edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 500))})
    judged = new_registrazione(conn, causa="giudizio")
    new_legame(conn, "edificio_particella", made.nuovi[0], 5, nota_da=judged)
    with pytest.raises(Conflict, match=str(judged)):
        annullamento.undo(conn, DETERMINA, made.registrazione)


def test_computed_links_of_what_nobody_knows_any_more_go(conn: sa.Connection) -> None:
    made = edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 500))})
    computed = new_registrazione(conn, causa="calcolo")
    new_legame(conn, "edificio_particella", made.nuovi[0], 5, nota_da=computed)
    annullamento.undo(conn, DETERMINA, made.registrazione)
    open_links = sa.select(sa.func.count()).where(legame.c.nota_fino.is_(None))
    assert conn.execute(open_links).scalar_one() == 0


def test_an_act_is_undone_once_and_an_undo_never(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    done = edificio.retire(conn, DETERMINA, casa, G2022)
    undone = annullamento.undo(conn, DETERMINA, done.registrazione)
    with pytest.raises(Conflict, match="già stato annullato"):
        annullamento.undo(conn, DETERMINA, done.registrazione)
    with pytest.raises(Conflict, match="ripeti"):
        annullamento.undo(conn, DETERMINA, undone.registrazione)
    with pytest.raises(NotFound):
        annullamento.undo(conn, DETERMINA, 10**9)


def test_knowledge_keeps_the_mistake_and_its_undo(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    done = edificio.retire(conn, DETERMINA, casa, G2022)
    undone = annullamento.undo(conn, DETERMINA, done.registrazione)
    moments = [done.registrazione - 1, done.registrazione, undone.registrazione]
    assert [list(seen(conn, "id", G2024, n)) for n in moments] == [[casa], [], [casa]]
    g = genealogia.c
    known = conn.execute(sa.select(g.tipo).where(g.nota_fino.is_(None))).all()
    assert known == []


def test_acts_are_listed_latest_first_by_object(conn: sa.Connection) -> None:
    casa, other = new_edificio(conn), new_edificio(conn, geometria=rettangolo(60, 5))
    first = edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    edificio.change(conn, DETERMINA, other, G2022, {"piani": 3})
    last = edificio.change(conn, DETERMINA, casa, G2024, {"piani": 4})
    numbers = [act.registrazione for act in atto.search(conn, COMUNE, oggetto=casa)]
    assert numbers == [last.registrazione, first.registrazione]
    page = atto.search(conn, COMUNE, prima_di=last.registrazione, limite=1)
    assert [act.oggetti for act in page] == [(other,)]

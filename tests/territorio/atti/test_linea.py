"""The office's line of an object against a painter who does it by hand, day by day."""

from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territorio import atto
from territorio.atti import edificio, linea
from territorio.prevalenza import UFFICIO
from territorio.tables import FATTI
from tests.factories import new_comune, new_edificio, new_identita
from tests.factory_defaults import COMUNE, DEFAULTS
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022, G2024, seen

START = date(2020, 1, 1)
DAYS = range(-1, 12)

tratto = st.tuples(
    st.none() | st.integers(0, 10),
    st.none() | st.integers(0, 10),
    st.none() | st.integers(1, 9),
).filter(lambda t: t[0] is None or t[1] is None or t[0] < t[1])


def day(n: int | None) -> date | None:
    return None if n is None else START + timedelta(days=n)


@given(st.lists(tratto, max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_last_word_on_each_day_counts(
    conn: sa.Connection, tratti: list[tuple[int | None, int | None, int | None]]
) -> None:
    e = FATTI["edificio"]
    said = {k: v for k, v in DEFAULTS["edificio"].items() if k != "geometria"}
    picture: dict[int, int | None] = {}
    with conn.begin_nested() as story:
        new_comune(conn)
        casa = new_identita(conn, "edificio")
        for dal, al, piani in tratti:
            corso = atto.begin(conn, DETERMINA, "variazione", START, {})
            values = None if piani is None else {**said, "piani": piani}
            linea.paint(conn, corso, e, casa, day(dal), day(al), values)
            for n in DAYS:
                if (dal is None or dal <= n) and (al is None or n < al):
                    picture[n] = piani
        rows = linea.office_rows(conn, e, COMUNE, casa)
        for n in DAYS:
            now = START + timedelta(days=n)
            found = [
                row.piani
                for row in rows
                if (row.valida_dal is None or row.valida_dal <= now)
                and (row.valida_al is None or now < row.valida_al)
            ]
            wanted = picture.get(n)
            assert found == ([] if wanted is None else [wanted])
        story.rollback()


def test_a_word_on_the_past_does_not_grow_when_the_office_speaks_again(
    conn: sa.Connection,
) -> None:
    casa = new_edificio(conn, valida_dal=G2020, valida_al=G2022, piani=1)
    new_edificio(conn, id=casa, valida_dal=G2022, piani=2)
    edificio.correct(conn, DETERMINA, casa, G2020, {"piani": 7})
    edificio.change(conn, DETERMINA, casa, G2024, {"piani": 9})
    assert [seen(conn, "piani", d)[casa] for d in (G2020, G2022, G2024)] == [7, 2, 9]
    c = FATTI["edificio"].c
    kept = conn.execute(
        sa.select(sa.func.count()).where(c.fonte == UFFICIO, c.nota_fino.is_not(None))
    ).scalar_one()
    assert kept == 0

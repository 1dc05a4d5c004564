"""Acts on buildings: what they say from when, and what was known before them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from shapely.geometry import Polygon

from territorio import atto
from territorio.atti import divisione, edificio
from territorio.atto import Provvedimento
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.schema import genealogia
from territorio.tables import FATTI
from territorio.vigenza import today
from tests.factories import new_comune, new_edificio, new_odonimo
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.atti.racconto import (
    DETERMINA,
    G2020,
    G2022,
    G2024,
    G2025,
    seen,
    wkb,
)


@pytest.fixture
def casa(conn: sa.Connection) -> int:
    """Return a building of two floors, as a delivery tells since 2020."""
    return new_edificio(conn, valida_dal=G2020, piani=2)


def test_a_building_is_created_from_its_day_on(conn: sa.Connection) -> None:
    new_comune(conn)
    done = edificio.create(
        conn, DETERMINA, G2022, {"piani": 3, "geometria": wkb(rettangolo(100, 100, 10, 10))}
    )
    (new,) = done.nuovi
    assert seen(conn, "piani", G2022) == {new: 3}
    assert seen(conn, "piani", date(2022, 5, 31)) == {}
    assert seen(conn, "piani", G2022, noto_al=done.registrazione - 1) == {}
    assert (done.autore, done.atto, done.motivo) == (
        "geom. Verdi",
        "Determina 45/2025",
        "sopralluogo",
    )


def test_no_act_speaks_of_days_to_come(conn: sa.Connection, casa: int) -> None:
    with pytest.raises(InvalidInput, match=r"giorno: .* deve ancora venire"):
        edificio.change(conn, DETERMINA, casa, today() + timedelta(days=1), {"piani": 3})
    edificio.change(conn, DETERMINA, casa, today(), {"piani": 3})


def test_two_buildings_do_not_claim_one_place(conn: sa.Connection, casa: int) -> None:
    with pytest.raises(Conflict, match="c'è già l'edificio"):
        edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(6, 6, 10, 8))})
    # Before it was there the place was free.
    edificio.create(conn, DETERMINA, date(2019, 1, 1), {"geometria": wkb(rettangolo(6, 6, 10, 8))})


def test_no_act_puts_a_building_where_another_stands(conn: sa.Connection, casa: int) -> None:
    other = new_edificio(conn, valida_dal=G2020, geometria=rettangolo(105, 5, 20, 10))
    there = {"geometria": wkb(rettangolo(106, 6, 18, 8))}
    for act in (edificio.change, edificio.correct):
        with pytest.raises(Conflict, match="c'è già l'edificio"):
            act(conn, DETERMINA, casa, G2022, there)
    edificio.retire(conn, DETERMINA, other, G2022)
    edificio.create(conn, DETERMINA, G2024, there)
    with pytest.raises(Conflict, match="c'è già l'edificio"):
        edificio.restore(conn, DETERMINA, other, G2025)


def test_an_outline_is_mended_though_sources_drew_two_in_one_place(
    conn: sa.Connection, casa: int
) -> None:
    new_edificio(conn, valida_dal=G2020, geometria=rettangolo(6, 6, 18, 8))
    edificio.correct(conn, DETERMINA, casa, G2022, {"geometria": wkb(rettangolo(5, 5, 20, 11))})


def test_a_correction_holds_on_the_days_of_the_error(conn: sa.Connection, casa: int) -> None:
    done = edificio.correct(conn, DETERMINA, casa, G2024, {"piani": 4})
    assert seen(conn, "piani", G2020) == {casa: 4}
    assert seen(conn, "piani", G2025) == {casa: 4}
    assert seen(conn, "piani", G2025, noto_al=done.registrazione - 1) == {casa: 2}
    assert seen(conn, "uso", G2025) == {casa: "0101"}
    assert atto.rectified(conn, [casa])
    assert atto.rectified(conn, [casa], done.registrazione - 1)
    assert not atto.rectified(conn, [casa], done.registrazione)


def test_a_change_holds_from_its_day(conn: sa.Connection, casa: int) -> None:
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    assert seen(conn, "piani", date(2022, 5, 31)) == {casa: 2}
    assert seen(conn, "piani", G2022) == {casa: 3}
    assert seen(conn, "piani", G2025) == {casa: 3}
    assert not atto.rectified(conn, [casa])


def test_what_the_delivery_said_stays_beside_it(conn: sa.Connection, casa: int) -> None:
    before = delivered(conn)
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    edificio.correct(conn, DETERMINA, casa, G2020, {"piani": 1})
    edificio.retire(conn, DETERMINA, casa, G2025)
    assert before
    assert delivered(conn) == before


def delivered(conn: sa.Connection) -> list[tuple[object, ...]]:
    e = FATTI["edificio"]
    rows = conn.execute(
        sa.select(e.c.versione, e.c.valida_al, e.c.nota_fino).where(e.c.fonte == "prova")
    )
    return [tuple(row) for row in rows]


def test_a_correction_of_the_past_leaves_the_later_change(conn: sa.Connection, casa: int) -> None:
    edificio.change(conn, DETERMINA, casa, G2024, {"piani": 3})
    edificio.correct(conn, DETERMINA, casa, G2022, {"piani": 1})
    assert [seen(conn, "piani", day)[casa] for day in (G2020, G2022, G2024, G2025)] == [1, 1, 3, 3]


def test_a_change_in_the_past_ends_where_the_next_begins(conn: sa.Connection, casa: int) -> None:
    edificio.change(conn, DETERMINA, casa, G2024, {"piani": 5})
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    assert [seen(conn, "piani", day)[casa] for day in (G2020, G2022, G2024)] == [2, 3, 5]


def test_two_changes_on_one_day_leave_the_second(conn: sa.Connection, casa: int) -> None:
    first = edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 4})
    assert seen(conn, "piani", G2022) == {casa: 4}
    assert seen(conn, "piani", G2022, noto_al=first.registrazione) == {casa: 3}


def test_a_change_does_not_outlive_the_building(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, valida_al=G2024)
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    assert seen(conn, "piani", G2022) == {casa: 3}
    assert seen(conn, "piani", G2024) == {}


def test_a_retired_building_is_gone_from_its_day(conn: sa.Connection, casa: int) -> None:
    edificio.retire(conn, DETERMINA, casa, G2024)
    assert list(seen(conn, "id", G2022)) == [casa]
    assert seen(conn, "id", G2024) == {}
    with pytest.raises(Conflict, match="non c'è"):
        edificio.change(conn, DETERMINA, casa, G2025, {"piani": 3})


def test_a_retired_building_comes_back(conn: sa.Connection, casa: int) -> None:
    edificio.retire(conn, DETERMINA, casa, G2022)
    edificio.restore(conn, DETERMINA, casa, G2024)
    assert [list(seen(conn, "id", day)) for day in (G2020, G2022, G2024)] == [[casa], [], [casa]]
    with pytest.raises(Conflict, match="c'è già"):
        edificio.restore(conn, DETERMINA, casa, G2025)


def test_what_a_source_ended_comes_back_as_it_was(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, valida_al=G2022, piani=7)
    edificio.restore(conn, DETERMINA, casa, G2024)
    assert seen(conn, "piani", G2024) == {casa: 7}
    assert seen(conn, "piani", G2022) == {}


def test_a_building_splits_into_its_parts(conn: sa.Connection, casa: int) -> None:
    parts: list[dict[str, object]] = [
        {"geometria": wkb(rettangolo(5, 5, 10, 10)), "piani": 1},
        {"geometria": wkb(rettangolo(15, 5, 10, 10))},
    ]
    done = divisione.split(conn, DETERMINA, casa, G2022, parts)
    first, second = sorted(done.nuovi, key=lambda n: seen(conn, "piani", G2022)[n] != 1)
    assert seen(conn, "piani", G2022) == {first: 1, second: 2}
    assert list(seen(conn, "id", date(2022, 5, 31))) == [casa]
    assert lineage(conn) == {("divisione", casa, first), ("divisione", casa, second)}
    with pytest.raises(Conflict, match="Al posto"):
        edificio.restore(conn, DETERMINA, casa, G2024)


def test_buildings_merge_into_one(conn: sa.Connection, casa: int) -> None:
    annex = new_edificio(conn, valida_dal=G2020, geometria=rettangolo(25, 5, 10, 10), piani=1)
    done = divisione.merge(conn, DETERMINA, [casa, annex], G2022, {"anno": 2022})
    (new,) = done.nuovi
    assert seen(conn, "anno", G2022) == {new: 2022}
    assert seen(conn, "uso", G2022) == {new: "0101"}
    assert seen(conn, "piani", G2022) == {new: None}  # two said 2 and 1
    area = seen(conn, "area_mq", G2022)[new]
    assert float(str(area)) == pytest.approx(300, abs=1)
    assert lineage(conn) == {("fusione", casa, new), ("fusione", annex, new)}


def lineage(conn: sa.Connection) -> set[tuple[str, int, int]]:
    g = genealogia.c
    rows = conn.execute(sa.select(g.tipo, g.da, g.a).where(g.nota_fino.is_(None)))
    return {(row.tipo, row.da, row.a) for row in rows}


@pytest.mark.parametrize(
    "parts",
    [
        [rettangolo(5, 5, 20, 10)],
        [rettangolo(5, 5, 15, 10), rettangolo(10, 5, 15, 10)],
        [rettangolo(5, 5, 10, 10), None],
    ],
    ids=["one part", "overlapping", "without outline"],
)
def test_parts_that_are_none_are_refused(
    conn: sa.Connection, casa: int, parts: list[Polygon | None]
) -> None:
    asked: list[dict[str, object]] = [
        {} if part is None else {"geometria": wkb(part)} for part in parts
    ]
    with pytest.raises(InvalidInput):
        divisione.split(conn, DETERMINA, casa, G2022, asked)


def test_a_part_lies_in_the_building(conn: sa.Connection, casa: int) -> None:
    far: list[dict[str, object]] = [
        {"geometria": wkb(rettangolo(5, 5, 10, 10))},
        {"geometria": wkb(rettangolo(400, 5, 10, 10))},
    ]
    with pytest.raises(Conflict, match="fuori"):
        divisione.split(conn, DETERMINA, casa, G2022, far)


@pytest.mark.parametrize(
    "campi",
    [
        {"piani": 2},
        {"stato": "cessato"},
        {"area_mq": 3},
        {"geometria": None},
        {"geometria": wkb(rettangolo(0, 0, 1, 1).boundary)},
        {"geometria": wkb(rettangolo(0, 0, 1, 1).buffer(90))},
    ],
    ids=[
        "nothing new",
        "retire by the back door",
        "computed",
        "no outline",
        "a line",
        "not in Italy",
    ],
)
def test_what_cannot_be_said_is_refused(
    conn: sa.Connection, casa: int, campi: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        edificio.change(conn, DETERMINA, casa, G2022, campi)


def test_another_municipality_has_no_such_building(conn: sa.Connection, casa: int) -> None:
    other = Provvedimento("Z999", "geom. Verdi", "Determina 1", "prova")
    acts: list[Callable[[], object]] = [
        lambda: edificio.retire(conn, other, casa, G2022),
        lambda: edificio.restore(conn, other, casa, G2022),
        lambda: edificio.correct(conn, other, casa, G2022, {"piani": 3}),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        edificio.retire(conn, DETERMINA, new_odonimo(conn), G2022)


@pytest.mark.parametrize("missing", ["autore", "atto", "motivo"])
def test_an_act_has_author_reference_and_reason(missing: str) -> None:
    said = {"autore": "geom. Verdi", "atto": "Determina 1", "motivo": "prova", missing: " "}
    with pytest.raises(InvalidInput, match=missing):
        Provvedimento(COMUNE, **said)

"""What an operator may say of a building, and where it may be drawn."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from shapely.geometry import Point, box

from territorio.atti import annullamento, divisione, edificio, indirizzo
from territorio.atti.indirizzo import NuovoCivico
from territorio.errors import InvalidInput
from territorio.vigenza import today
from tests.factories import new_comune, new_confine, new_edificio, new_odonimo
from tests.factory_defaults import rettangolo
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022, G2024, seen, wkb

ROMA = box(12.49, 41.89, 12.4901, 41.8901)
WRONG: list[tuple[str, object]] = [
    ("uso", "zzzz"),
    ("uso", "13"),
    ("uso", "0101x"),
    ("uso", 101),
    ("tipo", "26"),
    ("stato", "04"),
    ("piani", True),
    ("piani", 2.5),
    ("piani", 201),
    ("altezza_m", False),
    ("altezza_m", Decimal(501)),
    ("altezza_m", Decimal(-1)),
    ("anno", 999),
    ("anno", today().year + 1),
]


@pytest.mark.parametrize(("campo", "valore"), WRONG, ids=str)
def test_a_value_no_building_can_have_is_refused_by_its_field(
    conn: sa.Connection, campo: str, valore: object
) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    for act in (edificio.change, edificio.correct):
        with pytest.raises(InvalidInput, match=f"^{campo}: ") as refused:
            act(conn, DETERMINA, casa, G2022, {campo: valore})
        assert refused.value.campo == campo


@pytest.mark.parametrize(
    ("campo", "valore"),
    [
        ("uso", "100104"),
        ("uso", "93"),
        ("tipo", "0305"),
        ("stato", "01"),
        ("piani", 0),
        ("altezza_m", Decimal("12.50")),
        ("anno", today().year),
        ("anno", 1000),
        ("uso", None),
    ],
)
def test_what_a_building_can_be_is_written(conn: sa.Connection, campo: str, valore: object) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    edificio.change(conn, DETERMINA, casa, G2022, {campo: valore})
    assert seen(conn, campo, G2022) == {casa: valore}


def test_no_building_is_drawn_far_from_the_boundary(conn: sa.Connection) -> None:
    new_confine(conn, valida_dal=G2020)
    casa = new_edificio(conn, valida_dal=G2020)
    there = {"geometria": wkb(rettangolo(7000, 0))}
    with pytest.raises(InvalidInput, match=r"^geometria: è fuori dal comune, a 2,0 km dal suo"):
        edificio.create(conn, DETERMINA, G2022, there)
    for act in (edificio.change, edificio.correct):
        with pytest.raises(InvalidInput, match="dal suo confine"):
            act(conn, DETERMINA, casa, G2022, there)
    two = [new_edificio(conn, valida_dal=G2020, geometria=rettangolo(n, 500)) for n in (0, 10)]
    with pytest.raises(InvalidInput, match="dal suo confine"):
        divisione.merge(conn, DETERMINA, two, G2022, there)
    # The boundary is generalised: a house just over it is one of the municipality's.
    made = edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(5300, 0))})
    annullamento.undo(conn, DETERMINA, made.registrazione)
    assert set(seen(conn, "piani", G2022)) == {casa, *two}


def test_no_part_of_an_outline_is_far(conn: sa.Connection) -> None:
    new_confine(conn, valida_dal=G2020)
    with pytest.raises(InvalidInput, match="è fuori dal comune"):
        edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 0, 9000, 5))})


def test_no_door_is_far_from_the_boundary(conn: sa.Connection) -> None:
    new_confine(conn, valida_dal=G2020)
    street = new_odonimo(conn)
    with pytest.raises(InvalidInput, match=r"^punto: è fuori dal comune, a \d+,\d km"):
        indirizzo.assign(conn, DETERMINA, G2022, NuovoCivico(street, 7, punto=wkb(Point(12, 42))))
    indirizzo.assign(conn, DETERMINA, G2022, NuovoCivico(street, 7, punto=wkb(Point(11, 44))))


def test_without_a_boundary_what_is_held_tells_the_place(conn: sa.Connection) -> None:
    new_comune(conn)
    made = edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 0))})
    with pytest.raises(InvalidInput, match="da ciò che il registro ne ha già"):
        edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(ROMA)})
    edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(30_000, 0))})
    annullamento.undo(conn, DETERMINA, made.registrazione)


def test_a_building_that_sources_put_outside_may_be_mended(conn: sa.Connection) -> None:
    new_confine(conn, valida_dal=G2020)
    away = new_edificio(conn, valida_dal=G2020, geometria=rettangolo(9000, 0, 20, 10))
    edificio.correct(conn, DETERMINA, away, G2022, {"geometria": wkb(rettangolo(9000, 0, 20, 12))})
    parts: list[dict[str, object]] = [
        {"geometria": wkb(rettangolo(e, 0, 10, 12))} for e in (9000, 9010)
    ]
    made = divisione.split(conn, DETERMINA, away, G2024, parts)
    divisione.merge(conn, DETERMINA, made.nuovi, date(2025, 1, 1), {})

"""Tiles: the right things at the right zoom, on the right day, for everybody to see."""

import math
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from maps import tile
from maps.layer import BASE
from territorio import db, densita, disegno, search
from territorio.errors import InvalidInput
from territorio.geometry import tile_box
from territorio.tables import metadata
from territorio.vigenza import Quando
from tests import factories as f
from tests.factory_defaults import ORIGINE, punto, rettangolo
from tests.maps import mvt
from tests.maps.mvt import Feature
from tests.territorio.casa import NOMI, new_casa

OGGI = Quando(date(2025, 6, 1))
TUTTI = tuple(sorted(tile.NOMI))


def square(
    z: int, lon: float = ORIGINE[0] + 0.0002, lat: float = ORIGINE[1] + 0.0001
) -> tuple[int, int, int]:
    """Return the square of a zoom that holds a place."""
    n = 2**z
    turned = math.asinh(math.tan(math.radians(lat)))
    return z, int((lon + 180) / 360 * n), int((1 - turned / math.pi) / 2 * n)


def look(
    conn: sa.Connection, z: int, strati: tuple[str, ...] = TUTTI, quando: Quando = OGGI
) -> dict[str, list[Feature]]:
    return mvt.read(tile.tile(conn, strati, *square(z), quando))


def test_close_up_everything_is_there_with_its_identity(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    f.new_confine(conn)
    f.new_foglio(conn)
    layers = look(conn, 16)
    assert set(layers) == {
        "zone_urbanistiche",
        "particelle",
        "edifici",
        "vincoli",
        "aree_pericolosita",
        "fogli",
        "comuni",
        "particelle_punti",
        "civici",
    }
    assert [x.id for x in layers["edifici"]] == [casa.edificio]
    assert layers["edifici"][0].valori == {"classe": "residenziale"}
    assert [x.id for x in layers["particelle"]] == [casa.particella]
    assert [x.valori for x in layers["civici"]] == [{"testo": "12/A"}]
    assert [x.valori for x in layers["particelle_punti"]] == [{"testo": "10"}]
    assert layers["vincoli"][0].valori == {"classe": "rispetto"}
    assert layers["aree_pericolosita"][0].valori == {"classe": "frana_p3"}
    assert layers["zone_urbanistiche"][0].valori == {"classe": "B", "testo": "B2"}


def test_an_outline_is_where_it_should_be(conn: sa.Connection) -> None:
    f.new_civico(conn)
    place = punto(15, 10)
    z, x, y = square(16)
    feature = look(conn, 16, ("civici",))["civici"][0]
    box = tile_box(z, x, y)
    expected = (place.x - box.ovest) / (box.est - box.ovest) * 4096
    assert feature.inizio[0] == pytest.approx(expected, abs=1)
    height = (box.nord - place.y) / (box.nord - box.sud) * 4096
    assert feature.inizio[1] == pytest.approx(height, abs=2)


@pytest.mark.parametrize(
    ("z", "names"),
    [
        (5, {"comuni"}),
        (
            13,
            {
                "comuni",
                "fogli",
                "fogli_punti",
                "zone_urbanistiche",
                "vincoli",
                "aree_pericolosita",
                "conteggi",
            },
        ),
        (
            14,
            {
                "comuni",
                "fogli",
                "fogli_punti",
                "zone_urbanistiche",
                "vincoli",
                "aree_pericolosita",
                "particelle",
                "edifici",
            },
        ),
    ],
)
def test_from_afar_there_are_no_single_buildings(
    conn: sa.Connection, z: int, names: set[str]
) -> None:
    new_casa(conn)
    f.new_confine(conn, geometria=rettangolo(-20_000, -20_000, 40_000, 40_000))
    f.new_foglio(conn)
    search.refresh(conn, "X999")
    disegno.refresh(conn, "X999")
    densita.refresh(conn, "X999")
    assert set(look(conn, z)) == names


def test_counts_add_up_to_the_buildings_of_the_day(conn: sa.Connection) -> None:
    for n in range(5):
        f.new_edificio(conn, geometria=rettangolo(n * 20, 0), valida_dal=date(2020, 1, 1))
    f.new_edificio(conn, geometria=rettangolo(0, 40), valida_al=date(2024, 1, 1))
    twice = f.new_edificio(conn, geometria=rettangolo(0, 80))
    f.new_edificio(conn, id=twice, fonte="altra", geometria=rettangolo(1, 80))
    gone = f.new_edificio(conn, geometria=rettangolo(0, 120))
    f.new_edificio(
        conn, id=gone, fonte="ufficio", stato="cessato", geometria=None, valida_dal=date(2025, 1, 1)
    )
    densita.refresh(conn, "X999")

    def total(day: date) -> int:
        features = look(conn, 12, ("conteggi",), Quando(day)).get("conteggi", [])
        return sum(feature.valori["edifici"] for feature in features)

    assert [total(date(y, 6, 1)) for y in (2019, 2023, 2024, 2025)] == [3, 8, 7, 6]


def test_a_square_is_as_of_its_day(conn: sa.Connection) -> None:
    old = f.new_edificio(conn, valida_al=date(2024, 1, 1))
    new = f.new_edificio(conn, valida_dal=date(2024, 1, 1))

    def ids(day: date) -> list[int]:
        return [x.id for x in look(conn, 16, ("edifici",), Quando(day))["edifici"]]

    assert ids(date(2023, 12, 31)) == [old]
    assert ids(date(2024, 1, 1)) == [new]


def test_the_word_of_the_office_is_drawn_and_no_other(conn: sa.Connection) -> None:
    moved = f.new_edificio(conn, provvisorio=True)
    f.new_edificio(conn, id=moved, fonte="ufficio", uso="0801", geometria=rettangolo(12, 5))
    retired = f.new_edificio(conn)
    f.new_edificio(conn, id=retired, fonte="ufficio", stato="cessato", geometria=None)
    drawn = look(conn, 16, ("edifici",))["edifici"]
    assert [(x.id, x.valori["classe"]) for x in drawn] == [(moved, "produttivo")]


def test_the_certain_outline_is_drawn_before_the_provisional(conn: sa.Connection) -> None:
    number = f.new_edificio(conn, fonte="aggregati", provvisorio=True)
    f.new_edificio(conn, id=number, fonte="dbt")
    drawn = look(conn, 16, ("edifici",))["edifici"]
    assert [x.valori["classe"] for x in drawn] == ["residenziale"]


def test_what_a_square_cuts_is_labelled_once(conn: sa.Connection) -> None:
    box = tile_box(*square(16))
    edge = (box.est - ORIGINE[0]) * 80_000
    f.new_particella(conn, geometria=rettangolo(edge - 15, 0, 40, 30))
    z, x, y = square(16)
    labels = [
        feature
        for step in (-1, 0, 1)
        for feature in mvt.read(tile.tile(conn, ("particelle_punti",), z, x + step, y, OGGI)).get(
            "particelle_punti", []
        )
    ]
    outlines = [
        step
        for step in (-1, 0, 1)
        if mvt.read(tile.tile(conn, ("particelle",), z, x + step, y, OGGI))
    ]
    assert len(outlines) == 2
    assert len(labels) == 1


def test_an_empty_square_is_empty(conn: sa.Connection) -> None:
    assert tile.tile(conn, TUTTI, *square(16, 12.0, 45.0), OGGI) == b""


@pytest.mark.parametrize("strati", [(), ("persone",), ("edifici", "'; DROP TABLE")])
def test_a_layer_that_does_not_exist_is_refused(
    conn: sa.Connection, strati: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput):
        tile.tile(conn, strati, 16, 0, 0, OGGI)


@pytest.mark.parametrize(("z", "x", "y"), [(1, 2, 0), (1, 0, -1), (-1, 0, 0), (23, 0, 0)])
def test_a_square_that_does_not_exist_is_refused(
    conn: sa.Connection, z: int, x: int, y: int
) -> None:
    with pytest.raises(InvalidInput):
        tile.tile(conn, ("edifici",), z, x, y, OGGI)


def test_every_layer_of_the_map_can_be_asked_for() -> None:
    assert set(BASE) <= tile.NOMI


@pytest.fixture
def public(fresh_url: str) -> Iterator[sa.Connection]:
    """Connect as the public does, to a house that somebody lives in."""
    owner = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(owner) as conn:
        new_casa(conn)
        f.new_foglio(conn)
        search.refresh(conn, "X999")
        disegno.refresh(conn, "X999")
        densita.refresh(conn, "X999")
    engine = db.engine(fresh_url, db.Role.PUBBLICO)
    with engine.connect() as conn:
        yield conn
    engine.dispose()
    owner.dispose()


def test_the_public_role_draws_the_map_and_meets_no_person(public: sa.Connection) -> None:
    for z in (10, 13, 14, 16):
        made = tile.tile(public, TUTTI, *square(z), OGGI)
        assert made
        for name in NOMI:
            assert name.encode() not in made


@pytest.mark.parametrize(
    "name", ["persone.soggetto", "persone.ricerca", "registro.edificio", "registro.legame"]
)
def test_the_public_role_reads_views_only(public: sa.Connection, name: str) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        public.execute(sa.select(sa.func.count()).select_from(metadata.tables[name]))


def test_no_public_view_reads_persons(conn: sa.Connection) -> None:
    views = conn.execute(
        sa.text("SELECT viewname, definition FROM pg_views WHERE schemaname = 'pubblico'")
    ).all()
    assert len(views) >= 10
    for name, definition in views:
        assert "persone." not in definition, name

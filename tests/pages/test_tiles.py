"""Squares of the map by HTTP: drawn once for a state of the data, the same to everybody."""

import gzip

import httpx
import pytest

from maps import tile
from territorio import db, registrazione
from territorio.config import Settings
from territorio.vigenza import Quando, today
from tests.factory_defaults import COMUNE
from tests.maps import mvt
from tests.pages.town import Town

ADDRESS = "/tiles/edifici,particelle/{z}/{x}/{y}.mvt"
# Squares that hold the town's origin, 11° east and 44° north.
SQUARE = ADDRESS.format(z=16, x=34770, y=23829)
LARGE = 15, 17385, 11914


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Note the squares that are drawn."""
    seen: list[tuple[str, ...]] = []
    drawing = tile.drawing

    def noted(strati, *place):  # type: ignore[no-untyped-def]
        seen.append(strati)
        return drawing(strati, *place)

    monkeypatch.setattr(tile, "drawing", noted)
    return seen


def change(settings: Settings) -> None:
    """Register a change, whatever it is."""
    assert settings.database_url is not None
    engine = db.engine(settings.database_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        registrazione.begin(conn, "calcolo", autore="prova", comune=COMUNE)
    engine.dispose()


def test_a_square_is_drawn_once_until_something_changes(
    http: httpx.Client, town_settings: tuple[Settings, Town], drawn: list[tuple[str, ...]]
) -> None:
    change(town_settings[0])
    first = http.get(SQUARE)
    assert (first.status_code, len(drawn)) == (200, 1)
    again = http.get(SQUARE)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert len(drawn) == 1
    # A day of its own, layers of its own.
    http.get(SQUARE, params={"alla_data": "2001-01-01"})
    http.get(SQUARE.replace("edifici,", ""))
    assert len(drawn) == 3
    change(town_settings[0])
    assert http.get(SQUARE).content == first.content
    assert len(drawn) == 4


def test_a_square_drawn_in_parts_is_the_same(
    http: httpx.Client, town_settings: tuple[Settings, Town], drawn: list[tuple[str, ...]]
) -> None:
    strati = ("particelle", "edifici")
    z, x, y = LARGE
    change(town_settings[0])
    http.get(ADDRESS.format(z=16, x=1, y=1))  # from now on two connections stand ready
    drawn.clear()
    answer = http.get(ADDRESS.format(z=z, x=x, y=y))
    assert drawn == [("particelle",), ("edifici",)]
    assert town_settings[0].database_url is not None
    engine = db.engine(town_settings[0].database_url, db.Role.PUBBLICO)
    with db.transaction(engine) as conn:
        whole = tile.tile(conn, strati, z, x, y, Quando(today()))
    engine.dispose()
    assert set(mvt.read(whole)) == set(strati)
    assert mvt.read(answer.content) == mvt.read(whole)


def test_a_kept_square_is_packed_for_who_can_read_it(http: httpx.Client) -> None:
    z, x, y = LARGE
    address = ADDRESS.format(z=z, x=x, y=y)
    plain = http.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with http.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["vary"]
        assert int(answer.headers["content-length"]) == len(packed)
    assert gzip.decompress(packed) == plain.content
    same = http.get(address, headers={"If-None-Match": plain.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_an_empty_square_is_empty_each_time(
    http: httpx.Client, drawn: list[tuple[str, ...]]
) -> None:
    nowhere = ADDRESS.format(z=16, x=1, y=1)
    assert [http.get(nowhere).status_code for _ in range(3)] == [204] * 3
    assert len(drawn) <= 1

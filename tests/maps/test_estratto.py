"""Extracts are true to scale, small maps show the chosen thing, outlines lie over each other."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyproj import Geod

from maps import estratto
from maps.estratto import Cartiglio
from maps.proiezione import Piano
from maps.svg import Labels, Oggetto, hatch, path
from territorio.errors import InvalidInput

NS = {"s": "http://www.w3.org/2000/svg"}
WORDS = Cartiglio(
    "Edificio <b>", "Borgo & dintorni", date(2025, 12, 31), date(2026, 1, 5), ("AdE",)
)
GEOD = Geod(ellps="GRS80")


def square(lon: float, lat: float, metres: float) -> shapely.Polygon:
    """Return a square by its middle and its side, laid out on the ellipsoid."""
    half = metres / 2
    east = GEOD.fwd(lon, lat, 90, half)[0] - lon
    north = GEOD.fwd(lon, lat, 0, half)[1] - lat
    box: shapely.Polygon = shapely.box(lon - east, lat - north, lon + east, lat + north)
    return box


def parsed(svg: str) -> Any:
    return etree.fromstring(svg)


def outline_size(svg: str) -> tuple[float, float]:
    """Return width and height in millimetres of the outline drawn in red."""
    data = parsed(svg).xpath("//s:path[@stroke='#d40000']/@d", namespaces=NS)[0]
    numbers = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", data)]
    xs, ys = [x for x, _ in numbers], [y for _, y in numbers]
    return max(xs) - min(xs), max(ys) - min(ys)


@given(
    lon=st.floats(6.7, 18.5),
    lat=st.floats(36, 47),
    scala=st.sampled_from(estratto.SCALE),
)
def test_a_hundred_metres_measure_what_the_scale_says(lon: float, lat: float, scala: int) -> None:
    metres = 0.08 * scala
    thing = Oggetto("edifici", square(lon, lat, metres), "altro", scelto=True)
    width, height = outline_size(estratto.true_scale([thing], (lon, lat), scala, WORDS))
    wanted = metres * 1000 / scala
    # A tenth of a millimetre on paper: finer than any ruler.
    assert width == pytest.approx(wanted, abs=0.1)
    assert height == pytest.approx(wanted, abs=0.1)


def test_the_sheet_says_its_size_scale_days_sources_and_classes() -> None:
    things = [
        Oggetto("particelle", square(12.5, 42, 60), "particella", "345"),
        Oggetto("edifici", square(12.5, 42, 20), "residenziale", scelto=True),
        Oggetto("edifici", square(12.6, 42, 20), "produttivo"),
    ]
    svg = estratto.true_scale(things, (12.5, 42), 1000, WORDS)
    root = parsed(svg)
    assert (root.get("width"), root.get("height")) == ("180mm", "250mm")
    words = [text.replace("\u00a0", " ") for text in root.xpath("//s:text/text()", namespaces=NS)]
    assert "Edificio <b>" in words  # written as text, not as markup
    for expected in ("Scala 1:1\u202f000", "Situazione al 31 dicembre 2025", "Fonte: AdE", "N",
                     "Stampato il 5 gennaio 2026", "345", "Residenziale"):  # fmt: skip
        assert expected in words
    assert "Produttivo" not in words  # it lies outside the frame
    assert not root.xpath("//@style")
    assert not root.xpath("//@id")


@pytest.mark.parametrize("scala", [499, 5001, 0, -1000])
def test_other_scales_are_refused(scala: int) -> None:
    with pytest.raises(InvalidInput):
        estratto.true_scale([], (12.5, 42), scala, WORDS)


def test_nothing_is_drawn_outside_the_frame() -> None:
    huge = Oggetto("zone_urbanistiche", square(12.5, 42, 5000), "B")
    data = parsed(estratto.true_scale([huge], (12.5, 42), 1000, WORDS)).xpath(
        "//s:path[@fill='#f7d9a8']/@d", namespaces=NS
    )[0]
    numbers = [float(n) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", data) for n in pair]
    assert min(numbers) >= 0
    assert max(numbers) <= 190


def test_the_small_map_frames_the_chosen_thing() -> None:
    chosen = Oggetto("edifici", square(12.5, 42, 20), "altro", scelto=True)
    far = Oggetto("edifici", square(12.51, 42, 20), "altro")
    svg = estratto.inline_map([chosen, far], "Posizione")
    assert outline_size(svg)[1] == pytest.approx(120 * 20 / 70, abs=0.1)
    assert parsed(svg).findtext("s:title", namespaces=NS) == "Posizione"
    assert parsed(svg).get("role") == "img"


def test_a_chosen_point_has_a_ring() -> None:
    point = Oggetto("civici", shapely.Point(12.5, 42), testo="12", scelto=True)
    rings = parsed(estratto.inline_map([point], "x")).xpath(
        "//s:circle[@stroke='#d40000']", namespaces=NS
    )
    assert len(rings) == 1


def test_two_outlines_old_dashed_new_full() -> None:
    root = parsed(estratto.overlay(square(12.5, 42, 10), square(12.5, 42, 20), "x"))
    new, old = root.xpath("//s:path[contains(@d, 'Z')]", namespaces=NS)
    assert new.get("stroke-dasharray") is None
    assert old.get("stroke-dasharray") == "2 1.2"


def test_a_hatch_lies_inside_its_shape_and_lines_are_a_step_apart() -> None:
    area = shapely.box(0, 0, 10, 10)
    lines = hatch(area, 0, 2.0)
    assert area.buffer(1e-9).covers(lines)
    heights = sorted({round(y, 6) for line in shapely.get_parts(lines) for _, y in line.coords})
    assert len(heights) in {5, 6}
    assert {round(b - a, 6) for a, b in pairwise(heights)} == {2.0}


def test_labels_do_not_lie_over_each_other_or_the_border() -> None:
    labels = Labels(50, 50)
    assert list(labels.write(25, 25, "345", 3, "#000"))
    assert not list(labels.write(25.5, 25.5, "346", 3, "#000"))
    assert not list(labels.write(1, 25, "347", 3, "#000"))


def test_holes_and_parts_are_kept_in_a_path() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    assert path(ring).count("Z") == 2
    assert path(shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)])).count(
        "M"
    ) == 2  # fmt: skip
    assert path(shapely.Polygon()) == ""


@given(lon=st.floats(6.7, 18.5), lat=st.floats(36, 47))
def test_the_plane_gives_back_the_place(lon: float, lat: float) -> None:
    piano = Piano(lon, lat)
    moved = piano.project(shapely.Point(lon + 0.001, lat + 0.001))
    back = piano.locate(moved.x, moved.y)
    assert back == pytest.approx((lon + 0.001, lat + 0.001), abs=1e-9)

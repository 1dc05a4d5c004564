"""What a broken outline becomes: the ground its shell encloses, without its holes."""

import pytest
import shapely

from ingest.forma import _POLYGONAL, repair

QUADRATO = "(0 0, 10 0, 10 10, 0 10, 0 0)"


@pytest.mark.parametrize(
    ("rotta", "area"),
    [
        pytest.param(f"POLYGON({QUADRATO}, (20 20, 21 20, 21 21, 20 21, 20 20))", 100, id="fuori"),
        pytest.param(f"POLYGON({QUADRATO}, (8 8, 12 8, 12 12, 8 12, 8 8))", 96, id="a cavallo"),
        pytest.param(f"POLYGON({QUADRATO}, {QUADRATO})", 100, id="isola uguale al contorno"),
        pytest.param("POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))", 50, id="farfalla"),
        pytest.param("POLYGON((0 0, 10 0, 10 10, 5 0, 0 10, 0 0))", 50, id="tocca se stesso"),
        pytest.param("POLYGON((0 0, 10 0, 10 10, 10 15, 10 10, 0 10, 0 0))", 100, id="spina"),
        pytest.param(
            f"MULTIPOLYGON(({QUADRATO}), ((5 5, 15 5, 15 15, 5 15, 5 5)))", 175, id="sovrapposti"
        ),
        pytest.param(
            f"MULTIPOLYGON(({QUADRATO}, (2 2, 4 2, 4 4, 2 4, 2 2)), ((0 0, 1 1, 2 2, 0 0)))",
            96,
            id="una parte senza area",
        ),
    ],
)
def test_a_broken_polygon_keeps_the_ground_it_encloses(rotta: str, area: float) -> None:
    mended = repair(shapely.from_wkt(rotta))
    assert shapely.is_valid(mended)
    assert shapely.get_type_id(mended) in _POLYGONAL
    assert shapely.area(mended) == pytest.approx(area)


def test_a_polygon_without_area_is_not_lost() -> None:
    mended = repair(shapely.from_wkt("POLYGON((0 0, 1 1, 2 2, 0 0))"))
    assert shapely.is_valid(mended)
    assert not shapely.is_empty(mended)

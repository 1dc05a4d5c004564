"""Cuts that leave no gap and no overlap, to the last square millimetre."""

import math

from hypothesis import given
from hypothesis import strategies as st

from ingest.generatore.poligoni import Anello, Trama, area2, inset, merge


@st.composite
def convex_rings(draw: st.DrawFn) -> Anello:
    """Return points on an ellipse, in millimetres: always convex, sometimes very flat."""
    lati = draw(st.integers(3, 9))
    a, b = draw(st.integers(8_000, 90_000)), draw(st.integers(8_000, 90_000))
    giro = draw(st.floats(0, math.pi))
    anello = []
    for k in range(lati):
        x, y = a * math.cos(2 * math.pi * k / lati), b * math.sin(2 * math.pi * k / lati)
        anello.append(
            (
                round(x * math.cos(giro) - y * math.sin(giro)),
                round(x * math.sin(giro) + y * math.cos(giro)),
            )
        )
    return anello


cuts = st.lists(
    st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6), st.floats(0, math.pi)),
    min_size=1,
    max_size=8,
)


@given(convex_rings(), cuts)
def test_parts_of_a_block_make_the_block_exactly(
    anello: Anello, tagli: list[tuple[float, float, float]]
) -> None:
    trama = Trama()
    parti = [anello]
    for x, y, giro in tagli:
        misura = max(abs(c) for p in anello for c in p)
        parti = [
            pezzo
            for parte in parti
            for pezzo in trama.split(parte, x * misura, y * misura, math.cos(giro), math.sin(giro))
            if pezzo
        ]
    parti = [trama.expand(p) for p in parti]

    assert sum(map(area2, parti)) == area2(trama.expand(anello))
    assert all(area2(p) > 0 for p in parti)


@given(convex_rings(), st.floats(0, math.pi))
def test_two_halves_join_into_what_they_were(anello: Anello, giro: float) -> None:
    trama = Trama()
    a, b = trama.split(anello, 0, 0, math.cos(giro), math.sin(giro))
    if not a or not b:
        return

    intero = merge([trama.expand(a), trama.expand(b)])

    assert set(intero) == set(trama.expand(anello))
    assert area2(intero) == area2(trama.expand(anello))


def test_rings_that_do_not_touch_do_not_join() -> None:
    a = [(0, 0), (10, 0), (10, 10), (0, 10)]
    b = [(50, 0), (60, 0), (60, 10), (50, 10)]

    assert merge([a, b]) == []


@given(convex_rings(), st.floats(500, 3_000))
def test_an_inset_stays_inside_by_its_distance(anello: Anello, distanza: float) -> None:
    interno, origini = inset(anello, [distanza] * len(anello))

    assert len(origini) == len(interno)
    for (ax, ay), (bx, by) in zip([anello[-1], *anello], anello, strict=False):
        lunghezza = math.hypot(bx - ax, by - ay)
        for x, y in interno:
            lontano = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / lunghezza
            assert lontano > distanza - 2


def test_a_street_front_is_told_after_a_cut() -> None:
    trama = Trama()
    anello = [(0, 0), (20_000, 0), (20_000, 10_000), (0, 10_000)]
    trama.fronti[((0, 0), (20_000, 0))] = 7

    sinistra, destra = trama.split(anello, 8_000, 0, 0, 1)

    assert trama.facing(sinistra) == {7: 8_000.0}
    assert trama.facing(destra) == {7: 12_000.0}

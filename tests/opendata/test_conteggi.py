"""Counts of persons: from all that is ever shown, no count of 1 to 4 can be worked out."""

from collections import defaultdict
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata.conteggi import CASE, Conto, K, Visibile, protect

Mondo = tuple[int, ...]
Detto = dict[int, Visibile | None]

PICCOLI = set(range(1, K))


def of(mondo: Mondo) -> dict[int, Conto]:
    """Return the counts of a municipality of one person a household, in houses enough."""
    return {n: Conto(count, count, 9, 9) for n, count in enumerate(mondo)}


def known(detto: Detto) -> tuple[object, ...]:
    return tuple(sorted((n, v and (v.residenti, v.famiglie)) for n, v in detto.items()))


@pytest.mark.parametrize("totale", [False, True], ids=["what is shown", "and the true total"])
@pytest.mark.parametrize("sezioni", [2, 3])
def test_no_count_of_one_publication_is_known_to_be_small(sezioni: int, totale: bool) -> None:
    """Every municipality of so many people: what else could it be that shows the same?"""
    most = 27
    worlds: dict[object, list[Mondo]] = defaultdict(list)
    for mondo in product(range(most), repeat=sezioni):
        # Beyond, a world that would show the same might not be among those looked at.
        if sum(mondo) < most:
            said = (known(protect(of(mondo), {})), sum(mondo) if totale else 0)
            worlds[said].append(mondo)
    assert len(worlds) > 5
    for same in worlds.values():
        for n in range(sezioni):
            possible = {mondo[n] for mondo in same}
            if not (totale and sum(same[0]) < K):  # of four people all counts are small
                assert not possible <= PICCOLI, same


def test_no_count_of_two_publications_is_known_to_be_small_nor_a_change() -> None:
    worlds: dict[object, list[tuple[Mondo, Mondo]]] = defaultdict(list)
    for before in product(range(13), repeat=2):
        first = protect(of(before), {})
        for after in product(range(13), repeat=2):
            said = (known(first), known(protect(of(after), first)))
            worlds[said].append((before, after))
    assert len(worlds) > 10
    for same in worlds.values():
        for n in (0, 1):
            for when in (0, 1):
                assert not {pair[when][n] for pair in same} <= PICCOLI
            assert not {abs(after[n] - before[n]) for before, after in same} <= PICCOLI


conti = st.builds(
    lambda famiglie, altri, case, edifici: Conto(famiglie + altri, famiglie, case, edifici),
    st.integers(0, 40),
    st.integers(0, 80),
    st.integers(0, 12),
    st.integers(0, 20),
)
storie = st.integers(1, 8).flatmap(
    lambda n: st.lists(st.lists(conti, min_size=n, max_size=n), min_size=1, max_size=4)
)


def publications(storia: list[list[Conto]]) -> list[Detto]:
    found: list[Detto] = []
    for mondo in storia:
        found.append(protect(dict(enumerate(mondo)), found[-1] if found else {}))
    return found


@given(storie)
def test_nothing_that_is_shown_adds_up_to_a_small_count(storia: list[list[Conto]]) -> None:
    """Along rows, columns, totals and publications: every figure is a multiple of five."""
    detti = publications(storia)
    figures = [
        (f"{when} {n} {name}", value)
        for when, detto in enumerate(detti)
        for n, visibile in detto.items()
        if visibile is not None
        for name, value in (("r", visibile.residenti), ("f", visibile.famiglie))
    ]
    totals = [
        (f"{when} total", sum(v.residenti for v in detto.values() if v is not None))
        for when, detto in enumerate(detti)
    ]
    for (_, a), (_, b) in combinations([*figures, *totals], 2):
        assert abs(a - b) not in PICCOLI
    assert all(value >= K for _, value in figures)


@given(storie)
def test_who_is_few_is_never_shown(storia: list[list[Conto]]) -> None:
    for mondo, detto in zip(storia, publications(storia), strict=True):
        for n, conto in enumerate(mondo):
            shown = detto[n]
            if min(conto.residenti, conto.famiglie) < K or conto.case < CASE:
                assert shown is None
            elif shown is not None:
                assert abs(shown.residenti - conto.residenti) < K
                assert abs(shown.famiglie - conto.famiglie) < K


@given(storie)
def test_the_silent_are_never_alone(storia: list[list[Conto]]) -> None:
    for mondo, detto in zip(storia, publications(storia), strict=True):
        silent = [mondo[n] for n, shown in detto.items() if shown is None]
        if silent and len(silent) < len(mondo):
            assert len(silent) > 1
            assert any(min(c.residenti, c.famiglie) >= K and c.case >= CASE for c in silent), silent


@given(st.lists(st.integers(0, K - 1), min_size=1, max_size=6))
def test_one_person_who_comes_or_goes_is_not_seen(passi: list[int]) -> None:
    """While a count stays near what was shown, what was shown stays."""
    others = [Conto(60, 30, 20, 25)] * 2
    first = protect(dict(enumerate([Conto(50, 20, 15, 20), *others])), {})
    before = first
    for passo in passi:
        now = protect(dict(enumerate([Conto(50 + passo, 20, 15, 20), *others])), before)
        assert now == first
        before = now


def test_who_was_silent_speaks_again_only_well_above_the_threshold() -> None:
    others = {1: Conto(60, 30, 20, 25), 2: Conto(60, 30, 20, 25)}
    few = protect({0: Conto(4, 4, 4, 4), **others}, {})
    assert few[0] is None
    assert protect({0: Conto(9, 9, 5, 5), **others}, few)[0] is None
    assert protect({0: Conto(11, 10, 5, 5), **others}, few)[0] == Visibile(10, 10)


def test_a_crowd_in_one_house_is_a_count_of_the_house() -> None:
    shown = protect({0: Conto(80, 40, 1, 30), 1: Conto(60, 30, 20, 25), 2: Conto(9, 8, 7, 6)}, {})
    assert shown == {0: None, 1: Visibile(60, 30), 2: None}

"""Squares of the map that were drawn already: as long as the data are the same, and no more."""

from api.formats import Finito
from api.quadrati import Chiave, Quadrati

UNO: Chiave = ("edifici", 14, 1, 1, "2025-01-01")
DUE: Chiave = ("edifici", 14, 1, 2, "2025-01-01")
TRE: Chiave = ("edifici", 14, 1, 3, "2025-01-01")


def square(text: str) -> Finito:
    return Finito(text.encode(), "", None)


def test_a_square_is_found_in_the_state_it_was_drawn_in() -> None:
    kept = Quadrati()
    kept.keep("7", UNO, square("a"))
    assert kept.find("7", UNO) == square("a")
    assert kept.find("7", DUE) is None
    assert kept.find("8", UNO) is None


def test_another_state_forgets_all_there_was() -> None:
    kept = Quadrati()
    kept.keep("7", UNO, square("a"))
    kept.keep("8", DUE, square("b"))
    assert kept.find("7", UNO) is None
    assert kept.find("8", UNO) is None
    assert kept.find("8", DUE) == square("b")


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    kept = Quadrati(massimo=10)
    kept.keep("7", UNO, square("aaaa"))
    kept.keep("7", DUE, square("bbbb"))
    assert kept.find("7", UNO) is not None
    kept.keep("7", TRE, square("cccc"))
    assert kept.find("7", DUE) is None
    assert kept.find("7", UNO) == square("aaaa")
    assert kept.find("7", TRE) == square("cccc")


def test_a_square_drawn_twice_counts_once() -> None:
    kept = Quadrati(massimo=10)
    for _ in range(5):
        kept.keep("7", UNO, square("aaaa"))
    kept.keep("7", DUE, square("bbbb"))
    assert kept.find("7", UNO) == square("aaaa")


def test_a_square_larger_than_all_the_room_is_not_kept() -> None:
    kept = Quadrati(massimo=3)
    kept.keep("7", UNO, square("aaaa"))
    assert kept.find("7", UNO) is None
    kept.keep("7", DUE, square("bb"))
    assert kept.find("7", DUE) == square("bb")

"""What is compared before anything is measured."""

import pytest

from tests.bench.ogc.carico import Esito, together
from tests.bench.ogc.confronto import _difference

FEATURE = b'{"type":"Feature","id":7,"geometry":null,"properties":{"piani":2}}'
FLOOR = b'{"type":"FeatureCollection","features":[%b],"numberMatched":9,"numberReturned":1}'


def ours(feature: bytes = FEATURE, matched: int = 9) -> bytes:
    start = b'{"type":"FeatureCollection","features":[%b],"numberMatched":%d,' % (feature, matched)
    return start + b'"numberReturned":1,"links":[{"rel":"self"}],"timeStamp":"x"}'


def test_the_same_features_among_other_links_are_the_same() -> None:
    assert _difference("nostro", ours(), FLOOR % FEATURE) == ""


def test_ours_is_compared_to_the_byte() -> None:
    spaced = FEATURE.replace(b'"piani":2', b'"piani": 2')
    assert "bytes" in _difference("nostro", ours(spaced), FLOOR % FEATURE)
    assert _difference("pygeoapi", ours(spaced), FLOOR % FEATURE) == ""


@pytest.mark.parametrize(
    ("answer", "word"),
    [(ours(matched=8), "numberMatched"), (ours(FEATURE.replace(b"7", b"8")), "id")],
)
def test_a_peer_that_finds_something_else_is_told(answer: bytes, word: str) -> None:
    assert word in _difference("tipg", answer, FLOOR % FEATURE)


def test_a_single_feature_is_compared_without_its_links() -> None:
    linked = FEATURE.removesuffix(b"}") + b',"links":[]}'
    assert _difference("nostro", linked, FEATURE) == ""


def test_runs_are_taken_together_by_all_their_seconds() -> None:
    runs = [Esito(100, 1.0, 0, 5.0, 20.0, 0), Esito(600, 2.0, 0, 7.0, 10.0, 1)]
    found = together(runs)
    assert found.al_secondo == pytest.approx(700 / 3)
    assert (found.p50, found.p99, found.errori) == (6.0, 15.0, 1)


def test_a_square_is_compared_by_its_weight() -> None:
    assert _difference("nostro", b"\x1a\x01", b"\x1a\x02") == ""
    assert "2 bytes, not the 3" in _difference("nostro", b"\x1a\x01", b"\x1a\x01\x02")

"""Run the links and read them back, as the tests of this folder do."""

from datetime import date

import sqlalchemy as sa

from territorio import legame
from territorio.collegamento import collega
from territorio.legame import Legame
from territorio.vigenza import Quando
from tests.factory_defaults import COMUNE

OGGI = date(2025, 6, 1)


def links(
    conn: sa.Connection, tipo: str, giorno: date = OGGI, noto_al: int | None = None
) -> dict[tuple[int, int], Legame]:
    """Return the links of a kind in force, without running anything."""
    found = legame.search(conn, COMUNE, tipo, Quando(giorno, noto_al))
    assert len({(x.da, x.a) for x in found}) == len(found), "a pair is in force twice"
    return {(x.da, x.a): x for x in found}


def computed(conn: sa.Connection, tipo: str, giorno: date = OGGI) -> dict[tuple[int, int], Legame]:
    """Run the links and return those of a kind in force."""
    collega(conn, COMUNE)
    return links(conn, tipo, giorno)


def sure(found: dict[tuple[int, int], Legame]) -> set[tuple[int, int]]:
    """Return the pairs that are confirmed."""
    return {pair for pair, x in found.items() if x.stato == "confermato"}

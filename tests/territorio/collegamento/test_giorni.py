"""On every day the links are those a person would find on that day's facts alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territorio.collegamento import collega
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.collegamento.lettura import links

START = date(2020, 1, 1)
DAYS = 12


@dataclass(frozen=True)
class Tratto:
    """A version of an object: from a day to a day, at a place on a line of parcels."""

    dal: int | None
    al: int | None
    posto: int

    def at(self, giorno: int) -> bool:
        """Tell whether it holds on a day."""
        return (self.dal is None or self.dal <= giorno) and (self.al is None or giorno < self.al)


def day(n: int | None) -> date | None:
    """Return the n-th day of the story."""
    return None if n is None else START + timedelta(days=n)


@st.composite
def storia(draw: st.DrawFn) -> tuple[Tratto, ...]:
    """Draw the versions of an object: intervals that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(1, DAYS - 1), max_size=3)))
    bounds = [None, *cuts, None]
    versions = []
    for dal, al in pairwise(bounds):
        posto = draw(st.none() | st.integers(0, 2))
        if posto is not None:
            versions.append(Tratto(dal, al, posto))
    return tuple(versions)


def shape(posto: int, largo: int) -> dict[str, object]:
    """Return the outline of a parcel or building at a place."""
    return {"geometria": rettangolo(posto * 30 + (30 - largo) / 2, 0, largo, 20)}


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(storia(), min_size=1, max_size=2), st.lists(storia(), min_size=1, max_size=2))
def test_each_day_by_itself(
    conn: sa.Connection,
    edifici: list[tuple[Tratto, ...]],
    particelle: list[tuple[Tratto, ...]],
) -> None:
    with conn.begin_nested() as attempt:
        f.new_comune(conn)
        ids = {}
        for tipo, storie, largo in (("edificio", edifici, 20), ("particella", particelle, 30)):
            for n, versioni in enumerate(storie):
                number = f.new_identita(conn, tipo)
                ids[tipo, n] = number
                for v in versioni:
                    f.new_fatto(
                        conn,
                        tipo,
                        id=number,
                        valida_dal=day(v.dal),
                        valida_al=day(v.al),
                        **shape(v.posto, largo),
                    )
        collega(conn, COMUNE)
        for giorno in range(-1, DAYS + 1):
            expected = {
                (ids["edificio", i], ids["particella", j])
                for i, e in enumerate(edifici)
                for j, p in enumerate(particelle)
                for ve in e
                for vp in p
                if ve.at(giorno) and vp.at(giorno) and ve.posto == vp.posto
            }
            alla_data = day(giorno)
            assert alla_data is not None
            assert set(links(conn, "edificio_particella", alla_data)) == expected
        attempt.rollback()

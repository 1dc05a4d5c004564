"""What the map draws from afar: the same as close up, and never behind what is known."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maps import tile
from territorio import disegno, elaborazione
from territorio.atti import divisione, edificio
from territorio.atti.annullamento import undo
from territorio.schema_fatti import particella
from territorio.schema_ricerca import disegno as disegni
from territorio.vigenza import Quando
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.maps import mvt
from tests.maps.test_tile import square
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022, G2024, wkb
from tests.territorio.casa import new_casa

GIORNI = [date(year, 1, 1) for year in range(2018, 2026)]
OGGI = Quando(date(2025, 6, 1))

_dal = st.none() | st.sampled_from(GIORNI[:4])
_al = st.none() | st.sampled_from(GIORNI[4:])
_detto = st.fixed_dictionaries(
    {
        "fonte": st.sampled_from(["aggregati", "dbt", "ufficio"]),
        "stato": st.sampled_from([None, None, "cessato"]),
        "provvisorio": st.booleans(),
        "uso": st.sampled_from(["0101", "0801", "0201"]),
        "valida_dal": _dal,
        "valida_al": _al,
    }
)


def drawn(conn: sa.Connection, z: int, giorno: date) -> dict[str, set[tuple[int, object]]]:
    """Return the objects of a square, by layer, each with its class."""
    names = ("particelle", "edifici")
    found = mvt.read(tile.tile(conn, names, *square(z), Quando(giorno)))
    return {
        name: {(x.id, x.valori["classe"]) for x in features} for name, features in found.items()
    }


def rows(conn: sa.Connection) -> list[tuple[object, ...]]:
    query = sa.text(
        "SELECT tipo, id, valida_dal::text, valida_al::text, classe, ST_AsText(geometria)"
        " FROM registro.disegno ORDER BY 1, 2, 3"
    )
    return [tuple(row) for row in conn.execute(query)]


@given(
    st.lists(st.lists(_detto, min_size=1, max_size=4, unique_by=lambda r: r["fonte"]), max_size=4)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_from_afar_the_same_is_there_as_close_up(
    conn: sa.Connection, edifici: list[list[dict[str, Any]]]
) -> None:
    with conn.begin_nested() as undone:
        for said in edifici:
            number: int | None = None
            for row in said:
                gone = row["stato"] == "cessato"
                outline = None if gone and row["fonte"] == "ufficio" else rettangolo(5, 5)
                own = {} if number is None else {"id": number}
                number = f.new_edificio(conn, **own, **{**row, "geometria": outline})
        for fonte in ("catasto", "altra"):
            f.new_particella(conn, fonte=fonte, classe="particella")
        disegno.refresh(conn, COMUNE)
        for giorno in GIORNI:
            near = drawn(conn, 16, giorno)
            assert drawn(conn, 15, giorno) == near
            assert drawn(conn, 14, giorno) == near
        undone.rollback()


def test_two_sources_of_a_parcel_are_drawn_as_one(conn: sa.Connection) -> None:
    number = f.new_particella(conn, fonte="catasto", valida_dal=date(2022, 1, 1))
    f.new_particella(conn, id=number, fonte="mappa", valida_dal=date(2020, 1, 1), classe="strada")
    disegno.refresh(conn, COMUNE)
    assert drawn(conn, 14, date(2021, 1, 1)) == {"particelle": {(number, "strada")}}
    assert drawn(conn, 14, date(2023, 1, 1)) == {"particelle": {(number, "particella")}}
    assert len(rows(conn)) == 2


@pytest.mark.parametrize("z", [14, 15])
def test_an_outline_lies_where_it_lies_close_up(conn: sa.Connection, z: int) -> None:
    f.new_edificio(conn)
    disegno.refresh(conn, COMUNE)
    made = {
        zoom: mvt.read(tile.tile(conn, ("edifici",), *square(zoom), OGGI))["edifici"][0].inizio
        for zoom in (z, 17)
    }
    units = {zoom: tile.LONTANO.get(zoom, 4096) * 2**zoom for zoom in made}
    for axis in (0, 1):
        place = {
            zoom: (square(zoom)[1 + axis] + at[axis] / tile.LONTANO.get(zoom, 4096)) / 2**zoom
            for zoom, at in made.items()
        }
        assert place[z] == pytest.approx(place[17], abs=1.01 / units[z])


def test_what_a_square_cuts_is_drawn_in_both(conn: sa.Connection) -> None:
    z, x, y = square(14)
    f.new_particella(conn, geometria=rettangolo(-5_000, -10, 10_000, 30))
    disegno.refresh(conn, COMUNE)
    for step in (-1, 0, 1):
        found = mvt.read(tile.tile(conn, ("particelle",), z, x + step, y, OGGI))
        assert len(found["particelle"]) == 1


def test_only_what_changed_is_drawn_again_and_the_same_comes_of_it(conn: sa.Connection) -> None:
    kept, moved, gone = (f.new_particella(conn, numero=str(n)) for n in (1, 2, 3))
    elaborazione.refresh(conn, COMUNE)
    before = conn.execute(sa.select(disegni.c.id, sa.text("xmin, ctid"))).all()
    p = particella.c
    later = f.new_registrazione(conn)
    conn.execute(particella.update().where(p.id.in_([moved, gone])).values(nota_fino=later))
    f.new_particella(conn, id=moved, numero="2", nota_da=later, geometria=rettangolo(50, 50))
    new = f.new_particella(conn, numero="4", nota_da=later)
    elaborazione.refresh(conn, COMUNE)
    after = conn.execute(sa.select(disegni.c.id, sa.text("xmin, ctid"))).all()
    assert {row.id for row in after} == {kept, moved, new}
    assert {row for row in before if row.id == kept} == {row for row in after if row.id == kept}
    incremental = rows(conn)
    conn.execute(sa.delete(disegni))
    disegno.refresh(conn, COMUNE)
    assert rows(conn) == incremental


def test_an_act_is_on_the_map_at_once_and_so_is_its_undoing(conn: sa.Connection) -> None:
    whole = f.new_edificio(conn, valida_dal=G2020)
    elaborazione.refresh(conn, COMUNE)
    parts = [wkb(rettangolo(5, 5, 10, 10)), wkb(rettangolo(15, 5, 10, 10))]
    done = divisione.split(conn, DETERMINA, whole, G2022, [{"geometria": part} for part in parts])

    def ids(giorno: date) -> set[int]:
        return {number for number, _ in drawn(conn, 14, giorno).get("edifici", set())}

    assert ids(G2024) == set(done.nuovi)
    assert ids(date(2021, 1, 1)) == {whole}
    undo(conn, DETERMINA, done.registrazione)
    assert ids(G2024) == {whole}
    edificio.retire(conn, DETERMINA, whole, G2022)
    assert ids(G2024) == set()


def test_another_municipality_is_left_as_it_is(conn: sa.Connection) -> None:
    f.new_comune(conn, comune="Y999")
    there = f.new_particella(conn, comune="Y999")
    disegno.refresh(conn, "Y999")
    here = f.new_particella(conn)
    disegno.refresh(conn, COMUNE)
    disegno.redraw(conn, COMUNE, [there])
    found = conn.execute(sa.select(disegni.c.comune, disegni.c.id)).all()
    assert {tuple(row) for row in found} == {("Y999", there), (COMUNE, here)}


def test_sheets_zones_and_constraints_are_there_from_further_still(conn: sa.Connection) -> None:
    new_casa(conn)
    f.new_foglio(conn)
    before = f.new_zona_urbanistica(conn, valida_al=date(2020, 1, 1), sigla="C1")
    disegno.refresh(conn, COMUNE)
    names = ("fogli", "zone_urbanistiche", "vincoli", "aree_pericolosita")

    def seen(z: int, giorno: date) -> dict[str, set[tuple[int, str]]]:
        found = mvt.read(tile.tile(conn, names, *square(z), Quando(giorno)))
        return {
            name: {(x.id, str(sorted(x.valori.items()))) for x in features}
            for name, features in found.items()
        }

    for giorno in (date(2019, 6, 1), date(2023, 6, 1)):
        near = seen(14, giorno)
        assert set(near) == set(names)
        assert seen(13, giorno) == near
        assert seen(12, giorno) == near
    assert before in {number for number, _ in seen(13, date(2019, 6, 1))["zone_urbanistiche"]}
    assert before not in {number for number, _ in seen(13, date(2023, 6, 1))["zone_urbanistiche"]}

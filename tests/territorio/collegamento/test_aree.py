"""Overlays: what stands on what, in square metres."""

from datetime import date

import pytest
import sqlalchemy as sa
from shapely.geometry import LineString

from tests import factories as f
from tests.factory_defaults import punto, rettangolo
from tests.territorio.collegamento.lettura import computed, links, sure


def test_a_building_inside_a_parcel_is_wholly_on_it(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    edificio = f.new_edificio(conn, geometria=rettangolo(5, 5, 20, 10))
    f.new_particella(conn, geometria=rettangolo(30, 0, 30, 30), numero="11")

    found = computed(conn, "edificio_particella")

    assert set(found) == {(edificio, particella)}
    link = found[edificio, particella]
    assert link.misura is not None
    assert float(link.misura) == pytest.approx(200, rel=0.005)
    assert (link.metodo, link.stato) == ("area", "confermato")
    assert link.quota == 1
    assert link.evidenza["fonti"] == ["prova"]


def test_a_building_across_a_boundary_stands_on_both_parcels(conn: sa.Connection) -> None:
    ovest = f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    est = f.new_particella(conn, geometria=rettangolo(30, 0, 30, 30), numero="11")
    edificio = f.new_edificio(conn, geometria=rettangolo(15, 5, 20, 10))

    found = computed(conn, "edificio_particella")

    quote = {a: float(x.quota or 0) for (_, a), x in found.items()}
    assert quote == {ovest: pytest.approx(0.75, abs=1e-4), est: pytest.approx(0.25, abs=1e-4)}
    assert sure(found) == {(edificio, ovest), (edificio, est)}


def test_a_sliver_is_proposed_and_a_touch_is_nothing(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    scheggia = f.new_particella(conn, geometria=rettangolo(30, 0, 30, 30), numero="11")
    f.new_particella(conn, geometria=rettangolo(0, 30, 30, 30), numero="12")
    edificio = f.new_edificio(conn, geometria=rettangolo(10, 20, 20.5, 10))

    found = computed(conn, "edificio_particella")

    assert len(found) == 2
    assert found[edificio, scheggia].stato == "proposto"
    assert found[edificio, scheggia].metodo == "margine"
    assert float(found[edificio, scheggia].misura or 0) == pytest.approx(5, rel=0.01)


def test_half_of_a_small_building_counts_though_it_is_little(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(0, 0, 30, 30))
    altra = f.new_particella(conn, geometria=rettangolo(30, 0, 30, 30), numero="11")
    edificio = f.new_edificio(conn, geometria=rettangolo(28, 5, 4.5, 3))
    found = computed(conn, "edificio_particella")
    assert sure(found) == {(edificio, altra)}
    assert len(found) == 2


def test_roads_and_waters_are_not_parcels(conn: sa.Connection) -> None:
    f.new_particella(conn, numero="STRADA001", classe="strada")
    f.new_edificio(conn)
    assert computed(conn, "edificio_particella") == {}


def test_a_link_holds_while_both_hold(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, valida_dal=date(2010, 1, 1), valida_al=date(2020, 1, 1))
    edificio = f.new_edificio(conn, valida_dal=date(2015, 1, 1))
    found = computed(conn, "edificio_particella", date(2019, 12, 31))
    link = found[edificio, particella]
    assert (link.valida_dal, link.valida_al) == (date(2015, 1, 1), date(2020, 1, 1))
    assert links(conn, "edificio_particella", date(2020, 1, 1)) == {}
    assert links(conn, "edificio_particella", date(2014, 12, 31)) == {}


def test_an_extension_is_measured_from_its_day(conn: sa.Connection) -> None:
    particella = f.new_particella(conn)
    edificio = f.new_edificio(conn, geometria=rettangolo(5, 5, 20, 10), valida_al=date(2020, 1, 1))
    f.new_edificio(
        conn, id=edificio, geometria=rettangolo(5, 5, 20, 15), valida_dal=date(2020, 1, 1)
    )
    computed(conn, "edificio_particella")
    misure = [
        float(links(conn, "edificio_particella", giorno)[edificio, particella].misura or 0)
        for giorno in (date(2019, 12, 31), date(2020, 1, 1))
    ]
    assert misure == [pytest.approx(200, rel=0.005), pytest.approx(300, rel=0.005)]


def test_what_changes_elsewhere_does_not_cut_a_link(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, valida_al=date(2020, 1, 1))
    second = f.new_fornitura(conn, nome="seconda")
    f.new_particella(conn, id=particella, fornitura=second, valida_dal=date(2020, 1, 1))
    edificio = f.new_edificio(conn)
    link = computed(conn, "edificio_particella")[edificio, particella]
    assert (link.valida_dal, link.valida_al) == (None, None)
    forniture = link.evidenza["forniture"]
    assert isinstance(forniture, list)
    assert second in forniture
    assert len(forniture) == 2


def test_the_better_outline_of_a_building_is_the_one_measured(conn: sa.Connection) -> None:
    particella = f.new_particella(conn)
    edificio = f.new_edificio(
        conn, fonte="aggregati", provvisorio=True, geometria=rettangolo(5, 5, 20, 20)
    )
    f.new_edificio(
        conn, id=edificio, geometria=rettangolo(5, 5, 20, 10), valida_al=date(2021, 1, 1)
    )
    computed(conn, "edificio_particella")
    prima = links(conn, "edificio_particella", date(2020, 12, 31))[edificio, particella]
    dopo = links(conn, "edificio_particella", date(2021, 1, 1))[edificio, particella]
    assert float(prima.misura or 0) == pytest.approx(200, rel=0.005)
    assert float(dopo.misura or 0) == pytest.approx(400, rel=0.005), "the other source goes on"


def test_what_the_office_says_prevails_on_its_days(conn: sa.Connection) -> None:
    particella = f.new_particella(conn)
    edificio = f.new_edificio(conn, geometria=rettangolo(5, 5, 20, 10))
    for geometria, stato, dal, al in (
        (rettangolo(5, 5, 20, 20), "03", date(2020, 1, 1), date(2021, 1, 1)),
        (None, "cessato", date(2021, 1, 1), None),
    ):
        f.new_edificio(
            conn,
            id=edificio,
            fonte="ufficio",
            geometria=geometria,
            stato=stato,
            valida_dal=dal,
            valida_al=al,
        )
    computed(conn, "edificio_particella")
    misure = {
        anno: [
            float(x.misura or 0)
            for x in links(conn, "edificio_particella", date(anno, 6, 1)).values()
        ]
        for anno in (2019, 2020, 2021)
    }
    assert misure == {
        2019: [pytest.approx(200, rel=0.005)],
        2020: [pytest.approx(400, rel=0.005)],
        2021: [],
    }
    assert {a for _, a in links(conn, "edificio_particella", date(2020, 6, 1))} == {particella}


def test_aggregates_parcels_and_buildings(conn: sa.Connection) -> None:
    particella = f.new_particella(conn)
    aggregato = f.new_aggregato(conn, geometria=rettangolo(5, 5, 25, 10))
    edificio = f.new_edificio(conn, geometria=rettangolo(5, 5, 20, 10))
    assert sure(computed(conn, "aggregato_particella")) == {(aggregato, particella)}
    assert sure(links(conn, "edificio_aggregato")) == {(edificio, aggregato)}


def test_zones_divide_a_parcel(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, geometria=rettangolo(0, 0, 100, 100))
    edificio = f.new_edificio(conn, geometria=rettangolo(10, 10, 20, 10))
    residenziale = f.new_zona_urbanistica(conn, geometria=rettangolo(-50, -50, 120, 300))
    agricola = f.new_zona_urbanistica(conn, sigla="E", geometria=rettangolo(70, -50, 300, 300))

    found = computed(conn, "particella_zona")

    misure = {a: float(x.misura or 0) for (_, a), x in found.items()}
    assert misure == {
        residenziale: pytest.approx(7000, rel=0.005),
        agricola: pytest.approx(3000, rel=0.005),
    }
    assert sum(float(x.quota or 0) for x in found.values()) == pytest.approx(1, abs=1e-5)
    assert set(links(conn, "edificio_zona")) == {(edificio, residenziale)}
    assert {da for da, _ in found} == {particella}


def test_a_hazard_is_measured_on_the_building_and_on_the_parcel(conn: sa.Connection) -> None:
    particella = f.new_particella(conn, geometria=rettangolo(0, 0, 100, 100))
    edificio = f.new_edificio(conn, geometria=rettangolo(10, 10, 20, 10))
    frana = f.new_area_pericolosita(conn, geometria=rettangolo(-50, -50, 70, 300))
    fiume = f.new_area_pericolosita(
        conn, fenomeno="alluvione", classe="P1", geometria=rettangolo(50, -50, 300, 300)
    )

    found = computed(conn, "edificio_pericolosita")
    assert set(found) == {(edificio, frana)}
    (half,) = found.values()
    assert float(half.misura or 0) == pytest.approx(100, rel=0.005)
    assert float(half.quota or 0) == pytest.approx(0.5, abs=1e-3)
    assert set(links(conn, "particella_pericolosita")) == {(particella, frana), (particella, fiume)}


def test_a_zone_of_many_points_is_measured_whole(conn: sa.Connection) -> None:
    f.new_particella(conn, geometria=rettangolo(-100, -100, 200, 200))
    cerchio = punto(0, 0).buffer(0.0005, quad_segs=200)
    assert len(cerchio.exterior.coords) > 256
    f.new_vincolo(conn, geometria=cerchio)
    f.new_vincolo(conn, geometria=cerchio.simplify(1e-9), tipo="T_FRIA")
    found = computed(conn, "particella_vincolo")
    aree = [float(x.misura or 0) for x in found.values()]
    assert len(aree) == 2
    assert aree[0] == pytest.approx(aree[1], rel=1e-4)


def test_a_line_touches_without_area(conn: sa.Connection) -> None:
    particella = f.new_particella(conn)
    f.new_particella(conn, geometria=rettangolo(500, 500, 30, 30), numero="11")
    riga = f.new_vincolo(
        conn, tipo="P_BENIP_LIN", geometria=LineString([punto(-10, 15), punto(100, 15)])
    )
    found = computed(conn, "particella_vincolo")
    link = found.pop((particella, riga))
    assert found == {}
    assert (link.misura, link.quota, link.metodo) == (None, None, "interseca")

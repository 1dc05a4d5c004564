"""What squares hold: all that is there, in its place, and never more than may be sent."""

from collections import defaultdict
from datetime import date

import pytest
import sqlalchemy as sa

from opendata.dataset import BY_NAME
from opendata.ogc import deposito, tasselli
from opendata.ogc.tasselli import DISEGNATI, LONTANO, MASSIMO_BYTE, STRATI, Giorni, Tassello
from territorio import prepared, pubblicato, tassello
from territorio.geometry import tile_box
from territorio.schema_pubblico import COLLEZIONI, properties
from territorio.schema_tasselli import conteggio
from tests import factories as f
from tests.factory_defaults import COMUNE, punto, rettangolo
from tests.maps import mvt
from tests.maps.test_tile import square
from tests.pages.town import fill

GIORNO = Giorni("2026-01-01", "2026-01-01")
FITTI = 30_002
"""Objects of the dense town, in one square of zoom 14."""

_FITTO = """
INSERT INTO pubblico.{} (comune, id, dal, al, codice, {} fonte, geometria, testo)
SELECT 'X999', 1000000 + n, '-infinity', 'infinity', registro.codice(1000000 + n), {} 'prova',
  {}, ''
FROM generate_series(0, :fitti - 1) AS n
"""
_TONDO = (
    "ST_SetSRID(ST_Buffer(ST_Point(:ovest + n % 200 * 0.00007, :sud + n / 200 * 0.00007),"
    " 0.00002 + n % 7 * 0.000003, 6), 6706)"
)
_PUNTO = "ST_SetSRID(ST_Point(:ovest + n % 200 * 0.00007, :sud + n / 200 * 0.00007), 6706)"
FITTO = Tassello(*square(14, 11.01, 44.004))
"""Where it is."""


def new_fitto(conn: sa.Connection) -> None:
    """Write a town so dense that not all of it can be sent, straight into what is published."""
    f.new_comune(conn)
    riferimento = ("riferimento", "comune_catastale", "sezione", "foglio", "allegato", "sviluppo")
    box = tile_box(*FITTO)
    corner = {"ovest": box.ovest + 0.003, "sud": box.sud + 0.003}
    for nome, fields, values, shape in (
        ("edifici", "classe, provvisorio, uso, piani, altezza_m,",
         "'residenziale', false, '0101', n % 9, n % 31,", _TONDO),
        ("particelle", ", ".join(riferimento) + ", numero, denominatore, classe,",
         "'X999/1/' || n, 'X999', '', '1', '0', '0', n, '', 'particella',", _TONDO),
        ("civici", "indirizzo, numero, esponente, specificita,",
         "'VIA DEI MILLE ' || n, n, '', '',", _PUNTO),
    ):  # fmt: skip
        text = _FITTO.format(nome, fields, values, shape)
        conn.execute(sa.text(text), {"fitti": FITTI, **corner})
        tassello.count(conn, COLLEZIONI[nome], COMUNE, None, 1)


def new_sparso(conn: sa.Connection) -> None:
    """Write things so small that no square has a unit for them, each alone in its place."""
    f.new_comune(conn)
    small = 0.04
    for n in range(6):
        east, north = 9_000.0 * n, 4_000.0 * (n % 3)
        f.new_edificio(conn, geometria=rettangolo(east, north, small, small))
        f.new_particella(conn, numero=str(n), geometria=rettangolo(east + 300, north, small, 5))
        f.new_zona_urbanistica(conn, geometria=rettangolo(east + 600, north, small, small))
        f.new_vincolo(conn, geometria=rettangolo(east + 900, north, 2_000, small))
        f.new_civico(conn, numero=n, geometria=punto(east + 1_200, north))
    pubblicato.refresh(conn, COMUNE)


def draw(conn: sa.Connection, nome: str, t: Tassello, giorni: Giorni = GIORNO) -> bytes:
    return prepared.compute(conn, tasselli.drawing(nome, t, giorni))


def touched(conn: sa.Connection, nome: str, z: int) -> dict[Tassello, set[int]]:
    """Return the objects of a day that lie in each square of a zoom, looked for by PostGIS."""
    text = """
    SELECT q.x, q.y, t.id
    FROM (SELECT t.*, ST_Transform(ST_SetSRID(t.geometria, 4326), 3857) AS piana
          FROM pubblico./* tavola */ t WHERE t.dal <= :giorno AND t.al > :giorno) t
    CROSS JOIN LATERAL (
      SELECT CAST(floor((ST_XMin(t.piana) / l.lato + 0.5) * n.n) AS int) AS x0,
        CAST(floor((ST_XMax(t.piana) / l.lato + 0.5) * n.n) AS int) AS x1,
        CAST(floor((0.5 - ST_YMax(t.piana) / l.lato) * n.n) AS int) AS y0,
        CAST(floor((0.5 - ST_YMin(t.piana) / l.lato) * n.n) AS int) AS y1
      FROM (SELECT 2 * pi() * 6378137 AS lato) l CROSS JOIN (SELECT 2 ^ :z AS n) n
    ) b
    CROSS JOIN LATERAL (
      SELECT x, y FROM generate_series(b.x0, b.x1) AS x CROSS JOIN generate_series(b.y0, b.y1) AS y
    ) q
    WHERE (b.x0 = b.x1 AND b.y0 = b.y1)
      OR ST_Intersects(t.piana, ST_TileEnvelope(CAST(:z AS int), q.x, q.y))
    """.replace("/* tavola */", nome)
    found = defaultdict[Tassello, set[int]](set)
    for x, y, number in conn.execute(sa.text(text), {"z": z, "giorno": GIORNO.primo}):
        found[Tassello(z, x, y)].add(number)
    return found


def counted(conn: sa.Connection, nome: str, z: int) -> dict[Tassello, int]:
    """Return how many are counted in each square of a zoom."""
    c = conteggio.c
    rows = conn.execute(
        sa.select(c.x.op(">>")(16 - z), c.y.op(">>")(16 - z), sa.func.sum(c.delta))
        .where(c.collezione == nome, c.giorno <= date.fromisoformat(GIORNO.primo))
        .group_by(sa.text("1, 2"))
    )
    return {Tassello(z, x, y): many for x, y, many in rows if many}


@pytest.fixture(params=["città", "fitto", "sparso"])
def luogo(request: pytest.FixtureRequest, conn: sa.Connection) -> str:
    {"città": fill, "fitto": new_fitto, "sparso": new_sparso}[request.param](conn)
    return str(request.param)


def test_no_square_is_too_heavy_and_none_is_empty_where_something_is(
    conn: sa.Connection, luogo: str
) -> None:
    looked, thinned, heaviest = 0, 0, 0
    for dataset in DISEGNATI:
        strato = STRATI[dataset.nome]
        for z in range(19 if luogo == "città" else 17):
            far = strato.contato and z < LONTANO
            there = touched(conn, dataset.nome, z) if not far else {}
            expected = counted(conn, dataset.nome, z) if far else there
            for t in sorted(expected)[:60]:
                dati = draw(conn, dataset.nome, t)
                weight = tasselli.weigh(dati)
                heaviest = max(heaviest, weight)
                assert weight <= MASSIMO_BYTE
                layers = mvt.read(dati)
                assert list(layers) == [strato.conteggi if far else strato.nome]
                (features,) = layers.values()
                assert features
                looked += 1
                if far:
                    total = sum(feature.valori["conteggio"] for feature in features)
                    assert total == counted(conn, dataset.nome, z)[t]
                    continue
                ids = {feature.id for feature in features}
                assert len(ids) == len(features)
                assert {key for feature in features for key in feature.valori} <= set(strato.at(z))
                if not there[t] <= ids:
                    # From afar one stands for all the small ones of a place.
                    assert weight > MASSIMO_BYTE * 0.7 or z <= tasselli.CURVO
                    thinned += z > tasselli.CURVO
    assert looked > 100
    if luogo == "fitto":
        assert thinned
        assert heaviest > MASSIMO_BYTE * 0.7


def test_all_collections_together_are_not_too_heavy(conn: sa.Connection) -> None:
    new_fitto(conn)
    nomi = tuple(dataset.nome for dataset in DISEGNATI)
    for z in (13, 14, 15):
        t = Tassello(z, *(int(n * 2.0 ** (z - 14)) for n in FITTO[1:]))
        dati = prepared.compute(conn, tasselli.together(nomi, t, GIORNO))
        assert 0 < tasselli.weigh(dati) <= MASSIMO_BYTE
        layers = mvt.read(dati)
        expected = {STRATI[n].conteggi if z < LONTANO else n for n in tassello.CONTATE}
        assert set(layers) == expected
        if z >= LONTANO:
            assert min(len(features) for features in layers.values()) > 1_000


def test_the_largest_stay_where_not_all_may(conn: sa.Connection) -> None:
    new_fitto(conn)
    t = FITTO
    drawn = {feature.id for feature in mvt.read(draw(conn, "edifici", t))["edifici"]}
    assert 1_000 < len(drawn) < FITTI
    # Seven sizes come again and again.
    sizes = dict.fromkeys(range(7), 0)
    for number in drawn:
        sizes[(number - 1_000_000) % 7] += 1
    assert sizes[6] == FITTI // 7
    assert sizes[0] == 0


def test_every_collection_on_the_ground_is_drawn() -> None:
    assert {dataset.nome for dataset in DISEGNATI} == STRATI.keys()
    for strato in STRATI.values():
        assert 3 <= len(strato.campi) <= 5
        assert set(strato.lontani) <= set(strato.campi)
        assert set(strato.campi) <= set(properties(BY_NAME[strato.nome].tavola))


@pytest.mark.parametrize("z", range(9, 23))
def test_outlines_are_where_they_should_be(conn: sa.Connection, z: int) -> None:
    f.new_comune(conn)
    f.new_zona_urbanistica(conn, geometria=rettangolo(100, 100, 400, 300))
    pubblicato.refresh(conn, COMUNE)
    middle = punto(300, 250)
    t = Tassello(*square(z, middle.x, middle.y))
    dati = draw(conn, "zone_urbanistiche", t)
    (feature,) = mvt.read(dati)["zone_urbanistiche"]
    units = tasselli.UNITA.get(z, 4096)
    said = """
    SELECT (ST_X(p) - ST_XMin(q)) / (ST_XMax(q) - ST_XMin(q)) * :u,
      (ST_YMax(q) - ST_Y(p)) / (ST_YMax(q) - ST_YMin(q)) * :u
    FROM (SELECT ST_Transform(ST_SetSRID(ST_Point(:x, :y), 4326), 3857) AS p,
      ST_TileEnvelope(CAST(:z AS int), CAST(:c AS int), CAST(:r AS int)) AS q) t
    """
    place = {"z": z, "c": t.x, "r": t.y, "u": float(units)}
    expected = []
    for corner in (punto(100, 100), punto(500, 100), punto(500, 400), punto(100, 400)):
        x, y = conn.execute(sa.text(said), {**place, "x": corner.x, "y": corner.y}).one()
        edge = units * tasselli.MARGINE
        expected.append((min(max(x, -edge), units + edge), min(max(y, -edge), units + edge)))
    away = [max(abs(feature.inizio[0] - x), abs(feature.inizio[1] - y)) for x, y in expected]
    assert min(away) <= 1


def test_a_whole_square_is_the_sum_of_the_kept_ones(conn: sa.Connection) -> None:
    fill(conn)
    for z in (9, 14):
        t = Tassello(*square(z))
        parts = [draw(conn, dataset.nome, t) for dataset in DISEGNATI]
        nomi = tuple(dataset.nome for dataset in DISEGNATI)
        assert prepared.compute(conn, tasselli.together(nomi, t, GIORNO)) == b"".join(parts)
        whole = [prepared.compute(conn, deposito.whole(nome, t, GIORNO)) for nome in nomi]
        assert whole == parts

"""A mosaic of hazards and the sections of the census come in: dossier, map and lists show them."""

import geopandas
import shapely
import sqlalchemy as sa

from territorio import db
from territorio.accessi.policy import Visto
from territorio.fascicolo import fascicolo
from territorio.vigenza import Quando
from tests.stories.citta import Citta


def test_the_public_reads_in_which_hazard_area_a_house_lies(citta: Citta) -> None:
    with db.transaction(citta.engine) as conn:
        links = conn.execute(
            sa.text(
                "SELECT l.da, l.misura, t.fenomeno, t.classe, ST_AsBinary(e.geometria) AS casa,"
                " ST_AsBinary(t.geometria) AS area FROM registro.legame l"
                " JOIN registro.area_pericolosita t ON t.id = l.a AND t.nota_fino IS NULL"
                " JOIN registro.edificio e ON e.id = l.da AND e.nota_fino IS NULL"
                "  AND e.fonte = 'edifici'"
                " WHERE l.tipo = 'edificio_pericolosita' AND l.stato = 'confermato'"
                " AND l.nota_fino IS NULL AND l.valida_al IS NULL AND e.valida_al IS NULL"
                " AND t.valida_al IS NULL ORDER BY l.da, l.a"
            )
        ).all()
        assert len(links) > 3
        for row in links:
            shapes = geopandas.GeoSeries.from_wkb([bytes(row.casa), bytes(row.area)], crs=6706)
            house, area = shapes.to_crs(6933)
            assert abs(shapely.intersection(house, area).area - float(row.misura)) < 0.5
        dossier = fascicolo(conn, links[0].da, Quando(citta.ultimo), Visto())
    section = dossier.sezioni["rischio_vincoli"]
    told = [v["valori"] for v in section.voci if v["tipo"] == "area_pericolosita"]
    mine = [r for r in links if r.da == links[0].da]
    assert {(v["fenomeno"], v["classe"]) for v in told} >= {(r.fenomeno, r.classe) for r in mine}
    assert section.non_caricate == ("pericolosità sismica",)


def test_what_was_only_watched_is_looked_into_by_the_next_plan(citta: Citta) -> None:
    with db.transaction(citta.engine) as conn:
        rows = conn.execute(
            sa.text(
                "SELECT classe, count(*) FILTER (WHERE valida_al IS NULL) AS ora, count(*) AS n"
                " FROM registro.area_pericolosita WHERE fenomeno = 'frana' AND nota_fino IS NULL"
                " GROUP BY classe"
            )
        )
        found = {row.classe: (row.ora, row.n) for row in rows}
    watched = found["AA"]
    assert watched[0] == 0
    assert watched[1] > 0


def test_what_is_published_of_sections_holds_no_persons(citta: Citta) -> None:
    with db.transaction(citta.engine) as conn:
        rows = conn.execute(
            sa.text("SELECT testo, edifici FROM pubblico.sezioni_censimento ORDER BY id")
        ).all()
        lived = conn.execute(
            sa.text("SELECT sum(residenti) FROM registro.sezione_censimento")
        ).scalar_one()
    assert len(rows) > 5
    assert sum(row.edifici for row in rows) > 100
    assert lived > 100
    assert not [row for row in rows if "residenti" in row.testo or "famiglie" in row.testo]

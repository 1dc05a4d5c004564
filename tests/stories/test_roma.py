"""A real map sheet of Rome comes in by the ordinary way."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from ingest.run import Options, ingest
from territorio import db
from territorio.schema_fatti import fabbricato, foglio, particella
from tests.catasto.dati import real_file
from tests.stories.citta import open_for

FOGLIO = "catasto/catasto-open_catasto-ingest/H501D076700.CTF"
ROMA = "H501"


@pytest.fixture
def roma(fresh_url: str) -> Iterator[sa.Connection]:
    sheet = real_file(FOGLIO)
    engine = open_for(fresh_url, ROMA)
    outcome = ingest(engine, [sheet], Options(giorno=date(2024, 1, 1)))
    assert [e.rifiutati for e in outcome] == [[]]
    with db.transaction(engine) as conn:
        yield conn
    engine.dispose()


def count(conn: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(*conditions)
    number: int = conn.execute(query).scalar_one()
    return number


def test_the_sheet_has_381_parcels_and_131_buildings(roma: sa.Connection) -> None:
    assert count(roma, particella, particella.c.classe == "particella") == 381
    assert count(roma, fabbricato) == 131


def test_parcels_roads_and_waters_tile_the_border(roma: sa.Connection) -> None:
    def area(geometry: sa.ColumnElement[object]) -> sa.ColumnElement[float]:
        return sa.func.st_area(sa.func.st_transform(geometry, 7792), type_=sa.Float)

    border = roma.execute(sa.select(area(sa.func.st_union(foglio.c.geometria)))).scalar_one()
    tiles, covered = roma.execute(
        sa.select(
            sa.func.sum(area(particella.c.geometria)),
            area(sa.func.st_union(particella.c.geometria)),
        )
    ).one()
    assert border > 10_000
    assert tiles == pytest.approx(border, rel=1e-4), "no overlap, no hole"
    assert covered == pytest.approx(border, rel=1e-4)


def test_buildings_stand_on_the_sheet(roma: sa.Connection) -> None:
    inside = sa.func.st_covers(
        sa.select(sa.func.st_buffer(sa.func.st_union(foglio.c.geometria), 1e-7)).scalar_subquery(),
        fabbricato.c.geometria,
    )
    assert count(roma, fabbricato, inside) == 131

"""Census sections: a file of several municipalities, read for one."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from ingest.contract import Ambito, Asserzione, Avviso, Detto
from ingest.fonti import sezioni_censimento
from ingest.run import Options, ingest
from territorio import db
from tests.factories import new_comune
from tests.ingest.fonti.lettura import DATI

POVO = DATI / "istat/sezioni-2021-povo/sezioni_censimento.geojson"
TRENTO = "022205"
reale = pytest.mark.skipif(not POVO.exists(), reason="the real sections are not here")


def read(codice: str) -> list[Detto]:
    ambito = replace(sezioni_censimento.ambito(POVO), comune_catastale=codice)
    return list(sezioni_censimento.read(POVO, ambito))


@reale
def test_the_file_names_its_municipalities() -> None:
    found: Ambito = sezioni_censimento.ambito(POVO)
    assert found.comuni == ("022061", "022139", "022205", "022236")
    assert found.crs == "EPSG:32632"


@reale
def test_sections_of_others_are_told_and_not_loaded() -> None:
    found = read(TRENTO)
    own = [d for d in found if isinstance(d, Asserzione)]
    assert len(own) == 87
    assert {d.valori["istat"] for d in own} == {TRENTO}
    assert {d.chiave[:6] for d in own} == {TRENTO}
    told = {d.valore: d.motivo for d in found if isinstance(d, Avviso) and d.valore}
    assert sorted(told) == ["022061", "022139", "022236"]
    assert told["022139"].startswith("4 sezioni sono di un altro comune")
    assert told["022236"].startswith("una sezione è")


@reale
def test_the_counts_of_the_census_add_up() -> None:
    every = [d for c in ("022061", "022139", TRENTO, "022236") for d in read(c)]
    sections = [d.valori for d in every if isinstance(d, Asserzione)]
    names = ("residenti", "famiglie", "abitazioni", "edifici")
    sums = {name: sum(int(str(v[name])) for v in sections) for name in names}
    assert sums == {"residenti": 8294, "famiglie": 3494, "abitazioni": 4134, "edifici": 1381}
    assert any(isinstance(d, Avviso) and d.tipo == "scheggia" for d in every)


@reale
def test_the_real_file_loads_for_the_municipality_that_is_here(fresh_url: str) -> None:
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_comune(conn, "L378", denominazione="Trento", istat=TRENTO)
    (esito,) = ingest(engine, [POVO], Options(giorno=date(2021, 12, 31)))
    assert (esito.comune, esito.inseriti, len(esito.rifiutati)) == ("L378", 87, 0)
    with db.transaction(engine) as conn:
        areas = conn.execute(
            sa.text(
                "SELECT count(*), bool_and(ST_IsValid(geometria)) FROM registro.sezione_censimento"
            )
        ).one()
    assert tuple(areas) == (87, True)
    engine.dispose()

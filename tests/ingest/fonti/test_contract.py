"""What every source must do, over the folder of fixtures."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from catasto import istat
from ingest import fonti
from ingest.contract import Asserzione, Avviso, Manca, Rifiuto
from ingest.run import Options, ingest
from territorio import db
from territorio.tables import FATTI
from tests.conftest import Snapshot
from tests.factories import new_comune, new_parte
from tests.ingest.fonti import mutazioni
from tests.ingest.fonti.lettura import FIXTURES, GIORNO, ambito_of, codes, fixture, said, written

ALL = codes()


def test_every_source_has_a_fixture_and_every_fixture_a_source() -> None:
    assert sorted(fonti.catalogue()) == ALL
    assert len(ALL) >= 18


@pytest.mark.parametrize("code", ALL)
def test_a_file_is_recognised_by_its_source_alone(code: str) -> None:
    path = fixture(code)
    assert [c for c, s in fonti.catalogue().items() if s.recognise(path)] == [code]


@pytest.mark.parametrize("code", ALL)
def test_it_reads_as_expected(code: str, snapshot: Snapshot) -> None:
    snapshot.check(FIXTURES / code / "expected.json", written(said(code, fixture(code))))


@pytest.mark.parametrize("code", ALL)
def test_it_says_only_the_facts_it_declares(code: str) -> None:
    about = fonti.catalogue()[code].FONTE
    facts = {d.fatto for d in said(code, fixture(code)) if isinstance(d, Asserzione)}
    assert facts
    assert facts <= set(about.facts)
    assert set(about.facts) <= set(FATTI)
    personal = {f for f in about.facts if FATTI[f].schema == "persone"}
    assert about.persone == bool(personal)


@pytest.mark.parametrize("code", ALL)
def test_nothing_it_says_lacks_a_column(code: str) -> None:
    for detto in said(code, fixture(code)):
        if isinstance(detto, Asserzione):
            columns = FATTI[detto.fatto].c
            assert set(detto.valori) <= set(columns.keys())
            mandatory = {c.name for c in columns if not c.nullable} & set(detto.valori)
            assert all(detto.valori[name] is not None for name in mandatory)


@pytest.mark.parametrize("code", sorted(mutazioni.CON_COLONNE))
def test_it_reports_an_unknown_field_by_name(code: str, tmp_path: Path) -> None:
    path = mutazioni.with_field(fixture(code), tmp_path, "MAI_VISTA", "segreto")
    found = said(code, path)
    assert [a.campo for a in found if isinstance(a, Avviso) and a.campo == "MAI_VISTA"]
    # Only the name leaves the reader.
    assert "segreto" not in written(found)


@pytest.mark.parametrize(("code", "name"), mutazioni.OBBLIGATORIE)
def test_it_stops_where_a_mandatory_field_is_missing(code: str, name: str, tmp_path: Path) -> None:
    path = mutazioni.without_field(fixture(code), tmp_path, name)
    source = fonti.catalogue()[code]
    with pytest.raises(Manca) as caught:
        said(code, path)
    assert name.lower() in str(caught.value).lower()
    assert source.FONTE.facts


@pytest.mark.parametrize(("code", "name"), mutazioni.CATEGORIE)
def test_it_refuses_an_unknown_category_by_name(code: str, name: str, tmp_path: Path) -> None:
    def about() -> list[Rifiuto]:
        return [d for d in said(code, path) if isinstance(d, Rifiuto) and d.valore == "zz9"]

    path = fixture(code)
    assert about() == []
    path = mutazioni.with_value(fixture(code), tmp_path, name, "zz9")
    (refused,) = about()
    assert name.lower() in refused.motivo.lower()
    assert "sconosciut" in refused.motivo
    # Where columns have slipped it may be a name: it stands apart, in ``persone``.
    assert not fonti.named(code).FONTE.persone or "zz9" not in refused.motivo


def _refusals(code: str, path: Path) -> list[str]:
    return [d.motivo for d in said(code, path) if isinstance(d, Rifiuto)]


@pytest.fixture
def empty(fresh_url: str) -> sa.Engine:
    """Return a database of its own with the invented municipality."""
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        new_comune(conn)
        # Each fixture is of a real municipality: here they are parts of the invented one.
        named = {ambito_of(code, fixture(code)).comune_catastale for code in ALL}
        for code in sorted(one for one in named if one not in ("", "999999")):
            new_parte(conn, next(iter(istat.belfiori(code)), code))
    return engine


def test_loading_twice_changes_nothing(empty: sa.Engine, tmp_path: Path) -> None:
    """Every source at once: the same files again, then the same words a year later."""
    paths = [fixture(code) for code in ALL]
    # Half of each fixture is dirty on purpose.
    options = Options(giorno=GIORNO, comune=new_code(), tolleranza=1.0)
    first = {e.fonte: e for e in ingest(empty, paths, options)}
    assert sorted(first) == ALL
    for code, esito in first.items():
        assert esito.inseriti > 0, code
        accounted = esito.inseriti + esito.cambiati + esito.invariati + len(esito.rifiutati)
        assert accounted == esito.letti, code
    before = state(empty)
    again = ingest(empty, paths, options)
    assert all(e.gia_caricata for e in again)
    assert state(empty) == before

    later = [moved(path, tmp_path) for path in paths]
    options = Options(giorno=GIORNO.replace(year=2025), comune=new_code(), tolleranza=1.0)
    for esito in ingest(empty, later, options):
        assert (esito.inseriti, esito.cambiati, esito.chiusi) == (0, 0, 0), esito.fonte
    assert state(empty) == before
    empty.dispose()


def new_code() -> str:
    """Return the invented municipality."""
    return "X999"


def moved(path: Path, folder: Path) -> Path:
    """Return a copy of a delivery, in a folder of its own."""
    target = folder / path.parent.name
    target.mkdir()
    for part in path.parent.iterdir():
        if part.name != "expected.json":
            (target / part.name).write_bytes(part.read_bytes())
    return target / path.name


def state(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return all the facts in knowledge, without the line and the delivery they come from."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with db.transaction(engine) as conn:
        for nome, table in FATTI.items():
            columns = [c for c in table.columns if c.name not in ("fornitura", "riga", "versione")]
            rows = conn.execute(sa.select(*columns).where(table.c.nota_fino.is_(None)))
            found[nome] = sorted(map(tuple, rows), key=repr)
    return found

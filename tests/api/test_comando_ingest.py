"""The command that loads: what it writes, what it mends, what it refuses before it begins."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from api.comandi import arretrati
from api.comandi.ingest import ingest
from ingest import run as loading
from territorio import db, elaborazione, lavoro
from territorio.config import Settings
from territorio.db import Role
from territorio.errors import InvalidInput, Refused
from territorio.schema import fornitura
from territorio.schema_ricerca import ricerca
from tests.factories import new_comune

HEAD = (
    "CODICE_COMUNE;CODICE_ISTAT;PROGRESSIVO_NAZIONALE;CODICE_COMUNALE;ODONIMO;LOCALITA';"
    "TOTALE_ACCESSI;DIZIONE_LINGUA1;DIZIONE_LINGUA2;\n"
)


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    with db.transaction(engine) as conn:
        new_comune(conn)
    yield engine
    engine.dispose()


@pytest.fixture
def here(fresh_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "dati", database_url=fresh_url)


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    path = tmp_path / "INDIR_X999_20240101.csv"
    path.write_text(HEAD + "X999;999999;1;;VIA ROMA;;0;;;\n")
    return path


def run(here: Settings, *arguments: object) -> Result:
    """Run the command; an error of ours is raised, as the door turns it into a sentence."""
    app = typer.Typer()
    app.command()(ingest)
    result = CliRunner().invoke(app, list(map(str, arguments)), obj=here)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def count(engine: sa.Engine, table: sa.Table) -> int:
    with db.transaction(engine) as conn:
        number: int = conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return number


def behind(engine: sa.Engine) -> list[str]:
    with db.transaction(engine) as conn:
        return elaborazione.arretrati(conn)


def test_what_a_crash_left_without_links_heals_at_the_next_command(
    engine: sa.Engine, here: Settings, streets: Path
) -> None:
    loading.ingest(engine, [streets])  # and then the power went
    assert (behind(engine), count(engine, ricerca)) == (["X999"], 0)
    said = run(here, streets)
    assert "già caricata" in " ".join(said.output.split())
    assert (behind(engine), count(engine, ricerca)) == ([], 1)
    assert "legami" not in run(here, streets).output


def test_a_start_asks_for_what_a_crash_left_behind(
    engine: sa.Engine, here: Settings, streets: Path
) -> None:
    loading.ingest(engine, [streets])
    for _ in range(2):
        arretrati.ask(here)
    with db.transaction(engine) as conn:
        assert [(job.compito, job.comune) for job in lavoro.search(conn)] == [("elabora", "X999")]
        elaborazione.refresh(conn, "X999")
        lavoro.cancel(conn, 1)
    arretrati.ask(here)
    with db.transaction(engine) as conn:
        assert len(lavoro.search(conn)) == 1


def test_an_outcome_that_cannot_be_written_is_refused_before_the_load(
    engine: sa.Engine, here: Settings, streets: Path, tmp_path: Path
) -> None:
    for place in (tmp_path / "manca" / "esito.json", tmp_path):
        with pytest.raises(InvalidInput, match=r"esito: «.*» non si può scrivere"):
            run(here, streets, "--esito", place)
    assert count(engine, fornitura) == 0


def test_a_day_to_come_is_refused(engine: sa.Engine, here: Settings, streets: Path) -> None:
    with pytest.raises(InvalidInput, match="data: 01/01/2099 deve ancora venire"):
        run(here, streets, "--data", "2099-01-01")
    assert count(engine, fornitura) == 0


def test_a_load_whose_outcome_could_not_be_written_is_linked_all_the_same(
    engine: sa.Engine, here: Settings, streets: Path
) -> None:
    with pytest.raises(InvalidInput, match="esito"):
        run(here, streets, "--esito", "/dev/full")
    assert (behind(engine), count(engine, ricerca)) == ([], 1)


def test_a_refused_load_writes_what_was_refused_and_why(
    here: Settings, engine: sa.Engine, tmp_path: Path
) -> None:
    bad = tmp_path / "INDIR_X999_20240201.csv"
    bad.write_text(HEAD + "X999;999999;1;;VIA ROMA;;0;;;\nX999;999999;due;;VIA PO;;0;;;\n")
    with pytest.raises(Refused):
        run(here, bad, "--esito", tmp_path / "esito.json")
    (told,) = json.loads((tmp_path / "esito.json").read_text())
    assert (told["file"], told["inseriti"]) == (bad.name, 0)
    assert [one["riga"] for one in told["rifiutati"]] == [3]
    assert told["rifiutati"][0]["motivo"]
    assert count(engine, fornitura) == 0

"""``territorio pubblica``: what it writes, says and refuses; and the same as a job."""

from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from api import lavori
from api.comandi.pubblica import pubblica
from opendata import pubblicazione
from opendata.dataset import DATASETS
from territorio import db, lavoro
from territorio.config import Settings
from territorio.errors import InvalidInput, NotFound
from tests.factory_defaults import COMUNE
from tests.opendata.conftest import paese

__all__ = ["paese"]  # the fixture


@pytest.fixture
def here(paese: sa.Engine, tmp_path: Path) -> Settings:
    url = paese.url.render_as_string(hide_password=False)
    return Settings(data=tmp_path / "dati", database_url=url)


def run(here: Settings, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(pubblica)
    result = CliRunner().invoke(app, arguments, obj=here)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def published(engine: sa.Engine) -> list[tuple[str, int]]:
    with db.transaction(engine) as conn:
        return [(one.dataset, one.numero) for one in pubblicazione.search(conn)]


def test_all_datasets_are_published_and_told_line_by_line(paese: sa.Engine, here: Settings) -> None:
    said = run(here).stdout.splitlines()
    there = [(dataset, numero) for dataset, numero in published(paese) if numero == 1]
    assert len(there) == len(DATASETS) - sum("vuota" in line for line in said)
    assert len(there) >= 9
    head, *rows, last = said
    assert head.split()[:4] == ["dataset", "comune", "esito", "versione"]
    assert [row.split()[0] for row in rows] == [dataset.nome for dataset in DATASETS]
    assert str(pubblicazione.place(here)) in last
    assert len({len(line) for line in (head, *rows)}) == 1


def test_the_second_time_nothing_is_written_and_it_says_so(here: Settings) -> None:
    run(here, "--dataset", "edifici")
    said = run(here, "--dataset", "edifici").stdout
    assert "invariata" in said
    assert "Niente è cambiato" in said


def test_some_are_asked_for_by_name(paese: sa.Engine, here: Settings) -> None:
    run(here, "--comune", COMUNE.lower(), "--dataset", "vincoli", "--formato", "geojson")
    folder = pubblicazione.folder_of(pubblicazione.place(here), "vincoli", COMUNE, 1)
    assert published(paese) == [("vincoli", 1)]
    assert {path.name for path in folder.iterdir()} == {
        f"vincoli_{COMUNE}.geojson",
        "metadati.json",
    }


def test_into_another_folder_files_are_written_and_nothing_is_published(
    paese: sa.Engine, here: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "fuori"
    said = run(here, "--dataset", "civici", "--formato", "csv", "--cartella", str(folder)).stdout
    assert "scritta" in said
    assert {path.name for path in folder.iterdir()} == {
        f"civici_{COMUNE}.csv",
        f"civici_{COMUNE}.csv-metadata.json",
        f"civici_{COMUNE}.metadati.json",
    }
    assert published(paese) == []
    assert not pubblicazione.place(here).exists()


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (("--comune", "Z999"), NotFound),
        (("--dataset", "case"), NotFound),
        (("--formato", "shp"), InvalidInput),
    ],
)
def test_what_there_is_not_is_refused(
    here: Settings, asked: tuple[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(here, *asked)


def test_it_may_be_asked_for_as_a_job(paese: sa.Engine, here: Settings) -> None:
    with db.transaction(paese) as conn:
        asked = {"dataset": ["edifici"], "formato": ["csv"]}
        number = lavoro.ask(conn, "pubblica", asked, chiesto_da="io", comune=COMUNE).id
    lavoro.run(paese, number, lavori.compiti(here, paese), lambda: False)
    with db.transaction(paese) as conn:
        done = lavoro.find(conn, number)
    assert done.stato == lavoro.FINITO
    assert done.esito is not None
    assert [one["esito"] for one in done.esito["pubblicazioni"]] == ["pubblicata"]
    assert published(paese) == [("edifici", 1)]

"""``territorio statistiche``: what it says, and when it refuses."""

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from api.comandi.statistiche import statistiche
from territorio import db
from territorio.config import Settings
from territorio.errors import Conflict, NotFound
from tests import factories as f


@pytest.fixture
def here(fresh_url: str) -> Settings:
    """Return a registry with one municipality of two sections and one without any."""
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        for number in (1, 2):
            f.new_sezione_censimento(conn, numero=number)
        f.new_comune(conn, "Y001")
    engine.dispose()
    return Settings(database_url=fresh_url)


def run(here: Settings, *arguments: str) -> list[str]:
    app = typer.Typer()
    app.command()(statistiche)
    result = CliRunner().invoke(app, arguments, obj=here)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout.splitlines()


def test_each_municipality_is_told(here: Settings) -> None:
    assert run(here) == [
        "X999: statistiche di 2 sezioni",
        "Y001: nessuna sezione di censimento: caricale con «territorio ingest»",
    ]
    assert run(here, "x999") == ["X999: statistiche di 2 sezioni"]  # the same day: as it was


def test_too_soon_is_an_error_of_who_names_one_and_a_line_for_who_names_none(
    here: Settings,
) -> None:
    run(here, "X999")
    engine = db.engine(str(here.database_url), db.Role.MIGRAZIONE)
    with db.transaction(engine) as conn:
        conn.execute(
            sa.text("UPDATE registro.statistica_sezione SET pubblicazione = pubblicazione - 30")
        )
    engine.dispose()
    assert run(here)[0].startswith("le statistiche di X999 sono state pubblicate il ")
    with pytest.raises(Conflict, match="le statistiche di X999"):
        run(here, "X999")


def test_a_municipality_that_is_not_here_is_not_found(here: Settings) -> None:
    with pytest.raises(NotFound):
        run(here, "Z999")

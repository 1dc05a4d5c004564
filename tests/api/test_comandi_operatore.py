"""The commands of who runs an installation: what they do, say, and return."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from api.comandi import comune
from api.comandi.cancella import cancella
from api.comandi.check import check
from api.comandi.migra import migra
from api.comandi.ripristina import ripristina
from api.comandi.salva import salva
from territorio import db
from territorio.config import Settings
from territorio.db import Role
from territorio.errors import InvalidInput, NotFound, Refused
from territorio.identita import Codice
from territorio.tables import FATTI
from tests.factories import new_edificio, new_soggetto


@pytest.fixture
def engine(fresh_url: str) -> Iterator[sa.Engine]:
    engine = db.engine(fresh_url, Role.MIGRAZIONE, pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def here(fresh_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "dati", database_url=fresh_url)


def run(here: Settings, *arguments: str) -> Result:
    """Run a command; an error of ours is raised, as the door turns it into a sentence."""
    app = typer.Typer()
    for command in (salva, ripristina, migra, check, cancella):
        app.command()(command)
    app.add_typer(comune.gruppo, name="comune")
    result = CliRunner().invoke(app, arguments, obj=here)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def buildings(engine: sa.Engine) -> int:
    with db.transaction(engine) as conn:
        count: int = conn.execute(
            sa.select(sa.func.count()).select_from(FATTI["edificio"])
        ).scalar_one()
    return count


def test_save_and_restore(engine: sa.Engine, here: Settings, tmp_path: Path) -> None:
    with db.transaction(engine) as conn:
        new_edificio(conn)
    file = str(tmp_path / "oggi.tar.gz")
    told = run(here, "salva", file).output
    assert "righe, 0 file" in told
    assert str(here.data / "chiave-archivio") in told
    with db.transaction(engine) as conn:
        new_edificio(conn)
    assert buildings(engine) == 2
    told = run(here, "ripristina", file, "--comune", "X999").output
    assert told.startswith("Il comune X999 è tornato com'era il 20")
    assert buildings(engine) == 1
    with pytest.raises(Refused):
        run(here, "ripristina", str(here.data / "chiave-archivio"))


def test_migrate_may_be_repeated(here: Settings) -> None:
    told = run(here, "migra").output
    assert told.startswith("Schema della base di dati ... ")
    admin = run(here, "migra", "--admin-url", str(here.database_url)).output
    assert admin.startswith("Ruoli ed estensioni ... ")


def test_check_says_what_is_wrong_and_what_to_do(engine: sa.Engine, here: Settings) -> None:
    well = run(here, "check")
    assert well.exit_code == 0
    assert "✗" not in well.output
    assert "✓ Le risorse delle pagine sono intere" in well.output
    with db.transaction(engine) as conn:
        conn.execute(sa.text("ALTER TABLE registro.edificio DISABLE ROW LEVEL SECURITY"))
    ill = run(here, "check")
    assert ill.exit_code == 1
    assert "✗ Ogni tabella di un comune" in ill.output
    assert "    esegui «territorio migra»" in ill.output
    run(here, "migra")
    assert run(here, "check").exit_code == 0


def test_a_reading_changed_by_hand_is_found(engine: sa.Engine, here: Settings) -> None:
    with db.transaction(engine) as conn:
        new_edificio(conn)
        for _ in range(2):
            conn.execute(sa.text("SELECT persone.annota_lettura('X999', 'a', 'b', 'c', 1, 'nome')"))
        conn.execute(sa.text("UPDATE persone.lettura SET chi = 'nessuno' WHERE numero = 1"))
    told = run(here, "check")
    assert told.exit_code == 1
    assert "la consultazione 1 del comune X999" in told.output


def test_a_person_is_erased(engine: sa.Engine, here: Settings) -> None:
    with db.transaction(engine) as conn:
        person = new_soggetto(conn, cognome="CAVALIERI")
    order = ("--autore", "dott. Neri", "--atto", "Provv. 7", "--motivo", "ordine")
    told = run(here, "cancella", str(Codice(person)), *order).output
    assert told.startswith("Cancellate 1 righe di 1 oggetti")
    with db.transaction(engine) as conn:
        name = conn.execute(sa.select(FATTI["soggetto"].c.cognome)).scalar_one()
    assert name is None
    assert run(here, "cancella", "--riprendi").output == "Cancellazioni ripetute: 0.\n"


def test_an_order_that_cannot_be_changes_nothing(engine: sa.Engine, here: Settings) -> None:
    with pytest.raises(InvalidInput, match="codici"):
        run(here, "cancella")
    with pytest.raises(NotFound):
        run(here, "cancella", str(Codice(5)), "--autore", "a", "--atto", "b", "--motivo", "c")


def test_a_municipality_is_added(engine: sa.Engine, here: Settings) -> None:
    assert run(here, "comune", "aggiungi", "h501").output == "H501 Roma: aggiunto.\n"
    told = run(here, "comune", "aggiungi", "X999", "--denominazione", "Borgo", "--inventato")
    assert told.output == "X999 Borgo: aggiunto.\n"


def test_every_command_says_in_italian_what_it_does() -> None:
    for command in (salva, ripristina, migra, check, cancella, comune.aggiungi):
        text = command.__doc__ or ""
        assert text.split()[0] in {
            *("Scrive", "Riporta", "Porta", "Controlla", "Cancella", "Aggiunge"),
        }

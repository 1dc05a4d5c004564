"""The command line: one Italian sentence and an exit code for all that goes wrong."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
import typer
from typer.testing import CliRunner

from api import cli
from api.comandi import servizio
from territorio import errors
from territorio.config import Settings


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["territorio", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InvalidInput("foglio", "non è un numero"), 2),
        (errors.NotFound("edificio", "abc"), 2),
        (errors.AlreadyRunning("La porta è occupata."), 2),
        (errors.Refused("a.gml", "troppi errori"), 1),
        (errors.NotReady("Manca PostGIS."), 1),
    ],
)
def test_an_error_is_its_sentence_and_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: errors.TerritorioError,
    code: int,
) -> None:
    def prova() -> None:
        raise error

    monkeypatch.setattr(servizio, "prova", prova, raising=False)
    monkeypatch.setitem(cli.COMANDI, "prova", "servizio")
    assert run(monkeypatch, "prova") == code
    assert capsys.readouterr().err == f"{error}\n"


def test_a_place_that_cannot_be_written_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    assert run(monkeypatch, "genera", "--cartella", str(tmp_path / "file" / "dentro")) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.endswith("non si può usare: una parte del percorso non è una cartella")


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1/", "postgresql://a:porta/b"])
def test_an_address_that_is_none_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("TERRITORIO_DATABASE_URL", address)
    assert run(monkeypatch, "check") == 2
    assert capsys.readouterr().err == "Impostazione non valida: TERRITORIO_DATABASE_URL.\n"


def test_the_help_of_ingest_lists_the_sources(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from ingest import fonti

    monkeypatch.setenv("COLUMNS", "200")
    assert run(monkeypatch, "ingest", "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert len(fonti.catalogue()) > 15
    missing = [
        code
        for code, source in fonti.catalogue().items()
        if f"{code}: {source.FONTE.title}" not in said
    ]
    assert missing == []


def test_a_setting_that_cannot_be_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERRITORIO_PORT", "segreto")
    assert run(monkeypatch, "status") == 2
    assert capsys.readouterr().err == "Impostazione non valida: TERRITORIO_PORT.\n"


def test_a_database_that_does_not_answer_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("TERRITORIO_DATA", str(tmp_path))
    monkeypatch.setenv("TERRITORIO_DATABASE_URL", "postgresql://anna:segreta@127.0.0.1:1/x")
    assert run(monkeypatch, "up", "--fino-a", "database") == 1
    told = capsys.readouterr().err
    assert told.startswith("La base di dati non risponde")
    assert len(told.splitlines()) == 1
    assert "segreta" not in told


def test_every_command_says_in_italian_what_it_does() -> None:
    app = cli.build(Settings())
    command = typer.main.get_command(app)
    assert command.commands.keys() == {*cli.COMANDI, *cli.GRUPPI}  # type: ignore[attr-defined] # a group
    for name, one in command.commands.items():  # type: ignore[attr-defined] # a group
        assert one.help, name
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_a_command_reads_no_other_command() -> None:
    script = (
        "import sys; from api import cli; from territorio.config import Settings\n"
        "cli.build(Settings(), 'stop')\n"
        "print(*(name for name in sys.modules if name.startswith('api.comandi.')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert set(result.stdout.split()) == {"api.comandi.passo", "api.comandi.servizio"}


def test_an_unknown_command_is_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "vola") == 2

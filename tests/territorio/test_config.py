"""The settings: read from the environment, frozen, checked."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from territorio import config


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("TERRITORIO_")]:
        monkeypatch.delenv(name)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERRITORIO_PORT", "8123")
    monkeypatch.setenv("TERRITORIO_DATA", "/srv/dati")
    monkeypatch.setenv("TERRITORIO_DATABASE_URL", "")
    settings = config.Settings()
    assert (settings.port, settings.data, settings.database_url) == (8123, Path("/srv/dati"), None)


@pytest.mark.parametrize("port", ["0", "65536", "otto"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("TERRITORIO_PORT", port)
    with pytest.raises(ValidationError, match="port"):
        config.Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        config.Settings().port = 1  # type: ignore[misc] # that is the point


@pytest.mark.parametrize(
    ("uid", "parent"),
    [(0, "/var/lib/territorio"), (1000, "/home/anna/.local/share/territorio")],
)
def test_each_clone_has_its_own_data_folder(
    monkeypatch: pytest.MonkeyPatch, uid: int, parent: str
) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(config, "CLONE", Path("/srv/uno/registro"))
    one = config.default_data()
    monkeypatch.setattr(config, "CLONE", Path("/srv/due/registro"))
    assert one.parent == Path(parent)
    assert one.name.startswith("registro-")
    assert config.default_data() != one
